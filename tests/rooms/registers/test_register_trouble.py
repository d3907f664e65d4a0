"""What goes wrong on purpose: killed in the middle of a save, a database that is locked, read-only or full."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from rollcall.registers.models import Entry, SheetRow
from tests.cast import Cast
from tests.rooms.registers.conftest import address

SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite's own file")
POSTGRES = pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")
ROOT = Path(__file__).resolve().parents[3]

# A save that dies after its entries are written and before its transaction ends.
DYING = """
import os, sys, signal
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from datetime import date
from rollcall.registers import actions
from rollcall.registers.actions import writing
from rollcall.schools.models import SchoolClass, Enrolment
from rollcall.journal.actor import INSTALLER
from tests.cast import DAY, moment
def die(*_, **__):
    print(actions.NewMark.__name__, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
writing._project = die
room = SchoolClass.objects.get(name="Kestrels")
marks = [actions.NewMark(e.pk, "/") for e in Enrolment.objects.filter(memberships__school_class=room)]
actions.record_marks(room, DAY, "AM", marks, by=INSTALLER, at=moment(9, 5), key="dying")
"""


@SQLITE
@pytest.mark.django_db(transaction=True)
def test_a_process_killed_in_the_middle_of_a_save_leaves_no_half_register(cast: Cast) -> None:
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "rollcall.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "ROLLCALL_DATABASE": f"sqlite:///{connection.settings_dict['NAME']}",
    }
    command = [sys.executable, "-c", DYING, str(connection.settings_dict["NAME"])]
    died = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert died.stdout.strip() == "NewMark", "it died where the entries were written already"
    assert not Entry.objects.exists()
    assert not SheetRow.objects.exists()


def _says_not_saved(answer) -> None:
    assert answer.status_code == 503
    assert answer.json()["error"].startswith("Nothing was saved")


@SQLITE
@pytest.mark.django_db(transaction=True)
def test_a_locked_database_says_so_and_saves_nothing(signed_in, cast: Cast, send) -> None:
    client = signed_in("teacher")
    client.get(address(cast))
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    try:
        other.execute("BEGIN IMMEDIATE")
        _says_not_saved(send(client, {"Aisha": "/"}))
        other.execute("ROLLBACK")
    finally:
        other.close()
        connection.close()
    assert not Entry.objects.exists()
    assert send(client, {"Aisha": "/"}).status_code == 200


@SQLITE
@pytest.mark.django_db(transaction=True)
def test_a_read_only_database_says_so_and_the_plain_form_keeps_what_was_typed(signed_in, cast: Cast, send) -> None:
    client, ben = signed_in("teacher"), cast.enrolments["Ben"].pk
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    try:
        _says_not_saved(send(client, {"Aisha": "/"}))
        page = client.post(address(cast), {"key": "abcdefgh", f"mark-{ben}": "N", "do": "save"})
    finally:
        connection.close()
    assert page.status_code == 503
    assert "Nothing was saved" in page.content.decode()
    assert next(r for r in page.context["rows"] if r.line.enrolment == ben).chosen == "N"
    assert not Entry.objects.exists()


@SQLITE
@pytest.mark.django_db(transaction=True)
def test_a_full_database_says_so_and_saves_nothing(signed_in, cast: Cast, send) -> None:
    client = signed_in("teacher")
    with connection.cursor() as cursor:
        # Pages that earlier tests left free would take a thousand saves.
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    n_saved = 0
    try:
        for n in range(1000):
            seen, code = ("-" if n == 0 else "N/"[n % 2], "/N"[n % 2])
            answer = send(client, {"Aisha": code}, seen=seen, key=f"key-{n:05}")
            if answer.status_code != 200:
                break
            n_saved += 1
    finally:
        connection.close()
    _says_not_saved(answer)
    assert Entry.objects.count() == n_saved


@POSTGRES
@pytest.mark.django_db(transaction=True)
def test_a_read_only_postgres_says_so(signed_in, cast: Cast, send) -> None:
    client = signed_in("teacher")
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    try:
        _says_not_saved(send(client, {"Aisha": "/"}))
    finally:
        connection.close()
    assert not Entry.objects.exists()
