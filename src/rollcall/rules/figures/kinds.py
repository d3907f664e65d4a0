"""From bytes to kinds: what each cell of a sheet is for the figures, two columns at a time.

Reads law/codes.toml through codes. The kinds come out turned on their side, a row a session, so that what follows can
work on one session of many pupils at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rollcall.rules.codes import BYTE, NO_CODE, Counts, counts_by_byte, edition_on, table
from rollcall.rules.sheet import session_of

Kinds = NDArray[np.uint8]

NOTHING, MISSING, PRESENT, LATE, AUTHORISED, UNAUTHORISED, LATE_AFTER_CLOSE = range(7)
"""Kinds of a cell. The order is used: below PRESENT nothing was possible, from AUTHORISED on it is an absence."""

UNKNOWN = NO_CODE
"""What a look-up gives for a byte that cannot stand in its session."""

_ROWS_AT_ONCE = 128
"""So many rows stay in the processor's nearest cache while they are turned."""


class UnknownMark(ValueError):
    """A byte that stands for no code in its session; `row` and `column` say where, `byte` which."""

    def __init__(self, row: int, column: int, byte: int) -> None:
        super().__init__(f"Row {row}, column {column}: {chr(byte)!r} is no code of this session.")
        self.row, self.column, self.byte = row, column, byte


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


def kinds_of(marks: NDArray[np.uint8], lookups: Sequence[bytes], within: NDArray[np.bool_] | None = None) -> Kinds:
    """uint8[m, n]: the kind of each cell of marks uint8[n, m], turned on its side. Raises UnknownMark."""
    n, m = marks.shape
    pairs = _pairs(marks)
    tables = [_pair_lookup(*lookups[column : column + 2]) for column in range(0, m, 2)]
    turned = np.empty(pairs.shape[::-1], np.uint8)
    # Two columns at once, for the look-up is what costs most; few rows, to stay in the nearest cache.
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
    """uint16[n, m / 2]: each two neighbouring cells as one number, the last with an empty one where m is odd."""
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
