"""Figures of a long file: a row a mark, in any order, of one school or many.

The file is read block by block on all cores, the marks are sorted by enrolment, and pupils whose schools have the same
weeks are worked out together. A school's weeks are those in which any of its pupils has a mark other than #.
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

from rollcall.analysis import cells
from rollcall.analysis.csv_marks import CsvMarks
from rollcall.analysis.marks import (
    ENROLMENT_AT,
    SESSION_AT,
    Marks,
    Packed,
    Part,
    enrolments_of,
    kinds_of,
    minutes_of,
    pack,
    sessions_of,
)
from rollcall.analysis.parquet_marks import ParquetMarks
from rollcall.analysis.problems import BadFile
from rollcall.analysis.results import Results
from rollcall.rules.figures import NOTHING, Figures, figures_of_kinds, join
from rollcall.rules.policy import Policy

MARKS_AT_ONCE = 1 << 20
CELLS_AT_ONCE = 1 << 22
CHUNK = 1 << 22


def figures_of_file(source: CsvMarks | ParquetMarks, edition: str | None, policy: Policy) -> Results:
    """A row of figures for each pupil at each school, sorted by both. Raises BadFile for the first thing wrong."""
    marks = _load(source, edition)
    rows = marks.sort()
    if not len(rows):
        raise BadFile(source.file, "line 2", "pupil", "there are no marks", "at least one mark")
    _refuse_two_marks(source, edition, marks.names, rows)
    names, schools = _names_and_schools(source, marks.names)
    figures, days = _work_out(rows, schools, policy)
    return Results(names, schools, figures, days).sorted()


def _load(source: CsvMarks | ParquetMarks, edition: str | None) -> Marks:
    marks = Marks()
    with ThreadPoolExecutor(_n_cores()) as pool:
        for block, part in _in_order(pool, source.blocks(), lambda block: pack(source.read(block), edition)):
            try:
                marks.add(part.result())
            except (ValueError, pa.ArrowException) as problem:
                raise source.explain(block, edition) from problem
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


def _chunks(rows: Packed) -> Iterator[Packed]:
    # Each begins with the last mark of the one before, so that neighbours are never parted.
    return (rows[max(start - 1, 0) : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _refuse_two_marks(
    source: CsvMarks | ParquetMarks, edition: str | None, names: pa.BinaryArray, rows: Packed
) -> None:
    for chunk in _chunks(rows):
        session = chunk >> SESSION_AT
        twice = session[1:][session[1:] == session[:-1]]
        if len(twice):
            name = names[int(twice[0] >> (ENROLMENT_AT - SESSION_AT))]
            raise _second_mark(source, edition, name, int(twice[0]) & (2 ** (ENROLMENT_AT - SESSION_AT) - 1))


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


def _work_out(rows: Packed, schools: pa.DictionaryArray | None, policy: Policy) -> tuple[Figures, NDArray[np.int64]]:
    n = int(rows[-1] >> ENROLMENT_AT) + 1
    starts = np.searchsorted(rows, np.arange(n + 1, dtype=np.uint64) << ENROLMENT_AT)
    school_of = np.zeros(n, np.int64) if schools is None else schools.indices.to_numpy().astype(np.int64)
    order, parts, days = [], [], []
    for weeks, pupils in _alike(_school_weeks(rows, school_of), school_of):
        for block in _blocks(pupils, starts):
            figures, on = _block(rows, block, starts, weeks, policy)
            order.append(block)
            parts.append(figures)
            days.append(on)
    back = np.argsort(np.concatenate(order))
    return join(parts).take(back), np.concatenate(days)[back]


def _school_weeks(rows: Packed, school_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each school and week in which it has a mark other than #, as school * 2**24 + week, ascending."""
    found = [np.zeros(0, np.int64)]
    for chunk in _chunks(rows):
        open_marks = chunk[kinds_of(chunk) != cells.CLOSED]
        weeks = school_of[enrolments_of(open_marks)] << 24 | _weeks_of(sessions_of(open_marks))
        found.append(np.unique(weeks[np.flatnonzero(np.diff(weeks, prepend=-1))]))
    return np.unique(np.concatenate(found))


def _weeks_of(sessions: NDArray[np.int64]) -> NDArray[np.int64]:
    return (sessions // 2 - 1) // 7


def _alike(
    school_weeks: NDArray[np.int64], school_of: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Weeks, and the enrolments at all schools that have exactly these."""
    n = int(school_of.max()) + 1
    bounds = np.searchsorted(school_weeks, np.arange(n + 1) << 24)
    groups: dict[bytes, int] = {}
    group_of = np.zeros(n, np.int64)
    for school in range(n):
        weeks = school_weeks[bounds[school] : bounds[school + 1]] & (2**24 - 1)
        group_of[school] = groups.setdefault(weeks.tobytes(), len(groups))
    order = np.argsort(group_of[school_of], kind="stable")
    ends = np.searchsorted(group_of[school_of][order], np.arange(len(groups) + 1))
    for content, group in groups.items():
        yield np.frombuffer(content, np.int64), order[ends[group] : ends[group + 1]]


def _blocks(pupils: NDArray[np.int64], starts: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Enrolments in blocks that have about MARKS_AT_ONCE marks each."""
    n_marks = np.cumsum(starts[pupils + 1] - starts[pupils])
    cuts = np.searchsorted(n_marks, np.arange(MARKS_AT_ONCE, int(n_marks[-1]), MARKS_AT_ONCE))
    return (block for block in np.split(pupils, np.unique(cuts)) if len(block))


def _block(
    rows: Packed, pupils: NDArray[np.int64], starts: NDArray[np.int64], weeks: NDArray[np.int64], policy: Policy
) -> tuple[Figures, NDArray[np.int64]]:
    """Figures of some enrolments, and the day's ordinal on which each met the threshold, 0 for never."""
    lengths = starts[pupils + 1] - starts[pupils]
    pupil = np.repeat(np.arange(len(pupils)), lengths)
    firsts = np.cumsum(lengths) - lengths
    marks = rows[np.arange(len(pupil)) + np.repeat(starts[pupils] - firsts, lengths)]
    sessions, column = _axis(sessions_of(marks))
    if len(sessions) * len(pupils) > CELLS_AT_ONCE and len(pupils) > 1:
        # Pupils who share few sessions make a wide sheet with little on it.
        halves = [_block(rows, half, starts, weeks, policy) for half in np.array_split(pupils, 2)]
        return join([figures for figures, _ in halves]), np.concatenate([days for _, days in halves])
    kinds = np.full((len(sessions), len(pupils)), NOTHING, np.uint8)
    kinds[column, pupil] = kinds_of(marks)
    kinds[kinds == cells.CLOSED] = NOTHING
    minutes = np.add.reduceat(minutes_of(marks), firsts).astype(np.int32)
    week = _weeks_of(sessions)
    numbers = np.where(np.isin(week, weeks), np.searchsorted(weeks, week), -1)
    figures = figures_of_kinds(kinds, weeks=numbers, policy=policy, minutes_late=minutes)
    reached = figures.threshold_reached_on
    return figures, np.where(reached >= 0, sessions[reached] // 2, 0)


def _axis(sessions: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different sessions in the order of time, and the column of each one given."""
    first = int(sessions.min())
    seen = np.zeros(int(sessions.max()) - first + 1, np.bool_)
    seen[sessions - first] = True
    return np.flatnonzero(seen) + first, (np.cumsum(seen) - 1)[sessions - first]
