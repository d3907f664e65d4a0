"""The casework measured, in a process of its own for each database and size: a review as its page, its lists, anew.

Run by `bench.pages` with the database in the environment; prints rows as JSON on its last line.
"""

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management import call_command
from django.urls import reverse

from bench.asking import Person, many
from bench.evidence import evidence
from bench.inside import asking, database_name
from bench.letters import press, weekly
from bench.school import BenchSchool, make
from rollcall.accounts.roles import Role
from rollcall.casework.queries import place
from rollcall.demo import middleware
from rollcall.wsgi import application

N_DAYS = 60
PAGE = 200
Row = dict[str, Any]


def main() -> None:
    """Make a school in an empty database and measure. arguments: how many pupils, the scale."""
    n_pupils, scale = int(sys.argv[1]), float(sys.argv[2])
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    made = make(n_pupils, N_DAYS)
    middleware.time_shown = lambda row, wall: made.at
    rows = [
        *_pages(made, n_pupils, max(3, int(20 * scale)), scale),
        *_anew(made, n_pupils),
        *weekly(made, scale),
        *press(made, scale),
    ]
    rows += evidence(made, scale)
    print(json.dumps([{**row, "name": f"{row['name']}, {database_name()}"} for row in rows]))


def _pages(made: BenchSchool, n_pupils: int, n: int, scale: float) -> Iterator[Row]:
    """The open review as the head of school sees it: its first page and its last; the reviews, the cases."""
    head, review = Person(made.people[Role.HEAD], application), reverse("casework:review", args=[made.review.pk])
    for name, path in (
        ("a review", review),
        ("a review, its last page", f"{review}?page=99"),
        ("the reviews of a school", reverse("casework:reviews")),
        ("the cases of a school", reverse("casework:cases", args=[made.school.slug])),
    ):
        cost = many(n, asking(head, path))
        about = f"best {cost.best:.1f}, p95 {cost.p95:.1f}, {cost.n_statements} statements, {cost.n_bytes // 1000} KB"
        limit = PAGE if scale >= 1 else None
        said = f"{name}, {n_pupils:,} pupils, {made.review.rows.count()} rows"
        yield {"name": said, "value": round(cost.median, 1), "unit": "ms", "limit": limit, "note": about}


def _anew(made: BenchSchool, n_pupils: int) -> Iterator[Row]:
    """All that a review is made of, worked out."""
    taken = _seconds(lambda: place(made.school.pk, made.at))
    yield {"name": f"a review worked out, {n_pupils:,} pupils", "value": taken, "unit": "ms", "limit": None, "note": ""}


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return round(1000 * (time.perf_counter() - begun), 1)
