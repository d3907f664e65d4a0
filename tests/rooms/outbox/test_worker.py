"""The worker: knows who answers for which ground, keeps the demo's time, waits for what is away, stops when told."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Event

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from rollcall import worker
from rollcall.casework.queries import GROUND
from rollcall.demo.models import DemoClock
from rollcall.outbox.actions import Drained
from tests.cast import moment
from tests.rooms.outbox.conftest import STANDS

ROOT = Path(__file__).resolve().parents[3]


def test_every_ground_that_a_room_puts_in_has_somebody_to_ask() -> None:
    assert set(worker.grounds()) >= {GROUND}


def test_it_keeps_the_demos_time(db) -> None:
    wall = timezone.now()
    assert abs(worker.now() - wall) < timedelta(seconds=5)
    DemoClock.objects.create(shown=moment(9, 20), wall=wall)
    assert abs(worker.now() - moment(9, 20)) < timedelta(seconds=5)


def rounds(monkeypatch, *answers) -> list[str]:
    """What the worker says while its rounds give these answers, one after another."""
    stop, said, left = Event(), [], list(answers)

    def once() -> Drained:
        answer = left.pop(0)
        if not left:
            stop.set()
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(worker, "send_once", once)
    monkeypatch.setattr(worker, "LONG_PAUSE", 0.0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    worker.run(stop, said.append, pause=0.0)
    return said


def test_a_mail_server_that_is_away_is_said_once_and_again_when_it_went_away_anew(monkeypatch) -> None:
    away, back = Drained(unreachable="The mail server can't be reached."), Drained(sent=[1])
    assert rounds(monkeypatch, away, away, back, away, back) == ["The mail server can't be reached."] * 2


def test_a_database_that_is_locked_is_waited_for(monkeypatch) -> None:
    assert rounds(monkeypatch, OperationalError("database is locked"), Drained()) == [
        "The database can't be used: database is locked"
    ]


def test_once_sends_all_that_is_due_and_says_how_many(put, smtp, monkeypatch) -> None:
    for n in range(7):
        put(f"m{n}")
    monkeypatch.setattr(worker, "grounds", lambda: STANDS)
    monkeypatch.setattr(worker, "now", lambda: moment(9, 1))
    out = StringIO()
    call_command("worker", "--once", stdout=out)
    assert out.getvalue().strip() == "Sent 7 messages."
    assert len(smtp.taken) == 7


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_told_even_where_there_is_no_database_yet(told: int, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "ROLLCALL_VAR": str(tmp_path),
        "ROLLCALL_DATABASE": f"sqlite:///{tmp_path}/none.sqlite3",
    }
    command = [sys.executable, "-m", "rollcall.cli", "worker"]
    process = subprocess.Popen(
        command, cwd=ROOT / "src", env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert "sends what waits" in process.stdout.readline()
        assert "The database can't be used" in process.stderr.readline()
        process.send_signal(told)
        out, _ = process.communicate(timeout=20)
        assert "has stopped" in out
        assert process.returncode == 0
    finally:
        process.kill()
