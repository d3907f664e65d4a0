"""Marks as Parquet: the rows of the CSV, the same figures by `rollcall figures`, whole or not at all."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pyarrow import parquet

from rollcall import cli
from rollcall.exchange import writing
from rollcall.exchange.management.commands import export
from rollcall.exchange.queries import sheet_out
from rollcall.exchange.queries.going_out import MARK_HEADINGS, mark_rows
from rollcall.journal.models import Look
from rollcall.schools import actions as schools
from tests.cast import Cast, moment
from tests.rooms.exchange.test_out import AT, fill


@pytest.fixture(autouse=True)
def _noon(monkeypatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AT)


def taken(tmp_path: Path, name: str, *more: str) -> Path:
    """Two years of both schools, taken out by the command."""
    out = tmp_path / name
    call_command("export", "--school", "all", "--year", "2022", "--year", "2023", "--out", str(out), *more)
    return out


def figures(marks: Path, *more: str) -> bytes:
    """What `rollcall figures` says of a file."""
    out = marks.with_suffix(".figures.csv")
    assert cli.main(["figures", str(marks), "--out", str(out), *more]) == 0
    return out.read_bytes()


@pytest.mark.policy("7.1-c")
def test_parquet_gives_the_same_figures_as_csv(cast: Cast, tmp_path: Path, monkeypatch) -> None:
    fill(cast)
    monkeypatch.setattr(writing, "ROWS_AT_ONCE", 1000)
    marks = taken(tmp_path, "marks.parquet")
    assert parquet.ParquetFile(marks).metadata.num_row_groups > 3
    said = figures(marks)
    assert said.count(b"\n") == 13 and said == figures(taken(tmp_path, "marks.csv"))
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "marks.csv", "marks.figures.csv", "marks.parquet",
    ]  # fmt: skip


def test_the_rows_of_both_are_the_same(cast: Cast, tmp_path: Path) -> None:
    fill(cast)
    rows = [row for school in (cast.barcombe, cast.hamsey) for y in (2022, 2023) for row in mark_rows(school, y, AT)]
    table = parquet.read_table(taken(tmp_path, "marks.parquet"))
    assert table.column_names == list(MARK_HEADINGS)
    columns = [table.column(name).to_pylist() for name in MARK_HEADINGS]
    told = [(who, f"{day:%Y-%m-%d}", *others) for who, day, *others in zip(*columns, strict=True)]
    assert told == [tuple(None if cell == "" else cell for cell in row) for row in rows]


@pytest.mark.parametrize("edition", ["", "2024"])
def test_the_sheet_form_gives_the_same_figures_but_for_minutes(
    cast: Cast, tmp_path: Path, monkeypatch, capsys, edition: str
) -> None:
    fill(cast)
    if edition:
        held = sheet_out.editions_of
        monkeypatch.setattr(sheet_out, "editions_of", lambda *given: ("2024",) * len(held(*given)))
    sheet, sessions, marks = (tmp_path / name for name in ("sheet.parquet", "sessions.csv", "marks.csv"))
    one = ("export", "--school", "hamsey", "--year", "2023", "--out")
    call_command(*one, str(sheet), "--sessions", str(sessions))
    more = ["--edition", "2024"] if edition else []
    end = " ".join([f"rollcall figures {sheet} --sessions {sessions}", *more])
    assert capsys.readouterr().out.strip().endswith(end)
    if edition:
        return
    call_command(*one, str(marks))
    long, wide = counted(figures(marks)), counted(figures(sheet, "--sessions", str(sessions)))
    assert len(long) == 9 and long == wide


def counted(told: bytes) -> list[dict[str, str]]:
    """Rows of figures without what the sheet form does not know."""
    rows = csv.DictReader(io.StringIO(told.decode()))
    return [{key: value for key, value in row.items() if key not in ("school", "minutes_late")} for row in rows]


def test_what_has_no_sheet_form_is_one_sentence(cast: Cast, tmp_path: Path) -> None:
    sheet, sessions = str(tmp_path / "sheet.parquet"), str(tmp_path / "sessions.csv")
    for given in (
        ("--school", "all"), ("--school", "hamsey", "--what", "pupils"),
        ("--school", "hamsey", "--year", "2022", "--year", "2023"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match="--sessions goes with marks of one school and one year"):
            call_command("export", *given, "--out", sheet, "--sessions", sessions)
    with pytest.raises(CommandError, match="has no session in 2019/20 yet"):
        call_command("export", "--school", "hamsey", "--year", "2019", "--out", sheet, "--sessions", sessions)
    schools.record_leaver(cast.enrolments["Ben"], last_day=date(2024, 1, 12), by=cast.by, at=AT, reason="moved")
    schools.admit(cast.pupil("Ben"), cast.kestrels, year_group=4, admitted=date(2024, 4, 15), by=cast.by, at=AT)
    with pytest.raises(CommandError, match="twice in 2023/24"):
        call_command("export", "--school", "hamsey", "--year", "2023", "--out", sheet, "--sessions", sessions)
    assert list(tmp_path.iterdir()) == []


def test_both_files_of_a_sheet_or_neither(cast: Cast, tmp_path: Path) -> None:
    sheet, sessions = str(tmp_path / "sheet.parquet"), str(tmp_path / "nowhere" / "sessions.csv")
    with pytest.raises(CommandError, match="can't be written"):
        call_command("export", "--school", "hamsey", "--year", "2023", "--out", sheet, "--sessions", sessions)
    assert list(tmp_path.iterdir()) == []


def test_a_school_without_a_pupil_gives_a_file_without_rows(cast: Cast, tmp_path: Path) -> None:
    out = tmp_path / "marks.PARQUET"
    call_command("export", "--school", "hamsey", "--year", "2019", "--out", str(out))
    assert (parquet.read_table(out).num_rows, parquet.read_schema(out).names) == (0, list(MARK_HEADINGS))


@pytest.mark.parametrize("name", ["marks.parquet", "marks.csv"])
def test_a_fault_in_the_middle_leaves_the_file_that_was_there(
    cast: Cast, tmp_path: Path, name: str, monkeypatch
) -> None:
    out = tmp_path / name
    out.write_bytes(b"of yesterday")

    def broken(*_: object):
        yield (cast.pupil("Ben").upn, "2024-05-13", "AM", "/", "", "hamsey", "2006")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "mark_rows", broken)
    with pytest.raises(CommandError, match="can't be written: No space left"):
        taken(tmp_path, name)
    assert (out.read_bytes(), list(tmp_path.iterdir())) == (b"of yesterday", [out])


@pytest.mark.parametrize("what", ["pupils", "figures"])
def test_only_marks_go_out_as_parquet(cast: Cast, tmp_path: Path, what: str) -> None:
    with pytest.raises(CommandError, match=f"only marks go out as Parquet; give the file of {what} the ending .csv"):
        taken(tmp_path, "out.parquet", "--what", what)
    assert list(tmp_path.iterdir()) == []


def test_the_page_gives_the_same_file_and_the_journal_keeps_who_took_it(
    signed_in, cast: Cast, clock, tmp_path: Path
) -> None:
    fill(cast)
    analyst = signed_in("analyst")
    clock(moment(12, 0))
    where = f"/files/out/file/?school={cast.hamsey.pk}&year=2023&form=parquet&what="
    answer = analyst.get(where + "marks")
    assert answer["Content-Disposition"] == 'attachment; filename="hamsey-2023-marks.parquet"'
    got = parquet.read_table(io.BytesIO(b"".join(answer)))
    call_command("export", "--school", "hamsey", "--year", "2023", "--out", str(tmp_path / "marks.parquet"))
    assert got == parquet.read_table(tmp_path / "marks.parquet")
    assert got.column("date")[0].as_py() == date(2023, 9, 4)
    assert Look.objects.filter(what="export", name="Ana Analyst").count() == 1
    refused = analyst.get(where + "pupils")
    assert refused.status_code == 400 and "Only marks go out as Parquet" in refused.content.decode()
