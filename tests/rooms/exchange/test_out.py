"""What goes out says what the pages say: exported marks give, by `rollcall figures`, the very figures of the pages."""

import csv
import io
from datetime import date
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command

from rollcall import cli
from rollcall.exchange.queries.going_out import MARK_HEADINGS, figure_rows, lines, mark_rows
from rollcall.journal import actions as journal
from rollcall.registers.actions import NewEntry, write_entries
from rollcall.registers.queries.figures import year_figures
from rollcall.rules.sessions import HALVES, SchoolYear
from rollcall.schools import actions as schools
from rollcall.schools.models import Enrolment, School
from rollcall.schools.queries import facts_of
from tests.cast import INSTALLER, Cast, moment

AT = moment(12, 0)
SAME = (
    "possible", "attended", "authorised", "unauthorised", "missing", "late", "late_after_close", "minutes_late",
    "persistent", "severe", "stage", "tier", "longest_absence",
)  # fmt: skip


def fill(cast: Cast) -> None:
    """Two years of marks, some badly, a class closed for a day, a leaver, a joiner: chance, always the same."""
    rng = Random(20240514)
    for name in ("Aisha", "Ben", "Chloe"):
        cast.enrolments[name].admitted = date(2022, 9, 5)
        cast.enrolments[name].save()
    cast.enrolments["Finn"].admitted = date(2023, 11, 6)
    cast.enrolments["Finn"].save()
    schools.record_leaver(cast.enrolments["Gus"], last_day=date(2024, 2, 9), by=cast.by, at=AT, reason="moved")
    schools.close_sessions(
        cast.hamsey, first=date(2024, 3, 5), last=date(2024, 3, 5), kind="unplanned", code="Y", ground="No heating",
        classes=[cast.classes["Wrens"]], by=cast.by, at=AT,
    )  # fmt: skip
    for school in (cast.hamsey, cast.barcombe):
        _fill_school(school, rng)


def _fill_school(school: School, rng: Random) -> None:
    facts = facts_of(school.pk)
    entries = []
    for place, enrolment in enumerate(Enrolment.objects.filter(school=school).order_by("id")):
        bad = (0.02, 0.08, 0.3, 0.6)[place % 4]
        for year in (2022, 2023):
            for day in facts.calendar(year).school_days():
                if not enrolment.admitted <= day <= (enrolment.left or date(2024, 5, 13)) or day > date(2024, 5, 13):
                    continue
                for half in HALVES:
                    draw = rng.random()
                    if draw < 0.02:
                        continue
                    present = "/" if half == "AM" else "\\"
                    code = (
                        rng.choice("IOMGEUN") if draw < 0.02 + bad else rng.choice("LDBXZ" if draw > 0.95 else present)
                    )
                    code = {"X": "V", "Z": "W"}.get(code, code)
                    late = rng.randrange(1, 40) if code in "LU" else None
                    entries.append(NewEntry(enrolment.pk, day, half, code, late))
    write_entries(school.pk, entries, journal.begin("test", by=INSTALLER, at=AT, school=school.pk))


def figures_of(tmp_path: Path, text: str) -> dict[tuple[str, str], dict[str, str]]:
    """What `rollcall figures` says of an exported file, by pupil and school."""
    marks, out = tmp_path / "marks.csv", tmp_path / "figures.csv"
    marks.write_text(text)
    assert cli.main(["figures", str(marks), "--out", str(out)]) == 0
    with out.open() as stream:
        return {(row["pupil"], row["school"]): row for row in csv.DictReader(stream)}


def exported(school: School, *years: int) -> list[str]:
    """A school's marks of some years, without the headings."""
    return [line for year in years for line in list(lines(MARK_HEADINGS, mark_rows(school, year, AT)))[1:]]


def told(value: object) -> str:
    """A figure as `rollcall figures` writes it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


@pytest.mark.policy("7.1-c")
def test_exported_marks_give_the_figures_of_the_pages(cast: Cast, tmp_path: Path) -> None:
    fill(cast)
    head = ",".join(MARK_HEADINGS) + "\n"
    both = [cast.hamsey, cast.barcombe]
    year = figures_of(tmp_path, head + "".join(line for school in both for line in exported(school, 2023)))
    two = figures_of(tmp_path, head + "".join(line for school in both for line in exported(school, 2022, 2023)))
    compared = 0
    for school in both:
        stays = {one.pk: one.pupil.upn for one in Enrolment.objects.filter(school=school).select_related("pupil")}
        for enrolment, own in year_figures(school.pk, stays, 2023, AT).items():
            key = (stays[enrolment], school.slug)
            assert {name: year[key][name] for name in SAME} == {name: told(getattr(own, name)) for name in SAME}, key
            assert two[key]["unauthorised_in_10_weeks"] == told(own.worst_window), key
            assert two[key]["threshold_reached_on"] == told(own.threshold_reached_on), key
            compared += 1
    assert compared == 12 and any(row["threshold_reached_on"] for row in two.values())


def test_figures_go_out_as_the_pages_have_them(cast: Cast) -> None:
    fill(cast)
    rows = list(figure_rows(cast.hamsey, 2023, AT))
    own = year_figures(cast.hamsey.pk, [cast.enrolments["Ben"].pk], 2023, AT)[cast.enrolments["Ben"].pk]
    ben = next(row for row in rows if row[0] == cast.pupil("Ben").upn)
    assert ben[2:8] == ("Ben Carter", "Kestrels", own.possible, own.attended, own.authorised, own.unauthorised)


def test_a_session_without_a_mark_goes_out_as_a_dash_and_a_closed_one_not_at_all(cast: Cast) -> None:
    rows = list(mark_rows(cast.hamsey, 2023, AT))
    assert {row[3] for row in rows} == {"-"} and {row[6] for row in rows} == {"2006"}
    assert not [row for row in rows if row[1] == "2024-05-06"]
    assert max((row[1], row[2]) for row in rows) == ("2024-05-14", "AM")


def test_exported_marks_come_back_in_unchanged(cast: Cast, tmp_path: Path, clock, capsys) -> None:
    fill(cast)
    path = tmp_path / "hamsey.csv"
    path.write_text("".join(lines(MARK_HEADINGS, mark_rows(cast.hamsey, 2023, AT))))
    call_command("import", "marks", str(path), "--school", "hamsey", "--year", "2023")
    assert "Nothing to do" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["marks", "pupils", "figures"])
def test_the_command_writes_the_file_whole(cast: Cast, tmp_path: Path, what: str) -> None:
    out = tmp_path / "out.csv"
    call_command("export", "--school", "all", "--year", "2023", "--what", what, "--out", str(out))
    rows = list(csv.reader(io.StringIO(out.read_text())))
    assert len(rows) > 12 and {len(row) for row in rows} == {len(rows[0])}
    assert list(tmp_path.iterdir()) == [out]


def test_a_year_of_the_axis_is_told_whole(cast: Cast) -> None:
    upn, year = cast.pupil("Hana").upn, SchoolYear(2022)
    cast.enrolments["Hana"].admitted = year.first
    cast.enrolments["Hana"].save()
    days = {row[1] for row in mark_rows(cast.hamsey, 2022, AT) if row[0] == upn}
    assert days == {f"{day:%Y-%m-%d}" for day in facts_of(cast.hamsey.pk).calendar(2022).school_days()}
    assert len(days) > 150
