"""The rows of a file of pupils as a layout reads it: one value a pupil, however many rows a pupil has in the file."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from rollcall.exchange.fields import N_CONTACTS, N_PHONES, fields_of, is_of_pupil
from rollcall.exchange.layouts import Layout
from rollcall.exchange.queries.span_file import ToldSpan, spans_in
from rollcall.exchange.reading import Grid
from rollcall.exchange.values import (
    a_dated,
    away_of,
    flag_of,
    hold_of,
    is_permanent,
    sen_of,
    sex_of,
    split_adult,
    split_name,
    year_group_of,
)
from rollcall.rules.identifiers import check_upn
from rollcall.rules.tables import BadCell, Column, Parser, UnreadableTable, a_choice, a_text, check_rows

_ADULT_FACTS = ("title", "first", "last", "email", "address", "language")


@dataclass(frozen=True)
class ToldContact:
    """An adult as a row tells of them; what is blank is None."""

    first: str
    last: str
    values: Mapping[str, Any]
    phones: tuple[tuple[str, str], ...]


@dataclass
class ToldPupil:
    """A pupil as a file tells of them: the first row, our fields with what is not blank, the adults, the spans.

    unread: our fields with a cell that could not be read; where the UPN is one, `upn` is empty.
    """

    row: int
    upn: str
    values: dict[str, Any]
    contacts: list[ToldContact] = field(default_factory=list)
    spans: list[ToldSpan] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class PupilFile:
    """A file of pupils as read; `headings` are the file's own, by our fields, for naming a bad cell's column."""

    n_rows: int
    told: tuple[ToldPupil, ...]
    bad: tuple[BadCell, ...]
    ignored: tuple[str, ...]
    headings: Mapping[str, str]


def read_pupils(grid: Grid, layout: Layout, rows: Collection[str]) -> PupilFile:
    """Read a file of pupils. Raises UnreadableTable without a column for the UPN.

    rows: of the permission table that whoever brings the file holds; columns that need another are passed over.
    """
    allowed = {one.key for one in fields_of("pupils", rows)}
    names = {key: theirs for key, theirs in layout.columns.items() if key in allowed}
    if "upn" not in names:
        raise UnreadableTable("No column is chosen for the UPN, by which a pupil is known.")
    cells = grid.cells(layout.heading_row, layout.heading_rows)
    columns = [Column(theirs, _parser(key, layout), key == "upn") for key, theirs in names.items()]
    table = check_rows(cells, columns)
    told: dict[str, ToldPupil] = {}
    bad = list(table.bad)
    for row in sorted((*table.rows, *table.torn), key=lambda row: row.number):
        values = {key: row[theirs] for key, theirs in names.items() if row.values.get(theirs) not in (None, "")}
        unread = {key for key, theirs in names.items() if theirs not in row.values}
        _add(told, _told(row.number, values, unread, names, bad), names, bad)
    return PupilFile(len(cells.rows), tuple(told.values()), tuple(bad), table.ignored, names)


def _told(
    number: int, values: Mapping[str, Any], unread: set[str], names: Mapping[str, str], bad: list[BadCell]
) -> ToldPupil:
    """One row of a pupil; what is wrong with its adults and spans is put to `bad`."""
    facts = {key: value for key, value in values.items() if is_of_pupil(key)}
    _split(facts)
    adults = _contacts(number, values, unread, names, bad)
    return ToldPupil(number, facts.get("upn", ""), facts, adults, spans_in(number, values, unread, names, bad), unread)


def _add(told: dict[str, ToldPupil], row: ToldPupil, names: Mapping[str, str], bad: list[BadCell]) -> None:
    """Put a row to its pupil. Some exports have a row for each contact; anything else said twice is a fault."""
    earlier = told.setdefault(row.upn or f"row {row.row}", row)
    if earlier is row:
        return
    others = [key for key, value in row.values.items() if earlier.values.get(key, value) != value]
    for key in others:
        sentence = f"Row {earlier.row} says something else of the pupil with the UPN {row.upn}."
        bad.append(BadCell(row.row, names.get(key) or names.get("name", key), str(row.values[key]), sentence))
    known = {(one.first, one.last) for one in earlier.contacts}
    adults = [one for one in row.contacts if (one.first, one.last) not in known]
    spans = [one for one in row.spans if (one.kind, one.values) not in [(e.kind, e.values) for e in earlier.spans]]
    if not (others or adults or spans or row.unread or set(row.values) - set(earlier.values)):
        sentence = f"Row {earlier.row} has this UPN already, and says the same."
        bad.append(BadCell(row.row, names["upn"], row.upn, sentence))
    earlier.values |= row.values
    earlier.contacts += adults
    earlier.spans += spans
    earlier.unread |= row.unread


def _split(facts: dict[str, Any]) -> None:
    if "name" in facts:
        first, last = facts.pop("name")
        facts.setdefault("legal_first", first)
        facts.setdefault("legal_last", last)


def _contacts(
    number: int, values: Mapping[str, Any], unread: Set[str], names: Mapping[str, str], bad: list[BadCell]
) -> list[ToldContact]:
    found = []
    for n in range(1, N_CONTACTS + 1):
        start = f"contact_{n}_"
        own = {key.removeprefix(start): value for key, value in values.items() if key.startswith(start)}
        if not any(own.values()):
            continue
        title, first, last = own.pop("name", ("", "", ""))
        own = {"title": title, "first": first, "last": last} | own
        if not own["last"] and {f"{start}name", f"{start}last"} & unread:
            continue
        if not own["last"]:
            key = next(key for key in values if key.startswith(start))
            bad.append(BadCell(number, names[key], str(values[key]), f"Contact {n} has no name; give them one."))
            continue
        phones = _phones(own)
        kept = {key: value for key, value in own.items() if value not in (None, "")}
        found.append(ToldContact(own["first"], own["last"], kept, phones))
    return found


def _phones(own: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    found = []
    for n in range(1, N_PHONES + 1):
        if number := own.pop(f"phone_{n}", None):
            is_mobile = number.replace(" ", "").startswith(("07", "+447", "00447"))
            found.append((number, "mobile" if is_mobile else "work" if n == 3 else "home"))
    return tuple(found)


def _parser(key: str, layout: Layout) -> Parser:
    day = a_dated(layout.days)
    known: dict[str, Parser] = {
        "upn": check_upn,
        "name": lambda text: split_name(text, layout.name_order),
        "born": day,
        "admitted": day,
        "left": day,
        "sex": sex_of,
        "sen": sen_of,
        "year_group": year_group_of,
        "risk": a_choice("green", "amber", "red"),
        "school_class": a_text(60),
        "social_worker": a_text(200),
        "medical": a_text(200),
        "hold_kind": hold_of,
        "hold_note": a_text(200),
        "part_time_away": away_of,
        "exclusion_permanent": is_permanent,
    }
    if key in known:
        return known[key]
    if key.endswith(("_begins", "_ends", "_provision_from")):
        return day
    if key.startswith("contact_"):
        return _contact_parser(key.split("_", 2)[2])
    return a_text(80) if key.startswith(("legal", "known")) else flag_of


def _contact_parser(key: str) -> Parser:
    if key == "name":
        return split_adult
    if key in ("responsible", "lives_with", "barred"):
        return flag_of
    if key.startswith("phone"):
        return _a_phone
    if key == "email":
        return _an_email
    longest = {"title": 20, "relationship": 40, "language": 40, "barred_do": 200, "address": 1000}
    return a_text(longest.get(key, 80))


def _a_phone(text: str) -> str:
    if sum(character.isdigit() for character in text) < 6 or len(text) > 30:
        raise ValueError(f"{text!r} is not a telephone number.")
    return text


def _an_email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(f"{text!r} is not an e-mail address.") from None
    return text


def adult_facts(told: ToldContact) -> dict[str, Any]:
    """What is said of the adult, not of what they are to the pupil."""
    return {key: told.values[key] for key in _ADULT_FACTS if key in told.values}


def link_facts(told: ToldContact) -> dict[str, Any]:
    """What the adult is to the pupil, by the columns that keep it."""
    names = {"relationship": "relationship", "responsible": "parental_responsibility", "lives_with": "lives_with",
             "barred": "barred", "barred_do": "barred_do"}  # fmt: skip
    return {ours: told.values[key] for key, ours in names.items() if key in told.values}


__all__: Sequence[str] = ["PupilFile", "ToldContact", "ToldPupil", "adult_facts", "link_facts", "read_pupils"]
