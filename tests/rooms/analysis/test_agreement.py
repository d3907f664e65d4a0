"""Any file: the fast figures are those of the slow judge, whatever the form, the order and the size of the pieces."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from rollcall.analysis import csv_marks, row_group, sheet_form, working
from rollcall.analysis import marks as packed
from tests.rooms.analysis.files import (
    DAYS,
    LONG,
    Program,
    codes_of,
    judged,
    long_csv,
    rows,
    write_long_parquet,
    write_sheet,
)
from tests.slow import Row

WITHOUT_SCHOOL = tuple(column for column in LONG if column != "school")
quietly = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quietly
@given(marks=rows())
def test_a_long_file_agrees_with_the_judge(program: Program, marks: list[Row]) -> None:
    with TemporaryDirectory() as folder:
        Path(folder, "marks.csv").write_bytes(long_csv(marks, WITHOUT_SCHOOL))
        assert program.figures(f"{folder}/marks.csv") == judged(marks)


@quietly
@given(marks=rows(schools=("north", "south", "=x"), editions=True))
def test_schools_and_editions_agree_with_the_judge_in_any_form(program: Program, marks: list[Row]) -> None:
    with TemporaryDirectory() as folder:
        Path(folder, "marks.csv").write_bytes(long_csv(marks))
        write_long_parquet(Path(folder, "marks.parquet"), marks)
        for name in ("marks.csv", "marks.parquet"):
            assert program.figures(f"{folder}/{name}") == judged(marks, with_school=True)


@quietly
@given(marks=rows(schools=("a", "b")))
def test_small_pieces_come_to_the_same(program: Program, marks: list[Row]) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(csv_marks, "BLOCK_BYTES", 64)
        patch.setattr(working, "CHUNK", 5)
        patch.setattr(working, "MARKS_AT_ONCE", 7)
        patch.setattr(working, "CELLS_AT_ONCE", 9)
        patch.setattr(packed, "NAMES_AT_ONCE", 2)
        Path(folder, "marks.csv").write_bytes(long_csv(marks))
        assert program.figures(f"{folder}/marks.csv") == judged(marks, with_school=True)


@st.composite
def sheets(draw: st.DrawFn) -> list[Row]:
    """A sheet's marks, with no week that is all #, so that its weeks are the same in both forms."""
    found = []
    for pupil in draw(st.lists(st.text("abcé", min_size=1, max_size=3), min_size=1, max_size=6, unique=True)):
        for day in DAYS:
            for half in ("AM", "PM"):
                code = draw(st.sampled_from(["O", "I", *codes_of(day, half)]))
                found.append(Row(pupil, "", day, half, code))
    return [Row("Z", "", day, half, "V") for day in DAYS for half in ("AM", "PM")] + found


@settings(quietly, max_examples=25)
@given(marks=sheets())
def test_sheet_form_agrees_with_the_judge(program: Program, marks: list[Row]) -> None:
    with TemporaryDirectory() as folder:
        sessions = write_sheet(Path(folder, "sheet.parquet"), marks, group=3)
        assert program.figures(f"{folder}/sheet.parquet", "--sessions", sessions) == judged(marks, with_minutes=False)


@pytest.mark.parametrize("group", [3, 10, 1000])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_processes_come_to_the_same(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: int, ending: str
) -> None:
    many = [
        Row(f"{n:03}", "", day, half, "OIVLU-#"[(n * day.day + len(half)) % 7])
        for n in range(60)
        for day in DAYS
        for half in ("AM", "PM")
    ]
    sessions = write_sheet(tmp_path / "sheet.parquet", many, group=group)
    made = []
    for small in (1 << 25, 0):
        monkeypatch.setattr(sheet_form, "SMALL", small)
        monkeypatch.setattr(row_group, "ROWS_AT_ONCE", 1 << 16 if small else 4)
        out = tmp_path / f"{small}.{ending}"
        program.figures(tmp_path / "sheet.parquet", "--sessions", sessions, "--out", out)
        made.append(_read(out))
    assert made[0] == made[1]
    assert len(made[0]) > 60


def _read(path: Path) -> list[object]:
    return path.read_bytes().splitlines() if path.suffix == ".csv" else [1, *parquet.read_table(path).to_pylist()]
