"""From kinds to whole numbers: how many, the longest absence, the window of school weeks.

Kinds are uint8[m, n], a row a session and a column a pupil (see kinds); what comes out is int32[n].
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rollcall.rules.figures.kinds import AUTHORISED, PRESENT, UNAUTHORISED, Kinds
from rollcall.rules.policy import Policy

Ints = NDArray[np.integer[Any]]

NEVER = -1
_COLUMNS_AT_ONCE = 32
"""So many sessions of a block of pupils stay in the processor's cache."""
_FEW = 64


def how_many(cells: NDArray[np.bool_]) -> NDArray[np.int32]:
    """How many of each pupil's cells, bool[m, n], are True."""
    # A sum of 255 ones fits a byte, and bytes are added 64 at a time.
    total = np.zeros(cells.shape[1], np.int32)
    for start in range(0, len(cells), 255):
        total += np.add.reduce(cells[start : start + 255].view(np.uint8), axis=0, dtype=np.uint8)
    return total


def runs(kinds: Kinds, absent: Ints) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The longest run of absent sessions and the one still open at the end; only a presence ends a run."""
    if kinds.shape[1] < _FEW:
        return _runs_of_few(kinds)
    longest, current = _runs_of_many(kinds)
    # A byte holds the runs of all but a few: those who missed more sessions than it can count are done again.
    often = np.flatnonzero(absent > np.iinfo(np.uint8).max)
    if len(often):
        longest[often], current[often] = _runs_of_few(kinds[:, often])
    return longest, current


def _runs_of_few(kinds: Kinds) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """All sessions at once: absences so far, less those up to the last presence. Quick where there are few pupils."""
    if not len(kinds):
        return np.zeros(kinds.shape[1], np.int32), np.zeros(kinds.shape[1], np.int32)
    so_far = np.cumsum(kinds >= AUTHORISED, axis=0, dtype=np.int32)
    ended = np.where((kinds >= PRESENT) & (kinds < AUTHORISED), so_far, 0)
    run = so_far - np.maximum.accumulate(ended, axis=0)
    return run.max(axis=0), run[-1]


def _runs_of_many(kinds: Kinds) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Session after session in bytes: quick where there are many pupils, and right up to 255 absences."""
    run, longest = np.zeros(kinds.shape[1], np.uint8), np.zeros(kinds.shape[1], np.uint8)
    for start in range(0, len(kinds), _COLUMNS_AT_ONCE):
        some = kinds[start : start + _COLUMNS_AT_ONCE]
        absent = some >= AUTHORISED
        unbroken = (absent | (some < PRESENT)).view(np.uint8)
        # The runs take the place of what they are made from, and the longest is looked for in all of them at once.
        for run_here, absent_here in zip(unbroken, absent.view(np.uint8), strict=True):
            np.multiply(run, run_here, out=run_here)
            run = np.add(run_here, absent_here, out=run_here)
        np.maximum(longest, unbroken.max(axis=0), out=longest)
    return longest.astype(np.int32), run.astype(np.int32)


