"""What can be wrong with a cell of a file on its way in, as pages, commands and the downloadable list show it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

from rollcall.rules.tables import BadCell
from rollcall.rules.tables.cells import safe_cell

SHOWN = 50


def as_csv(bad: Sequence[BadCell]) -> str:
    """Every bad cell as a CSV table: row, column, value, problem."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["row", "column", "value", "problem"])
    writer.writerows([one.row, safe_cell(one.column), safe_cell(one.value), safe_cell(one.problem)] for one in bad)
    return out.getvalue()


def together(bad: Sequence[BadCell]) -> list[BadCell]:
    """Bad cells by their rows, each once with everything that is wrong with it."""
    found: dict[tuple[int, str], BadCell] = {}
    for one in sorted(bad, key=lambda one: one.row):
        key = (one.row, one.column)
        earlier = found.get(key)
        if earlier is None:
            found[key] = one
        elif one.problem not in earlier.problem:
            found[key] = replace(earlier, problem=f"{earlier.problem} {one.problem}")
    return list(found.values())
