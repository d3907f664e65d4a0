"""`rollcall import` and `rollcall export`: what the pages do, at the command line, with files of any size."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from rollcall.exchange.layouts import shipped
from rollcall.exchange.models import Preset
from rollcall.journal import actions as journal
from rollcall.journal.models import Deed
from rollcall.registers.models import Entry
from rollcall.schools.models import Hold, Pupil
from tests.cast import Cast, moment
from tests.rooms.exchange.files import as_csv
from tests.rooms.exchange.test_marks_in import HEAD, row
from tests.rooms.exchange.test_pupils_in import EMMA
from tests.rooms.exchange.test_pupils_in import HEAD as PUPIL_HEAD


@pytest.fixture(autouse=True)
def _noon(monkeypatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment(12, 0))


def run(tmp_path: Path, kind: str, content: bytes, *more: str) -> str:
    """Import a file at Hamsey; what was printed."""
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    out = StringIO()
    call_command("import", kind, str(path), "--school", "hamsey", *more, stdout=out)
    return out.getvalue()


def test_pupils_then_marks_come_in(cast: Cast, tmp_path: Path) -> None:
    assert "1 rows: 1 new, 0 changed, 0 alike." in run(tmp_path, "pupils", as_csv([PUPIL_HEAD, EMMA]))
    marks = as_csv([HEAD, [EMMA[0], "2024-05-13", "AM", "/", ""]])
    assert "1 new" in run(tmp_path, "marks", marks, "--by", "secretary@example.org")
    assert Deed.objects.get(kind="marks.brought_in").name == "Sue Secretary"
    assert "Nothing to do" in run(tmp_path, "marks", marks)


def test_a_dry_run_writes_nothing(cast: Cast, tmp_path: Path) -> None:
    assert "1 new" in run(tmp_path, "pupils", as_csv([PUPIL_HEAD, EMMA]), "--dry-run")
    assert "1 new" in run(tmp_path, "marks", as_csv([HEAD, row(cast, "Ben", "/")]), "--dry-run")
    assert not Pupil.objects.filter(upn=EMMA[0]).exists() and not Entry.objects.exists()


def test_bad_cells_end_it_with_a_line_each(cast: Cast, tmp_path: Path) -> None:
    content = as_csv([HEAD, row(cast, "Ben", "/", day="2024-05-06"), row(cast, "Aisha", "?")])
    with pytest.raises(CommandError, match="'\\?' stands for"):
        run(tmp_path, "marks", content)
    content = as_csv([HEAD, row(cast, "Ben", "/", day="2024-05-06"), row(cast, "Ben", "C1")])
    for more in ((), ("--dry-run",)):
        with pytest.raises(CommandError, match="Row 2, code: Hamsey.*\nRow 3, code: Code C1"):
            run(tmp_path, "marks", content, *more)


@pytest.mark.parametrize(
    ("by", "n"), [((), 1), (("--by", "secretary@example.org"), 1), (("--by", "admin@example.org"), 0)]
)
def test_holds_come_in_as_the_permission_table_says(cast: Cast, tmp_path: Path, by: tuple[str, ...], n: int) -> None:
    content = as_csv([["UPN", "SEN", "Hold", "Hold from"], [cast.pupil("Ben").upn, "K", "illness", "2024-05-13"]])
    assert "1 changed" in run(tmp_path, "pupils", content, "--year", "2023", *by)
    assert Hold.objects.count() == n


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--preset", "Nonesuch"), "no preset 'Nonesuch'"),
        (("--by", "nobody@example.org"), "Nobody signs in as"),
        (("--by", "teacher@example.org"), "You may not bring in pupils"),
        (("--by", "stranger@example.org"), "You may not bring in pupils"),
    ],
)
def test_what_cant_be_is_one_sentence(cast: Cast, tmp_path: Path, more: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(tmp_path, "marks", as_csv([HEAD, row(cast, "Ben", "/")]), *more)
    assert not Entry.objects.exists()


def test_a_school_or_file_that_is_not_there_is_named(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no school 'nowhere'.*barcombe"):
        call_command("import", "marks", str(tmp_path / "x.csv"), "--school", "nowhere")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import", "marks", str(tmp_path / "x.csv"), "--school", "hamsey")
    with pytest.raises(CommandError, match="no school 'nowhere'"):
        call_command("export", "--school", "nowhere")
    with pytest.raises(CommandError, match="can't be written"):
        call_command("export", "--school", "hamsey", "--out", str(tmp_path / "no" / "x.csv"))


@pytest.mark.policy("A6-c")
def test_a_saved_preset_reads_a_file_that_no_guess_could(cast: Cast, tmp_path: Path) -> None:
    deed = journal.begin("preset.saved", by=cast.by, at=cast.at)
    layout = {
        "columns": {"upn": "a", "date": "b", "session": "c", "code": "d"},
        "sessions": {"x": "PM"},
        "codes": {"y": "I"},
    }
    Preset.objects.create(federation=cast.federation, kind="marks", name="Ours", layout=layout, deed=deed)
    content = as_csv([["a", "b", "c", "d"], [cast.pupil("Ben").upn, "13/05/2024", "x", "y"]])
    assert "1 new" in run(tmp_path, "marks", content, "--preset", "ours")
    assert Entry.objects.get().code == "I"


def test_every_shipped_preset_says_that_it_has_no_source() -> None:
    assert {one.name for one in shipped()} == {"Arbor", "SIMS", "ScholarPack", "Bromcom"}
    assert {one.source for one in shipped()} == {"unverified: no source for this layout"}
    assert {(one.name, one.layout.kind) for one in shipped()} == {
        (name, kind) for name in ("Arbor", "SIMS", "ScholarPack", "Bromcom") for kind in ("pupils", "marks")
    }
