"""A school's year in sheet form: a row of bytes for each pupil, and beside it the sessions that the bytes stand for.

For figures of very many pupils; minutes late have no place in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.exchange.queries.going_out import enrolled_in
from rollcall.registers.queries.figures import editions_of, stored_rows
from rollcall.rules.codes import edition_on
from rollcall.rules.listing import told_in_bytes
from rollcall.rules.overlay import overlay
from rollcall.rules.sessions import HALVES, SchoolYear
from rollcall.schools.models import School
from rollcall.schools.queries import facts_of


class NoSheet(ValueError):
    """A year that has no sheet form, in one sentence."""


@dataclass(frozen=True)
class SheetFile:
    """The rows by UPN, ascending, and the sessions of their bytes. edition: to read it by, empty for the days' own."""

    marks: Mapping[str, bytes]
    sessions: tuple[tuple[date, str], ...]
    edition: str

    def session_rows(self) -> Iterator[tuple[str, str]]:
        """The rows of the file of sessions, under `date` and `session`."""
        return ((f"{day:%Y-%m-%d}", half) for day, half in self.sessions)


def sheet_file(school: School, year_start: int, at: datetime) -> SheetFile:
    """A year of a school up to a moment, with the same figures as in long form.

    Raises NoSheet where a pupil was on the roll twice, where it has no session yet, or has two editions of the law.
    """
    facts, year = facts_of(school.pk), SchoolYear(year_start)
    upns = dict(enrolled_in(school, year_start))
    rows = stored_rows(upns, year_start, facts)
    laid = overlay(rows, facts.calendar(year_start), facts.last_columns(year_start, at)) if rows else None
    columns, told = told_in_bytes(laid) if laid else ([], {})
    if not told:
        raise NoSheet(f"{school} has no session in {year.label} yet; there is nothing to take out.")
    marks: dict[str, bytes] = {}
    for row, content in sorted(told.items(), key=lambda one: upns[rows[one[0]].enrolment]):
        upn = upns[rows[row].enrolment]
        if upn in marks:
            raise NoSheet(f"{upn} was on the roll of {school} twice in {year.label}; leave --sessions away.")
        marks[upn] = content
    days = list(year.days())
    sessions = tuple((days[column // 2], HALVES[column % 2]) for column in columns)
    editions = editions_of(facts, year_start)
    return SheetFile(marks, sessions, _edition(sessions, [editions[column] for column in columns]))


def _edition(sessions: tuple[tuple[date, str], ...], editions: list[str]) -> str:
    if all(edition_on(day) == edition for (day, _), edition in zip(sessions, editions, strict=True)):
        return ""
    if len(set(editions)) > 1:
        raise NoSheet("The year has marks under two editions of the law; leave --sessions away.")
    return editions[0]
