"""Every way in which a Parquet file, its sessions or the place for the figures can be wrong."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.rooms.analysis.files import Program

SESSIONS = "date,session\n2023-09-04,AM\n2023-09-04,PM\n2023-09-05,AM\n"
LONG = {"pupil": ["a", "a"], "date": [date(2023, 9, 4)] * 2, "session": ["AM", "PM"], "code": ["/", "\\"]}


@pytest.fixture
def sheet(program: Program, tmp_path: Path):
    """The refusal of a sheet, or its figures where `right`."""

    def run(
        pupils: Sequence[object],
        marks: Sequence[object],
        sessions: str = SESSIONS,
        right: bool = False,
        **asked: object,
    ) -> str:
        file, beside = tmp_path / "sheet.parquet", tmp_path / "sessions.csv"
        parquet.write_table(pa.table({"pupil": pupils, "marks": marks}), file, row_group_size=2)
        beside.write_text(sessions)
        arguments = (file, "--sessions", beside, *(f"--{name}={value}" for name, value in asked.items()))
        if right:
            return program.figures(*arguments).decode()
        return program.refusal(*arguments).removeprefix(f"{tmp_path}/")

    return run


def test_a_right_sheet_is_worked_out_with_text_or_numbers(sheet) -> None:
    rows = sheet([9, 10], [b"/\\O", b"--#"], right=True).splitlines()
    assert rows[1:] == ["9,3,2,0,1,0,0,0,,66.7,1,0,3,3,1,,1", "10,0,0,0,0,2,0,0,,,0,0,,,0,,0"]
    assert sheet(["9"], ["/\\O"], right=True).splitlines()[1] == rows[1]
    assert sheet(["9"], pa.array([b"/\\O"], pa.binary(3)), right=True).splitlines()[1] == rows[1]
    assert (
        sheet(pa.array(["9"]).dictionary_encode(), pa.array(["/\\O"], pa.large_string()), right=True).splitlines()[1]
        == rows[1]
    )


@pytest.mark.parametrize(
    ("pupils", "marks", "place", "expected"),
    [
        (["b", "a"], ["/\\I", "/\\I"], "row 2, column pupil: found 'a' after 'b'", "pupils strictly ascending"),
        (["a", "a"], ["/\\I", "/\\I"], "row 2, column pupil: found 'a' after 'a'", "pupils strictly ascending"),
        (["a", "b", "c", "c"], ["/\\I"] * 4, "row 4, column pupil: ", "pupils strictly ascending"),
        (["a", "c", "b", "d"], ["/\\I"] * 4, "row 3, column pupil: ", "pupils strictly ascending"),
        ([10, 9], ["/\\I", "/\\I"], "row 2, column pupil: found '9' after '10'", "pupils strictly ascending"),
        (["a", None], ["/\\I", "/\\I"], "row 2, column pupil: the cell is empty", "text or a whole number"),
        (["", "a"], ["/\\I", "/\\I"], "row 1, column pupil: the cell is empty", "the name of a pupil"),
        ([1.5, 2.5], ["/\\I", "/\\I"], "row 1, column pupil: the type is double", "text or a whole number"),
        ([b"\xff"], ["/\\I"], "row 1, column pupil: ", "text in UTF-8"),
        (
            ["a", "b", "c"],
            ["/\\I", "/\\I", "/\\"],
            "row 3, column marks: found 2 bytes",
            "3, one for each listed session",
        ),
        (["a"], ["/\\II"], "row 1, column marks: found 4 bytes", "3, one for each listed session"),
        (["a"], ["/\\é"], "row 1, column marks: found 4 bytes", "3, one for each listed session"),
        (["a", "b"], ["/\\I", None], "row 2, column marks: the cell is empty", "3 bytes"),
        ([1], [17], "row 1, column marks: the type is int64", "3 bytes"),
        (
            ["a", "b"],
            ["/\\I", "/\\?"],
            "row 2, column marks: found '?', at 2023-09-05 AM",
            "a code of the 2006 edition",
        ),
        (
            ["a"],
            ["//I"],
            "row 1, column marks: found /, a morning code in the afternoon, at 2023-09-04 PM",
            "\\ or another",
        ),
        (["a"], ["\\\\I"], "row 1, column marks: found \\, an afternoon code", "/ or another code"),
        (["a"], ["/\\K"], "row 1, column marks: found K, a code of the 2024 edition", "which 2023-09-05 calls for"),
        (["a"], ["/\\4"], "row 1, column marks: found Y4, a code of the 2024 edition", "a code of the 2006 edition"),
        ([], [], "row 1, column marks: there are no pupils", "at least one"),
    ],
)
def test_a_bad_sheet_is_refused(sheet, pupils: list[object], marks: list[object], place: str, expected: str) -> None:
    line = sheet(pupils, marks)
    assert line.startswith(f"sheet.parquet: {place}")
    assert expected in line.split("; expected ")[1]


def test_a_csv_in_the_place_of_a_sheet_is_told_what_to_do(program: Program, tmp_path: Path) -> None:
    marks, sessions = tmp_path / "marks.csv", tmp_path / "sessions.csv"
    marks.write_text("pupil,date,session,code\na,2025-09-03,AM,/\n")
    sessions.write_text(SESSIONS)
    line = program.refusal(marks, "--sessions", sessions)
    assert "the file is not Parquet, which the sheet form is (--sessions)" in line
    assert "expected Parquet; for a CSV of single marks leave --sessions out." in line


@pytest.mark.parametrize(
    ("sessions", "place"),
    [
        ("", "line 1, column date: the file is empty"),
        ("date,session\n", "line 2, column date: there are no sessions"),
        ("date\n2023-09-04\n", "line 1, column session: "),
        ("date,session\n2023-09-04,AM\n2023-09-31,PM\n", "line 3, column date: found '2023-09-31'"),
        ("date,session\n2023-09-04,EV\n", "line 2, column session: found 'EV'"),
        ("date,session\n2023-09-04\n", "line 2, column session: the row has 1 cells"),
        ("date,session\n2023-09-04,PM\n2023-09-04,AM\n", "line 3, column date: the session is before"),
        ("date,session\n2023-09-04,AM\n2023-09-04,AM\n", "line 3, column date: the session is there twice"),
        ("PAR1\0\0", "line 1, column date: the file is binary"),
    ],
)
def test_bad_sessions_are_refused(sheet, sessions: str, place: str) -> None:
    assert sheet(["a"], ["/\\I"], sessions=sessions).startswith(f"sessions.csv: {place}")


def test_the_edition_asked_for_judges_a_sheet(sheet) -> None:
    assert sheet(["a"], ["/\\K"], right=True, edition="2024").splitlines()[1].startswith("a,3,3,")


def test_a_file_cut_short_or_damaged_is_refused(program: Program, tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    parquet.write_table(pa.table(LONG), whole, compression="none")
    content = whole.read_bytes()
    for n in (0, 3, 4, 12, len(content) // 2, len(content) - 1):
        (tmp_path / "cut.parquet").write_bytes(content[:n])
        line = program.refusal(tmp_path / "cut.parquet")
        assert "row 1, column pupil: the file is cut short or damaged; expected a whole Parquet file" in line
    for at in range(4, len(content) // 2, 3):
        (tmp_path / "cut.parquet").write_bytes(content[:at] + bytes([255 - content[at]]) + content[at + 1 :])
        ran = program("figures", tmp_path / "cut.parquet")
        assert ran.exit == 0 or (ran.exit == 2 and ran.err.count("\n") == 1)


@pytest.mark.parametrize(
    ("column", "cells", "expected"),
    [
        ("code", [1, 2], "row 1, column code: the type is int64; expected text"),
        ("date", ["2023-09-04", "2023-9-4"], "row 2, column date: found '2023-9-4'"),
        ("date", [datetime(2023, 9, 4), datetime(2023, 9, 4, 12)], "row 1, column date: the values can't be read"),
        ("date", [date(2023, 9, 4), None], "row 2, column date: found ''"),
        ("session", ["AM", "noon"], "row 2, column session: found 'noon'; expected AM or PM"),
        ("session", ["AM", "AM"], "row 2, column code: found \\, an afternoon code in the morning"),
        ("code", ["/", None], "row 2, column code: the cell is empty"),
        ("code", ["/", "/"], "row 2, column code: found /, a morning code in the afternoon"),
        ("pupil", ["a", "b\0b"], "row 2, column pupil: "),
        ("pupil", [True, False], "row 1, column pupil: the type is bool"),
        ("minutes_late", [0.5, None], "row 1, column minutes_late: found '0.5'"),
    ],
)
def test_a_bad_long_file_is_refused(
    program: Program, tmp_path: Path, column: str, cells: list[object], expected: str
) -> None:
    parquet.write_table(pa.table({**LONG, column: cells}), tmp_path / "marks.parquet")
    assert expected in program.refusal(tmp_path / "marks.parquet")


def test_a_missing_column_and_a_second_mark_are_refused(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "marks.parquet"
    parquet.write_table(pa.table(LONG).drop_columns("session"), file)
    assert "column session: the column is missing" in program.refusal(file)
    parquet.write_table(pa.table({**LONG, "session": ["AM", "AM"], "code": ["/", "I"]}), file)
    assert "row 2, column session: a second mark" in program.refusal(file)
    parquet.write_table(pa.table({"pupil": ["a"], "marks": ["/"]}), file)
    assert "column marks: the file is in sheet form; expected --sessions FILE" in program.refusal(file)
    (tmp_path / "s.csv").write_text(SESSIONS)
    parquet.write_table(pa.table(LONG), file)
    assert "column marks: the column is missing" in program.refusal(file, "--sessions", tmp_path / "s.csv")
