"""The naive judge gives, to the byte, the figures published with the golden cases."""

import csv
from datetime import date
from pathlib import Path

import pytest
from tests import slow
from tests.spec.written import figures_csv

GOLDEN = Path(__file__).resolve().parents[2] / "../shared/data/golden"
CASES = ["one-year", "two-years", "edges", "three-schools"]


def read_rows(path: Path) -> list[slow.Row]:
    """The rows of a file of marks as the judge takes them; columns may come in any order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [read_row(row) for row in csv.DictReader(file)]


def read_row(row: dict[str, str]) -> slow.Row:
    minutes, day = row.get("minutes_late"), date.fromisoformat(row["date"])
    school, edition = row.get("school") or "", row.get("edition") or None
    return slow.Row(row["pupil"], school, day, row["session"], row["code"], int(minutes) if minutes else None, edition)


@pytest.mark.parametrize("case", CASES)
def test_it_gives_the_golden_figures(case: str) -> None:
    if not (GOLDEN / case).is_dir():
        pytest.skip("the golden cases are not beside the repository")
    expected = (GOLDEN / case / "figures.csv").read_bytes()
    assert figures_csv(read_rows(GOLDEN / case / "marks.csv")).encode() == expected


def test_it_refuses_a_code_of_another_edition() -> None:
    row = slow.Row("ada", "", date(2024, 9, 2), "AM", "H")
    with pytest.raises(ValueError, match="H is no code of 2024"):
        slow.figures([row])
