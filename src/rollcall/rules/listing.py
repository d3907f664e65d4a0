"""A year's sheet told mark by mark, in the order in which files of marks are written."""

from collections.abc import Iterator

import numpy as np

from rollcall.rules.codes import TEXT
from rollcall.rules.overlay import Overlay

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
