"""What happened since a day at one school, for many pupils at once: from the stored rows, worked out in `rules`."""

from collections.abc import Mapping
from datetime import date, datetime

from rollcall.registers.queries.figures import editions_of, stored_rows
from rollcall.rules import overlay as rules
from rollcall.rules.improving import Window
from rollcall.rules.policy import Policy
from rollcall.rules.window import windows_of
from rollcall.schools.queries import facts_of


def windows(
    school: int,
    since: Mapping[int, date],
    year_start: int,
    at: datetime,
    policy: Policy,
    until: Mapping[int, date] | None = None,
) -> dict[int, Window]:
    """The window of each enrolment from its day on (that day included) up to a moment, within one school year.

    until: the last day that counts for each enrolment, where there is one. Sessions whose register has not closed by
    `at` are left out. Enrolments that are not the school's year's are too.
    """
    facts = facts_of(school)
    rows = stored_rows(since, year_start, facts)
    if not rows:
        return {}
    upto, calendar = facts.last_columns(year_start, at), facts.calendar(year_start)
    laid = rules.overlay(rows, calendar, upto)
    days = [since[row.enrolment] for row in rows]
    last = None if until is None else [until[row.enrolment] for row in rows]
    found = windows_of(laid, editions_of(facts, year_start), calendar, days, upto, policy, last)
    return {row.enrolment: window for row, window in zip(rows, found, strict=True)}


def kept_rows(school: int, enrolments: list[int], year_start: int) -> dict[int, str]:
    """The stored marks of a year as text, a character a session from 1 August, to be kept as evidence."""
    rows = stored_rows(enrolments, year_start, facts_of(school))
    return {row.enrolment: row.marks.decode("ascii") for row in rows}
