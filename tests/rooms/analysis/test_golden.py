"""The golden cases to the byte, in every form that says the same."""

import csv
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from tests.rooms.analysis.files import Program

GOLDEN = Path(__file__).resolve().parents[3] / "../shared/data/golden"
CASES = ("one-year", "two-years", "edges", "three-schools")

pytestmark = pytest.mark.skipif(not GOLDEN.is_dir(), reason="the golden cases are not beside the repository")


def expected(case: str) -> bytes:
    return (GOLDEN / case / "figures.csv").read_bytes()


@pytest.mark.parametrize("case", CASES)
def test_it_gives_the_golden_figures(program: Program, case: str) -> None:
    assert program.figures(GOLDEN / case / "marks.csv") == expected(case)


@pytest.mark.parametrize("case", CASES)
def test_it_writes_the_same_to_a_file(program: Program, tmp_path: Path, case: str) -> None:
    assert program.figures(GOLDEN / case / "marks.csv", "--out", tmp_path / "out.csv") == b""
    assert (tmp_path / "out.csv").read_bytes() == expected(case)


@pytest.mark.parametrize("case", CASES)
def test_the_order_of_the_lines_does_not_matter(program: Program, tmp_path: Path, case: str) -> None:
    header, *lines = (GOLDEN / case / "marks.csv").read_bytes().splitlines(keepends=True)
    lines.sort(key=lambda line: line[::-1])
    (tmp_path / "marks.csv").write_bytes(header + b"".join(lines))
    assert program.figures(tmp_path / "marks.csv") == expected(case)


@pytest.mark.parametrize("case", CASES)
def test_line_ends_a_mark_at_the_start_and_quotes_do_not_matter(program: Program, tmp_path: Path, case: str) -> None:
    with (GOLDEN / case / "marks.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    with (tmp_path / "marks.csv").open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert program.figures(tmp_path / "marks.csv") == expected(case)


@pytest.mark.parametrize("case", CASES)
def test_long_parquet_gives_the_same(program: Program, tmp_path: Path, case: str) -> None:
    kinds = {name: pa.string() for name in ("pupil", "session", "code", "school", "edition")}
    rows = arrow_csv.read_csv(
        GOLDEN / case / "marks.csv",
        convert_options=arrow_csv.ConvertOptions(column_types=kinds, strings_can_be_null=True),
    )
    parquet.write_table(rows, tmp_path / "marks.parquet", row_group_size=5000)
    assert program.figures(tmp_path / "marks.parquet") == expected(case)


@pytest.mark.parametrize("case", CASES)
def test_parquet_out_holds_what_csv_does(program: Program, tmp_path: Path, case: str) -> None:
    program.figures(GOLDEN / case / "marks.csv", "--out", tmp_path / "out.parquet")
    rows = parquet.read_table(tmp_path / "out.parquet")
    lines = [rows.column_names] + [
        ["" if cell is None else str(cell) for cell in row.values()] for row in rows.to_pylist()
    ]
    assert lines == list(csv.reader(expected(case).decode().splitlines()))


def test_each_edition_can_be_asked_for(program: Program, tmp_path: Path) -> None:
    marks = GOLDEN / "one-year" / "marks.csv"
    assert program.figures(marks, "--edition", "2006") == expected("one-year")
    assert "2024 edition" in program.refusal(marks, "--edition", "2024")


@pytest.mark.parametrize("command", [["codes"], ["figures", str(GOLDEN / "edges" / "marks.csv")]])
def test_it_starts_without_django(command: list[str]) -> None:
    code = "import sys; from rollcall.cli import main; main(sys.argv[1:]); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code, *command], capture_output=True, check=False).returncode == 0
