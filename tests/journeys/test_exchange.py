"""A secretary brings pupils and marks in from files that Rollcall has never seen, in a real browser, at both widths."""

import pytest

from rollcall.registers.models import Entry
from rollcall.schools.models import Pupil
from tests.cast import Cast, moment, upn
from tests.rooms.exchange.files import as_csv, as_workbook

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def choose(page, kind: str, name: str, content: bytes) -> None:
    """The first step."""
    page.goto("/files/in/")
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("File", exact=True).set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Go on to its columns").click()
    page.get_by_role("heading", name="What do the columns hold?").wait_for()


def test_an_unseen_file_of_marks_is_mapped_and_brought_in(page, sign_in, no_faults, picture, clock, cast: Cast) -> None:
    clock(moment(12, 0))
    sign_in(page, "secretary")
    page.goto("/files/")
    no_faults(page)
    picture(page, "files")
    page.get_by_role("link", name="Files").first.wait_for()
    page.get_by_role("button", name="Choose a file").click()
    no_faults(page)
    picture(page, "files-import")
    rows = [
        ["Attendance for the week"],
        [],
        ["Child", "Group", "When", "Half", "Given", "Note"],
        ["Begum, Aisha", "Kestrels", "13/05/2024", "Dawn", "Here", ""],
        ["Carter, Ben", "Kestrels", "13/05/2024", "Dawn", "Ill", "rang"],
    ]
    choose(page, "Marks", "week.csv", as_csv(rows))
    page.get_by_label("When").select_option(label="Date")
    page.get_by_label("Half").select_option(label="Session")
    page.get_by_label("Given").select_option(label="Code")
    page.get_by_label("Save this layout as").fill("Week list")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_label("“Dawn” stands for").select_option("AM")
    no_faults(page)
    picture(page, "files-columns")
    page.get_by_label("“Here” stands for").select_option("/")
    page.get_by_label("“Ill” stands for").select_option("I")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="2 new, 0 changed").wait_for()
    no_faults(page)
    picture(page, "files-preview")
    page.get_by_role("button", name="Bring it in").click()
    page.get_by_role("heading", name="week.csv is in").wait_for()
    no_faults(page)
    picture(page, "files-done")
    assert sorted(Entry.objects.values_list("code", flat=True)) == ["/", "I"]
    choose(page, "Marks", "next.csv", as_csv(rows))
    page.get_by_label("Start from a layout").select_option(label="Week list")
    page.get_by_role("button", name="Use it").click()
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="Nothing would change").wait_for()
    no_faults(page)


def test_pupils_come_in_from_a_workbook_and_bad_cells_are_shown(
    new_page, sign_in, no_faults, picture, cast: Cast
) -> None:
    page = new_page(360)
    sign_in(page, "head")
    head = ["UPN", "Surname", "Forename", "DOB", "Gender", "Reg Group", "Year", "Date of Admission"]
    head += ["Contact name", "Contact relationship", "Contact mobile"]
    good = [
        upn(50),
        "Moss",
        "Emma",
        "02/03/2015",
        "Female",
        "Wrens",
        4,
        "13/05/2024",
        "Mrs Ida Moss",
        "Mother",
        "07700 900001",
    ]
    bad = [upn(51), "Moss", "Ella", "31/02/2015", "Female", "Owls", 4, "13/05/2024", "Mrs Ida Moss", "Mother", "1"]
    choose(page, "Pupils", "new.xlsx", as_workbook([head, good, bad]))
    no_faults(page)
    picture(page, "files-columns-pupils")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="3 cells can't be used").wait_for()
    no_faults(page)
    picture(page, "files-bad-cells")
    ben = cast.pupil("Ben").upn
    change = [ben, "Carter", "Benjamin", "", "", "", "", "", "", "", ""]
    choose(page, "Pupils", "new.xlsx", as_workbook([head, good, change]))
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="1 new, 1 changed").wait_for()
    no_faults(page)
    picture(page, "files-preview-pupils")
    page.get_by_role("button", name="Bring it in").click()
    page.get_by_role("heading", name="new.xlsx is in").wait_for()
    assert Pupil.objects.filter(legal_first__in=["Emma", "Benjamin"]).count() == 2


def test_a_file_is_taken_out(page, sign_in, no_faults, picture, cast: Cast) -> None:
    sign_in(page, "analyst")
    page.goto("/files/")
    page.get_by_role("button", name="Choose what to take out").click()
    no_faults(page)
    picture(page, "files-export")
    page.get_by_label("School", exact=True).select_option(label="Hamsey Primary School")
    with page.expect_download() as got:
        page.get_by_role("button", name="Take it out").click()
    assert got.value.suggested_filename == "hamsey-2023-marks.csv"