def windows(kinds: Kinds, weeks: Ints, policy: Policy) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """`unauthorised_in_10_weeks` and `threshold_reached_on`: the greatest unauthorised count in any window of school
    weeks that follow each other, and the column in which it met the policy's line, or NEVER.

    weeks: int[m], the number of each column's school week, ascending; -1 outside school weeks. Raises ValueError where
    they are out of order.
    """
    columns = np.flatnonzero(weeks >= 0)
    if (np.diff(weeks[columns]) < 0).any():
        raise ValueError("School weeks must be numbered in the order of the sessions.")
    numbers, starts = np.unique(weeks[columns], return_index=True)
    first_week = np.searchsorted(numbers, numbers - policy.measures.threshold_school_weeks.value, side="right")
    kinds = kinds if len(columns) == len(kinds) else kinds[columns]
    line = policy.measures.threshold_sessions.value
    if kinds.shape[1] < _FEW and len(columns):
        since = np.repeat(starts[first_week], np.diff([*starts, len(columns)]))
        return _windows_of_few(kinds >= UNAUTHORISED, since, columns, line)
    before = np.zeros((len(numbers) + 1, kinds.shape[1]), np.int32)
    greatest, reached = np.zeros(kinds.shape[1], np.int32), np.full(kinds.shape[1], NEVER, np.int32)
    for week, (start, end) in enumerate(pairwise([*starts, len(columns)])):
        unauthorised = kinds[start:end] >= UNAUTHORISED
        before[week + 1] = before[week] + how_many(unauthorised)
        within = before[week + 1] - before[first_week[week]]
        np.maximum(greatest, within, out=greatest)
        new = np.flatnonzero((within >= line) & (reached == NEVER))
        if len(new):
            earlier = (before[week] - before[first_week[week]])[new]
            day_by_day = earlier + np.cumsum(unauthorised[:, new], axis=0, dtype=np.int32)
            reached[new] = columns[start + np.argmax(day_by_day >= line, axis=0)]
    return greatest, reached


def _windows_of_few(
    unauthorised: NDArray[np.bool_], since: Ints, columns: Ints, line: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """All sessions at once, where there are few pupils. since: int[m], where each session's window begins."""
    before = np.zeros((len(unauthorised) + 1, unauthorised.shape[1]), np.int32)
    np.cumsum(unauthorised, axis=0, out=before[1:])
    within = before[1:] - before[since]
    met = within >= line
    reached = np.where(met.any(axis=0), columns[met.argmax(axis=0)], NEVER).astype(np.int32)
    return within.max(axis=0), reached


def unauthorised_from(kinds: Kinds, weeks: Ints, column: int, n_weeks: int) -> NDArray[np.int32]:
    """int32[n]: unauthorised sessions from a column on to the end of `n_weeks` school weeks, its own the first.

    Raises ValueError for a column in no school week.
    """
    if weeks[column] < 0:
        raise ValueError(f"Column {column} lies outside school weeks; begin in a session of the school.")
    inside = (np.arange(len(weeks)) >= column) & (weeks >= weeks[column]) & (weeks < weeks[column] + n_weeks)
    return how_many(kinds[inside] >= UNAUTHORISED)


def unauthorised_after(
    kinds: Kinds, weeks: Ints, since: Ints, policy: Policy
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Each pupil's unauthorised sessions from a column of their own on, in the policy's number of school weeks, and the
    column in which they met the policy's line, or NEVER: "the 10 school weeks that follow" a warning (A3-d, A4-c).

    since: int[n], the first column that counts, or NEVER for a pupil with none. The first of the weeks is that of the
    column, or the next school week where it lies in none. weeks: int[m], ascending; -1 outside school weeks.
    """
    n = kinds.shape[1]
    count, reached = np.zeros(n, np.int32), np.full(n, NEVER, np.int32)
    begins = np.where(since == NEVER, len(weeks), since)
    last = _week_from(weeks)[begins] + policy.measures.threshold_school_weeks.value - 1
    line = policy.measures.threshold_sessions.value
    for column in np.flatnonzero(weeks >= 0):
        unauthorised = kinds[column] >= UNAUTHORISED
        if not unauthorised.any():
            continue
        new = unauthorised & (begins <= column) & (weeks[column] <= last)
        count += new
        reached[new & (count == line)] = column
    return count, reached


def _week_from(weeks: Ints) -> NDArray[np.int64]:
    """int64[m + 1]: the school week of each column, or of the next one that has one; beyond the last, none is left."""
    none_left = np.iinfo(np.int32).min
    beyond = np.iinfo(np.int32).max
    following = np.minimum.accumulate(np.where(weeks >= 0, weeks, beyond)[::-1])[::-1]
    return np.append(np.where(following == beyond, none_left, following), none_left).astype(np.int64)
