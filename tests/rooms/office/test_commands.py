"""`rollcall init`, `backup` and `restore`: from an empty database to a ready one, and back again."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from unittest.mock import Mock, patch

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from rollcall.accounts.models import Grant, User
from rollcall.casework.models import StepTaken
from rollcall.journal.actions import begin
from rollcall.office.archive import ArchiveError, read_archive
from rollcall.registers.actions import NewMark, record_marks
from rollcall.registers.models import Entry
from rollcall.schools.models import Federation, PolicyVersion
from tests.cast import DAY, Cast, moment

GIVEN = {
    "federation": "Downland Federation",
    "name": "Ada Administrator",
    "email": "ada@example.org",
    "policy": "federation",
    "effective": "2023-09-01",
    "approved": "2023-07-01",
    "review": "2026-07-01",
}


def init(**changed: str) -> None:
    options = [f"--{key}={value}" for key, value in (GIVEN | changed).items()]
    call_command("init", *options)


@pytest.fixture(autouse=True)
def _password(monkeypatch) -> None:
    monkeypatch.setenv("ROLLCALL_ADMIN_PASSWORD", "a long and private phrase")


def test_init_says_when_the_policy_is_under_an_older_law(db, capsys) -> None:
    with freeze_day(date(2026, 9, 1)):
        init()
    assert "written under the law of 2006, and that of 2024 is in force" in capsys.readouterr().out


def test_init_makes_an_installation_ready(db) -> None:
    init()
    user = User.objects.get()
    assert user.check_password("a long and private phrase")
    assert Grant.objects.get().role == "administrator"
    assert PolicyVersion.objects.get().effective.isoformat() == "2023-09-01"
    with pytest.raises(CommandError, match="federation already"):
        init()


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("email", "not an address", "not an e-mail address"),
        ("policy", "no-such-policy", "neither a shipped policy"),
        ("review", "2030-01-01", "at most 3 years"),
        ("approved", "2023-10-01", "approved the policy before"),
        ("effective", "tomorrow", "not a date"),
    ],
)
def test_a_wrong_answer_founds_nothing(db, key: str, value: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        init(**{key: value})
    assert not Federation.objects.exists()


def test_a_database_written_wrong_is_one_sentence(tmp_path: Path) -> None:
    ran = rollcall("banana", tmp_path, "check")
    assert ran.returncode == 2
    assert ran.stderr.startswith("rollcall: ROLLCALL_DATABASE is 'banana'")
    assert "Traceback" not in ran.stderr


def test_an_end_of_input_among_the_questions_is_one_sentence(db, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", Mock(side_effect=EOFError))
    with pytest.raises(CommandError, match="nothing was written"):
        call_command("init")
    assert not Federation.objects.exists()


def test_a_weak_password_founds_nothing(db, monkeypatch) -> None:
    monkeypatch.setenv("ROLLCALL_ADMIN_PASSWORD", "password")
    with pytest.raises(CommandError, match="too (short|common)"):
        init()
    assert not Federation.objects.exists()


@pytest.fixture
def two_databases(tmp_path: Path, django_db_blocker) -> Iterator[list[str]]:
    """The URLs of two empty databases of the engine under test, each for a program of its own."""
    if connection.vendor == "sqlite":
        yield [f"sqlite:///{tmp_path / name}.sqlite3" for name in ("first", "second")]
        return
    url = settings.DATABASES["default"]
    names = [f"rollcall_{tmp_path.name[-20:]}_{n}".replace("-", "_") for n in (1, 2)]
    server = psycopg.connect(
        host=url["HOST"], port=url["PORT"], user=url["USER"], password=url["PASSWORD"], dbname="postgres"
    )
    server.autocommit = True
    for name in names:
        server.execute(f"CREATE DATABASE {name}")
    yield [f"postgres://{url['USER']}@{url['HOST']}:{url['PORT']}/{name}" for name in names]
    for name in names:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


def rollcall(url: str, var: Path, *command: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"ROLLCALL_DATABASE": url, "ROLLCALL_VAR": str(var)}
    run = [sys.executable, "-m", "rollcall.cli", *command]
    return subprocess.run(run, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_backup_goes_back_into_an_empty_database_and_over_no_school(two_databases: list[str], tmp_path: Path) -> None:
    first, second = two_databases
    file = tmp_path / "copy.rollcall"
    assert rollcall(first, tmp_path, "init", *(f"--{key}={value}" for key, value in GIVEN.items())).returncode == 0
    assert rollcall(first, tmp_path, "backup", str(file)).returncode == 0
    restored = rollcall(second, tmp_path, "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    again = rollcall(second, tmp_path, "init", *(f"--{key}={value}" for key, value in GIVEN.items()))
    assert "federation already" in again.stderr


def test_a_restore_never_writes_over_a_school(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "copy.zip"
    with zipfile.ZipFile(file, "w") as archive:
        about = {"form": 1, "engine": connection.vendor, "sha256": sha256(b"x").hexdigest()}
        archive.writestr("about.json", json.dumps(about))
        archive.writestr("database", b"x")
    with pytest.raises(CommandError, match="holds a school already"):
        call_command("restore", str(file))


def test_a_file_that_is_no_backup_is_refused(db, tmp_path: Path) -> None:
    text, other = tmp_path / "letter.txt", tmp_path / "other.zip"
    text.write_text("Dear all")
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("about.json", json.dumps({"form": 1, "engine": connection.vendor, "sha256": "0"}))
        archive.writestr("database", "nothing")
    for file, sentence in ((text, "not a backup"), (other, "damaged")):
        with pytest.raises(ArchiveError, match=sentence):
            read_archive(file)


@contextmanager
def freeze_day(day: date) -> Iterator[None]:
    """The day that commands ask, standing still."""
    with patch("django.utils.timezone.localdate", lambda *_: day):
        yield


@contextmanager
def freeze(at: datetime) -> Iterator[None]:
    """The clock that commands ask, standing still."""
    with patch("django.utils.timezone.localtime", lambda *_: at):
        yield


@pytest.mark.policy("4.1-e")
def test_retain_leaves_what_is_not_past_its_date(cast: Cast, capsys) -> None:
    marks = [NewMark(cast.enrolments["Aisha"].pk, "/")]
    record_marks(cast.kestrels, DAY, "AM", marks, by=cast.actor("teacher"), at=cast.at, key="k")
    with freeze(moment(12, 0, date(2030, 5, 14))):
        call_command("retain")
    assert Entry.objects.count() == 1
    with freeze(moment(12, 0, date(2030, 5, 15))):
        call_command("retain")
    assert not Entry.objects.exists()
    assert "Hamsey Primary School: 1 entries" in capsys.readouterr().out


@pytest.mark.policy("4.1-e")
def test_retain_keeps_what_a_recent_case_rests_on(cast: Cast) -> None:
    marks = [NewMark(cast.enrolments["Aisha"].pk, "/")]
    record_marks(cast.kestrels, DAY, "AM", marks, by=cast.actor("teacher"), at=cast.at, key="k")
    deed = begin("step", by=cast.actor("head"), at=cast.at)
    StepTaken.objects.create(
        pupil=cast.pupil("Aisha"), school=cast.hamsey, step="letter-1", day=date(2029, 1, 10), deed=deed
    )
    with freeze(moment(12, 0, date(2031, 6, 1))):
        call_command("retain")
    assert Entry.objects.count() == 1
    with freeze(moment(12, 0, date(2032, 6, 1))):
        call_command("retain")
    assert not Entry.objects.exists()


def test_a_file_that_is_not_there_is_named_in_a_sentence(db, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.rollcall can't be read \(No such file"):
        call_command("restore", str(tmp_path / "none.rollcall"))
