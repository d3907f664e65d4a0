"""A year's sheet as files of marks have it: mark by mark in long form, a row of bytes for each pupil in sheet form."""

from collections.abc import Iterator

import numpy as np

from rollcall.rules.codes import BYTE, TEXT
from rollcall.rules.overlay import Overlay, session_columns

Listed = tuple[int, int, str, int]
"""Row, column, code (`-` for a session without a mark), minutes late."""


def listed(laid: Overlay) -> Iterator[Listed]:
    """Every session of every pupil, row by row and column by column; what is no session is left out."""
    marks, minutes = laid.sheet.marks, laid.sheet.minutes
    for row in range(len(laid.sheet.pupils)):
        columns = np.flatnonzero(laid.within[row])
        late = minutes[row, columns].tolist() if minutes is not None else [0] * len(columns)
        for column, byte, n in zip(columns.tolist(), marks[row, columns].tolist(), late, strict=True):
            yield row, column, TEXT[byte], n


def told_in_bytes(laid: Overlay) -> tuple[list[int], dict[int, bytes]]:
    """The columns that are a session for anybody, and by row a byte for each of them; `#` where the row has none there.

    Rows without a single session are left out, for in long form nothing is told of them either.
    """
    columns = session_columns(laid)
    within = laid.within[:, columns]
    marks = np.where(within, laid.sheet.marks[:, columns], np.uint8(BYTE["#"]))
    return columns.tolist(), {int(row): marks[row].tobytes() for row in np.flatnonzero(within.any(axis=1))}
