"""The marks of a long file, eight bytes each, whatever their order in the file.

A mark is one whole number: which enrolment (a pupil at a school), which session, what kind, how late.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from rollcall.analysis import cells
from rollcall.analysis.columns import Columns
from rollcall.rules.codes import EDITIONS

SESSION_AT, KIND_AT, ENROLMENT_AT = 14, 11, 37
"""Where each part begins: minutes have 11 bits, kinds 3, sessions 23, enrolments the 27 above."""
MOST_ENROLMENTS, NAMES_AT_ONCE = 1 << 27, 1 << 14

Packed = NDArray[np.uint64]


def sessions_of(marks: Packed) -> NDArray[np.int64]:
    """The session's number of each mark."""
    return (marks >> SESSION_AT & (2**23 - 1)).astype(np.int64)


def kinds_of(marks: Packed) -> NDArray[np.uint8]:
    """The kind of each mark (see `rules.figures`; CLOSED of `cells` for a planned closure)."""
    return (marks >> KIND_AT & 7).astype(np.uint8)


def minutes_of(marks: Packed) -> NDArray[np.int64]:
    """Minutes late of each mark."""
    return (marks & (2**KIND_AT - 1)).astype(np.int64)


def enrolments_of(marks: Packed) -> NDArray[np.int64]:
    """The enrolment of each mark."""
    return (marks >> ENROLMENT_AT).astype(np.int64)


@dataclass(frozen=True)
class Part:
    """The marks of one block of a file, with enrolments numbered within the block."""

    names: pa.BinaryArray
    enrolment: NDArray[np.int32]
    marks: Packed
    n_marks: NDArray[np.int64]
    """Of each enrolment."""
    school_weeks: set[tuple[bytes, int]]
    """Schools, and weeks in which a pupil there has a mark other than #."""


def pack(columns: Columns, edition: str | None) -> Part:
    """The marks of a block. edition: the one to judge by, None for the row's own or the date's. Raises BadValue or
    ValueError for a cell that can't be used, without its place.
    """
    days = [cells.day(value) for value in columns["date"].list()]
    day = np.array(days, np.uint64)[columns["date"].places]
    half = np.array([cells.half(value) for value in columns["session"].list()], np.uint64)[columns["session"].places]
    marks: Packed = (day * 2 + half) << np.uint64(SESSION_AT)
    own = _editions(columns, edition, days)
    kinds = _kinds(columns["code"].list())[own, half.astype(np.uint8), columns["code"].places]
    if (kinds == cells.UNKNOWN).any():
        raise ValueError("A code can't stand in its session.")
    marks |= kinds.astype(np.uint64) << KIND_AT
    if "minutes_late" in columns:
        minutes = [cells.minutes(value) for value in columns["minutes_late"].list()]
        marks |= np.array(minutes, np.uint64)[columns["minutes_late"].places]
    names, enrolment = _enrolments(columns)
    n_marks = np.bincount(enrolment, minlength=len(names))
    return Part(names, enrolment, marks, n_marks, _school_weeks(columns, kinds != cells.CLOSED, days))


def _editions(columns: Columns, edition: str | None, days: Sequence[int]) -> NDArray[np.uint8]:
    by_day = [edition or cells.edition_on_ordinal(day) for day in days]
    judged = np.array([EDITIONS.index(one) for one in by_day], np.uint8)[columns["date"].places]
    if "edition" in columns and edition is None:
        named = [cells.edition(value) for value in columns["edition"].list()]
        own = np.array([EDITIONS.index(one) if one else 255 for one in named], np.uint8)[columns["edition"].places]
        judged = np.where(own == 255, judged, own)
    return judged


def _kinds(codes: Sequence[bytes]) -> NDArray[np.uint8]:
    every = [[[cells.kind(code, edition, half) for code in codes] for half in (0, 1)] for edition in EDITIONS]
    return np.array(every, np.uint8)


