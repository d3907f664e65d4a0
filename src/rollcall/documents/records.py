"""A record as PDF: lines with their time, kind, text and who, each pupil's on pages of their own."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from rollcall.documents.letter import typeset


@dataclass(frozen=True)
class RecordLine:
    """One line of a record, all as it is printed."""

    day: str
    time: str
    kind: str
    text: str
    who: str


@dataclass(frozen=True)
class RecordPage:
    """One pupil's record."""

    school: str
    title: str
    about: str
    lines: tuple[RecordLine, ...]


def records_pdf(pages: Sequence[RecordPage], *, dated: date, title: str) -> bytes:
    """Records one after another, each on pages of its own. Raises NoFont, CannotSet, and ValueError for none."""
    if not pages:
        raise ValueError("There is no record to print.")
    data = {
        "title": title,
        "dated": [dated.year, dated.month, dated.day],
        "pages": [{**asdict(page), "lines": [asdict(line) for line in page.lines]} for page in pages],
    }
    return typeset("records.typ", data, dated=dated)
