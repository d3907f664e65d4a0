"""The prompt for penalty notices over a whole sheet: who is to be looked at by name, among thousands, in a moment.

Counts are `figures`'; this says which sessions they are of, and which rows come to the policy's lines. `prompt` says
the rest for the few that do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rollcall.rules.codes import BYTE
from rollcall.rules.figures import (
    AUTHORISED,
    NEVER,
    PRESENT,
    Ints,
    Kinds,
    kinds_of,
    lookup,
    runs_of_kinds,
    unauthorised_after,
    windows_of_kinds,
)
from rollcall.rules.listing import listed
from rollcall.rules.overlay import Overlay
from rollcall.rules.policy import Policy
from rollcall.rules.prompt import LEAVE, Seen, counted_from, is_possible
from rollcall.rules.sessions import HALVES, half_of
from rollcall.rules.sheet import Sheet, session_of

_ROWS = 1 << 13


def rows_to_consider(
    laid: Overlay, editions: Sequence[str], warned: Sequence[tuple[int, date | None]], policy: Policy
) -> list[int]:
    """Those of some rows of a laid-out sheet that come to a line, each once, in order.

    warned: (row, the day of a warning that went, or None to ask about leave alone), a row as often as it was warned;
    where no letter of the policy warns, the days are passed over. editions: the edition of the law for each column.
    """
    rows = np.array([row for row, _ in warned], np.int64)
    days = laid.sheet.days
    since = np.array([NEVER if day is None else _column(days, counted_from(day)) for _, day in warned], np.int64)
    found = prompted(
        laid.sheet.marks[rows],
        lookups=[
            lookup(edition, HALVES[half])
            for edition, half in zip(editions, (laid.sheet.sessions % 2).tolist(), strict=True)
        ],
        weeks=laid.weeks,
        policy=policy,
        since=None if policy.penalty.warned_by is None else since,
        within=laid.within[rows],
    )
    return sorted({int(row) for row in rows[found.to_consider]})


def seen_on(laid: Overlay, rows: Sequence[int]) -> dict[int, list[Seen]]:
    """The possible sessions of some rows in order, each with its mark, by row; `enrolment` is the sheet's pupil."""
    some = Overlay(
        Sheet(tuple(laid.sheet.pupils[row] for row in rows), laid.sheet.sessions, laid.sheet.marks[list(rows)]),
        laid.within[list(rows)],
        laid.weeks,
    )
    sessions = [session_of(session) for session in laid.sheet.sessions.tolist()]
    found: dict[int, list[Seen]] = {row: [] for row in rows}
    for n, column, code, _ in listed(some):
        if is_possible(code):
            day, half = sessions[column]
            found[rows[n]].append(Seen(day, half_of(half), code, int(some.sheet.pupils[n])))
    return found


def _column(days: Ints, first: date) -> int:
    """The first column on or after a day; NEVER where the sheet ends before."""
    column = int(np.searchsorted(days, first.toordinal()))
    return column if column < len(days) else NEVER


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
