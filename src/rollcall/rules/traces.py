"""Where a child is, by the marks of the day and what has happened since: for an evacuation, and for who looks for them.

A mark says where a child was when the register was taken (4.1-b); a slip, a signing out or a signing in says it later,
and the latest word stands. Where two of them can't both be true nobody knows: the child is to be looked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from rollcall.rules.codes import MISSING
from rollcall.rules.whereabouts import Where, where


class Because(Enum):
    """What says so."""

    MARK = "the mark"
    MORNING = "the morning's mark: the afternoon register has not said yet"
    ARRIVED = "a late slip that an adult confirmed"
    BACK = "signed back in"
    OUT = "signed out"
    NO_MARK = "no mark"
    DOOR = "entered at the door, not confirmed"
    CONFLICT = "signed out, and marked present later"
    MISSED = "marked at an activity, and not there"


@dataclass(frozen=True)
class Gone:
    """A child signed out at a moment, and back in at another, or not yet."""

    out_at: datetime
    back_at: datetime | None = None


@dataclass(frozen=True)
class Traces:
    """All that is known of a child's day.

    morning, afternoon: the marks, `-` for none, and the moments for which they speak. afternoon_is_in: whether the
    afternoon register has been handed in, so that `-` in it says something. outings, arrivals: in any order; arrivals
    are slips that an adult confirmed. at_door: a slip filled in at the door waits. missed: whoever leads the activity
    said that the child is not there.
    """

    morning: str
    afternoon: str
    morning_at: datetime
    afternoon_at: datetime
    afternoon_begun: bool = False
    afternoon_is_in: bool = False
    outings: Sequence[Gone] = ()
    arrivals: Sequence[datetime] = ()
    at_door: bool = False
    missed: bool = False


def where_is(traces: Traces) -> tuple[Where, Because]:
    """Where a child is and what says so (4.1-b, 4.4-c); never by assumption: what is not known is UNKNOWN."""
    here, because = _latest(traces, _by_mark(traces))
    if any(one.back_at is None for one in traces.outings) and because not in (Because.ARRIVED, Because.BACK):
        if here is Where.ON_SITE:
            return Where.UNKNOWN, Because.CONFLICT
        if here is not Where.ELSEWHERE:
            here, because = Where.SIGNED_OUT, Because.OUT
    if traces.missed and here is Where.ELSEWHERE:
        return Where.UNKNOWN, Because.MISSED
    if traces.at_door and here is not Where.ON_SITE:
        return Where.UNKNOWN, Because.DOOR
    return here, because


Word = tuple[datetime, Where, Because]


def _latest(traces: Traces, by_mark: Word) -> tuple[Where, Because]:
    """The last word on where the child is; at the same moment what happened counts before the mark."""
    words = [
        by_mark,
        *((at, Where.ON_SITE, Because.ARRIVED) for at in traces.arrivals),
        *((one.out_at, Where.SIGNED_OUT, Because.OUT) for one in traces.outings),
        *((one.back_at, Where.ON_SITE, Because.BACK) for one in traces.outings if one.back_at),
    ]
    _, here, because = max(words, key=lambda word: (word[0], word is not by_mark, word[2] is not Because.OUT))
    return here, because


def _by_mark(traces: Traces) -> Word:
    """What the last mark says, for the moment of its register."""
    if traces.afternoon != MISSING or traces.afternoon_is_in:
        return traces.afternoon_at, *_of(traces.afternoon)
    here, because = _of(traces.morning)
    if traces.afternoon_begun and because is Because.MARK:
        because = Because.MORNING
    return traces.morning_at, here, because


def _of(code: str) -> tuple[Where, Because]:
    return where(code), Because.NO_MARK if code == MISSING else Because.MARK
