"""A school's letterhead: a logo told by its content, who signs, and that letters of before keep what they had."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from rollcall.casework.actions.letters import write_letter
from rollcall.casework.queries.letters import letter_pdf_kept
from rollcall.documents.logo import MOST_BYTES, NoLogo, checked_logo, name_of
from rollcall.journal.actions import new_key
from rollcall.outbox.models import Message
from rollcall.schools.actions.letterheads import set_letterhead
from rollcall.schools.models import Letterhead
from rollcall.schools.queries.letterheads import letterhead_of
from tests.cast import Cast, moment
from tests.rooms.casework.marking import fill, missed, phone

AT = moment(10, 0)
URL = "/office/schools/hamsey/letterhead/"
OAK = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><path d="M0 0h20v10z" fill="#085"/></svg>'


def png(wide: int = 20, high: int = 10, claimed: int = 0) -> bytes:
    """A plain PNG; `claimed` says another width than there is."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", claimed or wide, high, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x08\x88\x55" * wide for _ in range(high))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("content", [png(), OAK, b"\xef\xbb\xbf" + OAK], ids=["png", "svg", "svg with a mark"])
def test_a_plain_image_is_a_logo_whatever_it_is_called(content: bytes) -> None:
    assert checked_logo(content).content


def svg(inside: str, more: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"{more}>{inside}</svg>'.encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "neither PNG nor SVG"),
        (b"%PDF-1.7", "neither PNG nor SVG"),
        (b"<html></html>", "neither PNG nor SVG"),
        (b"\xff\xfe<\x00s\x00", "neither PNG nor SVG"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "begins like a PNG but is none"),
        (png(claimed=90_000), "has 90000 by 10 points"),
        (png()[:60], "can't be drawn"),
        (b"x" * (MOST_BYTES + 1), "The file has 101 KB"),
        (svg("<script>alert(1)</script>"), "has <script>"),
        (svg("<text>Hamsey</text>"), "Turn the letters into outlines"),
        (svg('<image href="https://example.org/a.png"/>'), "has <image>"),
        (svg('<use href="#a"/>'), "has <use>"),
        (svg('<rect width="9" height="9" onclick="x()"/>'), "onclick"),
        (svg('<rect width="9" style="fill:url(https://example.org/x)"/>'), "leads out of it"),
        (svg("<style>@import 'x';</style>"), "has <style>"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + OAK, "DOCTYPE"),
        (svg("<g>" * 60 + "</g>" * 60), "too many parts"),
        (svg("<g/>" * 4000), "too many parts"),
    ],
)
def test_what_is_no_plain_image_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(NoLogo, match=said):
        checked_logo(content)


def write(cast: Cast) -> Message:
    head = cast.actor("head")
    given = {"school": cast.hamsey.pk, "by": head, "at": AT, "by_post": True}
    written = write_letter(cast.pupil("Aisha").pk, "letter-1", {}, **given)
    return Message.objects.get(ground_id=written.pk, ground="casework.letter")


def head_of(cast: Cast, **given) -> Letterhead:
    return set_letterhead(cast.hamsey, by=cast.actor("head"), at=AT, **given)


@pytest.fixture
def marked(cast: Cast) -> Cast:
    phone(cast)
    fill(cast, {"Aisha": missed(20)})
    return cast


@pytest.mark.policy("A3-f")
def test_a_letter_bears_the_logo_and_the_signatory_and_keeps_them_after_a_change(marked: Cast) -> None:
    head_of(marked, logo=OAK, logo_alt="An oak", strapline="Learning together", signatory="Ann Other",
            signatory_position="Chair of governors")  # fmt: skip
    first = write(marked)
    assert first.evidence["letter"]["logo"] == name_of(checked_logo(OAK))
    assert "Ann Other\nChair of governors" in first.body
    words = PdfReader(BytesIO(bytes(first.pdf))).pages[0].extract_text()
    assert "Learning together" in words
    head_of(marked, logo=png(), logo_alt="A square")
    Message.objects.filter(pk=first.pk).update(pdf=None)
    assert letter_pdf_kept(first.pk) == bytes(first.pdf)
    second = write(marked)
    assert "Harriet Head" in second.body
    assert second.evidence["letter"]["logo_alt"] == "A square"


def test_a_logo_is_read_aloud_and_the_letter_stays_accessible(marked: Cast) -> None:
    head_of(marked, logo=png(), logo_alt="An oak tree")
    pdf = bytes(write(marked).pdf)
    assert b"pdfuaid:part" in PdfReader(BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data()
    assert "A logo of nothing" not in str(pdf)


def test_the_page_sets_it_and_names_what_is_wrong(marked: Cast, signed_in) -> None:
    secretary = signed_in("secretary")
    typed = {"key": new_key(), "logo": SimpleUploadedFile("a.png", b"GIF89a"), "logo_alt": "An oak"}
    assert "neither PNG nor SVG" in secretary.post(URL, typed).content.decode()
    typed = {"key": new_key(), "logo": SimpleUploadedFile("a.gif", OAK), "logo_alt": ""}
    assert "Say what the logo shows" in secretary.post(URL, typed).content.decode()
    typed = {"key": new_key(), "signatory": "Ann Other"}
    assert "the name and the position" in secretary.post(URL, typed).content.decode()
    typed = {"key": "one", "logo": SimpleUploadedFile("a.gif", OAK), "logo_alt": "An oak"}
    assert secretary.post(URL, typed).status_code == 302
    assert secretary.post(URL, {"key": "two", "logo_alt": "An oak tree"}).status_code == 302
    assert letterhead_of(marked.hamsey.pk).logo_alt == "An oak tree"
    assert secretary.get(reverse("office:letterhead_pdf", args=["hamsey"])).content[:5] == b"%PDF-"
    assert secretary.post(URL, {"key": "three", "no_logo": "on"}).status_code == 302
    assert letterhead_of(marked.hamsey.pk).logo == ""
    assert Letterhead.objects.count() == 3
    assert signed_in("stranger").get(URL).status_code == 404
    assert signed_in("teacher").get(URL).status_code == 403
