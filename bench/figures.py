"""How fast figures come out of files: the whole country in sheet form, and long files sorted and not.

The data is made up and the same each time. The real program is run in a process of its own; time is on the clock on the
wall and memory the sum over all its processes. Beside it stands the same job as one statement of SQL in DuckDB.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv, parquet

from bench.figures_sql import long_sql, sheet_sql

N_PUPILS, N_MARKS = 8_400_000, 50_000_000
GROUP = 1 << 17
SQL_SHARE = 100
"""SQL takes a quarter of an hour for all pupils, so it is asked about one in so many."""

SHARES = np.linspace(0.01, 0.22, 16)
"""Pupils are of sixteen sorts, by the share of sessions that they miss."""

FIRST_MONDAY = date(2023, 9, 4)
HOLIDAYS = (7, 15, 16, 23, 30, 31, 38)
N_SESSIONS = 390


def school_year(n: int = N_SESSIONS) -> list[tuple[date, str]]:
    """The first n sessions of 2023/24 and on, with weeks without school in them."""
    weeks = [week for week in range(n) if week % 52 not in HOLIDAYS]
    days = [FIRST_MONDAY + timedelta(weeks=week, days=day) for week in weeks for day in range(5)]
    return [(day, half) for day in days for half in ("AM", "PM")][:n]


def marks(n: int, m: int, seed: int) -> NDArray[np.uint8]:
    """uint8[n, m]: marks of n pupils."""
    cells = np.random.default_rng(seed).integers(0, 256, (n, m), np.uint8)
    for sort, share in enumerate(SHARES):
        for half, present in enumerate(b"/\\"):
            kinds = np.full(256, present, np.uint8)
            absent = round(256 * share)
            kinds[:absent] = np.frombuffer(b"IIIIIIMCOGN", np.uint8)[np.arange(absent) % 11]
            kinds[absent : absent + 4] = np.frombuffer(b"LLVU", np.uint8)
            cells[sort :: len(SHARES), half::2] = kinds[cells[sort :: len(SHARES), half::2]]
    return cells


def write_sheet(path: Path, n_pupils: int, group: int = GROUP) -> None:
    """A file in sheet form, and the sessions beside it."""
    sessions = school_year()
    schema = pa.schema({"pupil": pa.int64(), "marks": pa.binary()})
    with parquet.ParquetWriter(path, schema, compression="zstd", use_dictionary=False) as file:
        for first in range(0, n_pupils, group):
            n = min(group, n_pupils - first)
            ends = pa.py_buffer(np.arange(n + 1, dtype=np.int32) * len(sessions))
            cells = pa.py_buffer(marks(n, len(sessions), first).tobytes())
            rows = pa.BinaryArray.from_buffers(pa.binary(), n, [None, ends, cells])
            file.write_table(pa.table({"pupil": pa.array(np.arange(first, first + n)), "marks": rows}, schema))
    lines = [f"{day},{half}\n" for day, half in sessions]
    sessions_beside(path).write_text("date,session\n" + "".join(lines))


def sessions_beside(path: Path) -> Path:
    """Where the sessions of a file in sheet form are."""
    return path.with_suffix(".sessions.csv")


def write_long(path: Path, n_marks: int, by_date: bool) -> None:
    """A long CSV file, sorted by pupil and date or, in the order of registers, by date alone."""
    sessions = school_year()
    m = len(sessions)
    n = max(1, n_marks // m)
    cells = marks(n, m, 7)
    order = np.random.default_rng(3).permutation(n) if by_date else np.arange(n)
    pupils = pa.array([f"P{number:08d}" for number in order])
    days, halves = pa.array([str(day) for day, _ in sessions]), pa.array([half for _, half in sessions])
    codes, late = (
        pa.array([chr(byte) for byte in range(256)]),
        pa.array(["7" if chr(byte) in "LU" else "" for byte in range(256)]),
    )
    with path.open("wb") as file:
        file.write(b"pupil,date,session,code,minutes_late\n")
        for at in range(0, n * m, 1 << 20):
            place = np.arange(at, min(at + (1 << 20), n * m))
            row, column = (place % n, place // n) if by_date else (place // m, place % m)
            byte = cells[order[row], column]
            columns = [pupils.take(row), days.take(column), halves.take(column), codes.take(byte), late.take(byte)]
            options = csv.WriteOptions(include_header=False, quoting_style="none")
            csv.write_csv(pa.table(columns, list("abcde")), file, options)


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds that a command takes, and megabytes at its fullest, summed over its processes. Raises where it fails."""
    start, peak = time.perf_counter(), 0
    with subprocess.Popen(command) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, sum(_memory(one) for one in _family(watched)))
            time.sleep(0.02)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}.")
    return time.perf_counter() - start, peak / 1e6


