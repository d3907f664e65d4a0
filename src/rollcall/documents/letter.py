"""A letter as PDF: data in, bytes out; A4 with the address where a UK DL window shows it, tagged as PDF/UA-1.

Text goes in as data, never as markup, so that whatever a name holds stays text. The date is the letter's own, so that
the same letter gives the same bytes on any day.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

TEMPLATES = Path(__file__).resolve().parent / "typst"
FONTS = Path(__file__).resolve().parents[1] / "static" / "built" / "fonts"
FAMILY = "Atkinson Hyperlegible Next"


class NoFont(RuntimeError):
    """The typeface that documents are set in has not been built."""


class CannotSet(ValueError):
    """A text that can't be set, such as a letter that none of our typefaces has; the message is a sentence.

    sign: the text that no typeface has, where that is why.
    """

    def __init__(self, said: str, sign: str = "") -> None:
        super().__init__(said)
        self.sign = sign


@dataclass(frozen=True)
class LetterPage:
    """All that a letter says. `school` and `letterhead` stand at the top; `to` is the name, then the address lines.

    A paragraph whose lines begin with "- " is a list. `logo` is the name of a `Logo`, and `logo_alt` what it shows.
    `enclosed`: drawings that go with it, each on a page of its own (`enclosure.Sheet.to_json`).
    """

    school: str
    letterhead: tuple[str, ...]
    to: tuple[str, ...]
    date: str
    greeting: str
    subject: str
    paragraphs: tuple[str, ...]
    closing: str
    signed: tuple[str, ...]
    language: str = "en"
    logo: str = ""
    logo_alt: str = ""
    enclosed: tuple[Mapping[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values, to be kept as evidence."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "LetterPage":
        """The letter that `to_json` wrote."""
        fields: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in kept.items()}
        return cls(**fields)


@dataclass(frozen=True)
class Logo:
    """A school's logo: an image as "png" or "svg", with its bytes."""

    kind: Literal["png", "svg"]
    content: bytes

    def given(self) -> dict[str, Any]:
        """What the template takes: an SVG as text, a PNG as a list of its bytes."""
        data: Any = self.content.decode("utf-8") if self.kind == "svg" else list(self.content)
        return {"kind": self.kind, "data": data}


Logos = Mapping[str, Logo]
NO_LOGOS: Logos = {}


def letter_pdf(data: LetterPage, *, dated: date, posted: bool = False, logos: Logos = NO_LOGOS) -> bytes:
    """One letter as PDF. Raises NoFont where the typeface is not built, CannotSet for a text that can't be printed.

    posted: laid out for GOV.UK Notify, which prints and posts it, and takes only what keeps to its own zones. logos:
    by the names that pages have for them; a page whose logo is not among them is set without.
    """
    return letters_pdf([data], dated=dated, title=data.subject, posted=posted, logos=logos)


def letters_pdf(
    letters: Sequence[LetterPage],
    *,
    dated: date,
    title: str = "Letters",
    posted: bool = False,
    logos: Logos = NO_LOGOS,
) -> bytes:
    """Letters one after another in one PDF, each on a page of its own. Raises NoFont, and ValueError for no letter.

    `dated` is the date that the file bears; the date a letter shows is its own text. posted, logos: as `letter_pdf`.
    """
    if not letters:
        raise ValueError("There is no letter to print.")
    pages = [one if one.logo in logos else replace(one, logo="", logo_alt="") for one in letters]
    data = {
        "title": title,
        "dated": [dated.year, dated.month, dated.day],
        "posted": posted,
        "letters": [one.to_json() for one in pages],
        "logos": {name: logos[name].given() for name in sorted({one.logo for one in pages} - {""})},
    }
    return typeset("letter.typ", data, dated=dated)


def typeset(template: str, data: Mapping[str, Any], *, dated: date) -> bytes:
    """A template of ours filled with data, as PDF/UA-1. Raises NoFont where the typeface is not built, CannotSet."""
    made = datetime(dated.year, dated.month, dated.day, tzinfo=UTC)
    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
    with _LOCK:
        try:
            pdf = _compiler(FONTS).compile(
                input=(TEMPLATES / template), sys_inputs=inputs, format="pdf", pdf_standards=["ua-1"], timestamp=made
            )
        except typst.TypstError as error:
            raise _sentence(error) from error
    assert isinstance(pdf, bytes)
    return pdf


def _sentence(error: typst.TypstError) -> Exception:
    """The compiler's complaint about a letter that no typeface has, as a sentence; any other fault stays as it is."""
    found = re.search(r"the text `\"(.*?)\"` could not be displayed", str(error))
    if found is None:
        return error
    sign = found.group(1)
    return CannotSet(f"The letter can't be set: our typeface has no '{sign}'. Spell the name without it.", sign)


_LOCK = Lock()


@cache
def _compiler(fonts: Path) -> typst.Compiler:
    """The process's one compiler; it reads no file but our templates and fonts."""
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[fonts])
    if FAMILY not in found.families():
        raise NoFont(f"No letter can be set: the typeface {FAMILY} is not in {fonts.name}/. Run `make static` first.")
    return typst.Compiler(root=TEMPLATES, font_paths=found, ignore_system_fonts=True)
