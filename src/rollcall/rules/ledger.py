"""The mark that stands, and how it came to stand.

A register is a ledger: a mark is an entry, a correction is another entry, and nothing is changed or taken away. Here
one session's entries are read in the order of their numbers. The original stays visible (SI 2006/1751 reg 15).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rollcall.rules.codes import MISSING


@dataclass(frozen=True)
class Entry:
    """One entry for one pupil's session. `number` is the school's own count; `minutes_late` from the gate time or None.

    A code of `-` clears the mark. `reason` says why a mark that already stood was changed.
    """

    number: int
    code: str
    minutes_late: int | None
    at: datetime
    who: str
    position: str
    reason: str = ""


@dataclass(frozen=True)
class Mark:
    """What stands for a session (`-` where nothing does) and its entries, oldest first."""

    code: str
    minutes_late: int | None
    history: tuple[Entry, ...]

    @property
    def is_missing(self) -> bool:
        """Whether the session has no mark: never entered, or cleared."""
        return self.code == MISSING

    @property
    def is_amended(self) -> bool:
        """Whether a mark that stood was changed or cleared."""
        return any(old.code != MISSING for old in self.history[:-1])

    @property
    def original(self) -> Entry | None:
        """The first entry that made a mark, which is always shown beside what replaced it."""
        return next((entry for entry in self.history if entry.code != MISSING), None)


def settle(entries: Iterable[Entry], as_of: int | datetime | None = None) -> Mark:
    """The mark that stands after a session's entries, taken in the order of their numbers.

    entries: those of one pupil's session, in any order. as_of: read the ledger as it was after an entry's number, or at
    a moment (entries made at that moment are in); None reads all. Raises ValueError where two entries share a number.
    """
    history = tuple(sorted((entry for entry in entries if _is_in(entry, as_of)), key=lambda entry: entry.number))
    for before, after in zip(history, history[1:], strict=False):
        if before.number == after.number:
            raise ValueError(f"Two entries of one session carry the number {after.number}; the ledger is damaged.")
    if not history or history[-1].code == MISSING:
        return Mark(MISSING, None, history)
    return Mark(history[-1].code, history[-1].minutes_late, history)


def _is_in(entry: Entry, as_of: int | datetime | None) -> bool:
    if as_of is None:
        return True
    return entry.at <= as_of if isinstance(as_of, datetime) else entry.number <= as_of
