"""The year as a picture: a row a week, ten half-days a week, terms marked; and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from rollcall.registers.queries.pupil import PupilYear, Stay
from rollcall.rules.pupil_year import Cell
from rollcall.rules.sessions import HALVES, Half, monday
from rollcall.rules.stages import percent_down


class Slot(NamedTuple):
    """One half-day of the picture: a session with its cell, or why there is none (`why` empty outside the terms)."""

    day: date
    half: Half
    cell: Cell | None
    why: str = ""


@dataclass(frozen=True)
class Week:
    """One row; `term` is the name of the term that begins with it."""

    monday: date
    term: str
    slots: tuple[Slot, ...]

    @cached_property
    def cells(self) -> list[Cell]:
        """The sessions that are counted or missing."""
        return [slot.cell for slot in self.slots if slot.cell is not None and slot.cell.counted]

    @property
    def attended(self) -> int:
        """Sessions attended."""
        return self.possible - sum(1 for cell in self.cells if cell.is_absent)

    @cached_property
    def possible(self) -> int:
        """Sessions possible."""
        return sum(cell.kind >= 2 for cell in self.cells)

    @property
    def percent(self) -> str:
        """Attendance of the week, rounded down."""
        return percent_down(self.attended, self.possible)

    @property
    def notable(self) -> list[Cell]:
        """What is worth a word: absences, lateness, missing marks and sessions that do not count."""
        return [cell for cell in self.cells if cell.kind < 2 or cell.is_absent or cell.is_late]


def weeks_of(found: PupilYear, through: date) -> list[Week]:
    """The weeks of a pupil's year with a school session in them, to the week of a day."""
    by_session = {(cell.day, cell.half): cell for cell in found.cells}
    mondays = sorted(first for first in {monday(cell.day) for cell in found.cells} if first <= through)
    stays = [stay for stay, _ in found.by_stay]
    named: set[tuple[int, str]] = set()
    weeks = []
    for first in mondays:
        stay = _answering(stays, first)
        term = _term(stay, found.year.start, first)
        name = "" if (stay.facts.school, term) in named else term
        named.add((stay.facts.school, term))
        weeks.append(Week(first, name, _slots(first, stay, found.year.start, by_session)))
    return weeks


def _answering(stays: Sequence[Stay], first: date) -> Stay:
    """The school that answers for a week: the last that the pupil had joined by its Friday."""
    joined = [stay for stay in stays if stay.admitted <= first + timedelta(days=4)]
    return joined[-1] if joined else stays[0]


def _term(stay: Stay, year_start: int, first: date) -> str:
    terms = stay.facts.terms.get(year_start, ())
    return next((name for name, begins, ends in terms if begins <= first + timedelta(days=6) and ends >= first), "")


def _slots(first: date, stay: Stay, year_start: int, by_session: dict[tuple[date, Half], Cell]) -> tuple[Slot, ...]:
    slots = []
    for day in (first + timedelta(days=n) for n in range(5)):
        for half in HALVES:
            cell = by_session.get((day, half))
            why = _why_closed(stay, year_start, day, half) if cell is None else ""
            slots.append(Slot(day, half, cell, why))
    return tuple(slots)


def _why_closed(stay: Stay, year_start: int, day: date, half: Half) -> str:
    closure = stay.facts.closure_on(day, half)
    if closure is not None:
        return closure.ground
    in_term = any(begins <= day <= ends for _, begins, ends in stay.facts.terms.get(year_start, ()))
    return "closed" if in_term else ""
