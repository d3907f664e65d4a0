"""A group's sessions counted together: all of them, by class, weekday, week or code; and absences that still run.

Takes an overlay and its kinds (`overlay.kinds_laid`). Counts only, so that a share is divided when it is printed and
not before; no pupil is averaged with another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rollcall.rules.codes import TEXT
from rollcall.rules.figures import (
    AUTHORISED,
    LATE,
    LATE_AFTER_CLOSE,
    MISSING,
    PRESENT,
    UNAUTHORISED,
    Kinds,
)
from rollcall.rules.overlay import Overlay
from rollcall.rules.sheet import session_of
from rollcall.rules.stages import percent_down, percent_half_up

Ints = NDArray[np.integer[Any]]
Key = TypeVar("Key")
_COUNTED = (MISSING, PRESENT, LATE, AUTHORISED, UNAUTHORISED, LATE_AFTER_CLOSE)


@dataclass(frozen=True)
class Share:
    """Sessions of a group: possible is attended, authorised and unauthorised; missing ones are not among them."""

    attended: int = 0
    authorised: int = 0
    unauthorised: int = 0
    missing: int = 0
    late: int = 0
    late_after_close: int = 0

    @property
    def possible(self) -> int:
        """Sessions possible."""
        return self.attended + self.authorised + self.unauthorised

    @property
    def absent(self) -> int:
        """Sessions missed, authorised or not."""
        return self.authorised + self.unauthorised

    @property
    def percent(self) -> str:
        """Attendance to one decimal, rounded down; empty where nothing was possible."""
        return percent_down(self.attended, self.possible)

    @property
    def tenths(self) -> int | None:
        """Attendance in tenths of a percent, rounded down, for drawings; None where nothing was possible."""
        return 1000 * self.attended // self.possible if self.possible else None

    @property
    def percent_half_up(self) -> str:
        """Attendance as statistics print it."""
        return percent_half_up(self.attended, self.possible)

    def __add__(self, other: Share) -> Share:
        """The sessions of two groups together."""
        mine, theirs = vars(self), vars(other)
        return Share(**{name: mine[name] + theirs[name] for name in mine})


def whole_share(kinds: Kinds) -> Share:
    """All cells of kinds uint8[m, n] together."""
    return _share(_by_column(kinds).sum(axis=1))


def shares_by_row(kinds: Kinds, groups: Sequence[Key]) -> dict[Key, Share]:
    """The cells of each group of pupils; `groups` names the group of each, in the order of the rows."""
    rows: dict[Key, list[int]] = {}
    for row, group in enumerate(groups):
        rows.setdefault(group, []).append(row)
    counts = np.array([(kinds == kind).sum(axis=0) for kind in _COUNTED]) if groups else np.zeros((6, 0))
    return {group: _share(counts[:, members].sum(axis=1)) for group, members in rows.items()}


def shares_by_weekday(laid: Overlay, kinds: Kinds) -> list[Share]:
    """Monday to Friday, and a Saturday or Sunday on which the school met, each with its sessions."""
    counts, weekdays = _by_column(kinds), (laid.sheet.days - 1) % 7
    return [_share(counts[:, weekdays == n].sum(axis=1)) for n in range(max(5, int(weekdays.max(initial=4)) + 1))]


def shares_by_week(laid: Overlay, kinds: Kinds) -> list[tuple[date, Share]]:
    """Each week in which there was a session, by its Monday, in order."""
    counts, days = _by_column(kinds), laid.sheet.days
    mondays = days - (days - 1) % 7
    weeks, starts = np.unique(mondays, return_index=True)
    sums = np.add.reduceat(counts, starts, axis=1) if len(weeks) else counts
    return [(date.fromordinal(int(week)), _share(sums[:, n])) for n, week in enumerate(weeks)]


def kinds_of_week(laid: Overlay, kinds: Kinds, monday: date) -> Kinds:
    """The cells of one week, Monday to Sunday."""
    days = laid.sheet.days
    first = monday.toordinal()
    return kinds[(days >= first) & (days < first + 7)]


def sessions_by_code(laid: Overlay, kinds: Kinds) -> dict[str, int]:
    """How many sessions each code stands in, the commonest first; a session without a mark is under `-`."""
    found = np.bincount(laid.sheet.marks[laid.within], minlength=256)
    return {TEXT[byte]: int(found[byte]) for byte in np.argsort(-found, kind="stable") if found[byte]}


@dataclass(frozen=True)
class Running:
    """An absence that has not ended: `row` of the sheet, sessions missed in it, its first and its latest day."""

    row: int
    sessions: int
    since: date
    latest: date
    codes: tuple[str, ...]


def running_absences(laid: Overlay, kinds: Kinds, least: int = 1) -> list[Running]:
    """Absences still running at the end of the sheet, of at least so many sessions, the longest first.

    Sessions outside possible and those without a mark neither end a run nor lengthen it. `codes` are those of the
    sessions missed, each once, in the order in which they first came.
    """
    if not kinds.size:
        return []
    ended = (kinds == PRESENT) | (kinds == LATE)
    after = len(kinds) - np.argmax(ended[::-1], axis=0)
    after[~ended.any(axis=0)] = 0
    absent = (kinds >= AUTHORISED) & (np.arange(len(kinds))[:, None] >= after)
    counts = absent.sum(axis=0)
    rows = np.flatnonzero(counts >= max(least, 1))
    found = [_running(laid, absent[:, row], int(row), int(counts[row])) for row in rows]
    return sorted(found, key=lambda run: (-run.sessions, run.row))


def _running(laid: Overlay, absent: NDArray[np.bool_], row: int, sessions: int) -> Running:
    columns = np.flatnonzero(absent)
    first, last = (session_of(int(laid.sheet.sessions[column]))[0] for column in (columns[0], columns[-1]))
    codes = dict.fromkeys(TEXT[mark] for mark in laid.sheet.marks[row, columns].tolist())
    return Running(row, sessions, first, last, tuple(codes))


def best(shares: Mapping[Key, Share]) -> list[Key]:
    """Whoever attended the greatest share of its possible sessions (6-a); all of them where several tie.

    Shares are compared as exact fractions, so that a small class has the same chance as a large one.
    """
    able = {key: share for key, share in shares.items() if share.possible}
    if not able:
        return []
    top = next(iter(able.values()))
    for share in able.values():
        if share.attended * top.possible > top.attended * share.possible:
            top = share
    return [key for key, share in able.items() if share.attended * top.possible == top.attended * share.possible]


def together(shares: Iterable[Share]) -> Share:
    """Several groups as one."""
    return sum(shares, Share())


def _by_column(kinds: Kinds) -> NDArray[np.int64]:
    """int64[6, m]: how many pupils had each counted kind in each session."""
    return np.array([np.count_nonzero(kinds == kind, axis=1) for kind in _COUNTED], np.int64)


def _share(counts: Ints) -> Share:
    missing, present, late, authorised, unauthorised, after_close = (int(n) for n in counts)
    return Share(
        attended=present + late,
        authorised=authorised,
        unauthorised=unauthorised + after_close,
        missing=missing,
        late=late,
        late_after_close=after_close,
    )
