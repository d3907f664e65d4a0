"""An appointment in the school day: which registers are taken while the child is away, and whether it was told ahead.

Only those sessions are missed (4.3-a); an appointment between two registers costs no session, and is counted and seen
all the same (3.7-d). Times are of one day, in the school's own clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from rollcall.rules.sessions import Half
from rollcall.rules.words import time_words

MEDICAL = "M"
"""The code of a medical or dental appointment, under both editions."""


@dataclass(frozen=True)
class RegisterTime:
    """When the register of a half-day is taken: from `due` until it closes."""

    half: Half
    due: time
    closes: time


def check_times(out_at: time | None, back_at: time | None) -> None:
    """Raise ValueError, with a sentence, for a child who would be back before they go."""
    if out_at and back_at and back_at <= out_at:
        order = f"go at {time_words(out_at)} and be back at {time_words(back_at)}"
        raise ValueError(f"They can't {order}: give the times in their order.")


def sessions_missed(out_at: time | None, back_at: time | None, registers: Iterable[RegisterTime]) -> tuple[Half, ...]:
    """The half-days whose whole register is taken while the child is away (4.3-a).

    out_at: None where they do not come in before it; back_at: None where they do not come back that day. Who is there
    when the register is due, or comes while it is open, misses nothing. Raises ValueError as `check_times`.
    """
    check_times(out_at, back_at)
    return tuple(
        one.half
        for one in registers
        if (out_at is None or out_at <= one.due) and (back_at is None or back_at >= one.closes)
    )


def in_school_hours(out_at: time | None, back_at: time | None, begins: time, ends: time) -> bool:
    """Whether any part of it falls between the first register and the end of the day (3.7-d)."""
    return (out_at is None or out_at < ends) and (back_at is None or back_at > begins)


def is_ahead(told_at: datetime, begins_at: datetime) -> bool:
    """Whether the school was told before the child is away: only then it is authorised without asking (4.3-a)."""
    return told_at < begins_at