def _family(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def program(*arguments: str | Path) -> list[str]:
    """The command line of the real program."""
    return [sys.executable, "-m", "rollcall.cli", "figures", *map(str, arguments)]


def run(scale: float = 1.0) -> list[dict[str, Any]]:
    """Rows of name, value, unit, limit and note. scale: 1.0 for the whole country, to which alone limits apply."""
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder:
        note = ""
        if shutil.disk_usage(folder).free < scale * 8e9:
            scale, note = scale / 10, "a tenth of the size, for the disk is too small; "
        return [*_sheet(Path(folder), scale, note), *_long(Path(folder), scale, note)]


def _row(name: str, value: float, unit: str, limit: float | None, note: str) -> dict[str, Any]:
    return {"name": name, "value": round(value, 2), "unit": unit, "limit": limit, "note": note}


def _sheet(folder: Path, scale: float, note: str) -> Iterator[dict[str, Any]]:
    file, n = folder / "country.parquet", int(N_PUPILS * scale)
    write_sheet(file, n)
    note += f"{n:,} pupils x {N_SESSIONS} sessions, file of {file.stat().st_size / 1e9:.2f} GB"
    for ending in ("parquet", "csv"):
        seconds, memory = measured(
            program(file, "--sessions", sessions_beside(file), "--out", folder / f"out.{ending}")
        )
        yield _row(f"sheet form to {ending}", seconds, "s", 10 if n >= N_PUPILS else None, note)
        yield _row(f"sheet form to {ending}, memory", memory, "MB", 2000, "summed over processes")
    file.unlink()
    part = max(1, n // SQL_SHARE)
    write_sheet(file, part)
    seconds, memory = measured(_duckdb(sheet_sql(file, N_SESSIONS, folder / "sql.parquet")))
    note = f"{part:,} pupils, their time multiplied; no longest absence, no date of the threshold, no checks"
    yield _row("the same in DuckDB", seconds * n / part, "s", None, note)
    yield _row("the same in DuckDB, memory", memory, "MB", None, f"{part:,} pupils")
    file.unlink()


def _long(folder: Path, scale: float, note: str) -> Iterator[dict[str, Any]]:
    n = int(N_MARKS * scale)
    for order in ("sorted", "unsorted"):
        file = folder / f"{order}.csv"
        write_long(file, n, by_date=order == "unsorted")
        seconds, memory = measured(program(file, "--out", folder / "out.csv"))
        about = f"{note}{n:,} marks, file of {file.stat().st_size / 1e9:.2f} GB"
        yield _row(
            f"long CSV, {order}", n / seconds / 1e6, "million marks a second", 5 if n >= N_MARKS else None, about
        )
        yield _row(f"long CSV, {order}, memory", memory, "MB", None, f"{memory * 1e6 / n:.0f} bytes a mark")
        seconds, memory = measured(_duckdb(long_sql(file, folder / "sql.csv")))
        yield _row("the same in DuckDB", n / seconds / 1e6, "million marks a second", None, "")
        yield _row("the same in DuckDB, memory", memory, "MB", None, "")
        file.unlink()


def _duckdb(sql: str) -> list[str]:
    return [sys.executable, "-c", "import duckdb, sys; duckdb.sql(sys.argv[1])", sql]
