"""The school day measured, in a process of its own for each database and size: the day page, on site, open screens.

Run by `bench.pages` with the database in the environment; prints rows as JSON on its last line.
"""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.urls import reverse

from bench.asking import Cost, Person, many
from bench.inside import asking, database_name
from bench.live import day_live
from bench.report import report_rows
from bench.school import BenchSchool, make
from rollcall.absence.views.live import forget_drawn
from rollcall.accounts.roles import Role
from rollcall.demo import middleware
from rollcall.journal.actor import INSTALLER
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.schools.queries import facts_of
from rollcall.wsgi import application

N_DAYS = 10
DRAWN = 40
Row = dict[str, Any]


def main() -> None:
    """Make a school in an empty database and measure. arguments: how many pupils, the scale, "live" for the screens."""
    n_pupils, scale, live = int(sys.argv[1]), float(sys.argv[2]), "live" in sys.argv[3:]
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    made = make(n_pupils, N_DAYS)
    middleware.time_shown = lambda row, wall: made.at
    rows = list(day_live(made, scale)) if live else []
    rows += report_rows(made, n_pupils, max(3, int(40 * scale)), scale)
    rows += _pages(made, n_pupils, max(3, int(40 * scale)), scale)
    print(json.dumps([{**row, "name": f"{row['name']}, {database_name()}"} for row in rows]))


def _pages(made: BenchSchool, n_pupils: int, n: int, scale: float) -> Iterator[Row]:
    """The pages of the day in the afternoon, when there is most on them: drawn anew each time, and out of memory."""
    at = _afternoon(made)
    middleware.time_shown = lambda row, wall: at
    office = Person(made.people[Role.SECRETARY], application)
    for name, route, limit in (("the day page", "absence:day", DRAWN), ("pupils on site", "absence:on_site", None)):
        ask, who = asking(office, reverse(route, args=[made.school.slug])), f"{name}, {n_pupils:,} pupils"
        yield from _row(f"{who}, drawn", many(n, ask, before=forget_drawn), limit, scale)
        yield from _row(f"{who}, from memory", many(n, ask), limit, scale)


def _row(name: str, cost: Cost, limit: float | None, scale: float) -> Iterator[Row]:
    about = f"best {cost.best:.1f}, p95 {cost.p95:.1f}, own work {cost.work:.1f}, {cost.n_statements} statements"
    kept = limit if scale >= 1 else None
    yield {"name": name, "value": round(cost.median, 1), "unit": "ms", "limit": kept, "note": about}


def _afternoon(made: BenchSchool) -> datetime:
    """Mark the morning, one class still missing, a few children without a reason; gives 1.20 in the afternoon."""
    for number, room in enumerate(made.classes[:-1]):
        marks = [NewMark(e, "N" if n == 0 and number % 7 == 0 else "/") for n, e in enumerate(made.places[room.pk])]
        by: dict[str, Any] = {"by": INSTALLER, "at": made.at}
        registers.record_marks(room, made.today, "AM", marks, key=f"bench-am-{number}", **by)
        registers.submit_register(room, made.today, "AM", key=f"bench-in-{number}", **by)
    facts = facts_of(made.school.pk)
    return facts.moment(made.today, facts.times_on(made.today).pm_closes.replace(minute=20))
