"""Strategies of a school and of a pupil (7.2-b), and one with its pupils: attendance before and since, side by side.

Shown and no more: equal numbers of school days on both sides of the day on which each pupil joined.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from rollcall.casework.models import Intervention, InterventionPupil
from rollcall.casework.queries.place import end_of_last_day
from rollcall.casework.queries.written import last_day_before
from rollcall.registers.queries.spans import school_days_of, shares_in_spans
from rollcall.rules.policy import Policy
from rollcall.rules.shares import Share
from rollcall.rules.spans import BeforeAndSince, before_and_since
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import SchoolFacts


@dataclass(frozen=True)
class StrategyLine:
    """A strategy in a list. pupils: how many are in it now; all: how many ever were."""

    id: int
    name: str
    kind_words: str
    aim: str
    tier: int | None
    led_by: str
    begins: date
    planned_end: date | None
    ended: date | None
    ended_why: str
    pupils: int
    all: int
    late: bool


@dataclass(frozen=True)
class Part:
    """A pupil's part in a strategy, with what was counted on both sides of the day on which they joined.

    days: how many school days each side has; 0 where there is none on one of them yet.
    """

    id: int
    pupil: int
    name: str
    begins: date
    ended: date | None
    days: int = 0
    before: Share = Share()
    since: Share = Share()


@dataclass(frozen=True)
class Followed:
    """A strategy with its pupils; together: both sides of all of those of whom there is something on both."""

    line: StrategyLine
    parts: tuple[Part, ...]
    before: Share
    since: Share
    counted: int


def strategies_of_school(school: int, policy: Policy, day: date) -> list[StrategyLine]:
    """All strategies of a school: those that run, the latest first, then the ended ones; in two queries."""
    lines = _lines(Intervention.objects.filter(school=school), policy, day)
    return sorted(lines, key=lambda one: one.ended is not None)


def strategies_of_pupil(pupil: int, policy: Policy, day: date) -> list[StrategyLine]:
    """The strategies that a pupil (by id) is or was in, wherever they were."""
    return _lines(Intervention.objects.filter(members__pupil=pupil).distinct(), policy, day)


def strategies_of_pupils(pupils: Iterable[int], since: date) -> dict[int, list[str]]:
    """The names of the strategies that some pupils were in since a day, by pupil."""
    rows = InterventionPupil.objects.filter(pupil__in=list(pupils)).exclude(ended__lt=since)
    found: dict[int, list[str]] = {}
    for pupil, name in rows.order_by("id").values_list("pupil_id", "intervention__name"):
        found.setdefault(pupil, []).append(name)
    return found


def followed(strategy: Intervention, policy: Policy, facts: SchoolFacts, at: datetime) -> Followed:
    """A strategy with each pupil's attendance before they joined and since, at its school, up to the last whole day."""
    as_of = end_of_last_day(facts, at)
    last = last_day_before(facts, as_of)
    days = school_days_of(facts, last)
    rows = list(strategy.members.select_related("pupil").order_by("pupil__known_first", "pupil__known_last", "id"))
    spans = {row.pk: found for row in rows if (found := before_and_since(days, row.begins, row.ended or last))}
    seats = _enrolments(rows, strategy.school_id)
    before = _shares(facts, rows, spans, seats, as_of, side="before")
    since = _shares(facts, rows, spans, seats, as_of, side="since")
    parts = tuple(
        Part(
            row.pk, row.pupil_id, str(row.pupil.known_name), row.begins, row.ended,
            spans[row.pk].days if row.pk in spans else 0, before.get(row.pk, Share()), since.get(row.pk, Share()),
        )
        for row in rows
    )  # fmt: skip
    both = [part for part in parts if part.before.possible and part.since.possible]
    return Followed(
        line=_lines(Intervention.objects.filter(pk=strategy.pk), policy, at.date())[0],
        parts=parts,
        before=sum((part.before for part in both), Share()),
        since=sum((part.since for part in both), Share()),
        counted=len(both),
    )


def overdue(school: int, day: date) -> int:
    """How many strategies of a school run past the day on which they were to end."""
    return Intervention.objects.filter(school=school, ended__isnull=True, planned_end__lt=day).count()


def _enrolments(rows: Sequence[InterventionPupil], school: int) -> dict[int, int]:
    """The enrolment at the school that each pupil has, or had last."""
    found = Enrolment.objects.filter(pupil__in=[row.pupil_id for row in rows], school=school).order_by("admitted", "id")
    return dict(found.values_list("pupil_id", "id"))


def _shares(
    facts: SchoolFacts,
    rows: Sequence[InterventionPupil],
    spans: dict[int, BeforeAndSince],
    seats: dict[int, int],
    as_of: datetime,
    *,
    side: str,
) -> dict[int, Share]:
    """One side of each part. A pupil who joined, left and joined again is asked after once for each time."""
    found: dict[int, Share] = {}
    left = [row for row in rows if row.pk in spans and row.pupil_id in seats]
    while left:
        once = {row.pupil_id: row for row in left}
        asked = {seats[pupil]: getattr(spans[row.pk], side) for pupil, row in once.items()}
        shares = shares_in_spans(facts, asked, as_of)
        found |= {row.pk: shares[seats[pupil]] for pupil, row in once.items()}
        left = [row for row in left if row.pk not in found]
    return found


def _lines(rows: QuerySet[Intervention], policy: Policy, day: date) -> list[StrategyLine]:
    names = {kind.id: kind.name for kind in policy.support_kinds}
    return [
        _line(row, names.get(row.kind, row.kind), day)
        for row in rows.prefetch_related("members").order_by("-begins", "-id")
    ]


def _line(row: Intervention, kind_words: str, day: date) -> StrategyLine:
    members = list(row.members.all())
    return StrategyLine(
        id=row.pk,
        name=row.name,
        kind_words=kind_words,
        aim=row.aim,
        tier=row.tier,
        led_by=row.led_by,
        begins=row.begins,
        planned_end=row.planned_end,
        ended=row.ended,
        ended_why=row.ended_why,
        pupils=len({one.pupil_id for one in members if one.ended is None}),
        all=len({one.pupil_id for one in members}),
        late=row.ended is None and row.planned_end is not None and row.planned_end < day,
    )
