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
from numpy.typing import NDArray
from pyarrow import compute

from rollcall.analysis.csv_marks import CsvMarks
from rollcall.analysis.marks import Marks, Part, pack, sessions_of
from rollcall.analysis.parquet_marks import ParquetMarks
from rollcall.analysis.problems import BadFile
from rollcall.analysis.results import Results
from rollcall.analysis.working import TwoMarks, work_out
from rollcall.rules.policy import load

Ints = NDArray[np.int64]


def figures_of_file(source: CsvMarks | ParquetMarks, edition: str | None, policy: str) -> Results:
    """A row of figures for each pupil at each school, sorted by both. Raises BadFile for the first thing wrong."""
    with ThreadPoolExecutor(_n_cores()) as pool:
        marks = _load(source, edition, pool)
        if not len(marks.all):
            raise BadFile(source.file, "line 2", "pupil", "there are no marks", "at least one mark")
        names, schools, weeks_at = _names_and_schools(source, marks)
        school_of = schools.indices.to_numpy().astype(np.int64)
        try:
            figures, days = work_out(marks.all, marks.n_marks, school_of, weeks_at, load(policy), pool)
        except TwoMarks as twice:
            raise _second_mark(source, edition, marks.names[twice.enrolment], twice.session) from None
    return Results(names, schools if "school" in source.has else None, figures, days).sorted()


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
        if len(ahead) > _n_cores():
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
    source: CsvMarks | ParquetMarks, marks: Marks
) -> tuple[pa.Array, pa.DictionaryArray, list[Ints]]:
    """The pupil and the school of each enrolment as they will be written, and the weeks of each school, ascending."""
    text, encoding = _decoded(source.file, marks.names)
    pupils, schools = text, pa.array([""]).take(np.zeros(len(text), np.int64))
    if "school" in source.has:
        parts = compute.split_pattern(text, "\0")
        pupils, schools = compute.list_element(parts, 0), compute.list_element(parts, 1)
    schools = schools.dictionary_encode()
    weeks: dict[str, list[int]] = {school: [] for school in schools.dictionary.to_pylist()}
    for school, week in sorted(marks.school_weeks):
        weeks[school.decode(encoding)].append(week)
    pupils = pupils.cast(pa.int64()) if source.number_pupils else pupils
    return pupils, schools, [np.array(numbers, np.int64) for numbers in weeks.values()]


def _decoded(file: str, names: pa.BinaryArray) -> tuple[pa.StringArray, str]:
    """UTF-8 if all names are, otherwise Windows-1252: a file has one encoding."""
    try:
        return names.cast(pa.string()), "utf-8"
    except pa.ArrowInvalid:
        pass
    try:
        return pa.array([name.decode("cp1252") for name in names.to_pylist()], pa.string()), "cp1252"
    except UnicodeDecodeError:
        found = "names are in no encoding known here"
        raise BadFile(file, "line 2", "pupil", found, "UTF-8 or Windows-1252 throughout") from None
