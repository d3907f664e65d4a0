"""A thousand messages through the worker to a GOV.UK Notify of ours, the worker killed three times in the middle.

Counts what was lost and what went twice, in a process of its own on an empty database; prints rows as JSON on its last
line, as `bench.inside` does. A killed worker's message is let go after its lease: for that the clock is moved.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from tests.notify import Notify, notify_server

from bench.inside import database_name
from rollcall.accounts.actions import make_user
from rollcall.accounts.queries import INVITATION
from rollcall.demo.models import DemoClock
from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.office.serving import worker
from rollcall.outbox.actions import LEASE, put
from rollcall.outbox.models import Message
from rollcall.schools.actions import add_person

KILLED_AT = (0.25, 0.5, 0.75)
PATIENCE = 300
ADDRESS = "nia@example.org"


def main() -> None:
    """Put the messages in, let them go, and count. argument: how many."""
    n = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    with notify_server() as notify:
        _environment(notify)
        _put(n)
        connection.close()
        began = time.perf_counter()
        _send(n, notify)
        seconds = time.perf_counter() - began
    went = {one.reference for one in notify.taken}
    states = Message.objects.filter(state="sent").count()
    doubled, wrong = len(notify.taken) - len(went), len(notify.wrong)
    note = f"{states} are known as sent, {wrong} requests were wrong; 4 starts of the worker are in the time"
    rows = [
        _row("lost", n - len(went), "messages", 0, note),
        _row("doubled", doubled, "messages", 0, ""),
        _row("in all", round(seconds, 1), "s", None, f"{n / seconds:.0f} a second"),
    ]
    print(json.dumps([{**row, "name": f"{n:,} messages, worker killed 3 times, {row['name']}"} for row in rows]))


def _row(name: str, value: float, unit: str, limit: float | None, note: str) -> dict[str, Any]:
    return {"name": f"{name}, {database_name()}", "value": value, "unit": unit, "limit": limit, "note": note}


def _environment(notify: Notify) -> None:
    """The worker's settings; as a demo's, so that its clock can be moved."""
    os.environ.update({**notify.environment, "ROLLCALL_DEMO": "yes"})


@transaction.atomic
def _put(n: int) -> None:
    """Invitations to somebody who may sign in, whom the worker asks about before each."""
    now = timezone.now()
    user = make_user(add_person("Nia", "New", by=INSTALLER, at=now), email=ADDRESS, password=None, by=INSTALLER, at=now)
    deed = journal.begin("bench.put", by=INSTALLER, at=now)
    for number in range(n):
        put(
            once=f"bench:{number}",
            deed=deed,
            school=1,
            channel="email",
            to_name="Nia New",
            to_address=ADDRESS,
            subject=f"Number {number}",
            body=f"This is message {number}.",
            ground=INVITATION,
            ground_id=user.pk,
            pupil=None,
            evidence={},
            at=now,
        )


def _send(n: int, notify: Notify) -> None:
    """The worker until all is sent, killed three times on the way."""
    for part in KILLED_AT:
        _work_until(lambda part=part: len(notify.taken) >= part * n, signal.SIGKILL)
    _move_clock(timezone.now() + LEASE + timedelta(minutes=1))
    _work_until(lambda: not _left(), signal.SIGTERM)


def _work_until(done: Callable[[], bool], end: signal.Signals) -> None:
    """Start a worker, and end it as soon as something is done. Raises RuntimeError where that takes too long."""
    with subprocess.Popen([*worker(), "--pause", "0.1"], stdout=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + PATIENCE
            while not done():
                if time.monotonic() > deadline or process.poll() is not None:
                    raise RuntimeError("The worker did not send what waits.")
                time.sleep(0.02)
        finally:
            process.send_signal(end)


def _left() -> bool:
    return Message.objects.filter(state__in=("waiting", "sending")).exists()


def _move_clock(shown: datetime) -> None:
    DemoClock.objects.create(shown=shown, wall=timezone.now())
