"""What one report of an absence stands for, and by when an answer is due: days and half-days alone.

Each day of absence is reported anew (3.7-a): a return date promises nothing, unless the school has agreed the span.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from rollcall.rules.sessions import Half
from rollcall.rules.words import counted, day_words

Part = Literal["day", "AM", "PM"]
Session = tuple[date, Half]


def check_return(day: date, back_on: date | None) -> None:
    """Raise ValueError, with a sentence, for a return that does not lie after the day away."""
    if back_on is not None and back_on <= day:
        raise ValueError(
            f"Back on {day_words(back_on)} does not lie after the day away, {day_words(day)}: "
            "give a later day, or none."
        )


def stands_for(day: date, part: Part, back_on: date | None, agreed_span: bool) -> tuple[Session, Session]:
    """The first and last session that a report of a day, or of one half of it, stands for.

    It is that day alone, whatever return was named; with an agreed span all days until the one before the return.
    Raises ValueError as `check_return`.
    """
    check_return(day, back_on)
    last = back_on - timedelta(days=1) if agreed_span and back_on else day
    first_half: Half = "PM" if part == "PM" else "AM"
    last_half: Half = "AM" if part == "AM" and last == day else "PM"
    return (day, first_half), (last, last_half)


def due_on(school_days: Iterable[date], asked_on: date, within: int) -> date:
    """The day by which an answer is due: the `within`th school day after it was asked for.

    Where fewer are known, as before the next year's terms are set, weekdays are counted on from the last of them.
    """
    ahead = sorted(day for day in school_days if day > asked_on)
    if len(ahead) >= within:
        return ahead[within - 1]
    due, left = (ahead[-1] if ahead else asked_on), within - len(ahead)
    while left:
        due += timedelta(days=1)
        left -= due.weekday() < 5
    return due


def minutes_in_words(minutes: int) -> str:
    """A wait in words: "less than a minute", "1 minute", "35 minutes", "1 hour", "2 hours 5 minutes", "3 days"."""
    if minutes < 1:
        return "less than a minute"
    hours, rest = divmod(minutes, 60)
    if hours >= 24:
        return counted(hours // 24, "day")
    parts = [counted(n, noun) for n, noun in ((hours, "hour"), (rest, "minute")) if n]
    return " ".join(parts)
