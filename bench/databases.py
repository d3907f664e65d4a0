"""Empty databases to measure on: a file of SQLite, and a PostgreSQL of our own on loopback, stopped in the end."""

import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

PATIENCE = 60


class Missing(Exception):
    """This machine has no such database; the message says what to install."""


@contextmanager
def sqlite() -> Iterator[str]:
    """The URL of a file with the tables and nothing in them; they are made once and copied, for that takes seconds."""
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder:
        file = Path(folder, "bench.sqlite3")
        file.write_bytes(_tables())
        yield f"sqlite:///{file}"


@cache
def _tables() -> bytes:
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder:
        file = Path(folder, "tables.sqlite3")
        ours = {"ROLLCALL_DATABASE": f"sqlite:///{file}", "ROLLCALL_VAR": folder}
        environment = {**os.environ, **ours, "DJANGO_SETTINGS_MODULE": "rollcall.settings"}
        command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(command, env=environment, check=True, timeout=PATIENCE)
        _settle(file)
        return file.read_bytes()


def _settle(file: Path) -> None:
    """Write what still stands in the log beside a database into its file."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database in a cluster of its own, with Debian's defaults. Raises Missing."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as name:
        folder, port = Path(name), free_port()
        if os.geteuid() == 0:
            os.chown(folder, *_postgres_ids())
        cluster = str(folder / "cluster")
        _run(folder, programs / "initdb", "-D", cluster, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder}"
        log = str(folder / "log")
        try:
            _run(folder, programs / "pg_ctl", "-D", cluster, "-w", "-s", "-l", log, "-o", options, "start")
            _run(folder, programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "rollcall")
            yield f"postgres://postgres@127.0.0.1:{port}/rollcall"
        finally:
            _run(folder, programs / "pg_ctl", "-D", cluster, "-s", "-m", "immediate", "stop", check=False)


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _programs() -> Path:
    """The folder of PostgreSQL's own programs."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/pgsql/bin")]
    if on_path := shutil.which("initdb"):
        places.append(Path(on_path).parent)
    for place in places:
        if (place / "initdb").exists():
            return place
    raise Missing("PostgreSQL is not on this machine: install `postgresql` to measure on it too.")


def _postgres_ids() -> tuple[int, int]:
    """The user who runs it where we are root, whom it refuses."""
    try:
        found = pwd.getpwnam("postgres")
    except KeyError:
        raise Missing("PostgreSQL refuses to run as root and there is no user `postgres`.") from None
    return found.pw_uid, found.pw_gid


def _run(folder: Path, *command: str | Path, check: bool = True) -> None:
    user: dict[str, object] = {}
    if os.geteuid() == 0:
        uid, gid = _postgres_ids()
        user = {"user": uid, "group": gid, "extra_groups": []}
    with (folder / f"{Path(command[0]).name}.out").open("w+b") as said:
        subprocess.run(command, cwd=folder, check=check, timeout=PATIENCE, stdout=said, stderr=said, **user)  # type: ignore[call-overload]
