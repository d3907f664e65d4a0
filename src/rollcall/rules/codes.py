"""What each attendance code means, how it counts, and where it cannot be true.

Reads law/codes.toml, which has two editions: 2006 (the 2006 regulations as amended) and 2024 (the 2024 regulations,
from 19 August 2024). A session is judged by the edition of its own date. `-` is no code: a session without a mark.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rollcall.rules.law import read_law

EDITIONS = ("2006", "2024")
MISSING = "-"
LEAST_LETTERS = 3
NO_CODE = 255


class Counts(IntEnum):
    """How a session counts. Possible sessions are the four from ATTENDING to UNAUTHORISED and nothing else."""

    MISSING = 0
    ATTENDING = 1
    EDUCATIONAL = 2
    AUTHORISED = 3
    UNAUTHORISED = 4
    NOT_POSSIBLE = 5

    @property
    def label(self) -> str:
        """The word used in files: attending, educational_activity, authorised, unauthorised, not_possible, missing."""
        return _LABELS[self]


_LABELS = {
    Counts.MISSING: "missing",
    Counts.ATTENDING: "attending",
    Counts.EDUCATIONAL: "educational_activity",
    Counts.AUTHORISED: "authorised",
    Counts.UNAUTHORISED: "unauthorised",
    Counts.NOT_POSSIBLE: "not_possible",
}
_BY_LABEL = {label: counts for counts, label in _LABELS.items()}


@dataclass(frozen=True)
class Code:
    """One code under one edition. `rule` says when it may be used, `only` the circumstance that `check` asks for.

    goes_with: what is kept beside the code: "minutes", "ground" or nothing. grounds: those that the law names, in
    short words, where it names some. rests_on: "decision" or "record" where taking a register alone can't tell it.
    """

    code: str
    meaning: str
    counts_as: Counts
    byte: int
    source: str
    rule: str
    only: str = ""
    goes_with: str = ""
    grounds: tuple[str, ...] = ()
    rests_on: str = ""


@dataclass(frozen=True)
class Circumstances:
    """What is known about one pupil's session before a code is written. Reception is year group 0."""

    half: Literal["AM", "PM"]
    year_group: int
    compulsory_age: bool
    traveller: bool
    on_roll: bool
    planned_closure: bool
    leave_granted: bool


class UnknownCode(ValueError):
    """The text is no code of the edition asked for."""


class CodeRefused(ValueError):
    """The code exists, but cannot be true in these circumstances."""


def _read_tables() -> dict[str, Mapping[str, Code]]:
    tables: dict[str, dict[str, Code]] = {edition: {} for edition in EDITIONS}
    for row in read_law("codes")["code"]:
        for edition in row["editions"]:
            tables[edition][row["code"]] = _code(row)
    return {edition: MappingProxyType(codes) for edition, codes in tables.items()}


def _code(row: dict[str, Any]) -> Code:
    counts_as = _BY_LABEL[row["counts_as"]]
    said = (row["code"], row["meaning"], counts_as, row["byte"], row["source"], row["rule"])
    asked = (row.get("only", ""), row.get("with", ""), tuple(row.get("grounds", ())), row.get("rests_on", ""))
    return Code(*said, *asked)


_TABLES = _read_tables()


def _read_bytes() -> dict[str, int]:
    found = {MISSING: ord(MISSING)}
    for codes in _TABLES.values():
        found.update({code.code: code.byte for code in codes.values()})
    return found


BYTE: Mapping[str, int] = MappingProxyType(_read_bytes())
"""Code text (and `-`) to its byte on a sheet, over both editions."""

_BY_BYTE = {byte: text for text, byte in BYTE.items()}
TEXT: tuple[str, ...] = tuple(_BY_BYTE.get(byte, "") for byte in range(256))
"""Byte to code text, over both editions; an empty text for a byte that stands for nothing."""

COUNTS: Mapping[str, Counts] = MappingProxyType(
    {code.code: code.counts_as for codes in _TABLES.values() for code in codes.values()}
)
"""What a code counts as, over both editions: none counts as one thing in one and as another in the other."""

PRESENT_CODE: Mapping[str, str] = MappingProxyType({"AM": "/", "PM": "\\"})
"""The mark of a pupil who is simply there, by half-day."""

LATE, LATE_AFTER_CLOSING = "L", "U"
"""The marks of a pupil who comes late: before the register closes, and after it (policy 4.4-a, 4.4-b)."""

UNEXPLAINED = "N"
"""The mark of a pupil who is away while nobody has said why."""


def _those(holds: Callable[[Code], bool]) -> frozenset[str]:
    return frozenset(code.code for codes in _TABLES.values() for code in codes.values() if holds(code))


WITH_MINUTES = _those(lambda code: code.goes_with == "minutes")
"""The codes of both editions that minutes late go with."""

