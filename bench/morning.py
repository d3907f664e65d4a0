"""A morning at pace, in a process of its own for each database: sixty registers, two in the office, late comers.

Thirty minutes, from 8.55, in one: against the server and the worker as `rollcall serve` starts them, over the network,
with a thread for each person. Run by `bench.pages` with the database in the environment; prints rows as JSON on its
last line.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.core.management import call_command

from bench.asking import session_of
from bench.at_once import PATIENCE, served, visit
from bench.at_the_desk import counter, phone, watch_day
from bench.clock import Clock
from bench.in_class import take_register
from bench.inside import database_name
from bench.losses import losses
from bench.saved import as_siblings
from bench.school import BenchSchool, make
from bench.stage import OVER, Morning, begins, planned
from rollcall.accounts.roles import Role
from rollcall.schools.queries.facts import LONDON

N_PUPILS, N_DAYS = 1800, 3
SECONDS, N_WARM = 60.0, 6
Row = dict[str, Any]


def main() -> None:
    """Make a school of sixty classes in an empty database, play the morning, look for what is lost."""
    scale = float(sys.argv[1])
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    made = make(max(60, int(N_PUPILS * scale)), N_DAYS)
    morning = _play(made, max(4.0, SECONDS * scale))
    rows = list(_rows(morning, losses(morning)))
    print(json.dumps([{**row, "name": f"{row['name']}, {database_name()}"} for row in rows]))


def _play(made: BenchSchool, seconds: float) -> Morning:
    plan = planned(made)
    for one, other in plan.reported:
        as_siblings(one.enrolment, other.enrolment, made.school)
    sessions = [session_of(user) for user in made.teachers]
    office = [session_of(made.people[role]) for role in (Role.SECRETARY, Role.HEAD)]
    at = datetime.combine(made.today, time(8, 55), LONDON)
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder:
        clock = Clock(at, OVER / seconds, Path(folder) / "began", OVER)
        with served(at, clock=clock.environment) as port, _worker(clock):
            morning = Morning(made, clock, port, plan)
            _warm(morning, sessions[0], office[0])
            clock.start()
            _everybody(morning, sessions, office)
    return morning


def _warm(morning: Morning, teacher: str, office: str) -> None:
    """Each page a few times at once, so that each process has shown it before the gate opens; counted for nothing."""
    register = (teacher, morning.register(0, "register"))
    desk = [(office, morning.desk(name)) for name in ("day", "late", "calls", "report_add", "inbox")]
    with ThreadPoolExecutor(N_WARM) as threads:
        for session, path in (register, *desk):
            list(threads.map(lambda _, one=(session, path, None): visit(morning.port, one), range(N_WARM)))


def _everybody(morning: Morning, sessions: list[str], office: list[str]) -> None:
    """Each in a thread; whatever one of them stumbles over is an error like another."""
    with ThreadPoolExecutor(len(sessions) + 2 * len(office)) as threads:
        people: list[Future[None]] = [
            threads.submit(take_register, morning, number, begin, sessions[number], morning.made.teachers[number].pk)
            for number, begin in begins(morning.plan).items()
        ]
        people += [threads.submit(phone, morning, office[0]), threads.submit(counter, morning, office[1])]
        people += [threads.submit(watch_day, morning, session) for session in office]
    morning.heard.errors += [repr(trouble) for one in people if (trouble := one.exception()) is not None]


@contextmanager
def _worker(clock: Clock) -> Iterator[None]:
    """The worker beside the server; its mail goes nowhere."""
    mail = {"ROLLCALL_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    environment = {**os.environ, **clock.environment, **mail}
    with subprocess.Popen([sys.executable, "-m", "bench.ticking"], env=environment) as worker:
        try:
            yield
        finally:
            worker.terminate()
            try:
                worker.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                worker.kill()


def _rows(morning: Morning, lost: list[str]) -> Iterator[Row]:
    heard, saved, pace = morning.heard, morning.saved, morning.clock.pace
    who = f"a morning at pace, {len(morning.made.classes)} registers"
    about = (
        f"{len(saved.marks):,} marks, {len(saved.slips)} slips, {len(saved.reports)} reports, {len(saved.calls)} "
        f"calls; {len(saved.met)} marks met another's; {pace:g} times as fast as the clock"
    )
    yield _row(f"{who}, requests", heard.n, "requests", None, about)
    yield _row(f"{who}, errors", len(heard.errors), "errors", 0, " | ".join(heard.errors[:3]))
    yield _row(f"{who}, losses", len(lost), "losses", 0, " | ".join(lost[:3]))
    for kind, waits in heard.waits.items():
        middle, most = _percentiles(waits)
        yield _row(f"{who}, {kind}, 99th percentile", most, "ms", None, f"median {middle:g}, {len(waits):,} times")


def _percentiles(waits: list[float]) -> tuple[float, float]:
    found = quantiles(waits, n=100, method="inclusive") if len(waits) > 1 else waits * 99
    return round(found[49] * 1000, 1), round(found[98] * 1000, 1)


def _row(name: str, value: float, unit: str, limit: float | None, note: str) -> Row:
    return {"name": name, "value": value, "unit": unit, "limit": limit, "note": note}
