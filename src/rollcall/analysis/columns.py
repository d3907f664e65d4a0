"""The columns of a file of marks as its readers give them, and one row of it held to the rules in slow motion.

A column is an index into its different values, for a file of millions of marks has few different dates and codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rollcall.analysis import cells
from rollcall.analysis.problems import BadFile, BadValue

NEEDED = ("pupil", "date", "session", "code")
KNOWN = (*NEEDED, "minutes_late", "school", "edition")


@dataclass(frozen=True)
class Column:
    """Cells as int32[n] places in `values`; the values are bytes, and the same one may be there twice."""

    places: NDArray[np.int32]
    values: pa.BinaryArray

    def list(self) -> list[bytes]:
        """The different values."""
        return self.values.to_pylist()

    def at(self, row: int) -> bytes:
        """One cell."""
        return self.values[int(self.places[row])].as_py()


Columns = Mapping[str, Column]


def known(file: str, names: list[str]) -> list[str]:
    """The names that are ours, in the file's order. Raises BadFile for one that is missing or there twice."""
    for name in NEEDED:
        if name not in names:
            expected = f"a header with {', '.join(NEEDED)} and, where there are any, {', '.join(KNOWN[4:])}"
            raise BadFile(file, "line 1", name, "the column is missing", expected)
    for name in KNOWN:
        if names.count(name) > 1:
            raise BadFile(file, "line 1", name, f"the column is there {names.count(name)} times", "it once")
    return [name for name in names if name in KNOWN]


def check_row(row: Mapping[str, bytes], edition: str | None) -> None:
    """Raise BadValue for the first cell of a row that can't be used.

    edition: the one asked for; None for the row's own or, where it has none, the date's.
    """
    cells.name("pupil", row["pupil"])
    if "school" in row:
        cells.name("school", row["school"])
    ordinal, afternoon = cells.day(row["date"]), cells.half(row["session"])
    cells.minutes(row.get("minutes_late", b""))
    own = cells.edition(row.get("edition", b""))
    judged = edition or own or cells.edition_on_ordinal(ordinal)
    if cells.kind(row["code"], judged, afternoon) == cells.UNKNOWN:
        raise cells.refusal(row["code"], judged, afternoon, ordinal)


__all__ = ["KNOWN", "NEEDED", "BadValue", "Column", "Columns", "check_row", "known"]
