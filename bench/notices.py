"""How fast it is found for whom a penalty notice is to be considered: an authority's pupils over two years of marks.

The arithmetic alone, in this process: after a warning of each pupil's own, and over any school weeks.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from bench.figures import marks, school_year
from rollcall.rules.figures import lookups
from rollcall.rules.policy import load
from rollcall.rules.prompt_sheet import prompted
from rollcall.rules.sessions import monday
from rollcall.rules.sheet import session_number

N_PUPILS, N_SESSIONS, LIMIT = 70_000, 780, 2
TIMES = 3


def run(scale: float = 1.0) -> list[dict[str, Any]]:
    """Rows of name, value, unit, limit and note. scale: 1.0 for all pupils, to which alone the limit applies."""
    return list(_rows(max(1, int(N_PUPILS * scale))))


def _rows(n: int) -> Iterator[dict[str, Any]]:
    sessions = school_year(N_SESSIONS)
    mondays = sorted({monday(day) for day, _ in sessions})
    weeks = np.searchsorted([day.toordinal() for day in mondays], [monday(day).toordinal() for day, _ in sessions])
    sheet = marks(n, len(sessions), 11)
    tables = lookups(session_number(day, half) for day, half in sessions)
    warned = np.random.default_rng(5).integers(0, len(sessions), n)
    for name, policy, since in (("after a warning", "federation", warned), ("rolling", "national", None)):
        seconds, found = [], 0
        for _ in range(TIMES):
            start = time.perf_counter()
            some = prompted(sheet, lookups=tables, weeks=weeks, policy=load(policy), since=since)
            seconds.append(time.perf_counter() - start)
            found = int(some.to_consider.sum())
        note = f"{n:,} pupils x {len(sessions)} sessions; {found:,} to consider; the best of {TIMES}"
        limit = LIMIT if n >= N_PUPILS else None
        yield {
            "name": f"prompt for penalty notices, {name}",
            "value": round(min(seconds), 2),
            "unit": "s",
            "limit": limit,
            "note": note,
        }