def _enrolments(columns: Columns) -> tuple[pa.BinaryArray, NDArray[np.int32]]:
    """The different pupils of a block, with a NUL and the school after each where there are schools."""
    pupil = columns["pupil"]
    for value in ("pupil", "school"):
        if value in columns:
            _check_names(value, columns[value].values)
    if "school" not in columns:
        return pupil.values, pupil.places
    school = columns["school"]
    pairs = pupil.places.astype(np.int64) * len(school.values) + school.places
    found, enrolment = _distinct(pairs, len(pupil.values) * len(school.values))
    pupils, schools = pupil.values.take(found // len(school.values)), school.values.take(found % len(school.values))
    return compute.binary_join_element_wise(pupils, schools, b"\0"), enrolment


def _school_weeks(columns: Columns, opened: NDArray[np.bool_], days: Sequence[int]) -> set[tuple[bytes, int]]:
    schools, place = [b""], columns["date"].places.astype(np.int64)
    if "school" in columns:
        schools = columns["school"].list()
        place = place + columns["school"].places.astype(np.int64) * len(days)
    found, _ = _distinct(place[opened], len(schools) * len(days))
    return {(schools[one // len(days)], week_of(days[one % len(days)])) for one in found.tolist()}


def week_of(day: int) -> int:
    """The number of the week, Monday to Sunday, of a day's ordinal; neighbouring weeks have neighbouring numbers."""
    return (day - 1) // 7


def _check_names(column: str, values: pa.BinaryArray) -> None:
    lengths = compute.binary_length(values)
    if len(values) and compute.min(lengths).as_py() == 0:
        cells.name(column, b"")
    if compute.any(compute.match_substring(values, b"\0")).as_py():
        cells.name(column, b"\0")


def _distinct(pairs: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    if most > 4 * len(pairs) + 1024:
        found, places = np.unique(pairs, return_inverse=True)
        return found, places.astype(np.int32)
    seen = np.zeros(most, np.bool_)
    seen[pairs] = True
    return np.flatnonzero(seen), (np.cumsum(seen, dtype=np.int32) - 1)[pairs]


class Marks:
    """All marks of a file. Add its parts in the order of the file, then `settle`."""

    def __init__(self) -> None:
        self.names = pa.array([], pa.binary())
        self.n_marks = np.zeros(0, np.int64)
        self.school_weeks: set[tuple[bytes, int]] = set()
        self._all = np.empty(1 << 16, np.uint64)
        self._n = 0
        self._waiting: list[Part] = []
        self._n_waiting = 0

    @property
    def all(self) -> Packed:
        """The marks so far."""
        return self._all[: self._n]

    def add(self, part: Part) -> None:
        """Take in the marks of a block."""
        self._waiting.append(part)
        self.school_weeks |= part.school_weeks
        self._n_waiting += len(part.names)
        # Looking names up costs a walk through all that are known, so it is done for many parts at once.
        if self._n_waiting > max(len(self.names) // 2, NAMES_AT_ONCE):
            self.settle()

    def settle(self) -> None:
        """Number the enrolments of all that was added; `all` and `names` are whole then."""
        known = [self.names, *(part.names for part in self._waiting)]
        numbered = [pa.DictionaryArray.from_arrays(np.arange(len(names), dtype=np.int32), names) for names in known]
        unified = pa.chunked_array(numbered).unify_dictionaries()
        self.names = unified.chunk(0).dictionary
        if len(self.names) > MOST_ENROLMENTS:
            raise ValueError(f"more than {MOST_ENROLMENTS} pupils")
        self.n_marks = np.concatenate([self.n_marks, np.zeros(len(self.names) - len(self.n_marks), np.int64)])
        for part, chunk in zip(self._waiting, unified.chunks[1:], strict=True):
            numbers = chunk.indices.to_numpy()
            np.add.at(self.n_marks, numbers, part.n_marks)
            self._append(part.marks, numbers[part.enrolment])
        self._waiting, self._n_waiting = [], 0

    def _append(self, marks: Packed, enrolment: NDArray[np.int32]) -> None:
        end = self._n + len(marks)
        if end > len(self._all):
            # The system moves pages instead of copying them when a large block grows in place.
            self._all.resize(max(end, len(self._all) * 3 // 2), refcheck=False)
        self._all[self._n : end] = marks | enrolment.astype(np.uint64) << ENROLMENT_AT
        self._n = end
