"""One pupil's time as a single row, at whichever schools it was spent: one child across the federation.

Each school answers for its own days, and the year's figures are of them all together, so that a move resets nothing.
The row holds school sessions only; two years stand side by side where a window runs across the summer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rollcall.rules.codes import TEXT
from rollcall.rules.figures import (
    AUTHORISED,
    LATE,
    LATE_AFTER_CLOSE,
    MISSING,
    NEVER,
    UNAUTHORISED,
    Figures,
    figures_of_kinds,
    kinds_of,
    lookup,
    windows_of_kinds,
)
from rollcall.rules.overlay import Overlay
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import HALVES, Calendar, Half
from rollcall.rules.sheet import session_of

Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Part:
    """A pupil's time at one school in one year: the overlay has one row, `editions` one value a column of the year.

    `begins` is the day from which this school answers for the pupil.
    """

    laid: Overlay
    calendar: Calendar
    editions: Sequence[str]
    begins: date


class Cell(NamedTuple):
    """One school session of a pupil: the kind as `figures` has it, NOTHING where it is not counted."""

    day: date
    half: Half
    code: str
    kind: int
    minutes: int
    enrolment: int
    counted: bool

    @property
    def is_absent(self) -> bool:
        """Whether it counts as a session missed."""
        return self.kind >= AUTHORISED

    @property
    def is_unauthorised(self) -> bool:
        """Whether it is a session missed without leave."""
        return self.kind >= UNAUTHORISED

    @property
    def is_missing(self) -> bool:
        """Whether it is a session without a mark."""
        return self.kind == MISSING

    @property
    def is_late(self) -> bool:
        """Whether the pupil came late, before or after the register closed."""
        return self.kind in (LATE, LATE_AFTER_CLOSE)


@dataclass(frozen=True, eq=False)
class PupilRow:
    """The school sessions of one pupil in order; each array has one value a session, `weeks` ascending.

    `start` is the first session of the last year given.
    """

    sessions: Ints
    marks: NDArray[np.uint8]
    minutes: NDArray[np.uint8]
    within: NDArray[np.bool_]
    kinds: NDArray[np.uint8]
    weeks: Ints
    enrolments: Ints
    start: int

    def figures(self, policy: Policy) -> Figures:
        """The figures of the last year alone, as a row of one pupil; windows are of that year."""
        kinds, weeks = self.kinds[self.start :, None], self.weeks[self.start :]
        minutes = self.minutes[self.start :][self.within[self.start :]].sum(dtype=np.int32)
        return figures_of_kinds(kinds, weeks=weeks, policy=policy, minutes_late=np.array([minutes], np.int32))

    def windows(self, policy: Policy) -> tuple[int, date | None]:
        """The greatest unauthorised count in any window of the years given, and the day on which it met the line."""
        greatest, reached = windows_of_kinds(self.kinds[:, None], self.weeks, policy)
        column = int(reached[0])
        day = session_of(int(self.sessions[column]))[0] if column != NEVER else None
        return int(greatest[0]), day

    def cells(self, since: int = 0) -> list[Cell]:
        """Every session from one on, as values."""
        columns = (self.sessions, self.marks, self.kinds, self.minutes, self.enrolments, self.within)
        cells = []
        for number, mark, kind, late, enrolment, counted in zip(*(c[since:].tolist() for c in columns), strict=True):
            day, half = date.fromordinal(number // 2), HALVES[number % 2]
            cells.append(Cell(day, half, TEXT[mark], kind, late, enrolment, counted))
        return cells

    def window(self, n_weeks: int) -> list[Cell]:
        """The sessions of the latest school weeks, so many of them, up to the last session that is counted."""
        counted = np.flatnonzero(self.within)
        if not len(counted):
            return []
        last = int(counted[-1])
        inside = np.flatnonzero(self.weeks > self.weeks[last] - n_weeks)
        first = int(inside[0])
        return self.cells(first)[: last + 1 - first]


def one_row(years: Sequence[Sequence[Part]]) -> PupilRow:
    """The parts of one pupil, by year and within it in the order in which the schools answer for the pupil.

    Every year needs at least one part, and the years must be in order; raises ValueError otherwise.
    """
    if not all(years):
        raise ValueError("Each year of a pupil's row needs at least one school.")
    merged = [_merge(parts) for parts in years]
    arrays = [np.concatenate(column) for column in zip(*merged, strict=True)]
    sessions, marks, minutes, within, kinds, enrolments = arrays
    if (np.diff(sessions) <= 0).any():
        raise ValueError("The years of a pupil's row must be given in order.")
    days = sessions // 2
    _, weeks = np.unique(days - (days - 1) % 7, return_inverse=True)
    start = sum(len(year[0]) for year in merged[:-1])
    return PupilRow(sessions, marks, minutes, within, kinds, weeks, enrolments, start)


def _merge(parts: Sequence[Part]) -> list[NDArray[Any]]:
    """One year's sessions: for each half-day the row of the school that answers for it, where that school is open."""
    axis = parts[0].calendar.year
    found: list[list[NDArray[Any]]] = []
    for n, part in enumerate(parts):
        last = parts[n + 1].begins.toordinal() if n + 1 < len(parts) else axis.last.toordinal() + 1
        first = part.begins.toordinal() if n else axis.first.toordinal()
        columns = np.flatnonzero(part.calendar.open & (axis.ordinals >= first) & (axis.ordinals < last))
        found.append(_taken(part, columns))
    return [np.concatenate(column) for column in zip(*found, strict=True)]


def _taken(part: Part, columns: Ints) -> list[NDArray[Any]]:
    sheet, within = part.laid.sheet, part.laid.within[0, columns]
    marks, numbers = sheet.marks[0, columns], sheet.sessions[columns]
    editions = [part.editions[column] for column in columns.tolist()]
    looks = [lookup(edition, HALVES[half]) for edition, half in zip(editions, (numbers % 2).tolist(), strict=True)]
    kinds = kinds_of(marks[None], looks, within[None])[:, 0]
    minutes = np.zeros(len(columns), np.uint8) if sheet.minutes is None else sheet.minutes[0, columns]
    return [numbers, marks, minutes, within, kinds, np.full(len(columns), sheet.pupils[0], np.int64)]
