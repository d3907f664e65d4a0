"""From packed marks in any order to figures: marks are dealt into blocks of pupils, each block becomes a sheet.

Pupils of a block are at schools that have the same weeks. A school's weeks are those in which any of its pupils has a
mark other than #. Nothing is sorted as a whole: dealing some millions of marks at a time is several times faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rollcall.analysis.marks import Packed, enrolments_of, kinds_of, minutes_of, sessions_of, week_of
from rollcall.rules.figures import LATE_AFTER_CLOSE, NOTHING, Figures, figures_of_kinds, join
from rollcall.rules.policy import Policy

CHUNK = 1 << 22
MARKS_AT_ONCE = 1 << 20
CELLS_AT_ONCE = 1 << 23
EMPTY = 8

Ints = NDArray[np.int64]


class TwoMarks(ValueError):
    """Two marks for one session of one enrolment."""

    def __init__(self, enrolment: int, session: int) -> None:
        super().__init__(enrolment, session)
        self.enrolment, self.session = enrolment, session


@dataclass(frozen=True)
class Block:
    """Enrolments that are worked out together, and the numbers of their schools' weeks, ascending."""

    enrolments: Ints
    weeks: Ints


def work_out(
    marks: Packed, n_marks: Ints, school_of: Ints, weeks_at: Sequence[Ints], policy: Policy, pool: Executor
) -> tuple[Figures, Ints]:
    """The figures of each enrolment, and the ordinal of the day on which it met the threshold, 0 for never.

    marks: in any order, and they are left in another. n_marks and school_of: int[n], of each enrolment. weeks_at: the
    numbers of each school's weeks, ascending. Raises TwoMarks.
    """
    chunks = [marks[start : start + CHUNK] for start in range(0, len(marks), CHUNK)]
    blocks = list(_blocks(weeks_at, school_of, n_marks))
    block_of, place_of = np.zeros(len(school_of), np.int64), np.zeros(len(school_of), np.int64)
    for number, block in enumerate(blocks):
        block_of[block.enrolments] = number
        place_of[block.enrolments] = np.arange(len(block.enrolments))
    ends = list(pool.map(lambda chunk: _deal(chunk, block_of, len(blocks)), chunks))

    def of_block(number: int) -> tuple[Figures, Ints]:
        dealt = [chunk[end[number] : end[number + 1]] for chunk, end in zip(chunks, ends, strict=True)]
        own = np.concatenate(dealt)
        return _work_out_block(own, place_of[enrolments_of(own)], blocks[number], policy)

    parts = list(pool.map(of_block, range(len(blocks))))
    back = np.argsort(np.concatenate([block.enrolments for block in blocks]))
    return join([figures for figures, _ in parts]).take(back), np.concatenate([days for _, days in parts])[back]


def _blocks(weeks_at: Sequence[Ints], school_of: Ints, n_marks: Ints) -> Iterator[Block]:
    for weeks, enrolments in _alike(weeks_at, school_of):
        total = np.cumsum(n_marks[enrolments])
        cuts = np.unique(np.searchsorted(total, np.arange(MARKS_AT_ONCE, int(total[-1]), MARKS_AT_ONCE)))
        yield from (Block(part, weeks) for part in np.split(enrolments, cuts) if len(part))


def _alike(weeks_at: Sequence[Ints], school_of: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Weeks, and the enrolments at all schools that have exactly these."""
    groups: dict[bytes, int] = {}
    group_of = np.array([groups.setdefault(weeks.tobytes(), len(groups)) for weeks in weeks_at])[school_of]
    order = np.argsort(group_of, kind="stable")
    ends = np.searchsorted(group_of[order], np.arange(len(groups) + 1))
    for content, group in groups.items():
        yield np.frombuffer(content, np.int64), order[ends[group] : ends[group + 1]]


def _deal(chunk: Packed, block_of: Ints, n_blocks: int) -> Ints:
    """Put the marks of a chunk in the order of their blocks, in place; returns where each block begins."""
    block = block_of[enrolments_of(chunk)]
    # On numbers this small a stable sort is a radix sort.
    block = block.astype(np.uint16) if n_blocks < 2**16 else block
    if (block[1:] < block[:-1]).any():
        order = np.argsort(block, kind="stable")
        chunk[:] = chunk[order]
    return np.concatenate([[0], np.cumsum(np.bincount(block, minlength=n_blocks))])


def _work_out_block(marks: Packed, place: Ints, block: Block, policy: Policy) -> tuple[Figures, Ints]:
    """Figures of a block's enrolments; place: of each mark's enrolment in the block."""
    sessions, column = _axis(sessions_of(marks))
    n = len(block.enrolments)
    if len(sessions) * n > CELLS_AT_ONCE and n > 1:
        # Pupils who share few sessions make a wide sheet with little on it.
        halves = [
            _half(marks, place, block, slice(0, n // 2), policy),
            _half(marks, place, block, slice(n // 2, n), policy),
        ]
        return join([figures for figures, _ in halves]), np.concatenate([days for _, days in halves])
    kinds = np.full((len(sessions), n), EMPTY, np.uint8)
    kinds[column, place] = kinds_of(marks)
    if np.count_nonzero(kinds != EMPTY) < len(marks):
        raise _two_marks(marks)
    kinds[kinds > LATE_AFTER_CLOSE] = NOTHING
    minutes = np.bincount(place, weights=minutes_of(marks), minlength=n).astype(np.int32)
    week = np.array([week_of(day) for day in (sessions // 2).tolist()], np.int64)
    numbers = np.where(np.isin(week, block.weeks), np.searchsorted(block.weeks, week), -1)
    figures = figures_of_kinds(kinds, weeks=numbers, policy=policy, minutes_late=minutes)
    reached = figures.threshold_reached_on
    return figures, np.where(reached >= 0, sessions[reached] // 2, 0)


def _half(marks: Packed, place: Ints, block: Block, part: slice, policy: Policy) -> tuple[Figures, Ints]:
    own = (place >= part.start) & (place < part.stop)
    return _work_out_block(marks[own], place[own] - part.start, Block(block.enrolments[part], block.weeks), policy)


def _axis(sessions: Ints) -> tuple[Ints, Ints]:
    """The different sessions in the order of time, and the column of each one given."""
    first = int(sessions.min())
    seen = np.zeros(int(sessions.max()) - first + 1, np.bool_)
    seen[sessions - first] = True
    return np.flatnonzero(seen) + first, (np.cumsum(seen) - 1)[sessions - first]


def _two_marks(marks: Packed) -> TwoMarks:
    which, n = np.unique(enrolments_of(marks) << 23 | sessions_of(marks), return_counts=True)
    first = int(which[np.argmax(n > 1)])
    return TwoMarks(first >> 23, first & (2**23 - 1))
