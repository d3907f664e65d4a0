"""Marks as Parquet: the rows of the CSV, the same figures by `rollcall figures`, whole or not at all."""

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
from rollcall.exchange.queries.going_out import MARK_HEADINGS, mark_rows
from rollcall.journal.models import Look
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
