"""The late arrival slip on paper: the width of a receipt, or A4."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from rollcall.documents.letter import typeset

Paper = Literal["receipt", "a4"]


@dataclass(frozen=True)
class SlipPaper:
    """All that a slip says (A2-a), as it is printed."""

    school: str
    name: str
    class_name: str
    year_group: str
    day: str
    time: str
    reason: str
    mark: str
    confirmed: str


def slip_pdf(slip: SlipPaper, *, dated: date, paper: Paper = "receipt") -> bytes:
    """One slip as PDF. Raises NoFont where the typeface is not built, CannotSet for a text that can't be printed."""
    data = {**asdict(slip), "paper": paper, "title": f"Late arrival slip, {slip.name}"}
    return typeset("slip.typ", {**data, "dated": [dated.year, dated.month, dated.day]}, dated=dated)
