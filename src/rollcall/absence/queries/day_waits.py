"""What of the day waits for somebody, for the page on which they land: slips to confirm, lines that are late."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count
from django.urls import reverse

from rollcall.absence.models import Slip, StepDone
from rollcall.absence.queries.times import times_on
from rollcall.absence.queries.waits import Waits
from rollcall.accounts.queries import Standing
from rollcall.rules.day_list import day_list
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON, facts_of_all


def waiting(may: Standing, at: datetime) -> list[Waits]:
    """What waits, by school, in three statements; nothing for who sees no school's day."""
    if not may.can_somewhere("day:tick"):
        return []
    day = at.astimezone(LONDON).date()
    schools = {pk: facts for pk, facts in facts_of_all(may.schools("day:tick")).items() if facts.is_school_day(day)}
    if not schools:
        return []
    late, slips = _late(schools, day, at), _slips(schools, day)
    found = []
    for pk, facts in schools.items():
        if n := slips.get(pk, 0):
            words = f"{n} late {'slip waits' if n == 1 else 'slips wait'} to be confirmed at {facts.name}"
            found.append(Waits(words, reverse("absence:late", args=[facts.slug]), n, urgent=True))
        if n := late.get(pk, 0):
            words = f"{n} {'line' if n == 1 else 'lines'} of the day at {facts.name} not ticked off"
            found.append(Waits(words, reverse("absence:day", args=[facts.slug]), n))
    return found


def _slips(schools: Iterable[int], day: date) -> dict[int, int]:
    rows = Slip.objects.filter(enrolment__school__in=schools, day=day, confirmed__isnull=True, withdrawn__isnull=True)
    return dict(rows.values_list("enrolment__school").annotate(n=Count("id")).order_by())


def _late(schools: dict[int, SchoolFacts], day: date, at: datetime) -> dict[int, int]:
    """How many lines that a person ticks are late, by school; a school without times or a policy has no lines."""
    ticked = set(
        StepDone.objects.filter(school__in=schools, day=day, undone__isnull=True).values_list("school", "step")
    )
    clock, found = at.astimezone(LONDON).time(), {}
    for pk, facts in schools.items():
        try:
            lines = day_list(facts.policy_on(day), times_on(facts, day))
        except LookupError:
            continue
        ours = [line for line in lines if not line.is_seen and (pk, line.id) not in ticked]
        found[pk] = sum(line.state(clock, False) == "late" for line in ours)
    return found
