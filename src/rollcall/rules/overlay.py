"""Terms, closures and time on roll, laid over a year's stored marks: what of them is a session, and for whom.

The marks beneath are never changed: a cell is left out where the school was closed, the pupil not on roll, or the
session still to come. A session inside without a mark is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rollcall.rules.codes import BYTE, MISSING
from rollcall.rules.figures import NEVER, Figures, Ints, Kinds, figures, kinds_of, lookup
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import HALVES, Calendar, Half, SchoolYear, number_weeks
from rollcall.rules.sheet import Sheet


@dataclass(frozen=True)
class StoredRow:
    """A year's marks of one enrolment as stored, with its time on roll and the columns shut for its class alone."""

    enrolment: int
    marks: bytes
    minutes: bytes
    admitted: date
    left: date | None
    shut: frozenset[int] = frozenset()


def blank(enrolment: int, year: SchoolYear, admitted: date, left: date | None) -> StoredRow:
    """The row of a pupil for whom nothing was marked all year."""
    return StoredRow(enrolment, bytes([BYTE[MISSING]]) * year.n, bytes(year.n), admitted, left)


@dataclass(frozen=True, eq=False)
class Overlay:
    """A year's sheet and which of its cells are sessions: `within` is bool[n, m], `weeks` int[m]."""

    sheet: Sheet
    within: NDArray[np.bool_]
    weeks: Ints

    @property
    def minutes_late(self) -> NDArray[np.int32] | None:
        """int32[n]: each row's minutes late in its sessions, None where the sheet has none."""
        late = self.sheet.minutes
        return None if late is None else np.where(self.within, late, 0).sum(axis=1, dtype=np.int32)


def overlay(rows: Sequence[StoredRow], calendar: Calendar, upto: int, since: int = 0) -> Overlay:
    """Lay a calendar over stored rows.

    rows: of the calendar's year, each with one byte a session. upto: columns from this one on are still to come.
    since: columns before this one are left out. Raises ValueError where a row has another length than the year.
    """
    year = calendar.year
    for row in rows:
        if len(row.marks) != year.n:
            raise ValueError(f"Enrolment {row.enrolment} has {len(row.marks)} sessions stored; {year} has {year.n}.")
    marks = np.frombuffer(b"".join(row.marks for row in rows), np.uint8).reshape(len(rows), year.n)
    minutes = np.frombuffer(b"".join(row.minutes for row in rows), np.uint8).reshape(len(rows), year.n)
    sessions = year.ordinals * 2 + np.arange(year.n) % 2
    within = np.tile(calendar.open, (len(rows), 1))
    within[:, upto:] = False
    within[:, :since] = False
    for n, row in enumerate(rows):
        within[n, : _column(year, row.admitted, "AM")] = False
        if row.left is not None:
            within[n, _column(year, row.left, "PM") + 1 :] = False
        within[n, list(row.shut)] = False
    return Overlay(Sheet(tuple(row.enrolment for row in rows), sessions, marks, minutes), within, calendar.week)


def _column(year: SchoolYear, day: date, half: Half) -> int:
    """The column of a day, or just outside the year's ends for one beyond them."""
    if day < year.first:
        return -1 if half == "PM" else 0
    if day > year.last:
        return year.n
    return 2 * (day - year.first).days + HALVES.index(half)


def cut(laid: Overlay, columns: Ints) -> Overlay:
    """The same with some of its columns only, in their order."""
    sheet = laid.sheet
    minutes = None if sheet.minutes is None else sheet.minutes[:, columns]
    part = Sheet(sheet.pupils, sheet.sessions[columns], sheet.marks[:, columns], minutes)
    return Overlay(part, laid.within[:, columns], laid.weeks[columns])


def session_columns(laid: Overlay) -> NDArray[np.int64]:
    """The columns that are a session for at least one row: weekends, holidays and what is to come are left out."""
    return np.flatnonzero(laid.within.any(axis=0))


def figures_of(laid: Overlay, editions: Sequence[str], policy: Policy) -> Figures:
    """The figures of every row. editions: the edition of the law for each column."""
    columns = session_columns(laid)
    sessions = cut(laid, columns)
    found = figures(
        sessions.sheet.marks,
        lookups=_lookups(sessions, [editions[column] for column in columns]),
        weeks=sessions.weeks,
        policy=policy,
        minutes=sessions.sheet.minutes,
        within=sessions.within,
    )
    if not len(columns):
        return found
    reached = found.threshold_reached_on
    return replace(found, threshold_reached_on=np.where(reached == NEVER, NEVER, columns[reached]))


def kinds_laid(laid: Overlay, editions: Sequence[str]) -> Kinds:
    """uint8[m, n]: the kind of every cell (see `figures`), NOTHING where it is no session. editions: of each column."""
    return kinds_of(laid.sheet.marks, _lookups(laid, editions), laid.within)


def _lookups(laid: Overlay, editions: Sequence[str]) -> list[bytes]:
    halves = (laid.sheet.sessions % 2).tolist()
    return [lookup(edition, HALVES[half]) for edition, half in zip(editions, halves, strict=True)]


def side_by_side(earlier: Overlay, later: Overlay, calendars: tuple[Calendar, Calendar]) -> Overlay:
    """Two years of the same pupils as one sheet, its school weeks numbered through, for windows across the summer.

    Both must have the same rows in the same order; raises ValueError where they have not.
    """
    if earlier.sheet.pupils != later.sheet.pupils:
        raise ValueError("Two years go side by side only for the same pupils in the same order.")
    sheet = Sheet(
        later.sheet.pupils,
        np.concatenate([earlier.sheet.sessions, later.sheet.sessions]),
        np.concatenate([earlier.sheet.marks, later.sheet.marks], axis=1),
    )
    within = np.concatenate([earlier.within, later.within], axis=1)
    return Overlay(sheet, within, np.concatenate(number_weeks(calendars)))
