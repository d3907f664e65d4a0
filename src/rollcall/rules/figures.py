"""From a sheet to figures: counts, the window of school weeks, the longest absence. The one place they are worked out.

Reads law/codes.toml (through codes) and the policy's lines. Bytes become kinds by a look-up for each column, and the
kinds are turned on their side, so that every step works on one session of many pupils at once. Only whole numbers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rollcall.rules.codes import BYTE, NO_CODE, Counts, counts_by_byte, edition_on, table
from rollcall.rules.policy import Policy
from rollcall.rules.sheet import session_of
from rollcall.rules.stages import are_persistent, are_severe, stages_of, tiers_of

Ints = NDArray[np.integer[Any]]
Kinds = NDArray[np.uint8]

NOTHING, MISSING, PRESENT, LATE, AUTHORISED, UNAUTHORISED, LATE_AFTER_CLOSE = range(7)
"""Kinds of a cell. The order is used: below PRESENT nothing was possible, from AUTHORISED on it is an absence."""

UNKNOWN = NO_CODE
"""What a look-up gives for a byte that cannot stand in its session."""

NEVER = -1
BLOCK = 1 << 13
_ROWS_AT_ONCE, _COLUMNS_AT_ONCE = 128, 32
_FEW = 64
"""Sizes that stay in the processor's caches."""


class UnknownMark(ValueError):
    """A byte that stands for no code in its session; `row` and `column` say where, `byte` which."""

    def __init__(self, row: int, column: int, byte: int) -> None:
        super().__init__(f"Row {row}, column {column}: {chr(byte)!r} is no code of this session.")
        self.row, self.column, self.byte = row, column, byte


@dataclass(frozen=True, eq=False)
class Figures:
    """One value a pupil, under the names of the files' columns; int32 but for persistent and severe (bool).

    `threshold_reached_on` is the column in which it was reached, or NEVER; stage and tier are -1 where nothing was
    possible. `minutes_late` is None where the sheet has no minutes. `current_absence` is the absence that is still
    running when the sheet ends, in sessions.
    """

    possible: Ints
    attended: Ints
    authorised: Ints
    unauthorised: Ints
    missing: Ints
    late: Ints
    late_after_close: Ints
    minutes_late: Ints | None
    persistent: NDArray[np.bool_]
    severe: NDArray[np.bool_]
    stage: Ints
    tier: Ints
    unauthorised_in_10_weeks: Ints
    threshold_reached_on: Ints
    longest_absence: Ints
    current_absence: Ints

    def take(self, rows: Ints) -> "Figures":
        """The figures of some rows, in the order given."""
        columns: dict[str, Any] = {}
        for name in (field.name for field in fields(self)):
            values = getattr(self, name)
            columns[name] = None if values is None else values[rows]
        return Figures(**columns)


@cache
def lookup(edition: str, half: str) -> bytes:
    """The kind of each of the 256 bytes in a session, 255 for one that cannot stand there. half: AM or PM.

    Present codes and educational activities are attended; D, X, Y, Z, Q and # are not possible, as in the statistics.
    """
    of_counts = {
        Counts.MISSING: MISSING,
        Counts.ATTENDING: PRESENT,
        Counts.EDUCATIONAL: PRESENT,
        Counts.AUTHORISED: AUTHORISED,
        Counts.UNAUTHORISED: UNAUTHORISED,
        Counts.NOT_POSSIBLE: NOTHING,
        NO_CODE: UNKNOWN,
    }
    kinds = bytearray(of_counts[int(counts)] for counts in counts_by_byte(edition))
    kinds[BYTE["L"]], kinds[BYTE["U"]] = LATE, LATE_AFTER_CLOSE
    other = {"AM": "afternoon", "PM": "morning"}[half]
    for code in table(edition).values():
        if code.only == other:
            kinds[code.byte] = UNKNOWN
    return bytes(kinds)


def lookups(sessions: Iterable[int], edition: str | None = None) -> list[bytes]:
    """The look-up of each column: of the edition named, or else of the one in force on the session's own day."""
    return [lookup(edition or edition_on(day), half) for day, half in map(session_of, sessions)]


