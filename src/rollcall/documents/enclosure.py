"""A drawing on a page of its own, to be enclosed with a letter or printed by itself; values in, bytes out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from rollcall.documents.letter import typeset


@dataclass(frozen=True)
class Sheet:
    """A page with a drawing: its heading, the drawing as SVG, the same in words, and lines that stand below it."""

    heading: str
    svg: str
    alt: str
    lines: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values, to be kept as evidence and for the template."""
        return {**asdict(self), "lines": list(self.lines)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Sheet":
        """The page that `to_json` wrote."""
        return cls(kept["heading"], kept["svg"], kept["alt"], tuple(kept["lines"]))


def sheet_pdf(sheet: Sheet, *, dated: date) -> bytes:
    """The page as PDF, the same bytes for the same page. Raises NoFont, CannotSet as `letter_pdf` does."""
    return typeset("sheet.typ", {"sheet": sheet.to_json(), "dated": [dated.year, dated.month, dated.day]}, dated=dated)
