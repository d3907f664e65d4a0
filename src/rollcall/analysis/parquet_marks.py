"""A Parquet file of marks in long form, read a piece at a time, with the same columns as in CSV.

A date may be a date, a time at midnight or text; a pupil may be text or a whole number, and then sorts as a number.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import compute, parquet

from rollcall.analysis.columns import Column, Columns, check_row, known
from rollcall.analysis.problems import BadFile, BadValue

ROWS_AT_ONCE = 1 << 18

Block = tuple[int, pa.RecordBatch]
"""The number of a block's first row, from 1, and its rows."""


def open_parquet(path: Path, column: str) -> parquet.ParquetFile:
    """A Parquet file to read from the disk as it goes. Raises BadFile for one that is damaged."""
    try:
        file = parquet.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)
        file.schema_arrow.names  # noqa: B018
    except (pa.ArrowException, OSError, UnicodeDecodeError) as problem:
        found = "the file is cut short or damaged"
        raise BadFile(str(path), "row 1", column, found, "a whole Parquet file; write it again") from problem
    return file


class ParquetMarks:
    """The marks of a Parquet file. Raises BadFile where a column is missing or of a type that can't say it."""

    def __init__(self, path: Path) -> None:
        self.file, self._path = str(path), path
        schema = open_parquet(path, "pupil").schema_arrow
        if "marks" in schema.names and "code" not in schema.names:
            found = "the file is in sheet form"
            raise BadFile(
                self.file, "row 1", "marks", found, "--sessions FILE beside it, which says what the columns are"
            )
        self.has = known(self.file, schema.names)
        self.number_pupils = pa.types.is_integer(_plain(schema.field("pupil").type))
        for name in self.has:
            if not _can_say(name, _plain(schema.field(name).type)):
                raise BadFile(self.file, "row 1", name, f"the type is {schema.field(name).type}", "text")

    def blocks(self) -> Iterator[Block]:
        """The rows, some at a time. Raises BadFile where the file is damaged."""
        row = 1
        try:
            for batch in open_parquet(self._path, "pupil").iter_batches(ROWS_AT_ONCE, columns=self.has):
                yield row, batch
                row += len(batch)
        except (pa.ArrowException, OSError) as problem:
            found = "the file is cut short or damaged"
            raise BadFile(self.file, f"row {row}", "pupil", found, "a whole Parquet file; write it again") from problem

    def read(self, block: Block) -> Columns:
        """The columns of a block. Raises ArrowInvalid where one can't be read; `explain` then says which."""
        return {name: _column(block[1].column(name)) for name in self.has}

    def explain(self, block: Block, edition: str | None) -> BadFile:
        """What is wrong with a block that could not be read: the first bad row and cell in it."""
        columns: dict[str, Column] = {}
        for name in self.has:
            try:
                columns[name] = _column(block[1].column(name))
            except pa.ArrowException:
                return BadFile(self.file, self.place(block, 0), name, "the values can't be read", f"a {name} as text")
        for row in range(len(block[1])):
            try:
                check_row({name: column.at(row) for name, column in columns.items()}, edition)
            except BadValue as problem:
                return problem.at(self.file, self.place(block, row))
        return BadFile(self.file, self.place(block, 0), "pupil", "the rows can't be read", "marks")

    def place(self, block: Block, row: int) -> str:
        """The number of a block's row, from 1."""
        return f"row {block[0] + row}"


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _can_say(name: str, kind: pa.DataType) -> bool:
    tests = [pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_string_view]
    if name in ("pupil", "school", "minutes_late", "edition"):
        tests += [pa.types.is_integer]
    if name == "minutes_late":
        tests += [pa.types.is_floating, pa.types.is_null]
    if name == "edition":
        tests += [pa.types.is_null]
    if name == "date":
        tests += [pa.types.is_date, pa.types.is_timestamp]
    return any(test(kind) for test in tests)


def _column(array: pa.Array) -> Column:
    if not pa.types.is_dictionary(array.type):
        if pa.types.is_string_view(array.type):
            array = array.cast(pa.string())
        array = compute.dictionary_encode(array)
    places, values = array.indices.cast(pa.int32()), _as_bytes(array.dictionary)
    if places.null_count or values.null_count:
        places = compute.fill_null(places, len(values))
        values = pa.concat_arrays([compute.fill_null(values, b""), pa.array([b""], pa.binary())])
    return Column(places.to_numpy().astype(np.int32, copy=False), values)


def _as_bytes(values: pa.Array) -> pa.BinaryArray:
    if pa.types.is_timestamp(values.type) or pa.types.is_date64(values.type):
        days = values.cast(pa.date32())
        if not compute.all(compute.equal(days.cast(values.type), values), min_count=0).as_py():
            raise pa.ArrowInvalid("A time is not midnight.")
        values = days
    if not pa.types.is_binary(values.type):
        values = values.cast(pa.string())
    return values.cast(pa.binary())
