"""Adopting a version of the attendance policy (8-a): dates that can be, and nothing in the past."""

from datetime import date, datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.rules.policy import loads
from rollcall.schools.actions.counting import stale
from rollcall.schools.actions.refusing import Refused
from rollcall.schools.models import Federation, PolicyVersion


@transaction.atomic
def adopt_policy(
    federation: Federation,
    *,
    document: str,
    effective: date,
    approved: date,
    review: date,
    by: Actor,
    at: datetime,
    founding: bool = False,
    key: str = "",
) -> PolicyVersion:
    """Adopt a policy from a day on (8-a). Raises PolicyError for a wrong document, Refused for wrong dates.

    A version never takes effect in the past; only the first, adopted while founding (or brought in with a
    school's earlier marks), may name the earlier day on which the board's policy began.
    """
    policy = loads(document, "the policy to adopt")
    deed = journal.begin("policy.adopted", by=by, at=at, key=key, reason=f"{policy.name} from {effective:%-d %B %Y}")
    check_dates(federation, effective=effective, approved=approved, review=review, today=at.date(), founding=founding)
    version = PolicyVersion.objects.create(
        federation=federation,
        name=policy.name,
        document=document,
        effective=effective,
        approved=approved,
        review=review,
        deed=deed,
    )
    for school in federation.schools.all():
        stale(school.pk)
    return version


def check_dates(
    federation: Federation, *, effective: date, approved: date, review: date, today: date, founding: bool = False
) -> None:
    """Raise Refused, naming the field, for dates that a version can't have."""
    if not founding and effective <= today:
        raise Refused(f"A policy can't take effect on {effective:%-d %B %Y}: choose a day after today.", "effective")
    if approved > effective:
        raise Refused("The board must have approved the policy before it takes effect.", "approved")
    if not approved < review <= _years_on(approved, 3):
        raise Refused("The next review must come after the approval, and at most 3 years after it.", "review")
    if federation.policies.filter(effective=effective).exists():
        raise Refused(f"Another version takes effect on {effective:%-d %B %Y} already.", "effective")


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
