"""Letting leave go that is past the period which the policy sets for it, and not earlier (4.1-e)."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime

from django.db import transaction

from rollcall.absence.models import Doubt, LeaveDecision, LeaveRequest, LeaveSpan
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.registers.queries.standing import lock
from rollcall.rules.retention import is_past
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON


@transaction.atomic
def retain_leave(school: int, *, by: Actor, at: datetime, held: AbstractSet[int] = frozenset()) -> int:
    """Remove a school's (by id) requests for leave past their date, whole, and record it; returns how many went.

    The period runs from the last decision on a request, or from the day it was taken back or entered where there is
    none, and never ends before the leave does. held: enrolments that an open case rests on; theirs stay, and so do
    those that a doubt rests on.
    """
    lock(school)
    today = at.astimezone(LONDON).date()
    years = facts_of(school).policy_on(today).keeping_of("leave-request").kept_years
    rows = LeaveRequest.objects.filter(enrolment__school=school).exclude(enrolment__in=held)
    rows = rows.exclude(pk__in=Doubt.objects.filter(leave__isnull=False).values("leave"))
    related = rows.select_related("deed", "withdrawn").prefetch_related("decisions__deed", "decisions__withdrawn")
    going = [row.pk for row in related if is_past(_counted_from(row), today, years)]
    if not going:
        return 0
    reason = f"{len(going)} {'request' if len(going) == 1 else 'requests'} for leave past their date"
    journal.begin("leave.retained", by=by, at=at, reason=reason, school=school)
    LeaveSpan.objects.filter(decision__request__in=going).delete()
    LeaveDecision.objects.filter(request__in=going).delete()
    LeaveRequest.objects.filter(pk__in=going).delete()
    return len(going)


def _counted_from(row: LeaveRequest) -> date:
    moments = [row.deed.at, *([row.withdrawn.at] if row.withdrawn else [])]
    for decision in row.decisions.all():
        moments += [decision.deed.at, *([decision.withdrawn.at] if decision.withdrawn else [])]
    return max(row.last_day, *(moment.astimezone(LONDON).date() for moment in moments))
