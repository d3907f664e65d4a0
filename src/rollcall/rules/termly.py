"""Meetings that a policy wants so many times a year: how many were held, is the next one planned, what is late (A5-e).

The year's school days are parted evenly among the meetings that are wanted; by the end of a part its meeting is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rollcall.rules.policy import Action, Policy
from rollcall.rules.words import counted, day_words

KINDS = {"termly-meeting": "termly", "targeting-meeting": "targeting"}
"""The kind of meeting that carries out an action of the policy's process."""


@dataclass(frozen=True)
class Termly:
    """Where a school stands: held of wanted, the day of the next that is planned, how many ought to have been held."""

    held: int
    wanted: int
    due: int
    next: date | None

    @property
    def is_late(self) -> bool:
        """Whether fewer were held than the year so far asks for."""
        return self.held < self.due

    @property
    def lacks_next(self) -> bool:
        """Whether no next one is planned."""
        return self.next is None

    @property
    def words(self) -> str:
        """It in a line: "2 of 3 held, next on Tuesday 4 June"."""
        said = f"{self.held} of {self.wanted} held, "
        said += f"next on {day_words(self.next)} {self.next.year}" if self.next else "the next one is not planned"
        return said + (f"; {counted(self.due - self.held, 'meeting is,meetings are')} overdue" if self.is_late else "")


def wanted_meeting(policy: Policy) -> Action | None:
    """What of the policy's process is held so many times a year; None where nothing is."""
    return next((one for one in policy.process if one.times_a_year), None)


def termly(
    wanted: int, held: Sequence[date], planned: Sequence[date], school_days: Sequence[date], today: date
) -> Termly:
    """Where a school stands with `wanted` meetings a year. ValueError for fewer than one.

    held: the days of this year's meetings that took place. planned: days of those that nobody has written down yet.
    school_days: the year's, in order. The next is the first planned one from today on.
    """
    if wanted < 1:
        raise ValueError(f"At least one meeting a year, not {wanted}.")
    gone = sum(day < today for day in school_days)
    due = wanted * gone // len(school_days) if school_days else 0
    return Termly(len(held), wanted, due, min((day for day in planned if day >= today), default=None))
