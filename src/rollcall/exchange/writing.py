"""A file on its way out: written beside its place first, and under its name only when it is whole.

Marks may go out as Parquet too, with the columns and rows of the CSV; `rollcall figures` says the same of either.
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import date
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from pyarrow import parquet

from rollcall.exchange.queries.going_out import MARK_HEADINGS, Row

ROWS_AT_ONCE = 1 << 16
_FEW = pa.dictionary(pa.int32(), pa.string())
MARKS = pa.schema(
    [
        ("pupil", pa.string()),
        ("date", pa.date32()),
        ("session", _FEW),
        ("code", _FEW),
        ("minutes_late", pa.int16()),
        ("school", _FEW),
        ("edition", _FEW),
    ]
)
"""The columns of `MARK_HEADINGS` with their types; minutes are null where the CSV has an empty cell."""


def is_parquet(path: Path | None) -> bool:
    """Whether a file's ending asks for Parquet."""
    return path is not None and path.suffix.lower() == ".parquet"


def write_parquet(rows: Iterable[Row], stream: BinaryIO) -> None:
    """Write marks, as `mark_rows` tells them, some at a time."""
    told = iter(rows)
    with parquet.ParquetWriter(stream, MARKS, compression="zstd") as writer:
        while some := list(islice(told, ROWS_AT_ONCE)):
            writer.write_table(_table(some))


def _table(rows: list[Row]) -> pa.Table:
    columns = dict(zip(MARK_HEADINGS, zip(*rows, strict=True), strict=True))
    days = {text: date.fromisoformat(text) for text in set(columns["date"])}
    columns["date"] = tuple(days[text] for text in columns["date"])
    columns["minutes_late"] = tuple(None if late == "" else late for late in columns["minutes_late"])
    return pa.table([pa.array(columns[one.name], one.type) for one in MARKS], schema=MARKS)


def write_sheet(marks: Mapping[str, bytes], stream: BinaryIO) -> None:
    """Write the rows of a sheet, by UPN."""
    columns = {"pupil": pa.array(marks.keys(), pa.string()), "marks": pa.array(marks.values(), pa.binary())}
    parquet.write_table(pa.table(columns), stream, compression="zstd")


def write_whole(files: Mapping[Path, Callable[[BinaryIO], None]]) -> None:
    """Have files written whole or not at all; those that stand there are replaced when all are. Raises OSError."""
    with ExitStack() as folders:
        parts = {path: _part(path, write, folders) for path, write in files.items()}
        for path, part in parts.items():
            part.replace(path)


def _part(path: Path, write: Callable[[BinaryIO], None], folders: ExitStack) -> Path:
    beside = tempfile.TemporaryDirectory(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(folders.enter_context(beside), path.name)
    with part.open("wb") as stream:
        write(stream)
        stream.flush()
        os.fsync(stream.fileno())
    return part
