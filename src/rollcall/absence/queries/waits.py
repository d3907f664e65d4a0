"""What of the search for children waits for somebody now: calls, alerts, absences without a reason, what lasts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from rollcall.absence.queries import reserved
from rollcall.absence.queries.accounted import open_count
from rollcall.absence.queries.alerts import open_alerts
from rollcall.absence.queries.referrals import undecided_referrals
from rollcall.absence.queries.unknown import unknown_reasons
from rollcall.accounts.queries import Place, Standing
from rollcall.rules.words import counted
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON, facts_of_all


@dataclass(frozen=True)
class Waits:
    """Something that waits: in words, how many, and where."""

    words: str
    url: str
    n: int
    urgent: bool = False


def waiting(may: Standing, at: datetime) -> list[Waits]:
    """What waits for somebody, school by school, the most urgent first."""
    schools = may.schools("alert:see") if may.can_somewhere("alert:see") else set()
    if schools is not None and not schools:
        return []
    sees = may.schools(reserved.ROW) if may.can_somewhere(reserved.ROW) else set()
    alerts, referrals = open_alerts(schools, at, sees=sees), undecided_referrals(schools)
    found = []
    for school, facts in facts_of_all(schools).items():
        found += list(_of_school(may, facts, at, alerts.get(school, 0), referrals.get(school, 0)))
    return sorted(found, key=lambda one: not one.urgent)


def _of_school(may: Standing, facts: SchoolFacts, at: datetime, n_alerts: int, n_referrals: int) -> Iterator[Waits]:
    place, slug = Place(facts.school), facts.slug
    day = at.astimezone(LONDON).date()
    if n_alerts and may.can("alert:acknowledge", place):
        words = f"{counted(n_alerts, 'alert')} at {facts.name} to acknowledge"
        yield Waits(words, reverse("absence:alerts", args=[slug]), n_alerts, urgent=True)
    if may.can("call:make", place) and (n := open_count(facts.school, day, at)):
        words = f"{counted(n, 'child,children')} at {facts.name} not accounted for"
        yield Waits(words, reverse("absence:calls", args=[slug]), n, urgent=True)
    if may.can("unknown:see", place):
        decides = may.can("unknown:decide", place)
        n = sum((one.is_past and decides) or one.is_last for one in unknown_reasons(facts, at))
        if n:
            words = f"{counted(n, 'absence')} at {facts.name} without a reason, at or past the last day"
            yield Waits(words, reverse("absence:unknown_reasons", args=[slug]), n)
    if n_referrals and may.can("referral:decide", place):
        words = f"{counted(n_referrals, 'lasting absence')} at {facts.name} to decide on"
        yield Waits(words, reverse("absence:referrals", args=[slug]), n_referrals)