WITH_GROUND = _those(lambda code: code.goes_with == "ground") - _those(lambda code: code.goes_with != "ground")
"""The codes that need a ground beside them under every edition that has them; of a session ask `needs_ground`."""

WITH_LEAVE = _those(lambda code: code.only == "leave_granted")
"""The codes of both editions that need leave granted before the absence."""

DECISIONS = _those(lambda code: code.rests_on == "decision")
"""The codes of both editions that somebody decides, after the parents were told: no register gives them (4.2-c)."""


def _first_day() -> date:
    day: date = read_law("codes")["edition_2024_from"]
    return day


def edition_on(day: date) -> str:
    """The edition of the law in force on a day: "2024" from 19 August 2024, else "2006". Source: SI 2024/208 reg 1."""
    return "2024" if day >= _first_day() else "2006"


def day_under(edition: str, day: date) -> date:
    """The day to ask dated values for where `edition` is applied: `day` itself, or the nearest on which it held.

    A policy written under an older edition keeps that edition's values after the newer one has begun.
    """
    table(edition)
    return max(day, _first_day()) if edition == "2024" else min(day, _first_day() - timedelta(days=1))


def table(edition: str) -> Mapping[str, Code]:
    """The codes of one edition by their text, in the order of the law; `-` is not among them. ValueError if unknown."""
    if edition not in _TABLES:
        raise ValueError(f"There is no edition {edition!r} of the attendance codes; use {' or '.join(EDITIONS)}.")
    return _TABLES[edition]


@cache
def counts_by_byte(edition: str) -> NDArray[np.uint8]:
    """A read-only uint8[256]: for each byte of a sheet the number of its `Counts`.

    `-` gives MISSING; a byte that is no code of this edition gives 255 (NO_CODE).
    """
    counts = np.full(256, NO_CODE, np.uint8)
    counts[BYTE[MISSING]] = Counts.MISSING
    for code in table(edition).values():
        counts[code.byte] = code.counts_as
    counts.setflags(write=False)
    return counts


def find(text: str, edition: str) -> Code:
    """The code written as `text` under `edition`. Raises UnknownCode, which says if it is one of the other edition."""
    code = table(edition).get(text)
    if code is None:
        raise UnknownCode(_unknown(text, edition))
    return code


def _unknown(text: str, edition: str) -> str:
    if text == MISSING:
        return "'-' is no attendance code: it stands for a session without a mark."
    for other in EDITIONS:
        if text in _TABLES[other]:
            return f"Code {text} is one of the {other} codes; this session is under those of {edition}{_span(edition)}."
    return f"{text!r} is not an attendance code under the {edition} codes; use one of {' '.join(table(edition))}."


def _span(edition: str) -> str:
    day = f"{_first_day():%-d %B %Y}"
    return f" (from {day})" if edition == "2024" else f" (before {day})"


def needs_ground(code: str, edition: str) -> bool:
    """Whether a code is kept with its ground under an edition, for it alone does not say why; `-` never is."""
    found = table(edition).get(code)
    return found is not None and found.goes_with == "ground"


def says_ground(text: str) -> bool:
    """Whether a text says something: at least three letters, so that no stray key passes for a ground (A1-e)."""
    return sum(letter.isalpha() for letter in text) >= LEAST_LETTERS


def check(code: str, edition: str, circumstances: Circumstances) -> None:
    """Refuse a code that cannot be true: policy A1-b, and regulation 11 of 2024 for leave.

    Raises UnknownCode for a text that is no code of the edition, CodeRefused with one sentence where the circumstances
    rule it out; returns nothing where it may stand.
    """
    found = find(code, edition)
    if found.only and not _HOLDS[found.only](circumstances):
        raise CodeRefused(f"Code {code} ({found.meaning}) {_REFUSALS[found.only]}.")


_HOLDS: Mapping[str, Callable[[Circumstances], bool]] = {
    "morning": lambda c: c.half == "AM",
    "afternoon": lambda c: c.half == "PM",
    "year_11": lambda c: c.year_group == 11,
    "traveller": lambda c: c.traveller,
    "not_compulsory_age": lambda c: not c.compulsory_age,
    "not_on_roll": lambda c: not c.on_roll,
    "planned_closure": lambda c: c.planned_closure,
    "leave_granted": lambda c: c.leave_granted,
}
_REFUSALS = {
    "morning": "is for mornings only; in the afternoon use \\",
    "afternoon": "is for afternoons only; in the morning use /",
    "year_11": "is for pupils in year 11 only",
    "traveller": "is only for a pupil whose family is recorded as travelling for work",
    "not_compulsory_age": "is only for a pupil who is not of compulsory school age on this day",
    "not_on_roll": "is only for a day before the pupil has joined the school",
    "planned_closure": "is only for a session on which the school is closed as planned",
    "leave_granted": "needs leave that was granted before the absence; record the leave first, or use another code",
}
