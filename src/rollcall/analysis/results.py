"""The rows that come out: figures under the fixed names and in the fixed order, as Arrow for Parquet or as CSV text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from rollcall.rules.figures import Figures, attendance_tenths

EPOCH = date(1970, 1, 1).toordinal()
_WIDE = {"persistent": pa.int8(), "severe": pa.int8(), "stage": pa.int8(), "tier": pa.int8()}
NUMBERS = (
    "possible",
    "attended",
    "authorised",
    "unauthorised",
    "missing",
    "late",
    "late_after_close",
    "minutes_late",
    "attendance_percent",
    "persistent",
    "severe",
    "stage",
    "tier",
    "unauthorised_in_10_weeks",
    "threshold_reached_on",
    "longest_absence",
)
NOTHING_BETWEEN = pa.scalar(b"", pa.large_binary())
NEEDS_QUOTES = '[",\r\n]'


@dataclass(frozen=True, eq=False)
class Results:
    """A row a pupil, or a pupil at a school. days: ordinal of the day on which the threshold was met, 0 for never."""

    pupils: pa.Array
    schools: pa.DictionaryArray | None
    figures: Figures
    days: NDArray[np.int64]

    def sorted(self) -> Results:
        """Sorted by pupil and then school: numbers by size, text by its code points."""
        columns = {"pupil": self.pupils} | ({} if self.schools is None else {"school": self.schools.cast(pa.string())})
        order = compute.sort_indices(pa.table(columns), [(name, "ascending") for name in columns])
        schools = None if self.schools is None else self.schools.take(order)
        rows = order.to_numpy()
        return Results(self.pupils.take(order), schools, self.figures.take(rows), self.days[rows])

    def parts(self, size: int) -> Iterator[Results]:
        """The rows, so many at a time."""
        for start in range(0, len(self.days), size):
            rows = np.arange(start, min(start + size, len(self.days)))
            schools = None if self.schools is None else self.schools.take(rows)
            yield Results(self.pupils.take(rows), schools, self.figures.take(rows), self.days[rows])

    def numbers(self) -> dict[str, NDArray[np.int64] | None]:
        """Each column of numbers; below 0 where it is empty, None where all of it is; percent in tenths, a day as its
        ordinal.
        """
        tenths = attendance_tenths(self.figures.attended, self.figures.possible)
        ours = {"attendance_percent": tenths, "threshold_reached_on": np.where(self.days > 0, self.days, -1)}
        return {name: ours.get(name, getattr(self.figures, name, None)) for name in NUMBERS}

    def names(self) -> dict[str, pa.Array]:
        """pupil and, where the file has schools, school."""
        return {"pupil": self.pupils} | ({} if self.schools is None else {"school": self.schools.cast(pa.string())})


def arrow(results: Results) -> pa.RecordBatch:
    """The rows as Arrow: whole numbers, percent as a float of one decimal, days as dates, null where empty."""
    columns = results.names()
    for name, numbers in results.numbers().items():
        columns[name] = _arrow(name, numbers, len(results.days))
    return pa.record_batch(columns)


def _arrow(name: str, numbers: NDArray[np.int64] | None, n: int) -> pa.Array:
    if numbers is None:
        return pa.nulls(n, pa.int32())
    empty = numbers < 0
    if name == "attendance_percent":
        return pa.array(numbers / 10, pa.float64(), mask=empty)
    if name == "threshold_reached_on":
        return pa.array((numbers - EPOCH).astype(np.int32), pa.int32(), mask=empty).cast(pa.date32())
    return pa.array(numbers.astype(np.int32), pa.int32(), mask=empty).cast(_WIDE.get(name, pa.int32()))


def header(with_school: bool) -> bytes:
    """The first line of the CSV."""
    return ",".join(["pupil", *(["school"] if with_school else []), *NUMBERS]).encode() + b"\r\n"


def arrow_bytes(results: Results) -> bytes:
    """The same as a stream of Arrow, to hand from one process to another."""
    rows = arrow(results)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_batch(rows)
    return sink.getvalue().to_pybytes()


def csv_bytes(results: Results) -> bytes:
    """The rows as lines of CSV. Names are quoted where they must be, and never changed."""
    names = [_quoted(names.cast(pa.string())) for names in results.names().values()]
    lines = compute.binary_join_element_wise(*names, ",")
    lines = compute.binary_join_element_wise(lines.cast(pa.large_binary()), _rest_of_lines(results), NOTHING_BETWEEN)
    _, offsets, content = lines.buffers()
    ends = np.frombuffer(offsets, np.int64)[[lines.offset, lines.offset + len(lines)]]
    return content.slice(ends[0], ends[1] - ends[0]).to_pybytes() if content else b""


def _quoted(names: pa.StringArray) -> pa.StringArray:
    special = compute.match_substring_regex(names, NEEDS_QUOTES)
    if not compute.any(special).as_py():
        return names
    doubled = compute.replace_substring(names, '"', '""')
    return compute.if_else(special, compute.binary_join_element_wise('"', doubled, '"', ""), names)


def _rest_of_lines(results: Results) -> pa.LargeBinaryArray:
    """What follows the names in each line, from its comma to the line's end."""
    n = len(results.days)
    columns = [_cells(name, numbers, n) for name, numbers in results.numbers().items()]
    columns.append(np.full(n, b"\r\n", "S2"))
    wide = np.concatenate([column.view(np.uint8).reshape(n, -1) for column in columns], axis=1)
    # Cells shorter than their column end in NULs; taking them all out at once leaves the text.
    written = wide != 0
    offsets = np.zeros(n + 1, np.int64)
    np.cumsum(np.add.reduce(written.view(np.uint8), axis=1, dtype=np.uint16), out=offsets[1:])
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), n, [None, pa.py_buffer(offsets), pa.py_buffer(wide[written])]
    )


def _cells(name: str, numbers: NDArray[np.int64] | None, n: int) -> NDArray[np.bytes_]:
    """Each cell with the comma before it, taken from a table of all texts that occur; the last is the empty cell."""
    if numbers is None or not (numbers >= 0).any():
        return np.full(n, b",", "S1")
    first = int(numbers[numbers >= 0].min())
    texts = [_text(name, number) for number in range(first, int(numbers.max()) + 1)]
    table = np.array([f",{text}" for text in [*texts, ""]], "S")
    return table[np.where(numbers < 0, len(texts), numbers - first)]


def _text(name: str, number: int) -> str:
    if name == "attendance_percent":
        return f"{number // 10}.{number % 10}"
    return date.fromordinal(number).isoformat() if name == "threshold_reached_on" else str(number)
