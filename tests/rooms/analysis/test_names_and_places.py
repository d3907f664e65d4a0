"""Names in any encoding and however hostile, the places figures are written to, and the table of codes."""

import csv
import io
import os
from pathlib import Path

import pytest
from pyarrow import parquet

from rollcall.analysis import output
from rollcall.rules.codes import EDITIONS, TEXT, table
from tests.rooms.analysis.files import Program

HEADER = "pupil,date,session,code\n"
HOSTILE = [
    '=cmd|" /C calc"!A1',
    "@sum(1)",
    "-1",
    "a,b",
    'say "hi"',
    "two\nlines",
    "r\rr",
    " spaced ",
    "🎒",
    "x" * 100_000,
]


def names_out(content: bytes) -> list[str]:
    return [row[0] for row in csv.reader(io.StringIO(content.decode(), newline=""))][1:]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_hostile_names_come_out_as_they_went_in(program: Program, tmp_path: Path, ending: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(
        [["pupil", "date", "session", "code"], *([name, "2023-09-04", "AM", "/"] for name in HOSTILE)]
    )
    (tmp_path / "marks.csv").write_bytes(text.getvalue().encode())
    program.figures(tmp_path / "marks.csv", "--out", tmp_path / f"out.{ending}")
    if ending == "csv":
        found = names_out((tmp_path / "out.csv").read_bytes())
    else:
        found = parquet.read_table(tmp_path / "out.parquet")["pupil"].to_pylist()
    assert found == sorted(HOSTILE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_names_are_read_in_either_encoding_and_sorted_as_text(program: Program, tmp_path: Path, encoding: str) -> None:
    names = ["Zoë", "Ana", "Élodie", "Łukasz" if encoding != "cp1252" else "Œ", "ß"]
    rows = "".join(f"{name},2023-09-04,AM,/\n" for name in names)
    (tmp_path / "marks.csv").write_bytes((HEADER + rows).encode(encoding))
    assert names_out(program.figures(tmp_path / "marks.csv")) == sorted(names)


def test_schools_are_read_in_the_same_encoding(program: Program, tmp_path: Path) -> None:
    content = "school,pupil,date,session,code\nSt Zoë,a,2023-09-04,AM,/\nSt Ana,a,2023-09-04,AM,I\n"
    (tmp_path / "marks.csv").write_bytes(content.encode("cp1252"))
    rows = list(csv.reader(io.StringIO(program.figures(tmp_path / "marks.csv").decode())))
    assert [row[:4] for row in rows[1:]] == [["a", "St Ana", "1", "0"], ["a", "St Zoë", "1", "1"]]


def test_names_in_no_encoding_are_refused(program: Program, tmp_path: Path) -> None:
    (tmp_path / "marks.csv").write_bytes(HEADER.encode() + b"a\x81b,2023-09-04,AM,/\n")
    assert "expected UTF-8 or Windows-1252 throughout" in program.refusal(tmp_path / "marks.csv")


def test_other_columns_are_passed_over_and_any_order_will_do(program: Program, tmp_path: Path) -> None:
    (tmp_path / "marks.csv").write_text("code,note,,session,pupil,,date\nI,x,,PM,a,,2023-09-04\n")
    assert program.figures(tmp_path / "marks.csv").splitlines()[1] == b"a,1,0,1,0,0,0,0,0,0.0,1,1,3,4,0,,1"


def test_a_pupil_seldom_seen_over_centuries_is_no_trouble(program: Program, tmp_path: Path) -> None:
    rows = "".join(f"p{year},{year:04}-03-01,AM,O\n" for year in range(1, 9999, 7))
    (tmp_path / "marks.csv").write_text(HEADER + rows)
    lines = program.figures(tmp_path / "marks.csv").splitlines()
    assert len(lines) == 1 + len(range(1, 9999, 7))


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    file = tmp_path / "marks.csv"
    file.write_text(HEADER + "a,2023-09-04,AM,/\n")
    return file


def test_another_ending_is_refused(program: Program, tmp_path: Path, marks: Path) -> None:
    assert "use .csv or .parquet" in program.refusal(marks, "--out", tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize("name", ["no-such.csv", "."])
def test_a_file_that_can_not_be_read_is_named(program: Program, tmp_path: Path, marks: Path, name: str) -> None:
    assert "can't be read" in program.refusal(tmp_path / name)
    assert "can't be read" in program.refusal(marks, "--sessions", tmp_path / name)


@pytest.mark.parametrize("out", ["no-such-folder/out.csv", "marks.csv/out.csv"])
def test_a_place_that_can_not_be_written_is_named(program: Program, tmp_path: Path, marks: Path, out: str) -> None:
    assert "can't be written" in program.refusal(marks, "--out", tmp_path / out)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_nothing_is_touched_where_the_input_is_bad(program: Program, tmp_path: Path, ending: str) -> None:
    bad, out = tmp_path / "bad.csv", tmp_path / f"out.{ending}"
    bad.write_text(HEADER + "a,2023-09-04,AM,?\n")
    out.write_text("before")
    program.refusal(bad, "--out", out)
    assert out.read_text() == "before"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bad.csv", out.name]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_full_disk_leaves_nothing_behind(
    program: Program, tmp_path: Path, marks: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output.os, "fsync", full)
    assert "can't be written (No space left on device)" in program.refusal(marks, "--out", tmp_path / f"out.{ending}")
    assert [file.name for file in tmp_path.iterdir()] == ["marks.csv"]


def test_a_file_has_the_rights_that_others_have(program: Program, tmp_path: Path, marks: Path) -> None:
    program.figures(marks, "--out", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").stat().st_mode == marks.stat().st_mode
    assert not os.access(tmp_path / "out.csv", os.X_OK)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_table_of_codes_is_printed(program: Program, edition: str) -> None:
    rows = list(csv.DictReader(io.StringIO(program("codes", "--edition", edition).out.decode())))
    assert [row["code"] for row in rows] == list(table(edition))
    for row in rows:
        assert TEXT[int(row["byte"])] == row["code"]
        assert len(row["code"]) == 2 or row["byte"] == str(ord(row["code"]))
        assert row["counts_as"] in {"attending", "educational_activity", "authorised", "unauthorised", "not_possible"}


def test_the_newest_codes_are_printed_where_no_edition_is_named(program: Program) -> None:
    assert program("codes").out == program("codes", "--edition", "2024").out


@pytest.mark.parametrize(
    "asked", [["figures"], ["figures", "a", "b"], ["codes", "--edition", "1996"], ["figures", "a", "--x"]]
)
def test_what_can_not_be_understood_is_one_line_and_exit_2(program: Program, asked: list[str]) -> None:
    ran = program(*asked)
    assert (ran.exit, ran.out, ran.err.count("\n")) == (2, b"", 1)


def test_an_unknown_command_is_one_line_and_exit_2(program: Program) -> None:
    ran = program("attendance")
    assert (ran.exit, ran.out, ran.err.count("\n")) == (2, b"", 1)
