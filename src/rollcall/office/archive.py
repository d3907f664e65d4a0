"""A backup as one file: a zip with the database's own copy, what engine made it, and its digest.

SQLite is copied with its online backup, PostgreSQL with pg_dump; a backup goes back into the engine it came from.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.db import connection

FORM = 1


class ArchiveError(Exception):
    """A backup that can't be made or read; the message is a sentence."""


def write_archive(path: Path) -> int:
    """Write the backup, whole or not at all; returns its size in bytes. Raises ArchiveError, OSError.

    Not inside a transaction: SQLite would wait for it for ever.
    """
    if connection.in_atomic_block:
        raise ArchiveError("a backup can't be made inside a transaction.")
    with tempfile.TemporaryDirectory(dir=path.resolve().parent) as folder:
        copy, whole = Path(folder) / "database", Path(folder) / "archive"
        _copy_out(copy)
        with copy.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        about = {"form": FORM, "engine": connection.vendor, "sha256": digest}
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("about.json", json.dumps(about))
            archive.write(copy, "database")
        size = whole.stat().st_size
        whole.replace(path)
    return size


def read_archive(path: Path) -> None:
    """Restore a backup into the database of the settings, which must hold no school. Raises ArchiveError, OSError."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "database"
        try:
            with zipfile.ZipFile(path) as archive:
                about = json.loads(archive.read("about.json"))
                with archive.open("database") as source, copy.open("wb") as target:
                    shutil.copyfileobj(source, target)
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            raise ArchiveError(f"{path} is not a backup of Rollcall.") from error
        _check(path, about, copy)
        _copy_in(copy)


def _check(path: Path, about: dict[str, Any], copy: Path) -> None:
    if about.get("form") != FORM:
        raise ArchiveError(f"{path} was made by another version of Rollcall (form {about.get('form')}).")
    if about["engine"] != connection.vendor:
        raise ArchiveError(f"{path} comes from {about['engine']}; this installation runs on {connection.vendor}.")
    with copy.open("rb") as file:
        if file_digest(file, "sha256").hexdigest() != about["sha256"]:
            raise ArchiveError(f"{path} is damaged: its digest is not the one that was written.")
    if _holds_a_school():
        raise ArchiveError("this database holds a school already; restore into an empty one.")


def _holds_a_school() -> bool:
    tables = connection.introspection.table_names()
    if "schools_school" not in tables:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM schools_school")
        return bool(cursor.fetchone()[0])


def _copy_out(copy: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(copy) as target:
            connection.connection.backup(target)
        target.close()
    else:
        _run(["pg_dump", "--format=custom", "--no-owner", f"--file={copy}", _name()])


def _copy_in(copy: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        source = sqlite3.connect(copy)
        source.backup(connection.connection)
        source.close()
        connection.close()
    else:
        _run(
            ["pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error", f"--dbname={_name()}", str(copy)]
        )


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(command: list[str]) -> None:
    settings = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = os.environ | {key: str(settings[name]) for key, name in names.items() if settings[name]}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise ArchiveError(f"{command[0]} is not on this machine; install PostgreSQL's client programs.") from error
    if done.returncode:
        raise ArchiveError(f"{command[0]} said: {done.stderr.strip().splitlines()[-1]}")
