"""The letter as PDF: the address shows in the window, hostile text stays text, the same letter gives the same bytes."""

import io
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from rollcall.documents import letter
from rollcall.documents.letter import CannotSet, LetterPage, NoFont, letter_pdf, letters_pdf

DAY = date(2024, 5, 14)
MM = 72 / 25.4
PAGE = LetterPage(
    school="Hamsey Primary School",
    letterhead=("Church Lane, Hamsey, BN8 5TT", "01273 555010"),
    to=("Ms Pat Begum", "1 Mill Lane", "Hamsey", "Lewes", "BN8 5TT"),
    date="Tuesday 14 May 2024",
    greeting="Dear Pat,",
    subject="Aisha's attendance: can we help?",
    paragraphs=("First paragraph.", "Second paragraph, with more in it."),
    closing="Yours sincerely",
    signed=("Harriet Head", "Head of school"),
)
HOSTILE = (
    "#set text(fill: red)",
    "<b>&*_$x^2$",
    '#read("/etc/passwd")',
    "= Heading",
    "`raw` @ref \\ [x] {y} ~ // /*",
    "Zoë Łukasz Şükrü Ірина Ελένη",
)

pytestmark = pytest.mark.skipif(not letter.FONTS.exists(), reason="make static has not built the typeface")


def text_of(pdf: bytes) -> str:
    """All words of a PDF in reading order."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert letter_pdf(PAGE, dated=DAY) == letter_pdf(PAGE, dated=DAY)


def test_the_file_is_dated_by_the_letter_and_tagged_for_those_who_listen() -> None:
    reader = PdfReader(io.BytesIO(letter_pdf(PAGE, dated=DAY)))
    assert reader.metadata.creation_date.date() == DAY
    assert reader.metadata.title == PAGE.subject
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_every_line_of_the_letter_is_on_it() -> None:
    text = " ".join(text_of(letter_pdf(PAGE, dated=DAY)).split())
    for line in (PAGE.school, *PAGE.to, PAGE.date, PAGE.greeting, PAGE.subject, *PAGE.paragraphs, *PAGE.signed):
        assert line in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_wherever_it_stands(hostile: str) -> None:
    page = replace(PAGE, to=(hostile, "1 Mill Lane"), subject=hostile, paragraphs=(hostile,), greeting=hostile)
    text = re.sub(r"\s", "", text_of(letter_pdf(page, dated=DAY)))
    assert text.count(re.sub(r"\s", "", hostile)) == 4


def test_a_letter_that_no_typeface_has_is_named_in_a_sentence() -> None:
    with pytest.raises(CannotSet, match="has no '明"):
        letter_pdf(replace(PAGE, greeting="Dear 明"), dated=DAY)


def words(pdf: bytes, folder: Path) -> list[tuple[str, float, float, float, float]]:
    """Each word of the first page with its box in millimetres from the top left."""
    file = folder / "letter.pdf"
    file.write_bytes(pdf)
    found = subprocess.run(["pdftotext", "-bbox", "-l", "1", str(file), "-"], capture_output=True, text=True).stdout
    pattern = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    return [(m[4], *(float(n) / MM for n in m[:4])) for m in re.findall(pattern, found)]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not on this machine")
@pytest.mark.parametrize("lines", [2, 5, 6, 8])
def test_the_address_and_nothing_else_shows_in_a_dl_window(lines: int, tmp_path: Path) -> None:
    """However the folded sheet slides in its envelope: it shows from 20 to 103 mm across, from 53 to 77 mm down."""
    to = ("Ms Pat Begum-Featherstonehaugh", *(f"Line{n}" for n in range(1, lines - 1)), "BN8 5TT")
    found = words(letter_pdf(replace(PAGE, to=to), dated=DAY), tmp_path)
    address = [box for box in found if box[0].startswith("Line") or box[0] in ("Ms", "Pat", "BN8", "5TT")]
    inside = [b for b in address if b[1] >= 20 and b[3] <= 103 and b[2] >= 52.5 and b[4] <= 77.5]
    assert len(inside) >= lines - 1
    # The window itself is 93 x 35 mm and may lie over any of 10 to 113 mm across and 42 to 88 mm down.
    others = [b for b in found if b not in inside and b[3] > 10 and b[1] < 113 and b[4] > 44 and b[2] < 86]
    assert [b[0] for b in others if "Feather" not in b[0]] == []


def in_zone(box: tuple[str, float, float, float, float], left: float, top: float, right: float, bottom: float) -> bool:
    return box[1] >= left and box[2] >= top and box[3] <= right and box[4] <= bottom


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not on this machine")
@pytest.mark.parametrize("lines", [3, 6, 7])
def test_a_letter_that_is_posted_for_us_keeps_to_the_zones_of_notify(lines: int, tmp_path: Path) -> None:
    """In mm from the top left of the first page: the address, the sender's corner, the body; nothing between them."""
    to = ("Ms Pat Begum-Featherstonehaugh", *(f"Line{n}" for n in range(1, lines - 1)), "BN8 5TT")
    head = (
        "A very long name of a street in a very long village",
        "Hamsey",
        "BN8 5TT",
        "01273 555 010",
        "office@hamsey",
    )
    found = words(letter_pdf(replace(PAGE, to=to, letterhead=head), dated=DAY, posted=True), tmp_path)
    address = [box for box in found if in_zone(box, 24.6, 40.0, 120.0, 66.2)]
    assert {"Ms", *(f"Line{n}" for n in range(1, lines - 1)), "5TT"} <= {box[0] for box in address}
    others = [box for box in found if box not in address]
    assert [b[0] for b in others if not (in_zone(b, 125, 5, 195, 95) or in_zone(b, 15, 95, 195, 292))] == []


def test_four_hundred_and_twenty_letters_are_one_file_each_on_its_own_page() -> None:
    pdf = letters_pdf([replace(PAGE, greeting=f"Dear parent {n},") for n in range(420)], dated=DAY)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 420
    assert "Dear parent 419," in pages[419].extract_text()


def test_no_letter_is_an_error() -> None:
    with pytest.raises(ValueError, match="no letter"):
        letters_pdf([], dated=DAY)


def test_a_long_letter_goes_on_to_a_second_page() -> None:
    page = replace(PAGE, paragraphs=("A long paragraph about many things. " * 30,) * 6)
    assert len(PdfReader(io.BytesIO(letter_pdf(page, dated=DAY))).pages) > 1


def test_a_missing_typeface_says_what_to_do(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(letter, "FONTS", tmp_path)
    with pytest.raises(NoFont, match="make static"):
        letter_pdf(PAGE, dated=DAY)


def test_only_our_own_typeface_is_used() -> None:
    fonts = PdfReader(io.BytesIO(letter_pdf(PAGE, dated=DAY))).pages[0]["/Resources"]["/Font"]
    assert all("AtkinsonHyperlegible" in font.get_object()["/BaseFont"] for font in fonts.values())


def test_threads_may_set_letters_at_the_same_time() -> None:
    pages = [replace(PAGE, greeting=f"Dear {n},") for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda page: letter_pdf(page, dated=DAY), pages * 3))
    assert made[:8] == made[8:16] == made[16:]


def test_a_letter_comes_back_from_what_was_kept_of_it() -> None:
    assert LetterPage.from_json(PAGE.to_json()) == PAGE
