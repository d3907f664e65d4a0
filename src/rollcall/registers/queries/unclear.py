"""Sessions of one school that are not clear yet, by pupil; and of them whole registers that are not in, by class."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.registers.models import Submission
from rollcall.registers.queries.figures import editions_of, stored_rows
from rollcall.rules import overlay as rules
from rollcall.rules.sessions import HALVES, Half
from rollcall.rules.unclear import Unclear, unclear_sessions
from rollcall.schools.queries import facts_of, year_of
from rollcall.schools.queries.roll import seats_of_school


@dataclass(frozen=True)
class RegisterMissing:
    """A class's register of a session that was never handed in and in which somebody has no mark."""

    school_class: int
    class_name: str
    day: date
    half: Half


def unclear(school: int, since: Mapping[int, date], year_start: int, at: datetime) -> dict[int, tuple[Unclear, ...]]:
    """The unclear sessions of each enrolment from its day on up to a moment, within a school year; in order.

    Sessions whose register has not closed by `at` are left out, and enrolments of another year too.
    """
    facts = facts_of(school)
    rows = stored_rows(since, year_start, facts) if since else []
    if not rows:
        return {}
    calendar = facts.calendar(year_start)
    laid = rules.overlay(rows, calendar, facts.last_columns(year_start, at))
    found = unclear_sessions(laid, editions_of(facts, year_start), calendar, [since[row.enrolment] for row in rows])
    return {row.enrolment: sessions for row, sessions in zip(rows, found, strict=True)}


def registers_missing(school: int, since: date, at: datetime) -> list[RegisterMissing]:
    """The registers of a school from a day on that were not handed in by a moment, with somebody unmarked; by day."""
    day = at.date()
    room_of = {seat.enrolment: (seat.school_class, seat.class_name) for seat in seats_of_school(school, day)}
    found = unclear(school, dict.fromkeys(room_of, since), year_of(day), at)
    blank = {
        (one.day, one.half, *room_of[enrolment])
        for enrolment, sessions in found.items()
        for one in sessions
        if one.has_no_mark
    }
    rows = Submission.objects.filter(school=school, day__gte=since, day__lte=day)
    handed = set(rows.values_list("day", "half", "school_class_id"))
    missing = [
        RegisterMissing(room, name, on, half) for on, half, room, name in blank if (on, half, room) not in handed
    ]
    return sorted(missing, key=lambda one: (one.day, HALVES.index(one.half), one.class_name))
