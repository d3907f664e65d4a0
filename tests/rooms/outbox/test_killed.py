"""The real worker, as a process, killed at any moment and started anew, two at once: nothing lost, nothing doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as conf
from django.db import connection
from django.utils import timezone

from rollcall.accounts.actions import make_user
from rollcall.accounts.queries import INVITATION
from rollcall.demo.models import DemoClock
from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.outbox import actions
from rollcall.outbox.models import Message
from rollcall.schools import actions as schools
from tests.notify import Notify
from tests.smtp import MailServer

ROOT = Path(__file__).resolve().parents[3]
N = 60
PATIENCE = 60


def database_url() -> str:
    """Where this test's own database is, for another process."""
    to = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(to['NAME']))}"
    return f"postgres://{quote(to['USER'])}:{quote(to['PASSWORD'])}@{to['HOST']}:{to['PORT']}/{to['NAME']}"


@contextmanager
def worker(more: dict[str, str], *, once: bool = False) -> Iterator[subprocess.Popen]:
    """`rollcall worker` at work on this test's database."""
    ours = {"ROLLCALL_DATABASE": database_url(), "ROLLCALL_DEMO": "yes", "ROLLCALL_VAR": str(conf.VAR)}
    environment = {**os.environ, **ours, **more}
    command = [sys.executable, "-m", "rollcall.cli", "worker", *(["--once"] if once else ["--pause", "0.1"])]
    process = subprocess.Popen(
        command, cwd=ROOT / "src", env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def many(transactional_db) -> None:
    """Messages to somebody who may still sign in, which the real worker asks before each."""
    now = timezone.now()
    person = schools.add_person("Nia", "New", by=INSTALLER, at=now)
    user = make_user(person, email="nia@example.org", password=None, by=INSTALLER, at=now)
    deed = journal.begin("test.put", by=INSTALLER, at=now)
    for n in range(N):
        actions.put(
            once=f"many:{n}",
            deed=deed,
            school=1,
            channel="email",
            to_name="Nia New",
            to_address="nia@example.org",
            subject=f"Number {n}",
            body=f"This is message {n}.",
            ground=INVITATION,
            ground_id=user.pk,
            pupil=None,
            evidence={},
            at=now,
        )


def await_(n: int, done) -> None:
    """Wait until so many are done."""
    until = time.monotonic() + PATIENCE
    while done() < n:
        assert time.monotonic() < until, f"only {done()} of {n} were done"
        time.sleep(0.01)


def kill_at(n: int, process: subprocess.Popen, notify: Notify) -> None:
    """Kill a worker a moment after so many messages have arrived."""
    await_(n, lambda: len(notify.taken))
    time.sleep(random.uniform(0, 0.02))
    os.kill(process.pid, signal.SIGKILL)


def pass_time() -> None:
    """Let the time pass after which a killed worker's message is let go."""
    now = timezone.now()
    DemoClock.objects.all().delete()
    DemoClock.objects.create(shown=now + actions.LEASE + timedelta(minutes=2), wall=now)


def test_killed_three_times_and_two_at_once_each_message_goes_once_through_notify(many, notify: Notify) -> None:
    notify.pause = 0.004
    with worker(notify.environment) as first, worker(notify.environment) as second:
        kill_at(N // 4, first, notify)
        kill_at(N // 2, second, notify)
    with worker(notify.environment) as third:
        kill_at(3 * N // 4, third, notify)
    pass_time()
    with worker(notify.environment, once=True) as last:
        last.wait(PATIENCE)
    assert Counter(Message.objects.values_list("state", flat=True)) == {"sent": N}
    assert (len(notify.taken), notify.doubled()) == (N, [])
    ids = set(Message.objects.values_list("carrier_id", flat=True))
    assert ids == {one.id for one in notify.taken}


def test_killed_over_smtp_none_is_lost_and_what_may_have_gone_is_said(many, smtp: MailServer) -> None:
    settings = {"ROLLCALL_SMTP_HOST": "127.0.0.1", "ROLLCALL_SMTP_PORT": str(smtp.port)}
    with worker(settings) as first:
        await_(N // 3, lambda: len(smtp.taken))
        os.kill(first.pid, signal.SIGKILL)
    pass_time()
    with worker(settings, once=True) as last:
        last.wait(PATIENCE)
    states = Counter(Message.objects.values_list("state", flat=True))
    assert set(states) <= {"sent", "unsure"}
    assert states["unsure"] <= 1
    subjects = Counter(line for mail in smtp.taken for line in mail.splitlines() if line.startswith(b"Subject:"))
    assert max(subjects.values()) == 1, "nothing went twice"
    assert len(subjects) >= states["sent"]
