"""The naive judge gives, to the byte, the figures published with the golden cases."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from tests import slow

GOLDEN = Path(__file__).resolve().parents[2] / "../shared/data/golden"
CASES = ["one-year", "two-years", "edges", "three-schools"]


def read_rows(path: Path) -> list[slow.Row]:
    """The rows of a file of marks as the judge takes them; columns may come in any order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [read_row(row) for row in csv.DictReader(file)]


def read_row(row: dict[str, str]) -> slow.Row:
    minutes = row.get("minutes_late") or None
    return slow.Row(
        row["pupil"],
        row.get("school") or "",
        date.fromisoformat(row["date"]),
        row["session"],
        row["code"],
        int(minutes) if minutes else None,
        row.get("edition") or None,
    )


def write_figures(rows: list[slow.Row]) -> str:
    """What `rollcall figures` prints for the rows; a school column stands after the pupil where any row has a school."""
    columns = list(slow.COLUMNS)
    if any(row.school for row in rows):
        columns.insert(1, "school")
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for (pupil, school), found in slow.figures(rows).items():
        writer.writerow({"pupil": pupil, "school": school, **found})
    return out.getvalue()


@pytest.mark.parametrize("case", CASES)
def test_it_gives_the_golden_figures(case: str) -> None:
    if not (GOLDEN / case).is_dir():
        pytest.skip("the golden cases are not beside the repository")
    expected = (GOLDEN / case / "figures.csv").read_text(encoding="utf-8")
    assert write_figures(read_rows(GOLDEN / case / "marks.csv")) == expected
