"""Every way in which a long CSV file can be wrong: exit 2, one line with file, line, column and what was expected."""

from pathlib import Path

import pytest

from rollcall.analysis import csv_marks
from tests.rooms.analysis.files import Program

HEADER = "pupil,date,session,code\n"
GOOD = HEADER + "ada,2023-09-04,AM,/\nada,2023-09-04,PM,\\\n"


def refusal(program: Program, tmp_path: Path, content: str | bytes, *more: object) -> str:
    file = tmp_path / "marks.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    line = program.refusal(file, *more)
    assert line.startswith(f"{file}: line ")
    assert "; expected " in line
    return line.removeprefix(f"{file}: ")


@pytest.mark.parametrize("column", ["pupil", "date", "session", "code"])
def test_a_missing_column_is_named(program: Program, tmp_path: Path, column: str) -> None:
    line = refusal(program, tmp_path, GOOD.replace(column, "other", 1))
    assert line.startswith(f"line 1, column {column}: the column is missing; expected a header with pupil, date,")


def test_a_column_twice_is_refused(program: Program, tmp_path: Path) -> None:
    line = refusal(program, tmp_path, "pupil,date,session,code,pupil\na,2023-09-04,AM,/,b\n")
    assert line == "line 1, column pupil: the column is there 2 times; expected it once."


@pytest.mark.parametrize(
    ("bad", "column", "expected"),
    [
        ("ada,2023-9-5,AM,/", "date", "a date that exists, written as 2024-09-03"),
        ("ada,05/09/2023,AM,/", "date", "a date that exists"),
        ("ada,2023-02-30,AM,/", "date", "a date that exists"),
        ("ada,0000-01-01,AM,/", "date", "a date that exists"),
        ("ada,,AM,/", "date", "a date that exists"),
        ("ada,２０２３-09-05,AM,/", "date", "a date that exists"),
        ("ada,2023-09-05,am,/", "session", "AM or PM"),
        ("ada,2023-09-05,,/", "session", "AM or PM"),
        ("ada,2023-09-05,AM,", "code", "- or a code of the 2006 edition: / \\ L"),
        ("ada,2023-09-05,AM,?", "code", "- or a code of the 2006 edition"),
        ("ada,2023-09-05,AM,i", "code", "- or a code of the 2006 edition"),
        ("ada,2023-09-05,AM,II", "code", "- or a code of the 2006 edition"),
        ("ada,2023-09-05,AM,c", "code", "- or a code of the 2006 edition"),
        ("ada,2023-09-05,AM,K", "code", "a code of the 2006 edition, which 2023-09-05 calls for"),
        ("ada,2024-08-19,AM,H", "code", "a code of the 2024 edition, which 2024-08-19 calls for"),
        ("ada,2023-09-05,PM,/", "code", "\\ or another code"),
        ("ada,2023-09-05,AM,\\", "code", "/ or another code"),
        (",2023-09-05,AM,/", "pupil", "the name of a pupil"),
        ("ada,2023-09-05,AM", "code", "4 as in the header"),
        ("ada", "date", "4 as in the header"),
        ("ada,2023-09-05,AM,/,more", "code", "4 as in the header"),
        ("ada,2023-09-04,PM,I", "session", "one; the first is in line 3"),
    ],
)
def test_a_bad_cell_is_named(program: Program, tmp_path: Path, bad: str, column: str, expected: str) -> None:
    after = "".join(f"bo,2023-10-{day:02},AM,/\n" for day in range(1, 31))
    line = refusal(program, tmp_path, GOOD + bad + "\n" + after)
    assert line.startswith(f"line 4, column {column}: ")
    assert expected in line


@pytest.mark.parametrize("minutes", ["-1", "2.5", "soon", "1e2", "99999"])
def test_minutes_are_whole_and_not_endless(program: Program, tmp_path: Path, minutes: str) -> None:
    line = refusal(program, tmp_path, f"pupil,date,session,code,minutes_late\na,2023-09-04,AM,L,{minutes}\n")
    assert line.startswith("line 2, column minutes_late: ")
    assert "whole minutes from 0 to 1439" in line


