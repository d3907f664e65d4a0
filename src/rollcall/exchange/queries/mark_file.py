"""The rows of a file of marks as a layout reads it, long or wide, before anybody has asked whether they can be true."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rollcall.exchange.guessing import pair_of, session_places
from rollcall.exchange.layouts import Layout, Options
from rollcall.exchange.reading import Grid
from rollcall.exchange.values import a_dated, half_of, split_name
from rollcall.rules.codes import BYTE, MISSING, PRESENT_CODE
from rollcall.rules.identifiers import check_upn
from rollcall.rules.lateness import MOST_MINUTES
from rollcall.rules.sessions import HALVES, Half
from rollcall.rules.tables import BadCell, Cells, Column, Parser, Row, UnreadableTable, a_whole_number, check_rows


@dataclass(frozen=True, slots=True)
class Who:
    """How a row names its pupil: by UPN, or by name with whatever helps to tell two of a name apart."""

    upn: str
    first: str
    last: str
    born: date | None
    school_class: str


@dataclass(frozen=True, slots=True)
class Told:
    """One mark that a file tells: in which row and column, of whom, when, and what. `-` stands for no mark."""

    row: int
    column: str
    who: Who
    day: date
    half: Half
    code: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """What could be read of a mark whose row has a cell that can't be; None is what could not."""

    row: int
    column: str
    who: Who | None
    day: date | None
    half: Half | None
    code: str | None
    minutes: int | None


@dataclass(frozen=True)
class MarkFile:
    """A file of marks as read: what it tells, every bad cell, and the headings that nobody asked for.

    parts: of the rows with a bad cell, so that what else is wrong with them is named at the same time.
    """

    n_rows: int
    told: tuple[Told, ...]
    bad: tuple[BadCell, ...]
    ignored: tuple[str, ...]
    parts: tuple[Part, ...] = ()


def read_marks(grid: Grid, layout: Layout, options: Options) -> MarkFile:
    """Read a file of marks. Raises UnreadableTable where a column is missing that the layout needs."""
    cells = grid.cells(layout.heading_row, layout.heading_rows)
    _check_columns(layout)
    if layout.shape == "wide":
        return _read_wide(cells, layout, options)
    table = check_rows(cells, _who_columns(layout) + _long_columns(layout, options))
    told = []
    for row in table.rows:
        half = row[layout.columns["session"]]
        code = row[layout.columns["code"]]
        minutes = row[layout.columns["minutes"]] if "minutes" in layout.columns else None
        who = _who(row.values, layout)
        day = row[layout.columns["date"]]
        told.append(Told(row.number, layout.columns["code"], who, day, half, _present(code, half, layout), minutes))
    ignored = tuple(one for one in table.ignored if one.casefold() not in {"school", "edition"})
    parts = tuple(_part(row, layout) for row in table.torn)
    return MarkFile(len(cells.rows), tuple(told), table.bad, ignored, parts)


def _part(row: Row, layout: Layout) -> Part:
    """A mark of a long file in a row with a bad cell."""
    names, values = layout.columns, row.values
    half, code = values.get(names["session"]), values.get(names["code"])
    code = _present(code, half, layout) if code and half else code
    minutes = values.get(names.get("minutes", ""))
    return Part(row.number, names["code"], _known_who(values, layout), values.get(names["date"]), half, code, minutes)


def _known_who(values: Mapping[str, Any], layout: Layout) -> Who | None:
    """Whom a row means, None where a cell that says so could not be read."""
    wanted = [layout.columns[key] for key in _WHO if key in layout.columns]
    return _who(values, layout) if all(heading in values for heading in wanted) else None


_WHO = ("upn", "name", "first", "last", "born", "school_class")


def _check_columns(layout: Layout) -> None:
    columns = layout.columns
    if not ("upn" in columns or "name" in columns or {"first", "last"} <= set(columns)):
        raise UnreadableTable("No column says which pupil a mark is of: choose the one with the UPN, or with the name.")
    needed = [] if layout.shape == "wide" else ["date", "session", "code"]
    if missing := [key for key in needed if key not in columns]:
        raise UnreadableTable(f"No column is chosen for the {' and the '.join(missing)} of a mark.")


def _who_columns(layout: Layout) -> list[Column]:
    names = layout.columns
    by_upn = "upn" in names
    parsers: dict[str, Parser] = {
        "upn": check_upn,
        "name": lambda text: split_name(text, layout.name_order),
        "first": str,
        "last": str,
        "born": a_dated(layout.days),
        "school_class": str,
    }
    needed = {"upn"} if by_upn else {"name", "first", "last"}
    return [Column(names[key], parser, key in needed) for key, parser in parsers.items() if key in names]


