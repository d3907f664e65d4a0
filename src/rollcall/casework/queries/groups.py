"""Groups of a school's pupils that can be chosen at once for a strategy: classes, years, tiers, absence, background."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rollcall.casework.queries.place import end_of_last_day
from rollcall.registers.queries.figures import YearFigures, year_figures
from rollcall.rules.policy import Policy
from rollcall.rules.stages import tier_of
from rollcall.schools.models import Pupil
from rollcall.schools.queries import SchoolFacts, year_of
from rollcall.schools.queries.roll import Seat

OPEN_FACTS = (("pupil_premium", "Pupil premium"), ("free_meals", "Free school meals"))
"""Facts of a record by which a group may be made; what safeguarding keeps is not among them."""


@dataclass(frozen=True)
class GroupOf:
    """A group: an id for a form, its name, its pupils by id."""

    id: str
    words: str
    pupils: tuple[int, ...]


def groups_of(seats: Sequence[Seat], facts: SchoolFacts, policy: Policy, at: datetime) -> list[GroupOf]:
    """The groups of the pupils given, none of them empty: by class, by year, by tier, by absence, by record."""
    day = at.date()
    found = year_figures(facts.school, [seat.enrolment for seat in seats], year_of(day), end_of_last_day(facts, at))
    return [one for one in _all(seats, found, policy) if one.pupils]


def _all(seats: Sequence[Seat], found: dict[int, YearFigures], policy: Policy) -> Iterator[GroupOf]:
    for name in sorted({seat.class_name for seat in seats}):
        yield GroupOf(f"class-{name}", f"Class {name}", _of(s for s in seats if s.class_name == name))
    for year in sorted({seat.year_group for seat in seats}):
        words = {-1: "Nursery", 0: "Reception"}.get(year, f"Year {year}")
        yield GroupOf(f"year-{year}", words, _of(seat for seat in seats if seat.year_group == year))
    tiers = {seat.pupil: _tier(found.get(seat.enrolment), policy) for seat in seats}
    for tier in reversed(policy.tiers):
        yield GroupOf(f"tier-{tier.number}", tier.name, tuple(pk for pk, n in tiers.items() if n == tier.number))
    yield GroupOf(
        "persistent", "Persistently absent", _of(s for s in seats if _is(found.get(s.enrolment), "persistent"))
    )
    yield GroupOf("severe", "Severely absent", _of(s for s in seats if _is(found.get(s.enrolment), "severe")))
    yield from _by_record([seat.pupil for seat in seats])


def _by_record(pupils: list[int]) -> Iterator[GroupOf]:
    rows = Pupil.objects.filter(pk__in=pupils).order_by("id")
    known = list(rows.values("id", "sen", *(name for name, _ in OPEN_FACTS)))
    yield GroupOf("sen", "Special educational needs", tuple(row["id"] for row in known if row["sen"] not in ("", "N")))
    for name, words in OPEN_FACTS:
        yield GroupOf(name, words, tuple(row["id"] for row in known if row[name]))


def _of(seats: Iterable[Seat]) -> tuple[int, ...]:
    return tuple(seat.pupil for seat in seats)


def _tier(one: YearFigures | None, policy: Policy) -> int | None:
    return None if one is None else tier_of(one.attended, one.possible, policy)


def _is(one: YearFigures | None, what: str) -> bool:
    return one is not None and bool(getattr(one, what))
