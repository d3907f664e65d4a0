"""Whose attendance has risen enough to be recognised (A5-a): two spans of school weeks compared as exact fractions."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from rollcall.rules.policy.paths import Recognition
from rollcall.rules.policy.values import number_text
from rollcall.rules.proposal import Reason
from rollcall.rules.sessions import Calendar, school_mondays
from rollcall.rules.stages import is_below, percent_down
from rollcall.rules.words import counted

Counts = tuple[int, int]
"""Sessions attended, of those possible."""
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Spans:
    """Two spans of school weeks, one after the other, each from a Monday to a Sunday."""

    before: tuple[date, date]
    after: tuple[date, date]


def spans(calendar: Calendar, day: date, settings: Recognition) -> Spans | None:
    """The last whole school weeks before the week of a day, and as many before those; None early in a year."""
    n, this_week = settings.school_weeks.value, day - timedelta(days=day.weekday())
    mondays = [one for one in school_mondays([calendar]) if one < this_week]
    if len(mondays) < 2 * n:
        return None
    early, late = mondays[-2 * n : -n], mondays[-n:]
    return Spans((early[0], early[-1] + WEEK - timedelta(days=1)), (late[0], late[-1] + WEEK - timedelta(days=1)))


def risen(before: Counts, after: Counts, settings: Recognition) -> tuple[Reason, ...]:
    """Why a pupil's attendance is recognised; empty where it has not risen enough.

    Both spans need the policy's least sessions, the first lay below its line, and the rise is at least as many points
    of a hundred as the policy asks. Raises ValueError for counts that can't be.
    """
    least = settings.least_sessions.value
    if min(before[1], after[1]) < least or not is_below(*before, settings.was_below_percent.value):
        return ()
    rise = 100 * (Fraction(after[0], after[1]) - Fraction(before[0], before[1]))
    if rise < settings.rise_percent.value:
        return ()
    weeks = counted(settings.school_weeks.value, "school week")
    said = f"{share(after)} over the last {weeks}, after {share(before)} in the {weeks} before."
    line = settings.rise_percent
    return (Reason(said, f"at least {number_text(line.value)} points more", line.section),)


def share(counts: Counts) -> str:
    """Attendance with its counts, as letters tell it."""
    return f"{percent_down(*counts)}% ({counts[0]} of {counts[1]} sessions)"
