"""Who is late so often that it is raised in person, and who is warned in writing because it went on after that (A3-d).

The numbers are the policy's. A mark counts from its own day on; what was raised or warned counts from the day after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rollcall.rules.policy.paths import Punctuality
from rollcall.rules.proposal import Reason
from rollcall.rules.words import counted, day_words

What = Literal["", "raise", "watch", "warn"]


@dataclass(frozen=True)
class LateMark:
    """A mark L or U in a session, with the minutes late where they were written down."""

    day: date
    half: str
    code: str
    minutes: int = 0


@dataclass(frozen=True)
class Lateness:
    """What is proposed for a pupil, why, and the marks that it counts; "" proposes nothing, "watch" waits."""

    what: What
    why: tuple[Reason, ...] = ()
    marks: tuple[LateMark, ...] = ()


def lateness(marks: Sequence[LateMark], raised: date | None, warned: date | None, settings: Punctuality) -> Lateness:
    """What is proposed for a pupil by their late marks in the policy's last school weeks (those marks alone, in order).

    raised: the last day within those weeks on which it was raised with a parent in person; warned: the last day within
    them on which a warning was sent. Source: A3-d; the numbers are settings of the policy.
    """
    if warned is not None and (raised is None or warned >= raised):
        return _to_raise(_after(marks, warned), f"since the warning of {day_words(warned)}", settings)
    if raised is None:
        return _to_raise(tuple(marks), f"in the last {counted(settings.school_weeks.value, 'school week')}", settings)
    return _since_raised(_after(marks, raised), raised, settings)


def _after(marks: Sequence[LateMark], day: date) -> tuple[LateMark, ...]:
    return tuple(mark for mark in marks if mark.day > day)


def _to_raise(marks: tuple[LateMark, ...], since: str, settings: Punctuality) -> Lateness:
    least = settings.marks_before_raised
    if len(marks) < least.value:
        return Lateness("", (), marks)
    said = f"{counted(len(marks), 'late mark')} {since}: it is raised in person first."
    return Lateness("raise", (Reason(said, counted(least.value, "late mark"), least.section),), marks)


def _since_raised(marks: tuple[LateMark, ...], raised: date, settings: Punctuality) -> Lateness:
    least = settings.marks_after_raised
    said = f"{counted(len(marks), 'late mark')} since it was raised in person on {day_words(raised)}."
    reason = Reason(said, counted(least.value, "late mark"), least.section)
    return Lateness("warn" if len(marks) >= least.value else "watch", (reason,), marks)


def late_words(mark: LateMark) -> str:
    """A late mark as a letter tells it: "Monday 3 June: 12 minutes late"."""
    when = day_words(mark.day) if mark.half == "AM" else f"{day_words(mark.day)}, afternoon"
    late = f"{counted(mark.minutes, 'minute')} late" if mark.minutes else "late"
    return f"{when}: {late}, after the register had closed" if mark.code == "U" else f"{when}: {late}"
