"""What an address or a button says, where no form reads it: a row or a day, or nothing where it is neither.

Somebody may write anything there; an empty answer is the page's to deal with, and never an error of the program.
"""

from datetime import date

LONGEST = 18
"""The digits of the largest row that every database can look for."""


def row_asked(text: str) -> int:
    """The number of a row; 0, which no row has, where the text is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 0


def day_asked(text: str) -> date | None:
    """A day as addresses have it, 2026-05-14; None where the text is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
