"""A CSV file of marks, read some megabytes at a time.

A block ends at a line break outside quotes, so that several can be read at once and only a few are ever in memory. A
block with something wrong in it is read again slowly, line by line, to say what and where.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from rollcall.analysis.columns import Column, Columns, check_row, known
from rollcall.analysis.problems import BadFile, BadValue, shown

BLOCK_BYTES = 16 << 20
LONGEST_RECORD = 1 << 20
_BINARY = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"PK\x03\x04": "a workbook or zip", b"\x1f\x8b": "compressed"}
_EXPECTED = "CSV text in UTF-8 or Windows-1252"

Block = tuple[int, bytes]
"""Where a block begins in the file, and its bytes."""


class CsvMarks:
    """The marks of a CSV file. Raises BadFile where its header is wrong or there is none."""

    number_pupils = False

    def __init__(self, path: Path) -> None:
        self.path, self.file = path, str(path)
        with path.open("rb") as stream:
            head = stream.read(LONGEST_RECORD)
        self._refuse_binary(head)
        self._start = _end_of_records(head, first=True)
        self._width, self._names = 0, list[str]()
        self._read_header(head)

    def _refuse_binary(self, head: bytes) -> None:
        for start, what in _BINARY.items():
            if head.startswith(start):
                raise BadFile(self.file, "line 1", "pupil", f"the file is {what}", _EXPECTED)
        if b"\0" in head:
            raise BadFile(self.file, "line 1", "pupil", "the file is binary", _EXPECTED)

    def _read_header(self, head: bytes) -> None:
        text = head[: self._start].removeprefix(b"\xef\xbb\xbf").decode("latin-1")
        self._names = next(csv.reader(io.StringIO(text, newline="")), [])
        if not any(self._names):
            found = "the first line is empty" if head.strip() else "the file is empty"
            raise BadFile(self.file, "line 1", "pupil", found, "a header with pupil, date, session, code")
        self._known = known(self.file, self._names)

    @property
    def has(self) -> list[str]:
        """The names of the columns that are ours."""
        return self._known

    def blocks(self) -> Iterator[Block]:
        """The file after its header in blocks of whole records. Raises BadFile where a quote is never closed."""
        with self.path.open("rb") as stream:
            stream.seek(self._start)
            at, rest = self._start, b""
            while more := stream.read(BLOCK_BYTES):
                rest += more
                end = _end_of_records(rest)
                if end == 0 and len(rest) > BLOCK_BYTES + LONGEST_RECORD:
                    raise BadFile(self.file, self._line(at), self._names[0], "a quote is not closed", "a closing quote")
                if end:
                    yield at, rest[:end]
                    at, rest = at + end, rest[end:]
            if rest:
                yield at, rest

    def read(self, block: Block) -> Columns:
        """The columns of a block. Raises ValueError where it can't be read; `explain` then says why."""
        content = block[1]
        if b"\0" in content:
            raise ValueError("binary")
        names = [str(place) for place in range(len(self._names))]
        types = {str(self._names.index(name)): pa.dictionary(pa.int32(), pa.binary()) for name in self._known}
        table = arrow_csv.read_csv(
            pa.BufferReader(content),
            read_options=arrow_csv.ReadOptions(use_threads=False, block_size=len(content) + 1, column_names=names),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=b'"' in content),
            convert_options=arrow_csv.ConvertOptions(
                column_types=types, include_columns=list(types), check_utf8=False, strings_can_be_null=False
            ),
        )
        return {name: _column(table[str(self._names.index(name))]) for name in self._known}

    def explain(self, block: Block, edition: str | None) -> BadFile:
        """What is wrong with a block that could not be read: the first bad line and cell in it."""
        for line, row in self._rows(block):
            try:
                if len(row) != len(self._names):
                    raise self._wrong_length(row)
                check_row(dict(zip(self._names, row, strict=True)), edition)
            except BadValue as problem:
                return problem.at(self.file, self._line(block[0], line))
        return BadFile(self.file, self._line(block[0], 1), self._names[0], "the text can't be read as CSV", _EXPECTED)

    def place(self, block: Block, row: int) -> str:
        """The line of a block's row."""
        return self._line(block[0], [line for line, _ in self._rows(block)][row])

    def _rows(self, block: Block) -> Iterator[tuple[int, list[bytes]]]:
        reader = csv.reader(io.StringIO(block[1].decode("latin-1"), newline=""))
        line = 1
        try:
            for row in reader:
                if row:
                    yield line, [cell.encode("latin-1") for cell in row]
                line = reader.line_num + 1
        except csv.Error:
            yield line, []

    def _wrong_length(self, row: list[bytes]) -> BadValue:
        column = self._names[min(len(row), len(self._names) - 1)]
        return BadValue(column, f"the row has {len(row)} cells", f"{len(self._names)} as in the header")

    def _line(self, at: int, line: int = 1) -> str:
        with self.path.open("rb") as stream:
            before, left = 0, at
            while left and (part := stream.read(min(left, BLOCK_BYTES))):
                before, left = before + part.count(b"\n"), left - len(part)
        return f"line {before + line}"


def _column(chunks: pa.ChunkedArray) -> Column:
    if chunks.num_chunks == 0:
        return Column(np.zeros(0, np.int32), pa.array([], pa.binary()))
    array = chunks.unify_dictionaries().combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    return Column(array.indices.to_numpy(), array.dictionary)


def _end_of_records(content: bytes, first: bool = False) -> int:
    """The place after the last line break outside quotes, or the first; 0 where there is none (all, for a first)."""
    if first:
        end = content.find(b"\n")
        while end >= 0 and content.count(b'"', 0, end) % 2:
            end = content.find(b"\n", end + 1)
        return end + 1 or len(content)
    end = content.rfind(b"\n")
    odd = content.count(b'"', 0, end + 1) % 2
    while end >= 0 and odd:
        earlier = content.rfind(b"\n", 0, end)
        odd = (odd + content.count(b'"', earlier + 1, end)) % 2
        end = earlier
    return end + 1


__all__ = ["CsvMarks", "shown"]
