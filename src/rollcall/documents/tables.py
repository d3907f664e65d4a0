"""Tables under headings as PDF, one below another; A4, tagged as PDF/UA-1.

It decides nothing: what stands in which cell, and in which words, is said by whoever calls.
"""

from dataclasses import asdict, dataclass
from datetime import date

from rollcall.documents.letter import typeset


@dataclass(frozen=True)
class Table:
    """A heading, a line below it, and rows of as many cells as there are columns; widths: what part each takes."""

    heading: str
    note: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class TablesPage:
    """What is printed: `about` stands below the title, `foot` on every page."""

    school: str
    title: str
    about: str
    foot: str
    tables: tuple[Table, ...]


def tables_pdf(page: TablesPage, *, dated: date) -> bytes:
    """The tables as PDF, the same bytes for the same page. Raises NoFont, CannotSet."""
    return typeset("tables.typ", asdict(page) | {"dated": [dated.year, dated.month, dated.day]}, dated=dated)
