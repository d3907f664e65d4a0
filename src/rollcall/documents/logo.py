"""Whether a file can be a school's logo: a small PNG, or a plain drawing as SVG, told by its content alone."""

import hashlib
import re
import struct
from datetime import date
from xml.etree import ElementTree

import typst

from rollcall.documents.letter import CannotSet, LetterPage, Logo, letter_pdf

MOST_BYTES = 100_000
MOST_PIXELS = 2000
MOST_PARTS = 3000
MOST_DEEP = 40
PNG = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = frozenset(
    ("svg", "g", "defs", "title", "desc", "metadata", "path", "rect", "circle", "ellipse", "line", "polyline")
    + ("polygon", "linearGradient", "radialGradient", "stop", "clipPath")
)
"""The parts of an SVG that a logo may have: shapes and their colours. No text, for it would need a font of its own."""
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!\s*['\"]?#)|@import|expression\(|javascript:", re.I)
_TRIAL = LetterPage("A", ("B",), ("C",), "D", "E", "F", ("G",), "H", ("I",))


class NoLogo(ValueError):
    """A file that can't be a logo; the message is a sentence for who sent it."""


def checked_logo(content: bytes) -> Logo:
    """A logo made of a file's bytes, tried in a letter. Raises NoLogo for what is too large, no image, or not plain."""
    if len(content) > MOST_BYTES:
        size = -(-len(content) // 1000)
        raise NoLogo(f"The file has {size} KB; a logo has at most {MOST_BYTES // 1000} KB. Save it smaller.")
    logo = _png(content) if content.startswith(PNG) else _svg(content)
    try:
        letter_pdf(_with(logo), dated=date(2024, 1, 1), logos={name_of(logo): logo})
    except (typst.TypstError, CannotSet) as error:
        raise NoLogo("The file can't be drawn: save it once more as PNG or SVG.") from error
    return logo


def name_of(logo: Logo) -> str:
    """The name by which a page has a logo: the same for the same file."""
    return hashlib.sha256(logo.content).hexdigest()[:32]


def _with(logo: Logo) -> LetterPage:
    return LetterPage(**{**_TRIAL.__dict__, "logo": name_of(logo), "logo_alt": "A logo"})


def _png(content: bytes) -> Logo:
    if len(content) < 24 or content[12:16] != b"IHDR":
        raise NoLogo("The file begins like a PNG but is none: save it once more.")
    wide, high = struct.unpack(">II", content[16:24])
    if not (0 < wide <= MOST_PIXELS and 0 < high <= MOST_PIXELS):
        raise NoLogo(f"The image has {wide} by {high} points; a logo has at most {MOST_PIXELS} each way.")
    return Logo("png", content)


def _svg(content: bytes) -> Logo:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoLogo("The file is neither PNG nor SVG: those are the two kinds a logo can be.") from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NoLogo("The SVG has a DOCTYPE, which could hide anything: save it as plain SVG.")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise NoLogo("The file is neither PNG nor SVG: those are the two kinds a logo can be.") from None
    if root.tag != f"{SVG}svg":
        raise NoLogo("The file is neither PNG nor SVG: those are the two kinds a logo can be.")
    _check_parts(root)
    return Logo("svg", text.encode())


def _check_parts(root: ElementTree.Element) -> None:
    """Level by level, so that a drawing that is too deep or too large is refused before it is drawn."""
    level, n = [root], 0
    for _ in range(MOST_DEEP):
        for part in level:
            _check_part(part)
        n += len(level)
        level = [child for part in level for child in part]
        if n > MOST_PARTS:
            break
        if not level:
            return
    raise NoLogo(f"The drawing has too many parts: at most {MOST_PARTS}, {MOST_DEEP} deep. Save it as PNG.")


def _check_part(part: ElementTree.Element) -> None:
    space, _, name = str(part.tag).rpartition("}")
    if f"{space}}}" == SVG and name not in ALLOWED:
        more = " Turn the letters into outlines first." if name == "text" else ""
        raise NoLogo(f"The SVG has <{name}>, and a logo is made of plain shapes.{more}")
    for key, value in part.attrib.items():
        own = key.rpartition("}")[2]
        if own.lower().startswith("on") or (own == "href" and not value.startswith("#")) or _OUTSIDE.search(value):
            raise NoLogo(f"The SVG has {own}=“{value[:40]}”, which leads out of it or runs: leave that out.")
