"""The sessions of a file in sheet form: a CSV of date,session, a line for each column, in the order of time."""

import csv
import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rollcall.analysis import cells
from rollcall.analysis.problems import BadFile, BadValue, shown

LARGEST = 1 << 24
NAMES = ("date", "session")


def read_sessions(path: Path) -> NDArray[np.int64]:
    """int64[m]: the number of each column's session, ascending. Raises BadFile for the first thing wrong."""
    file, content = str(path), path.open("rb").read(LARGEST)
    if b"\0" in content or content.startswith((b"\xff\xfe", b"\xfe\xff", b"PAR1")):
        raise BadFile(file, "line 1", "date", "the file is binary", "CSV text of date,session")
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
    try:
        names = next(reader, [])
        for name in NAMES:
            if names.count(name) != 1:
                found = f"the column is there {names.count(name)} times" if names else "the file is empty"
                raise BadFile(file, "line 1", name, found, "a header with date,session")
        sessions = [_session(file, reader.line_num, names, row) for row in reader if row]
    except csv.Error:
        raise BadFile(
            file, f"line {reader.line_num}", "date", "the text can't be read as CSV", "date,session"
        ) from None
    return _ascending(file, sessions)


def _session(file: str, line: int, names: list[str], row: list[str]) -> tuple[int, int]:
    try:
        if len(row) != len(names):
            raise BadValue("session", f"the row has {len(row)} cells", f"{len(names)} as in the header")
        cell = dict(zip(names, (value.encode() for value in row), strict=True))
        return line, 2 * cells.day(cell["date"]) + cells.half(cell["session"])
    except BadValue as problem:
        raise problem.at(file, f"line {line}") from None


def _ascending(file: str, found: list[tuple[int, int]]) -> NDArray[np.int64]:
    if not found:
        raise BadFile(file, "line 2", "date", "there are no sessions", "a line for each byte of the marks")
    for (_, before), (line, session) in zip(found, found[1:], strict=False):
        if session <= before:
            what = "the session is there twice" if session == before else "the session is before the one above it"
            raise BadFile(file, f"line {line}", "date", what, "sessions in the order of time, each once")
    return np.array([session for _, session in found], np.int64)


__all__ = ["read_sessions", "shown"]
