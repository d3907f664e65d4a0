"""The absentee report in print: one or two pages for a school's morning, tagged, hostile text stays text."""

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from rollcall.documents import letter
from rollcall.documents.absentees import AbsenteeSheet, SheetClass, SheetLine, absentees_pdf
from rollcall.documents.letter import CannotSet
from tests.rooms.documents.test_letter import HOSTILE

DAY = date(2024, 5, 14)
LINE = SheetLine(
    name="Ben Carter",
    risk="high risk",
    mark="I",
    reason="Illness: tummy ache since the night",
    told="Pat Carter, Mother (by phone, 8.12am)",
    back="Thursday 16 May",
    siblings="Aisha Begum (Kestrels): in",
    to_do="Waiting for evidence until Friday 17 May",
)
UNKNOWN = SheetClass(
    "Wrens", "REGISTER NOT IN (Wilma Wren).", notes=("UNKNOWN, nobody has marked: Gus Hill.",), urgent=True
)
SHEET = AbsenteeSheet(
    school="Hamsey Primary School",
    title="Absentee report",
    about="Tuesday 14 May 2024, morning, as it was at 9.15am",
    numbers=(("1", "unexplained"), ("28", "unknown")),
    warnings=("Registers not in: Wrens (Wilma Wren).",),
    classes=(SheetClass("Kestrels", "Register in 9.04am, Tom Teacher.", (LINE,)), UNKNOWN),
    foot=("Everybody is in: Owls.",),
)

pytestmark = pytest.mark.skipif(not letter.FONTS.exists(), reason="make static has not built the typeface")


def read(sheet: AbsenteeSheet) -> PdfReader:
    return PdfReader(io.BytesIO(absentees_pdf(sheet, dated=DAY)))


def words(sheet: AbsenteeSheet) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in read(sheet).pages))


@pytest.mark.policy("A6-b")
def test_all_of_it_stands_on_the_page() -> None:
    text = words(SHEET)
    for part in (
        *LINE.__dict__.values(),
        UNKNOWN.notes[0],
        SHEET.warnings[0],
        SHEET.about,
        SHEET.foot[0],
        "28 unknown",
    ):
        assert str(part) in text or part is False


def test_the_same_report_gives_the_same_bytes_tagged_and_titled() -> None:
    assert absentees_pdf(SHEET, dated=DAY) == absentees_pdf(SHEET, dated=DAY)
    reader = read(SHEET)
    assert reader.metadata.title == "Absentee report, Hamsey Primary School"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_data()


@pytest.mark.policy("A6-b")
@pytest.mark.parametrize(("n_classes", "pages"), [(1, 1), (6, 1), (14, 2), (20, 2)])
def test_a_schools_morning_is_one_or_two_pages(n_classes: int, pages: int) -> None:
    """Fourteen classes are a school of 420: four away in each, two with a brother or sister, one class unknown."""
    alone = replace(LINE, siblings="", told="", back="", to_do="", risk="")
    one = SheetClass("Kestrels", "Register in 9.04am, Tom Teacher. 26 of 30 in.", (LINE, LINE, alone, alone))
    report = replace(SHEET, classes=(*(replace(one, name=f"Class {n}") for n in range(n_classes)), UNKNOWN))
    assert len(read(report).pages) == pages


def test_a_report_too_long_for_two_pages_goes_on() -> None:
    report = replace(SHEET, classes=(replace(SHEET.classes[0], lines=(LINE,) * 300),))
    assert len(read(report).pages) > 2


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text(hostile: str) -> None:
    line = replace(LINE, name=hostile, reason=hostile, told=hostile, siblings=hostile, to_do=hostile)
    report = replace(SHEET, classes=(SheetClass(hostile, hostile, (line,), (hostile,)),))
    found = re.sub(r"\s", "", words(report))
    assert found.count(re.sub(r"\s", "", hostile)) == 8


def test_a_name_that_no_typeface_has_is_said_in_a_sentence() -> None:
    with pytest.raises(CannotSet, match="has no '明"):
        absentees_pdf(replace(SHEET, classes=(replace(UNKNOWN, notes=("明",)),)), dated=DAY)
