"""The absentee report in print: one or two pages of A4, by class, tagged as PDF/UA-1. Values in, bytes out.

It decides nothing: what stands on it, in which order and in which words, is said by whoever calls.
"""

from dataclasses import asdict, dataclass
from datetime import date

from rollcall.documents.letter import typeset


@dataclass(frozen=True)
class SheetLine:
    """One pupil's line. `mark` is the code or UNKNOWN; `urgent` sets the line off in black and white too."""

    name: str
    risk: str
    mark: str
    reason: str
    told: str
    back: str
    siblings: str
    to_do: str
    urgent: bool = False


@dataclass(frozen=True)
class SheetClass:
    """One class: its name, the state of its register in words, its lines, and sentences that stand below them."""

    name: str
    state: str
    lines: tuple[SheetLine, ...] = ()
    notes: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True)
class AbsenteeSheet:
    """The whole report. numbers: (how many, what of) for the head of it; warnings stand above the list."""

    school: str
    title: str
    about: str
    numbers: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    classes: tuple[SheetClass, ...]
    foot: tuple[str, ...]


def absentees_pdf(sheet: AbsenteeSheet, *, dated: date) -> bytes:
    """The report as PDF, the same bytes for the same report.

    One page where that can be read with ease, else two in the largest type that fits. Raises NoFont where the typeface
    is not built, CannotSet for a name that can't be printed.
    """
    return typeset("absentees.typ", asdict(sheet) | {"dated": [dated.year, dated.month, dated.day]}, dated=dated)
