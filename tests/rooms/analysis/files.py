"""Files of marks for the tests, made in every form, and the program run on them in this process."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import strategies as st
from pyarrow import parquet

from rollcall.cli import main
from rollcall.rules.codes import BYTE, MISSING, edition_on, table
from tests import slow
from tests.slow import COLUMNS, Row

LONG = ("pupil", "date", "session", "code", "minutes_late", "school", "edition")


@dataclass
class Ran:
    """What a run of the program came to."""

    exit: int
    out: bytes
    err: str


class Program:
    """The program, run in this process."""

    def __init__(self, capture: pytest.CaptureFixture[bytes]) -> None:
        self._capture = capture

    def __call__(self, *arguments: object) -> Ran:
        self._capture.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = self._capture.readouterr()
        return Ran(code, out, err.decode())

    def figures(self, *arguments: object) -> bytes:
        """The figures of a file that is right."""
        ran = self("figures", *arguments)
        assert (ran.exit, ran.err) == (0, "")
        return ran.out

    def refusal(self, *arguments: object) -> str:
        """The one line with which a wrong file is refused."""
        ran = self("figures", *arguments)
        assert (ran.exit, ran.out) == (2, b"")
        assert ran.err.count("\n") == 1
        return ran.err.rstrip("\n")


def long_csv(rows: Iterable[Row], columns: Sequence[str] = LONG) -> bytes:
    """Rows as a long CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cells(row)[column] for column in columns] for row in rows)
    return text.getvalue().encode()


def write_long_parquet(path: Path, rows: Sequence[Row], columns: Sequence[str] = LONG) -> None:
    """Rows as a long Parquet file with dates and numbers of their own types."""
    cells: dict[str, list[object]] = {column: [_cells(row)[column] or None for row in rows] for column in columns}
    cells["date"] = [row.day for row in rows]
    if "minutes_late" in columns:
        cells["minutes_late"] = [row.minutes_late for row in rows]
    parquet.write_table(pa.table(cells), path, row_group_size=7)


def _cells(row: Row) -> dict[str, str]:
    return {
        "pupil": row.pupil,
        "date": row.day.isoformat(),
        "session": row.session,
        "code": row.code,
        "minutes_late": "" if row.minutes_late is None else str(row.minutes_late),
        "school": row.school,
        "edition": row.edition or "",
    }


def write_sheet(path: Path, rows: Sequence[Row], group: int = 1 << 20) -> Path:
    """Rows of one school as a file in sheet form, # where a pupil has no mark; returns the file of its sessions."""
    sessions = sorted({(row.day, row.session) for row in rows})
    column = {session: place for place, session in enumerate(sessions)}
    marks: dict[str, bytearray] = {}
    for row in rows:
        sheet = marks.setdefault(row.pupil, bytearray(b"#") * len(sessions))
        sheet[column[row.day, row.session]] = BYTE[row.code]
    pupils = sorted(marks)
    table_ = pa.table({"pupil": pupils, "marks": [bytes(marks[pupil]) for pupil in pupils]})
    parquet.write_table(table_, path, row_group_size=group)
    beside = path.with_suffix(".csv")
    beside.write_text("date,session\n" + "".join(f"{day},{half}\n" for day, half in sessions))
    return beside


def judged(rows: Iterable[Row], with_school: bool = False, with_minutes: bool = True) -> bytes:
    """What the slow figures say should come out, as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([COLUMNS[0], *(["school"] if with_school else []), *COLUMNS[1:]])
    for (pupil, school), found in slow.figures(rows).items():
        if not with_minutes:
            found["minutes_late"] = None
        cells = ["" if found[column] is None else found[column] for column in COLUMNS[1:]]
        writer.writerow([pupil, *([school] if with_school else []), *cells])
    return text.getvalue().encode()


def codes_of(day: date, half: str, edition: str | None = None) -> list[str]:
    """The codes that can stand in a session, and -."""
    other = "/" if half == "PM" else "\\"
    return [MISSING, *(code for code in table(edition or edition_on(day)) if code != other)]


DAYS = [date(2024, 5, 20), date(2024, 7, 1), date(2024, 7, 19), date(2024, 8, 18), date(2024, 8, 19), date(2024, 9, 2)]
DAYS += [date(2024, month, day) for month in (9, 10, 11, 12) for day in (3, 4, 9, 10, 16, 23, 24)]
ABSENT = ["O", "O", "O", "U", "I", "N", "G"]


@st.composite
def rows(draw: st.DrawFn, schools: Sequence[str] = ("",), editions: bool = False) -> list[Row]:
    """Marks of a few pupils over two editions, many of them absences, in any order."""
    pupils = draw(
        st.lists(st.sampled_from(["ada", "bo", "Çem", "d,e", "10", "9"]), min_size=1, max_size=4, unique=True)
    )
    every = [
        (pupil, school, day, half) for pupil in pupils for school in schools for day in DAYS for half in ("AM", "PM")
    ]
    where = draw(st.lists(st.sampled_from(every), min_size=1, max_size=120, unique=True))
    found = []
    for pupil, school, day, half in where:
        edition = draw(st.sampled_from(["2006", "2024", None])) if editions else None
        often = draw(st.booleans())
        code = draw(st.sampled_from(ABSENT if often else codes_of(day, half, edition)))
        late = draw(st.integers(0, 200)) if code in ("L", "U") else None
        found.append(Row(pupil, school, day, half, code, late, edition))
    return found
