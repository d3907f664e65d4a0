"""One row group of a file in sheet form: its marks as arrays, some pupils at a time, and their figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from rollcall.analysis import cells
from rollcall.analysis.parquet_marks import open_parquet
from rollcall.analysis.problems import BadFile, shown
from rollcall.analysis.results import Results
from rollcall.rules.codes import edition_on
from rollcall.rules.figures import UnknownMark, figures, lookups
from rollcall.rules.policy import load
from rollcall.rules.sheet import session_of

ROWS_AT_ONCE, CELLS_AT_ONCE = 1 << 16, 1 << 26
Name = int | bytes | None


@dataclass(frozen=True, eq=False)
class Axis:
    """What all rows share: the sessions, their school weeks, the look-up of each column, and the policy's name.

    The policy goes by its name because an Axis is sent to other processes.
    """

    sessions: NDArray[np.int64]
    weeks: NDArray[np.int64]
    edition: str | None
    lookups: list[bytes]
    policy: str

    @classmethod
    def of(cls, sessions: NDArray[np.int64], edition: str | None, policy: str) -> Axis:
        """The axis of a calendar; every week with a listed session is a school week."""
        weeks = np.unique((sessions // 2 - 1) // 7, return_inverse=True)[1]
        return cls(sessions, weeks, edition, lookups(sessions, edition), policy)


class RowGroup:
    """The figures of one row group. `first` and `last` are the names of its first and last pupil once it is read."""

    def __init__(self, path: Path, number: int, axis: Axis) -> None:
        self._path, self._file, self._number, self._axis = path, str(path), number, axis
        self.first: Name = None
        self.last: Name = None

    def results(self, stripe: int, n_stripes: int, before: Name = None) -> Iterator[Results]:
        """Every n-th batch of the rows. Raises BadFile for the first thing wrong, whichever the batch."""
        self.last = before
        for place, (row, batch) in enumerate(self._batches()):
            names = self._names(row, batch.column("pupil"))
            if place % n_stripes == stripe:
                yield self._figures(row, names, batch.column("marks"))

    def _batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        file = open_parquet(self._path, "marks")
        row = 1 + sum(file.metadata.row_group(number).num_rows for number in range(self._number))
        groups, columns = [self._number], ["pupil", "marks"]
        try:
            for batch in file.iter_batches(self._n_rows_at_once(), groups, columns=columns, use_threads=False):
                if len(batch):
                    yield row, batch
                row += len(batch)
        except (pa.ArrowException, OSError) as problem:
            found = "the file is cut short or damaged"
            raise BadFile(self._file, f"row {row}", "marks", found, "a whole Parquet file; write it again") from problem

    def _n_rows_at_once(self) -> int:
        return max(1, min(ROWS_AT_ONCE, CELLS_AT_ONCE // len(self._axis.sessions)))

    def _names(self, row: int, names: pa.Array) -> pa.Array:
        """The names, whole and strictly ascending, as int64 or text."""
        names = self._plain("pupil", row, names, "text or a whole number")
        if names[0].as_py() == b"":
            raise BadFile(self._file, f"row {row}", "pupil", "the cell is empty", "the name of a pupil")
        ascending = compute.less(names[:-1], names[1:])
        if not compute.all(ascending, min_count=0).as_py():
            place = compute.index(ascending, False).as_py() + 1
            check_order(self._file, names[place - 1].as_py(), names[place].as_py(), row + place)
        check_order(self._file, self.last, names[0].as_py(), row)
        self.first, self.last = self.first if self.first is not None else names[0].as_py(), names[-1].as_py()
        try:
            return names if pa.types.is_integer(names.type) else names.cast(pa.string())
        except pa.ArrowInvalid as problem:
            raise BadFile(self._file, f"row {row}", "pupil", "a name here is not UTF-8", "text in UTF-8") from problem

    def _plain(self, column: str, row: int, values: pa.Array, expected: str) -> pa.Array:
        """Whole numbers as int64, all else as bytes; none may be missing."""
        if values.null_count:
            place = compute.index(values.is_null(), True).as_py()
            raise BadFile(self._file, f"row {row + place}", column, "the cell is empty", expected)
        try:
            if pa.types.is_integer(values.type) and column == "pupil":
                return values.cast(pa.int64())
            return values if pa.types.is_fixed_size_binary(values.type) else values.cast(pa.binary())
        except pa.ArrowException as problem:
            raise BadFile(self._file, f"row {row}", column, f"the type is {values.type}", expected) from problem

    def _figures(self, row: int, names: pa.Array, marks: pa.Array) -> Results:
        matrix = self._matrix(row, marks)
        try:
            found = figures(matrix, lookups=self._axis.lookups, weeks=self._axis.weeks, policy=load(self._axis.policy))
        except UnknownMark as problem:
            raise self._unknown(row, problem) from problem
        reached = found.threshold_reached_on
        return Results(names, None, found, np.where(reached >= 0, self._axis.sessions[reached] // 2, 0))

    def _matrix(self, row: int, marks: pa.Array) -> NDArray[np.uint8]:
        """uint8[n, m] over the file's own bytes, not a copy of them."""
        n_columns = len(self._axis.sessions)
        marks = self._plain("marks", row, marks, f"{n_columns} bytes, one for each listed session")
        lengths = compute.binary_length(marks)
        wrong = compute.not_equal(lengths, n_columns)
        if compute.any(wrong).as_py():
            place = compute.index(wrong, True).as_py()
            found, expected = f"found {lengths[place]} bytes", f"{n_columns}, one for each listed session"
            raise BadFile(self._file, f"row {row + place}", "marks", found, expected)
        start = marks.offset * n_columns
        if not pa.types.is_fixed_size_binary(marks.type):
            start = int(np.frombuffer(marks.buffers()[1], np.int32)[marks.offset])
        content = np.frombuffer(marks.buffers()[-1], np.uint8)
        return content[start : start + len(marks) * n_columns].reshape(len(marks), n_columns)

    def _unknown(self, row: int, problem: UnknownMark) -> BadFile:
        day, half = session_of(self._axis.sessions[problem.column])
        edition = self._axis.edition or edition_on(day)
        why = cells.byte_refusal(problem.byte, edition, half == "PM", day.toordinal())
        found = f"{why.found}, at {day} {half}"
        return BadFile(self._file, f"row {row + problem.row}", "marks", found, why.expected)


def check_order(file: str, before: Name, name: Name, row: int) -> None:
    """Raise BadFile unless the name comes after the one before it (None: there is none)."""
    if before is not None and name is not None and not before < name:  # type: ignore[operator]
        found = f"found {shown(_text(name))} after {shown(_text(before))}"
        raise BadFile(file, f"row {row}", "pupil", found, "pupils strictly ascending")


def _text(name: Name) -> bytes | str:
    return name if isinstance(name, bytes) else str(name)
