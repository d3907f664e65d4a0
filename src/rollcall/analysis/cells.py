"""One cell of a file of marks, read strictly: day, half, minutes, edition, pupil, and the kind of a code.

A long file has few different values in these columns, so each is read once for each block of the file. A value that
can't be read raises BadValue with what was expected; the reader of the file adds where it stands.
"""

import re
from datetime import date

from rollcall.analysis.problems import BadValue, shown
from rollcall.rules.codes import BYTE, EDITIONS, MISSING, TEXT, edition_on, table
from rollcall.rules.figures import UNKNOWN, lookup
from rollcall.rules.sheet import HALVES

CLOSED = 7
"""Beside the kinds of `figures`: a planned closure. Nothing was possible, and it makes no week a school week."""

MOST_MINUTES = 1439
_DAY = re.compile(rb"\d{4}-\d{2}-\d{2}")
_MINUTES = re.compile(rb"\d{1,6}(\.0+)?")


def day(value: bytes) -> int:
    """The ordinal of a date written as 2024-09-03."""
    if _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value.decode()).toordinal()
        except ValueError:
            pass
    raise BadValue("date", f"found {shown(value)}", "a date that exists, written as 2024-09-03")


def half(value: bytes) -> int:
    """0 for AM, 1 for PM."""
    if value not in (b"AM", b"PM"):
        raise BadValue("session", f"found {shown(value)}", "AM or PM")
    return int(value == b"PM")


def minutes(value: bytes) -> int:
    """Whole minutes late; an empty cell is none."""
    if not value:
        return 0
    if not _MINUTES.fullmatch(value) or float(value) > MOST_MINUTES:
        raise BadValue("minutes_late", f"found {shown(value)}", f"whole minutes from 0 to {MOST_MINUTES}, or nothing")
    return int(float(value))


def edition(value: bytes) -> str | None:
    """The edition of the law that a row was exported under; an empty cell leaves it to the date."""
    if value and value.decode("latin-1") not in EDITIONS:
        raise BadValue("edition", f"found {shown(value)}", f"{' or '.join(EDITIONS)}, or nothing")
    return value.decode() or None


def name(column: str, value: bytes) -> None:
    """Refuse a pupil or school without a name, or with a byte that no text holds."""
    if not value or b"\0" in value:
        raise BadValue(column, f"found {shown(value)}" if value else "the cell is empty", f"the name of a {column}")


def kind(code: bytes, edition: str, afternoon: int) -> int:
    """The kind of a code in a session under an edition, CLOSED for #, UNKNOWN for a code that can't stand there."""
    text = code.decode("latin-1")
    if text not in BYTE:
        return UNKNOWN
    if text == "#":
        return CLOSED
    return lookup(edition, HALVES[afternoon])[BYTE[text]]


def refusal(code: bytes, edition: str, afternoon: int, ordinal: int | None = None) -> BadValue:
    """Why a code is UNKNOWN in a session: no code at all, of another edition, or of the other half of the day."""
    text = code.decode("latin-1")
    if text in table(edition):
        other, own = (
            ("a morning code in the afternoon", "\\") if afternoon else ("an afternoon code in the morning", "/")
        )
        return BadValue("code", f"found {text}, {other}", f"{own} or another code of the {edition} edition")
    others = [one for one in EDITIONS if text in table(one)]
    if others:
        on = (
            f", which {date.fromordinal(ordinal)} calls for"
            if ordinal and edition_on_ordinal(ordinal) == edition
            else ""
        )
        return BadValue(
            "code", f"found {text}, a code of the {others[0]} edition", f"a code of the {edition} edition{on}"
        )
    expected = f"- or a code of the {edition} edition: {' '.join(table(edition))}"
    return BadValue("code", f"found {shown(code)}" if code else "the cell is empty", expected)


def byte_refusal(byte: int, edition: str, afternoon: int, ordinal: int) -> BadValue:
    """The same for a byte of a sheet."""
    text = TEXT[byte]
    return refusal(text.encode() if text else bytes([byte]), edition, afternoon, ordinal)


def edition_on_ordinal(ordinal: int) -> str:
    """The edition in force on the day of an ordinal."""
    return edition_on(date.fromordinal(ordinal))


__all__ = ["CLOSED", "MISSING", "UNKNOWN"]
