"""Marks for these tests, drawn as a line of text from a day on: ten characters a week, written like an intake."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.registers.actions import NewEntry, write_entries
from rollcall.registers.queries.standing import lock
from rollcall.schools.models import School
from rollcall.schools.queries import facts_of
from tests.cast import Cast


def sessions_from(school: School, first: date, n: int) -> list[tuple[date, str]]:
    """The next `n` school sessions from a day on."""
    facts = facts_of(school.pk)
    calendar = facts.calendar(first.year - (first.month < 8))
    return [calendar.year.session(c) for c in calendar.columns_from(calendar.year.column(first, "AM"))[:n]]


def draw(cast: Cast, marks: Mapping[str, str], first: date, minutes: int = 0) -> None:
    """Write each pupil's marks (by first name) into the school sessions from a day on; `.` leaves a session alone.

    `/` is present, in the afternoon too; minutes go with every L and U.
    """
    by_school: dict[int, list[NewEntry]] = {}
    for name, line in marks.items():
        enrolment = cast.enrolments[name]
        for code, (day, half) in zip(line, sessions_from(enrolment.school, first, len(line)), strict=True):
            if code != ".":
                shown = "\\" if code == "/" and half == "PM" else code
                late = minutes if code in "LU" and minutes else None
                by_school.setdefault(enrolment.school_id, []).append(NewEntry(enrolment.pk, day, half, shown, late))
    for school, entries in by_school.items():
        with transaction.atomic():
            deed = journal.begin("intake", by=INSTALLER, at=cast.at, school=school)
            lock(school)
            write_entries(school, entries, deed)