def _long_columns(layout: Layout, options: Options) -> list[Column]:
    names = layout.columns
    columns = [
        Column(names["date"], a_dated(layout.days, options.year_start)),
        Column(names["session"], _half_parser(layout)),
        Column(names["code"], code_parser(layout), required=False, blank=MISSING),
    ]
    if "minutes" in names:
        columns.append(Column(names["minutes"], _minutes, required=False))
    return columns


def _half_parser(layout: Layout) -> Parser:
    def parse(text: str) -> str:
        half = half_of(text, layout.sessions)
        if half is None:
            raise ValueError(f"{text!r} is not a session; say on the page before whether it is AM or PM.")
        return half

    return parse


def _minutes(text: str) -> int:
    return int(a_whole_number(0, MOST_MINUTES)(text.removesuffix(".0")))


def code_parser(layout: Layout) -> Parser:
    """A file's word for a mark to ours, of any edition; whether the day's edition has it is asked later."""

    def parse(text: str) -> str:
        code = layout.codes.get(text, text)
        if code in BYTE:
            return code
        if code == "":
            return MISSING
        if code.upper() in BYTE:
            return code.upper()
        raise ValueError(f"{text!r} is not an attendance code; say on the page before what it stands for.")

    return parse


def _present(code: str, half: Half, layout: Layout) -> str:
    return PRESENT_CODE[half] if layout.either_present and code in PRESENT_CODE.values() else code


def _who(values: Mapping[str, Any], layout: Layout) -> Who:
    names = layout.columns
    first, last = values[names["name"]] or ("", "") if "name" in names else ("", "")
    first = values[names["first"]] or first if "first" in names else first
    last = values[names["last"]] or last if "last" in names else last
    return Who(
        upn=values[names["upn"]] or "" if "upn" in names else "",
        first=first,
        last=last,
        born=values[names["born"]] if "born" in names else None,
        school_class=values[names["school_class"]] or "" if "school_class" in names else "",
    )


def _read_wide(cells: Cells, layout: Layout, options: Options) -> MarkFile:
    places = session_places(cells, layout, options.year_start)
    if not places:
        raise UnreadableTable("No heading is a session: a wide file needs headings such as 04/09/2025 AM.")
    columns = _who_columns(layout)
    parse, twins = code_parser(layout), _pairs(layout)
    for place, (_, half) in places.items():
        columns.append(Column(cells.headings[place], parse if half else twins, required=False))
    table = check_rows(cells, columns)
    told: list[Told] = []
    for row in table.rows:
        who = _who(row.values, layout)
        for place, (day, half) in places.items():
            heading = cells.headings[place]
            told += _told(row.number, heading, who, day, half, row[heading], layout)
    parts = tuple(part for row in table.torn for part in _wide_parts(row, cells, places, layout))
    return MarkFile(len(cells.rows), tuple(told), table.bad, table.ignored, parts)


def _wide_parts(row: Row, cells: Cells, places: Mapping[int, tuple], layout: Layout) -> Iterator[Part]:
    """The marks of a wide file's row with a bad cell; a cell that is bad itself tells of no mark."""
    known = _known_who(row.values, layout)
    for place, (day, half) in places.items():
        heading = cells.headings[place]
        for which, code in _pairs_in(half, row.values.get(heading)):
            yield Part(row.number, heading, known, day, which, _present(code, which, layout), None)


def _told(
    number: int, heading: str, who: Who, day: date, half: Half | None, value: Any, layout: Layout
) -> Iterator[Told]:
    for which, code in _pairs_in(half, value):
        yield Told(number, heading, who, day, which, _present(code, which, layout), None)


def _pairs_in(half: Half | None, value: Any) -> list[tuple[Half, str]]:
    """The marks of a cell: none, one of a session, or the two of a day."""
    if value is None:
        return []
    return [(half, value)] if half else list(zip(HALVES, value, strict=True))


def _pairs(layout: Layout) -> Callable[[str], tuple[str, ...]]:
    one = code_parser(layout)

    def parse(text: str) -> tuple[str, ...]:
        pair = pair_of(text, layout)
        if pair is None:
            raise ValueError(f"{text!r} is not the two marks of a day, such as / I.")
        return tuple(one(part) for part in pair)

    return parse