def test_an_unknown_edition_or_a_school_without_a_name_is_refused(program: Program, tmp_path: Path) -> None:
    content = "pupil,date,session,code,school,edition\na,2023-09-04,AM,/,{},{}\n"
    assert "column edition: found '2013'" in refusal(program, tmp_path, content.format("s", "2013"))
    assert "column school: the cell is empty" in refusal(program, tmp_path, content.format("", ""))


def test_the_editions_own_codes_are_asked_for(program: Program, tmp_path: Path) -> None:
    content = "pupil,date,session,code,edition\na,2024-09-04,AM,H,2006\n"
    (tmp_path / "fine.csv").write_text(content)
    assert program.figures(tmp_path / "fine.csv")
    assert "a code of the 2006 edition; expected a code of the 2024" in refusal(
        program, tmp_path, content, "--edition", "2024"
    )


@pytest.mark.parametrize("content", ["", "\n\n", HEADER, HEADER + "\n"])
def test_an_empty_file_is_refused(program: Program, tmp_path: Path, content: str) -> None:
    refusal(program, tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0",
        b"PK\x03\x04" + bytes(50),
        b"\x1f\x8b\x08" + bytes(50),
        GOOD.encode("utf-16"),
        GOOD.encode("utf-16-le"),
        GOOD.encode() + b"ada,2023-09-05,AM,\0\n",
        GOOD.encode() + b"a\0a,2023-09-05,AM,/\n",
        bytes(range(256)) * 40,
    ],
)
def test_a_binary_file_is_refused(program: Program, tmp_path: Path, content: bytes) -> None:
    refusal(program, tmp_path, content)


def test_a_file_written_twice_over_is_refused(program: Program, tmp_path: Path) -> None:
    line = refusal(program, tmp_path, GOOD + GOOD.removeprefix(HEADER))
    assert line.startswith(
        "line 4, column session: a second mark for one pupil's session; expected one; the first is in"
    )
    assert refusal(program, tmp_path, GOOD + GOOD).startswith("line 4, column date: found 'date'")


@pytest.mark.parametrize("cut", range(1, 20))
def test_a_file_cut_short_is_refused_or_ends_in_a_whole_row(program: Program, tmp_path: Path, cut: int) -> None:
    content = GOOD[:-cut]
    if content.endswith(("\n", "\\", "/")):
        (tmp_path / "marks.csv").write_text(content)
        assert program.figures(tmp_path / "marks.csv")
    else:
        assert refusal(program, tmp_path, content).startswith("line 3, column ")


def test_a_quote_that_never_ends_is_refused(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"bo,2023-10-{day:02},AM,/\n" for day in range(1, 31))
    assert refusal(program, tmp_path, GOOD + '"ada,2023-09-05,AM,/\n' + rows).startswith("line 4, column ")
    monkeypatch.setattr(csv_marks, "BLOCK_BYTES", 100)
    monkeypatch.setattr(csv_marks, "LONGEST_RECORD", 200)
    assert refusal(program, tmp_path, GOOD + '"ada,2023-09-05,AM,/\n' + rows).startswith("line 4, column ")


@pytest.mark.parametrize("n_lines", [1, 40])
def test_lines_are_counted_over_blank_ones_and_through_quotes(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_lines: int
) -> None:
    monkeypatch.setattr(csv_marks, "BLOCK_BYTES", 50)
    start = 'pupil,date,session,code,note\n\nada,2023-09-04,AM,/,"two\nlines, ""quoted"""\n'
    more = "".join(f"bo,2023-10-{1 + day // 2:02},{'AP'[day % 2]}M,I,\n" for day in range(n_lines))
    line = refusal(program, tmp_path, start + more + "\nada,2023-09-05,AM,?,\n")
    assert line.startswith(f"line {4 + n_lines + 2}, column code: ")
    line = refusal(program, tmp_path, start + more + "\nada,2023-09-04,AM,I,\n")
    assert line.startswith(f"line {4 + n_lines + 2}, column session: ")
    assert line.endswith("the first is in line 3.")


def test_the_first_of_many_mistakes_is_named(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_marks, "BLOCK_BYTES", 40)
    assert refusal(program, tmp_path, GOOD + "ada,2023-09-05,AM,?\n" * 50).startswith("line 4, ")
