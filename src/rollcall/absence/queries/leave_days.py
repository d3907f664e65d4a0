"""The school days of a leave: which of the days asked for are school days, and which of them have begun."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rollcall.rules.leave import Span
from rollcall.rules.sessions import HALVES, Half, SchoolYear
from rollcall.rules.words import day_words
from rollcall.schools.queries import SchoolFacts


@dataclass(frozen=True)
class LeaveDay:
    """One school day: its sessions, and whether the first of them has begun."""

    day: date
    halves: tuple[Half, ...]
    has_begun: bool


def days_of(
    facts: SchoolFacts, first: date, last: date, at: datetime, school_class: int | None = None
) -> list[LeaveDay]:
    """The school days from one day to another, in order; a year without terms has none."""
    found, day = [], first
    while day <= last:
        halves = tuple(half for half in HALVES if facts.is_open(day, half, school_class))
        if halves:
            found.append(LeaveDay(day, halves, facts.has_begun(day, halves[0], at)))
        day += timedelta(days=1)
    return found


def no_school_on(days: Sequence[LeaveDay], first: date, last: date) -> str:
    """A sentence about days asked for that are no school days, weekends in between apart; else empty."""
    known = {one.day for one in days}
    closed = [
        first + timedelta(days=n)
        for n in range((last - first).days + 1)
        if first + timedelta(days=n) not in known
        and ((first + timedelta(days=n)).weekday() < 5 or n in (0, (last - first).days))
    ]
    if not closed:
        return ""
    if len(closed) == 1:
        return f"{day_words(closed[0])} is not a school day."
    return f"{day_words(closed[0])} and {len(closed) - 1} more of these days are not school days."


def words_of_days(spans: Sequence[Span]) -> str:
    """Days in words: "on Thursday 6 June", "from Monday 3 June to Tuesday 4 June and on Friday 7 June"."""
    told = [
        f"on {day_words(span.first)}"
        if span.first == span.last
        else f"from {day_words(span.first)} to {day_words(span.last)}"
        for span in spans
    ]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}" if told else ""


def school_days_around(facts: SchoolFacts, day: date) -> list[date]:
    """The school days of a day's year and of those beside it, in order."""
    start = SchoolYear.of(day).start
    return [
        one
        for year in (start - 1, start, start + 1)
        if year in facts.years
        for one in facts.calendar(year).school_days()
    ]


def back_after(facts: SchoolFacts, last: date, away: Collection[date]) -> date | None:
    """The first school day after a span of leave on which the pupil has no leave either; None if none is known."""
    return next((day for day in school_days_around(facts, last) if day > last and day not in away), None)


def sessions_between(facts: SchoolFacts, at: datetime, last: date, school_class: int | None = None) -> int:
    """How many school sessions that have not closed lie between now and the end of a day."""
    days = days_of(facts, at.date(), last, at, school_class)
    return sum(at < facts.closes_at(one.day, half) for one in days for half in one.halves)
