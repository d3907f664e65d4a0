"""Figures of a long file: a row a mark, in any order, of one school or many.

The file is read block by block on all cores and kept as eight bytes a mark; then the figures are worked out.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from rollcall.analysis.csv_marks import CsvMarks
from rollcall.analysis.marks import Marks, Part, pack, sessions_of
from rollcall.analysis.parquet_marks import ParquetMarks
from rollcall.analysis.problems import BadFile
from rollcall.analysis.results import Results
from rollcall.analysis.working import TwoMarks, work_out
from rollcall.rules.policy import load


def figures_of_file(source: CsvMarks | ParquetMarks, edition: str | None, policy: str) -> Results:
    """A row of figures for each pupil at each school, sorted by both. Raises BadFile for the first thing wrong."""
    with ThreadPoolExecutor(_n_cores()) as pool:
        marks = _load(source, edition, pool)
        if not len(marks.all):
            raise BadFile(source.file, "line 2", "pupil", "there are no marks", "at least one mark")
        names, schools = _names_and_schools(source, marks.names)
        school_of = np.zeros(len(names), np.int64) if schools is None else schools.indices.to_numpy().astype(np.int64)
        try:
            figures, days = work_out(marks.all, school_of, load(policy), pool)
        except TwoMarks as twice:
            raise _second_mark(source, edition, marks.names[twice.enrolment], twice.session) from None
    return Results(names, schools, figures, days).sorted()


def _load(source: CsvMarks | ParquetMarks, edition: str | None, pool: ThreadPoolExecutor) -> Marks:
    marks = Marks()
    for block, part in _in_order(pool, source.blocks(), lambda block: pack(source.read(block), edition)):
        try:
            marks.add(part.result())
        except (ValueError, pa.ArrowException) as problem:
            raise source.explain(block, edition) from problem
    marks.settle()
    return marks


def _in_order(pool: ThreadPoolExecutor, blocks: Iterator, read: Callable) -> Iterator[tuple[Any, Future[Part]]]:
    # Only a few blocks ahead, so that memory does not grow with the file.
    ahead: deque = deque()
    for block in blocks:
        ahead.append((block, pool.submit(read, block)))
        if len(ahead) > 2 * _n_cores():
            yield ahead.popleft()
    yield from ahead


def _n_cores() -> int:
    return min(len(os.sched_getaffinity(0)), 8)


def _second_mark(source: CsvMarks | ParquetMarks, edition: str | None, name: pa.Scalar, session: int) -> BadFile:
    places: list[str] = []
    for block in source.blocks():
        part = pack(source.read(block), edition)
        hers = compute.equal(part.names, name).to_numpy(zero_copy_only=False)
        found = np.flatnonzero(hers[part.enrolment] & (sessions_of(part.marks) == session))
        places += [source.place(block, int(row)) for row in found[: 2 - len(places)]]
        if len(places) == 2:
            break
    expected = f"one; the first is in {places[0]}"
    return BadFile(source.file, places[1], "session", "a second mark for one pupil's session", expected)


def _names_and_schools(
    source: CsvMarks | ParquetMarks, names: pa.BinaryArray
) -> tuple[pa.Array, pa.DictionaryArray | None]:
    text = _as_text(source.file, names)
    if "school" not in source.has:
        return text.cast(pa.int64()) if source.number_pupils else text, None
    parts = compute.split_pattern(text, "\0")
    pupils, schools = compute.list_element(parts, 0), compute.list_element(parts, 1)
    return pupils.cast(pa.int64()) if source.number_pupils else pupils, schools.dictionary_encode()


def _as_text(file: str, names: pa.BinaryArray) -> pa.StringArray:
    """UTF-8 if all names are, otherwise Windows-1252: a file has one encoding."""
    try:
        return names.cast(pa.string())
    except pa.ArrowInvalid:
        pass
    try:
        return pa.array([name.decode("cp1252") for name in names.to_pylist()], pa.string())
    except UnicodeDecodeError:
        found = "names are in no encoding known here"
        raise BadFile(file, "line 2", "pupil", found, "UTF-8 or Windows-1252 throughout") from None
