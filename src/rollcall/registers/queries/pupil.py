"""One pupil's year, session by session and in figures, at whichever schools of the federation it was spent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rollcall.registers.models import SheetRow
from rollcall.registers.queries.figures import YearFigures, editions_of, row_of, shut_for_class, values_of
from rollcall.rules import overlay as rules
from rollcall.rules.pupil_year import Cell, Part, one_row
from rollcall.rules.sessions import Half, SchoolYear
from rollcall.schools.queries import SchoolFacts


@dataclass(frozen=True)
class Stay:
    """A pupil's time on the roll of one school; `left` is the last day, None while they stay."""

    enrolment: int
    facts: SchoolFacts
    admitted: date
    left: date | None

    def touches(self, year: SchoolYear) -> bool:
        """Whether any of it lies in a school year."""
        return self.admitted <= year.last and (self.left is None or self.left >= year.first)


@dataclass(frozen=True)
class PupilYear:
    """A pupil's school sessions of a year in order, those to come with `counted` False, and the figures of them.

    figures: of all schools together. by_stay: each school's own days. window: the sessions of the latest school weeks,
    which may begin in the year before. ahead: the sessions of the school year that are still to come for the pupil.
    """

    year: SchoolYear
    cells: tuple[Cell, ...]
    figures: YearFigures
    by_stay: tuple[tuple[Stay, YearFigures], ...]
    window: tuple[Cell, ...]
    ahead: tuple[tuple[date, Half], ...]

    @property
    def counted(self) -> tuple[Cell, ...]:
        """The sessions that are counted or missing: on roll, school open, register closed."""
        return tuple(cell for cell in self.cells if cell.counted)


def pupil_year(stays: Sequence[Stay], year_start: int, at: datetime) -> PupilYear | None:
    """A pupil's year up to a moment, in one query; None where the pupil was on no roll in it.

    stays: in the order of time. The year before is read along, for windows that run across the summer.
    """
    year = SchoolYear(year_start)
    here = [stay for stay in stays if stay.touches(year)]
    if not here:
        return None
    stored = _stored(stays, (year_start - 1, year_start))
    parts = [_part(stay, year_start, at, stored) for stay in here]
    before = [stay for stay in stays if stay.touches(SchoolYear(year_start - 1))] or here[:1]
    row = one_row([[_part(stay, year_start - 1, at, stored) for stay in before], parts])
    last = here[-1]
    policy = last.facts.policy_on(min(max(at.date(), year.first), year.last))
    figures = values_of([last.enrolment], row.figures(policy))[last.enrolment]
    worst, reached = row.windows(policy)
    return PupilYear(
        year=year,
        cells=tuple(row.cells(row.start)),
        figures=replace(figures, worst_window=worst, threshold_reached_on=reached),
        by_stay=_by_stay(here, parts, figures, at),
        window=tuple(row.window(policy.measures.threshold_school_weeks.value)),
        ahead=_ahead(last, year_start, at),
    )


Stored = dict[tuple[int, int], tuple[bytes, bytes]]


def _stored(stays: Sequence[Stay], years: tuple[int, ...]) -> Stored:
    """The stored marks and minutes of these stays by (enrolment, year); a year without marks is left out."""
    rows = SheetRow.objects.filter(enrolment__in=[stay.enrolment for stay in stays], year_start__in=years)
    found = rows.values_list("enrolment_id", "year_start", "marks", "minutes")
    return {(enrolment, start): (bytes(marks), bytes(minutes)) for enrolment, start, marks, minutes in found}


def _part(stay: Stay, year_start: int, at: datetime, stored: Stored) -> Part:
    calendar = stay.facts.calendar(year_start)
    row = row_of(stay.enrolment, stay.admitted, stay.left, stored.get((stay.enrolment, year_start)), calendar.year)
    rows = shut_for_class([row], stay.facts, calendar.year)
    laid = rules.overlay(rows, calendar, stay.facts.last_columns(year_start, at))
    return Part(laid, calendar, editions_of(stay.facts, year_start), stay.admitted)


def _by_stay(
    here: Sequence[Stay], parts: Sequence[Part], figures: YearFigures, at: datetime
) -> tuple[tuple[Stay, YearFigures], ...]:
    if len(here) == 1:
        return ((here[0], figures),)
    return tuple((stay, _own(stay, part, at)) for stay, part in zip(here, parts, strict=True))


def _own(stay: Stay, part: Part, at: datetime) -> YearFigures:
    year = part.calendar.year
    policy = stay.facts.policy_on(min(max(at.date(), year.first), year.last))
    found = rules.figures_of(part.laid, part.editions, policy)
    return values_of([stay.enrolment], found)[stay.enrolment]


def _ahead(stay: Stay, year_start: int, at: datetime) -> tuple[tuple[date, Half], ...]:
    calendar = stay.facts.calendar(year_start)
    year, upto = calendar.year, stay.facts.last_columns(year_start, at)
    last = min(stay.left or year.last, year.last)
    sessions = (year.session(column) for column in calendar.columns_from(upto))
    return tuple((day, half) for day, half in sessions if stay.admitted <= day <= last)
