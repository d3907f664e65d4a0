"""`python -m bench`: how fast, how large, on this machine, beside what was promised; as one table or as JSON.

It never fails for being slow: it says "over", and people decide.
"""

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from bench import pages

try:
    from bench import figures, notices
except ImportError:  # DuckDB and psutil are in the group `bench` alone
    figures = None  # type: ignore[assignment]

Row = dict[str, Any]
HEADINGS = ("name", "measured", "limit", "within?", "note")


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table, write the JSON where asked."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    parser.add_argument("--only", choices=("pages", "messages", "figures"), help="measure one of them")
    parser.add_argument("--database", choices=tuple(pages.DATABASES), default="", help="pages on one database alone")
    parser.add_argument("--scale", type=float, default=1.0, help="a part of the full size, such as 0.1")
    given = parser.parse_args(arguments)
    if figures is None and given.only in (None, "figures"):
        parser.error("DuckDB or psutil is missing: run `make bench`, which installs them, or ask for --only pages.")
    rows = []
    for what in ("pages", "messages"):
        rows += pages.run(given.scale, given.database, what) if given.only in (None, what) else []
    if given.only in (None, "figures"):
        rows += notices.run(given.scale) + figures.run(given.scale)
    print(table(rows), f"\nMachine: {machine()}. Scale: {given.scale:g}.", sep="\n")
    if given.json:
        given.json.write_text(json.dumps({"machine": machine(), "scale": given.scale, "rows": rows}, indent=1) + "\n")
    return 0


def machine() -> str:
    """What it ran on, and how busy that is beside us."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"Python {platform.python_version()}"
    return f"{platform.system()} {platform.machine()}, {cores} cores, {python}, load {os.getloadavg()[0]:.1f}"


def within(row: Row) -> str:
    """yes, or over; nothing where nothing was promised. What is counted by the second must be reached."""
    if row["limit"] is None or row["value"] is None:
        return ""
    more_is_better = row["unit"].endswith("a second")
    kept = row["value"] >= row["limit"] if more_is_better else row["value"] <= row["limit"]
    return "yes" if kept else "over"


def table(rows: list[Row]) -> str:
    """The rows as text in columns."""
    lines = [HEADINGS, *((*_measured(row), within(row), row["note"]) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS) - 1)]
    return "\n".join(_line(line, widths) for line in [lines[0], tuple("-" * w for w in (*widths, 4)), *lines[1:]])


def _measured(row: Row) -> tuple[str, str, str]:
    limit = "" if row["limit"] is None else f"{row['limit']:g}"
    value = "" if row["value"] is None else f"{row['value']:,.10g} {row['unit']}"
    return row["name"], value, limit


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    name, *middle = [
        f"{cell:{'<' if n == 0 else '>'}{width}}" for n, (cell, width) in enumerate(zip(cells, widths, strict=False))
    ]
    return "  ".join((name, *middle, cells[-1])).rstrip()


if __name__ == "__main__":
    sys.exit(main())
