"""Figures: one row of whole numbers for each pupil on a sheet."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rollcall.rules.figures.counting import Ints, how_many, runs, windows
from rollcall.rules.figures.kinds import (
    AUTHORISED,
    LATE,
    LATE_AFTER_CLOSE,
    MISSING,
    PRESENT,
    UNAUTHORISED,
    Kinds,
    UnknownMark,
    kinds_of,
)
from rollcall.rules.policy import Policy
from rollcall.rules.stages import are_persistent, are_severe, stages_of, tiers_of

BLOCK = 1 << 13
"""So many pupils are worked out at once: enough to make each step worth its call, few enough to stay in the cache."""


@dataclass(frozen=True, eq=False)
class Figures:
    """One value a pupil, under the names of the files' columns; int32 but for persistent and severe (bool).

    `threshold_reached_on` is the column in which it was reached, or NEVER; stage and tier are -1 where nothing was
    possible. `minutes_late` is None where the sheet has no minutes. `current_absence` is the absence that is still
    running when the sheet ends, in sessions.
    """

    possible: Ints
    attended: Ints
    authorised: Ints
    unauthorised: Ints
    missing: Ints
    late: Ints
    late_after_close: Ints
    minutes_late: Ints | None
    persistent: NDArray[np.bool_]
    severe: NDArray[np.bool_]
    stage: Ints
    tier: Ints
    unauthorised_in_10_weeks: Ints
    threshold_reached_on: Ints
    longest_absence: Ints
    current_absence: Ints

    def take(self, rows: Ints) -> "Figures":
        """The figures of some rows, in the order given."""
        columns: dict[str, Any] = {}
        for name in (field.name for field in fields(self)):
            values = getattr(self, name)
            columns[name] = None if values is None else values[rows]
        return Figures(**columns)


def figures(
    marks: NDArray[np.uint8],
    *,
    lookups: Sequence[bytes],
    weeks: Ints,
    policy: Policy,
    minutes: NDArray[np.uint8] | None = None,
    within: NDArray[np.bool_] | None = None,
) -> Figures:
    """The figures of each row of marks.

    marks: uint8[n, m]. lookups: of each column (see `lookups`). weeks: int[m], the number of each column's school week,
    ascending, -1 outside school weeks. minutes: uint8[n, m]. within: bool[n, m], [m] or [n, 1]; where it is False there
    is no session (closed, or not on roll), whatever byte stands there. Raises UnknownMark for the first byte that is no
    code of its session.
    """
    n = len(marks)
    parts = []
    for rows in (slice(start, start + BLOCK) for start in range(0, max(n, 1), BLOCK)):
        block = marks[rows]
        inside = None if within is None else np.broadcast_to(within, marks.shape)[rows]
        late = None if minutes is None else minutes[rows] if inside is None else minutes[rows] * inside
        total = None if late is None else late.sum(axis=1, dtype=np.int32)
        try:
            kinds = kinds_of(block, lookups, inside)
        except UnknownMark as problem:
            raise UnknownMark(problem.row + rows.start, problem.column, problem.byte) from None
        parts.append(figures_of_kinds(kinds, weeks=weeks, policy=policy, minutes_late=total))
    return join(parts)


def figures_of_kinds(kinds: Kinds, *, weeks: Ints, policy: Policy, minutes_late: Ints | None = None) -> Figures:
    """The figures of each pupil from kinds uint8[m, n] (see `kinds_of`); otherwise as `figures`.

    minutes_late: int[n], already summed. Works in memory a few times the size of `kinds`, so give it blocks.
    """
    count = {kind: how_many(kinds == kind) for kind in range(MISSING, LATE_AFTER_CLOSE + 1)}
    attended = count[PRESENT] + count[LATE]
    unauthorised = count[UNAUTHORISED] + count[LATE_AFTER_CLOSE]
    absent = count[AUTHORISED] + unauthorised
    possible = attended + absent
    greatest, reached = windows(kinds, weeks, policy)
    longest, current = runs(kinds, absent)
    return Figures(
        possible=possible,
        attended=attended,
        authorised=count[AUTHORISED],
        unauthorised=unauthorised,
        missing=count[MISSING],
        late=count[LATE],
        late_after_close=count[LATE_AFTER_CLOSE],
        minutes_late=minutes_late,
        persistent=are_persistent(absent, possible, policy),
        severe=are_severe(absent, possible, policy),
        stage=stages_of(attended, possible, policy),
        tier=tiers_of(attended, possible, policy),
        unauthorised_in_10_weeks=greatest,
        threshold_reached_on=reached,
        longest_absence=longest,
        current_absence=current,
    )


def join(parts: Sequence[Figures]) -> Figures:
    """The figures of several blocks of pupils, one after another."""
    columns: dict[str, Any] = {}
    for name in (field.name for field in fields(Figures)):
        blocks = [getattr(part, name) for part in parts]
        columns[name] = None if blocks[0] is None else np.concatenate(blocks)
    return Figures(**columns)


def attendance_tenths(attended: Ints, possible: Ints) -> NDArray[np.int64]:
    """int64[n]: attended in tenths of a percent of possible, rounded half up as in statistics; -1 where that is 0."""
    possible = possible.astype(np.int64)
    tenths = (2000 * attended.astype(np.int64) + possible) // np.maximum(2 * possible, 1)
    return np.where(possible > 0, tenths, -1)