def figures(
    marks: NDArray[np.uint8],
    *,
    lookups: Sequence[bytes],
    weeks: Ints,
    policy: Policy,
    minutes: NDArray[np.uint8] | None = None,
    within: NDArray[np.bool_] | None = None,
) -> Figures:
    """The figures of each row of marks.

    marks: uint8[n, m]. lookups: of each column (see `lookups`). weeks: int[m], the number of each column's school week,
    ascending, -1 outside school weeks. minutes: uint8[n, m]. within: bool[n, m], [m] or [n, 1]; where it is False there
    is no session (closed, or not on roll), whatever byte stands there. Raises UnknownMark for the first byte that is no
    code of its session.
    """
    n = len(marks)
    parts = []
    for rows in (slice(start, start + BLOCK) for start in range(0, max(n, 1), BLOCK)):
        block = marks[rows]
        inside = None if within is None else np.broadcast_to(within, marks.shape)[rows]
        late = None if minutes is None else minutes[rows] if inside is None else minutes[rows] * inside
        total = None if late is None else late.sum(axis=1, dtype=np.int32)
        try:
            kinds = kinds_of(block, lookups, inside)
        except UnknownMark as problem:
            raise UnknownMark(problem.row + rows.start, problem.column, problem.byte) from None
        parts.append(figures_of_kinds(kinds, weeks=weeks, policy=policy, minutes_late=total))
    return join(parts)


def kinds_of(marks: NDArray[np.uint8], lookups: Sequence[bytes], within: NDArray[np.bool_] | None = None) -> Kinds:
    """uint8[m, n]: the kind of each cell of marks uint8[n, m], turned on its side. Raises UnknownMark."""
    n, m = marks.shape
    pairs = _pairs(marks)
    tables = [_pair_lookup(*lookups[column : column + 2]) for column in range(0, m, 2)]
    turned = np.empty(pairs.shape[::-1], np.uint8)
    # Two columns at once, for the look-up is what costs most; a few rows at a time, to stay in the nearest cache.
    for start, end in _spans(tables):
        for row in range(0, n, _ROWS_AT_ONCE):
            some = pairs[row : row + _ROWS_AT_ONCE, start:end]
            turned[start:end, row : row + _ROWS_AT_ONCE] = np.take(tables[start], some).T
    kinds = np.empty((2 * len(turned), n), np.uint8)
    np.right_shift(turned, 4, out=kinds[0::2])
    np.bitwise_and(turned, 15, out=kinds[1::2])
    kinds = kinds[:m]
    if within is not None:
        kinds *= within.T
    if kinds.size and kinds.max() > LATE_AFTER_CLOSE:
        _refuse_unknown(marks, lookups, within)
    return kinds


