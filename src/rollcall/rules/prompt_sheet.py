"""The prompt for penalty notices over a whole sheet: who is to be looked at by name, among thousands, in a moment.

Counts are `figures`'; this says which sessions they are of, and which rows come to the policy's lines. `prompt` says
the rest for the few that do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rollcall.rules.codes import BYTE
from rollcall.rules.figures import (
    AUTHORISED,
    PRESENT,
    Ints,
    Kinds,
    kinds_of,
    runs_of_kinds,
    unauthorised_after,
    windows_of_kinds,
)
from rollcall.rules.policy import Policy
from rollcall.rules.prompt import LEAVE

_ROWS = 1 << 13


@dataclass(frozen=True, eq=False)
class Prompted:
    """One value a row: sessions in the window, the column in which the line was met (or NEVER), the longest leave."""

    unauthorised: Ints
    reached: Ints
    leave: Ints
    to_consider: NDArray[np.bool_]


def prompted(
    marks: NDArray[np.uint8],
    *,
    lookups: Sequence[bytes],
    weeks: Ints,
    policy: Policy,
    since: Ints | None = None,
    within: NDArray[np.bool_] | None = None,
) -> Prompted:
    """Which rows of marks, uint8[n, m], are to be considered.

    since: int[n], the column from which each row counts, the first after its warning, or NEVER for none; None counts
    over any school weeks that follow each other. lookups, weeks, within: as `figures` has them; leave out of `within`
    what does not count: sessions of an earlier notice, and those outside compulsory school age.
    """
    parts = [
        _block(
            marks[rows],
            lookups,
            weeks,
            policy,
            None if since is None else since[rows],
            None if within is None else np.broadcast_to(within, marks.shape)[rows],
        )
        for rows in (slice(start, start + _ROWS) for start in range(0, max(len(marks), 1), _ROWS))
    ]
    unauthorised, reached, leave = (np.concatenate(column) for column in zip(*parts, strict=True))
    met = unauthorised >= policy.measures.threshold_sessions.value
    return Prompted(unauthorised, reached, leave, met | (leave >= policy.penalty.leave_least_sessions.value))


def _block(
    marks: NDArray[np.uint8],
    lookups: Sequence[bytes],
    weeks: Ints,
    policy: Policy,
    since: Ints | None,
    within: NDArray[np.bool_] | None,
) -> tuple[Ints, Ints, Ints]:
    kinds = kinds_of(marks, lookups, within)
    found = windows_of_kinds(kinds, weeks, policy) if since is None else unauthorised_after(kinds, weeks, since, policy)
    return (*found, _longest_leave(marks, kinds))


def _longest_leave(marks: NDArray[np.uint8], kinds: Kinds) -> Ints:
    """int32[n]: the longest run of leave without permission; any other mark of a possible session ends it."""
    leave = np.ascontiguousarray(marks.T) == BYTE[LEAVE]
    as_runs = np.where(leave & (kinds >= AUTHORISED), AUTHORISED, np.minimum(kinds, PRESENT)).astype(np.uint8)
    longest, _ = runs_of_kinds(as_runs, leave.sum(axis=0, dtype=np.int32))
    return longest
