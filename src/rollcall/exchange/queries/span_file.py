"""Holds, part-time patterns and exclusions as a row of a file of pupils tells of them: a kind, and its columns.

A row has room for one of each kind; a pupil with two of a kind has two rows.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from rollcall.exchange.fields import label_of
from rollcall.rules.tables import BadCell
from rollcall.schools.actions.bringing import SPANS
from rollcall.schools.actions.refusing import Refused
from rollcall.schools.actions.spans import exclusion_faults, hold_faults, part_time_faults

COLUMNS = {
    "hold": ("kind", "begins", "ends", "note"),
    "part_time": ("away", "begins", "ends"),
    "exclusion": ("permanent", "begins", "ends", "provision_from"),
}
"""The columns of each kind, which the fields of a file are named after."""
_PARTS = {
    "hold": {"kind": "A hold needs a kind: bereavement, illness or other.", "begins": "A hold needs a first day."},
    "part_time": {
        "away": "A part-time pattern needs the sessions that are not attended.",
        "begins": "A part-time pattern needs a first day.",
        "ends": "A part-time pattern needs a last day.",
    },
    "exclusion": {
        "permanent": "An exclusion needs a kind: suspension or permanent.",
        "begins": "An exclusion needs a first day.",
    },
}
"""What each kind can't be without, and what is said where it is missing."""


@dataclass(frozen=True)
class ToldSpan:
    """One span as a row tells of it: `values` by the columns that keep them, without what is blank."""

    kind: str
    row: int
    values: Mapping[str, Any]

    def cell(self, column: str, headings: Mapping[str, str], problem: str) -> BadCell:
        """One of its cells, with what is wrong with it."""
        return cell(self.row, f"{self.kind}_{column}", self.values.get(column), headings, problem)


def cell(row: int, key: str, value: object, headings: Mapping[str, str], problem: str) -> BadCell:
    """A bad cell of one of our fields, under the file's own heading where it has the column."""
    return BadCell(row, headings.get(key) or label_of("pupils", key), "" if value is None else str(value), problem)


def spans_in(
    row: int, values: Mapping[str, Any], unread: Collection[str], headings: Mapping[str, str], bad: list[BadCell]
) -> list[ToldSpan]:
    """The spans of a row, those with a fault left out and each of their faults put to `bad`.

    values: our fields to what a row says, blank ones left out. unread: fields whose cell could not be read.
    """
    found = []
    for kind in SPANS:
        start = f"{kind}_"
        own = {key.removeprefix(start): value for key, value in values.items() if key.startswith(start)}
        torn = {key.removeprefix(start) for key in unread if key.startswith(start)}
        if not own and not torn:
            continue
        told = ToldSpan(kind, row, own)
        faults = [one for one in _faults(kind, own) if one.field not in torn]
        bad += [told.cell(one.field, headings, str(one)) for one in faults]
        if not faults and not torn:
            found.append(told)
    return found


def _faults(kind: str, own: Mapping[str, Any]) -> list[Refused]:
    """What is wrong with a span by itself."""
    missing = [Refused(sentence, part) for part, sentence in _PARTS[kind].items() if part not in own]
    if missing:
        return missing
    if kind == "hold":
        return hold_faults(own["begins"], own.get("ends"))
    if kind == "part_time":
        return part_time_faults(own["away"], own["begins"], own["ends"], ())
    return exclusion_faults(own["permanent"], own["begins"], own.get("ends"), own.get("provision_from"))
