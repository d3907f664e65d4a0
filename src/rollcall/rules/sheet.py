"""A sheet: pupils down, sessions across, one byte a mark; both axes named.

Read at a moment, the ledger gives a sheet; so does a file of marks. What a mark means is asked of codes, what they come
to of figures. Sessions are numbers: twice the day's ordinal (`date.toordinal`), plus one for the afternoon.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

HALVES = ("AM", "PM")


def session_number(day: date, half: str) -> int:
    """The number of a session, which grows with time. Raises ValueError for a half that is not AM or PM."""
    if half not in HALVES:
        raise ValueError(f"A session is AM or PM, not {half!r} ({day:%-d %B %Y}).")
    return 2 * day.toordinal() + HALVES.index(half)


def session_of(number: int) -> tuple[date, str]:
    """The day and half of a session's number."""
    return date.fromordinal(int(number) // 2), HALVES[number % 2]


@dataclass(frozen=True, eq=False)
class Sheet:
    """Marks of some pupils over some sessions; a cut shares the marks with the sheet that it was cut from.

    pupils: the name of each row, none twice. sessions: int64[m], the number of each column, ascending. marks:
    uint8[n, m]. minutes: uint8[n, m], 0 where a mark has none, or None where they are not known.
    """

    pupils: tuple[Any, ...]
    sessions: NDArray[np.int64]
    marks: NDArray[np.uint8]
    minutes: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        shape = (len(self.pupils), len(self.sessions))
        for name, cells in (("marks", self.marks), ("minutes", self.minutes)):
            if cells is not None and (cells.shape != shape or cells.dtype != np.uint8):
                raise ValueError(
                    f"The {name} are {cells.dtype}{list(cells.shape)}; this sheet needs uint8{list(shape)}."
                )
        if len(set(self.pupils)) < len(self.pupils):
            raise ValueError("A pupil has two rows on the sheet; put all marks of a pupil in one row.")
        if (np.diff(self.sessions) <= 0).any():
            raise ValueError("The sessions of a sheet must be in the order of time, none twice.")

    @property
    def days(self) -> NDArray[np.int64]:
        """int64[m]: the ordinal of each column's day."""
        return self.sessions // 2

    @property
    def afternoons(self) -> NDArray[np.bool_]:
        """bool[m]: whether each column is an afternoon."""
        return np.equal(self.sessions % 2, 1)

    def of(self, pupils: Collection[Any]) -> "Sheet":
        """The rows of some pupils, in the order of this sheet. Raises KeyError naming one who is not on it."""
        strangers = set(pupils) - set(self.pupils)
        if strangers:
            raise KeyError(f"{min(map(str, strangers))} is not on this sheet.")
        wanted = set(pupils)
        return self._cut([row for row, pupil in enumerate(self.pupils) if pupil in wanted], slice(None))

    def between(self, first: date, last: date) -> "Sheet":
        """The columns from the morning of the first day to the afternoon of the last; none where that is empty."""
        span = np.searchsorted(self.sessions, [session_number(first, "AM"), session_number(last, "PM") + 1])
        return self._cut(slice(None), slice(int(span[0]), max(int(span[0]), int(span[1]))))

    def _cut(self, rows: list[int] | slice, columns: slice) -> "Sheet":
        names = self.pupils[rows] if isinstance(rows, slice) else tuple(self.pupils[row] for row in rows)
        minutes = None if self.minutes is None else self.minutes[rows, columns]
        return Sheet(names, self.sessions[columns], self.marks[rows, columns], minutes)
