"""How fast pages are on a school's year, and how large: on SQLite and on PostgreSQL, each in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from bench import databases

PATIENCE = 900
START = "import django; django.setup(); from bench.{} import main; main()"
DAY_SIZES = (420, 2000)
MESSAGES = 1000
DATABASES: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "sqlite": databases.sqlite,
    "postgres": databases.postgres,
}


def run(scale: float = 1.0, only: str = "", what: str = "pages") -> list[dict[str, Any]]:
    """Rows of name, value, unit, limit and note. scale: 1.0 for 400 pupils and 190 days. only: one of the databases.

    what: "pages", or "messages" for those through a worker that is killed.
    """
    rows: list[dict[str, Any]] = []
    for name, database in DATABASES.items():
        if only in ("", name):
            try:
                for part, *arguments in _parts(scale) if what == "pages" else _messages(scale):
                    with database() as url:
                        rows += _measured(url, part, *arguments)
            except databases.Missing as missing:
                rows.append({"name": f"{what}, {name}", "value": None, "unit": "", "limit": None, "note": str(missing)})
    return rows


def _parts(scale: float) -> list[list[str]]:
    """What is measured on a database of its own, with arguments: a year, days and reviews at two sizes, mornings."""
    small, large = (str(max(40, int(size * scale))) for size in DAY_SIZES)
    days = [["day", small, str(scale), "live"], ["day", large, str(scale)]]
    reviews = [["casework", small, str(scale)], ["casework", large, str(scale)]]
    return [["inside", str(scale)], *days, *reviews, ["saved", str(scale)], ["morning", str(scale)]]


def _messages(scale: float) -> list[list[str]]:
    return [["messages", str(max(40, int(MESSAGES * scale)))]]


def _measured(url: str, part: str, *arguments: str) -> list[dict[str, Any]]:
    """Measure on an empty database. Raises RuntimeError where the measuring process fails."""
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as var:
        ours = {"DATABASE": url, "VAR": var, "DEBUG": "no", "DEMO": "no", "HTTPS": "no"}
        environment = {
            **os.environ,
            **{f"ROLLCALL_{name}": value for name, value in ours.items()},
            "DJANGO_SETTINGS_MODULE": "rollcall.settings",
        }
        command = [sys.executable, "-c", START.format(part), *arguments]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=PATIENCE)
    if done.returncode:
        raise RuntimeError(f"Measuring pages on {url.split(':')[0]} ended with {done.returncode}; its words are above.")
    rows: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return rows
