"""What the clock says of a child who comes late: which session, L or U, how many minutes (4.4-a, 4.4-b, EM-a).

A reason that has a code of its own wins over the clock's letter. A person decides in the end.
"""

from dataclasses import dataclass
from datetime import time

from rollcall.rules.codes import LATE, LATE_AFTER_CLOSING, WITH_MINUTES
from rollcall.rules.sessions import Half
from rollcall.rules.words import time_words

MOST_MINUTES = 240
"""How many minutes a mark keeps: who comes later than that in the morning is marked without them."""


@dataclass(frozen=True)
class SessionTimes:
    """A session's times: from when lateness counts, and when the register closes."""

    late_from: time
    closes: time


@dataclass(frozen=True)
class Arrival:
    """What is proposed for an arrival: the code, the minutes late where the code goes with minutes, and why."""

    code: str
    minutes: int | None
    why: str


def half_at(arrived: time, afternoon_opens: time) -> Half:
    """The session that an arrival belongs to: the afternoon's once its register has opened, else the morning's."""
    return "PM" if arrived >= afternoon_opens else "AM"


def minutes_late(arrived: time, late_from: time) -> int:
    """Whole minutes from when lateness counts; 0 for who came before that."""
    return max((arrived.hour - late_from.hour) * 60 + arrived.minute - late_from.minute, 0)


def propose(arrived: time, times: SessionTimes, own_code: str = "") -> Arrival:
    """What to mark for an arrival at a time of the session's day. own_code: that of the reason, where it has one.

    At closing time itself the register is closed, so that who comes then is U.
    """
    late = _kept(minutes_late(arrived, times.late_from))
    if own_code:
        return Arrival(
            own_code, late if own_code in WITH_MINUTES else None, f"The reason has a code of its own, {own_code}."
        )
    closes = time_words(times.closes)
    if arrived < times.closes:
        return Arrival(LATE, late, f"Before the register closed at {closes}.")
    return Arrival(LATE_AFTER_CLOSING, late, f"After the register had closed at {closes}.")


def _kept(minutes: int) -> int | None:
    return minutes if minutes <= MOST_MINUTES else None