def _pairs(marks: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """uint16[n, m / 2]: each two neighbouring cells as one number; a last cell without a neighbour gets an empty one."""
    if marks.shape[1] % 2:
        marks = np.pad(marks, ((0, 0), (0, 1)))
    return np.ascontiguousarray(marks).view("<u2")


@cache
def _pair_lookup(first: bytes, second: bytes = bytes(256)) -> NDArray[np.uint8]:
    """uint8[65536]: for each two marks their kinds in a byte, the first in its upper half; 15 stands for UNKNOWN."""
    one, two = (np.minimum(np.frombuffer(kind_of, np.uint8), 15) for kind_of in (first, second))
    return (one[None, :] << 4 | two[:, None]).astype(np.uint8).reshape(-1)


def _spans(tables: Sequence[NDArray[np.uint8]]) -> Iterator[tuple[int, int]]:
    """Where each run of the same table begins and ends."""
    starts = [place for place, table in enumerate(tables) if place == 0 or table is not tables[place - 1]]
    return pairwise([*starts, len(tables)])


def _refuse_unknown(marks: NDArray[np.uint8], lookups: Sequence[bytes], within: NDArray[np.bool_] | None) -> None:
    for row, cells in enumerate(marks):
        for column, (byte, kind_of) in enumerate(zip(cells.tolist(), lookups, strict=True)):
            if kind_of[byte] == UNKNOWN and (within is None or within[row, column]):
                raise UnknownMark(row, column, byte)


def figures_of_kinds(kinds: Kinds, *, weeks: Ints, policy: Policy, minutes_late: Ints | None = None) -> Figures:
    """The figures of each pupil from kinds uint8[m, n] (see `kinds_of`); otherwise as `figures`.

    minutes_late: int[n], already summed. Works in memory a few times the size of `kinds`, so give it blocks.
    """
    count = {kind: _count(kinds == kind) for kind in range(MISSING, LATE_AFTER_CLOSE + 1)}
    attended = count[PRESENT] + count[LATE]
    unauthorised = count[UNAUTHORISED] + count[LATE_AFTER_CLOSE]
    absent = count[AUTHORISED] + unauthorised
    possible = attended + absent
    greatest, reached = _window(kinds, weeks, policy)
    longest, current = _runs(kinds, absent)
    return Figures(
        possible=possible,
        attended=attended,
        authorised=count[AUTHORISED],
        unauthorised=unauthorised,
        missing=count[MISSING],
        late=count[LATE],
        late_after_close=count[LATE_AFTER_CLOSE],
        minutes_late=minutes_late,
        persistent=are_persistent(absent, possible, policy),
        severe=are_severe(absent, possible, policy),
        stage=stages_of(attended, possible, policy),
        tier=tiers_of(attended, possible, policy),
        unauthorised_in_10_weeks=greatest,
        threshold_reached_on=reached,
        longest_absence=longest,
        current_absence=current,
    )


def join(parts: Sequence[Figures]) -> Figures:
    """The figures of several blocks of pupils, one after another."""
    columns: dict[str, Any] = {}
    for name in (field.name for field in fields(Figures)):
        blocks = [getattr(part, name) for part in parts]
        columns[name] = None if blocks[0] is None else np.concatenate(blocks)
    return Figures(**columns)


def attendance_tenths(attended: Ints, possible: Ints) -> NDArray[np.int64]:
    """int64[n]: attended in tenths of a percent of possible, rounded half up as in statistics; -1 where that is 0."""
    possible = possible.astype(np.int64)
    tenths = (2000 * attended.astype(np.int64) + possible) // np.maximum(2 * possible, 1)
    return np.where(possible > 0, tenths, -1)


def windows_of_kinds(kinds: Kinds, weeks: Ints, policy: Policy) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """`unauthorised_in_10_weeks` and `threshold_reached_on` alone, from kinds uint8[m, n] and weeks as `figures`."""
    return _window(kinds, weeks, policy)


def unauthorised_from(kinds: Kinds, weeks: Ints, column: int, n_weeks: int) -> NDArray[np.int32]:
    """int32[n]: unauthorised sessions from a column on to the end of `n_weeks` school weeks, its own the first."""
    if weeks[column] < 0:
        raise ValueError(f"Column {column} lies outside school weeks; begin in a session of the school.")
    inside = (np.arange(len(weeks)) >= column) & (weeks >= weeks[column]) & (weeks < weeks[column] + n_weeks)
    return _count(kinds[inside] >= UNAUTHORISED)


def _count(cells: NDArray[np.bool_]) -> NDArray[np.int32]:
    # A sum of 255 ones fits a byte, and bytes are added 64 at a time.
    total = np.zeros(cells.shape[1], np.int32)
    for start in range(0, len(cells), 255):
        total += np.add.reduce(cells[start : start + 255].view(np.uint8), axis=0, dtype=np.uint8)
    return total


def _runs(kinds: Kinds, absent: Ints) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
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
        absent = (some >= AUTHORISED).view(np.uint8)
        unbroken = ((some < PRESENT) | (some >= AUTHORISED)).view(np.uint8)
        for column in range(len(some)):
            np.add(run, absent[column], out=run)
            np.multiply(run, unbroken[column], out=run)
            np.maximum(longest, run, out=longest)
    return longest.astype(np.int32), run.astype(np.int32)


def _window(kinds: Kinds, weeks: Ints, policy: Policy) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The greatest unauthorised count in any window of school weeks, and the column in which it met the line."""
    columns = np.flatnonzero(weeks >= 0)
    if (np.diff(weeks[columns]) < 0).any():
        raise ValueError("School weeks must be numbered in the order of the sessions.")
    numbers, starts = np.unique(weeks[columns], return_index=True)
    first_week = np.searchsorted(numbers, numbers - policy.measures.threshold_school_weeks.value, side="right")
    unauthorised = (kinds if len(columns) == len(kinds) else kinds[columns]) >= UNAUTHORISED
    line = policy.measures.threshold_sessions.value
    before = np.zeros((len(numbers) + 1, kinds.shape[1]), np.int32)
    greatest, reached = np.zeros(kinds.shape[1], np.int32), np.full(kinds.shape[1], NEVER, np.int32)
    for week, (start, end) in enumerate(pairwise([*starts, len(columns)])):
        before[week + 1] = before[week] + _count(unauthorised[start:end])
        within = before[week + 1] - before[first_week[week]]
        np.maximum(greatest, within, out=greatest)
        new = np.flatnonzero((within >= line) & (reached == NEVER))
        if len(new):
            earlier = (before[week] - before[first_week[week]])[new]
            day_by_day = earlier + np.cumsum(unauthorised[start:end][:, new], axis=0, dtype=np.int32)
            reached[new] = columns[start + np.argmax(day_by_day >= line, axis=0)]
    return greatest, reached
