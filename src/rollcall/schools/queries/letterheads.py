"""A school's letterhead as it stands, and the logos that letters name, also those of long ago."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rollcall.documents.letter import LetterPage, Logo, Logos, letter_pdf
from rollcall.schools.models import Letterhead


@dataclass(frozen=True)
class Heading:
    """What a school's letters bear; all empty where the school has said nothing."""

    logo: str = ""
    logo_alt: str = ""
    strapline: str = ""
    signatory: str = ""
    position: str = ""

    @property
    def signed(self) -> tuple[str, ...]:
        """Who signs every letter; empty where who sends it signs."""
        return tuple(part for part in (self.signatory, self.position) if part)


def letterhead_of(school: int) -> Heading:
    """The letterhead of a school (by id)."""
    row = Letterhead.objects.filter(school=school).defer("logo").order_by("-id").first()
    if row is None:
        return Heading()
    return Heading(row.logo_name, row.logo_alt, row.strapline, row.signatory, row.signatory_position)


def logos_of(pages: Iterable[LetterPage]) -> Logos:
    """The logos that these letters name; no query where they name none."""
    names = {page.logo for page in pages} - {""}
    if not names:
        return {}
    rows = Letterhead.objects.filter(logo_name__in=names).order_by("id")
    return {row.logo_name: Logo("svg" if row.logo_kind == "svg" else "png", bytes(row.logo or b"")) for row in rows}


def pdf_of(page: LetterPage, day: date, *, posted: bool = False) -> bytes:
    """A letter as PDF with the logo that it names. Raises NoFont, CannotSet as `documents.letter.letter_pdf`."""
    return letter_pdf(page, dated=day, posted=posted, logos=logos_of([page]))
