"""Rows of text held to the columns that are expected: values where they can be read, a sentence where they cannot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rollcall.rules.tables.cells import Cells, Limits, UnreadableTable, csv_rows, gather
from rollcall.rules.tables.workbook import is_workbook, workbook_rows

Parser = Callable[[str], Any]
"""From a cell's text, stripped and not blank, to its value; raises ValueError whose text is the sentence to show."""


@dataclass(frozen=True)
class Column:
    """A column by the heading that it has in our own files.

    required: the table must have it, and each cell must be filled. A column that is not required may be absent or blank
    and then gives `blank`.
    """

    heading: str
    parse: Parser = str
    required: bool = True
    blank: Any = None


@dataclass(frozen=True)
class BadCell:
    """One cell that cannot be used. `row` is its number as a spreadsheet shows it; `problem` is a sentence."""

    row: int
    column: str
    value: str
    problem: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.problem}"


@dataclass(frozen=True)
class Row:
    """One row: its number and its values by our headings, of a torn one those that could be read."""

    number: int
    values: Mapping[str, Any]

    def __getitem__(self, heading: str) -> Any:
        return self.values[heading]


@dataclass(frozen=True)
class Table:
    """What was read: `rows` have no bad cell; `bad` names every bad cell; `ignored` are headings not asked for.

    torn: the rows that have a bad cell, with what could be read of them, so that their other faults can be named too.
    """

    rows: tuple[Row, ...]
    bad: tuple[BadCell, ...]
    ignored: tuple[str, ...]
    torn: tuple[Row, ...] = ()


def read_cells(content: bytes, limits: Limits | None = None) -> Cells:
    """Headings and rows of text from the bytes of a CSV file or workbook.

    Raises UnreadableTable with one sentence for an empty, binary, damaged or too large file, for a quotation mark never
    closed, and for two columns under one heading.
    """
    limits = limits or Limits()
    if len(content) > limits.n_bytes:
        raise UnreadableTable(f"The file is larger than {limits.n_bytes:,} bytes; split it into smaller ones.")
    cells = gather(workbook_rows(content, limits) if is_workbook(content) else csv_rows(content), limits)
    _check_headings(cells.headings)
    return cells


def check_rows(cells: Cells, columns: Sequence[Column], headings: Mapping[str, str] | None = None) -> Table:
    """Hold rows of text to columns.

    headings: for files with other headings than ours, our heading to theirs. Headings are compared without regard to
    capitals. Raises UnreadableTable where a required column is missing, naming it and the headings found.
    """
    places = _places(cells.headings, columns, headings or {})
    rows: list[Row] = []
    torn: list[Row] = []
    bad: list[BadCell] = []
    for number, texts in cells.rows:
        values, problems = _read_row(number, texts, columns, places)
        problems += _too_long(number, texts, len(cells.headings))
        bad += problems
        (torn if problems else rows).append(Row(number, values))
    used = set(places.values())
    ignored = tuple(heading for place, heading in enumerate(cells.headings) if place not in used and heading)
    return Table(tuple(rows), tuple(bad), ignored, tuple(torn))


def read_table(
    content: bytes,
    columns: Sequence[Column],
    *,
    limits: Limits | None = None,
    headings: Mapping[str, str] | None = None,
) -> Table:
    """`read_cells`, then `check_rows`: the bytes of a file to good rows and every bad cell. Raises UnreadableTable."""
    return check_rows(read_cells(content, limits), columns, headings)


def _check_headings(headings: Sequence[str]) -> None:
    seen: set[str] = set()
    for heading in headings:
        if heading and heading.casefold() in seen:
            raise UnreadableTable(f"Two columns are headed {heading}; give each column a heading of its own.")
        seen.add(heading.casefold())


def _places(found: Sequence[str], columns: Sequence[Column], headings: Mapping[str, str]) -> dict[str, int]:
    """Our heading to the place of its column; columns that are absent and not required have none."""
    by_name = {heading.casefold(): place for place, heading in enumerate(found) if heading}
    wanted = {column.heading: headings.get(column.heading, column.heading) for column in columns}
    places = {ours: by_name[theirs.casefold()] for ours, theirs in wanted.items() if theirs.casefold() in by_name}
    missing = [wanted[column.heading] for column in columns if column.required and column.heading not in places]
    if missing:
        what = f"column {missing[0]} is" if len(missing) == 1 else f"columns {', '.join(missing)} are"
        raise UnreadableTable(f"The {what} missing; the headings found are {', '.join(filter(None, found))}.")
    return places


def _read_row(
    number: int, texts: Sequence[str], columns: Sequence[Column], places: Mapping[str, int]
) -> tuple[dict[str, Any], list[BadCell]]:
    values: dict[str, Any] = {}
    problems = []
    for column in columns:
        place = places.get(column.heading)
        text = texts[place] if place is not None and place < len(texts) else ""
        try:
            values[column.heading] = _value(column, text)
        except ValueError as error:
            problems.append(BadCell(number, column.heading, text, str(error)))
    return values, problems


def _value(column: Column, text: str) -> Any:
    if text:
        return column.parse(text)
    if column.required:
        raise ValueError("Nothing is filled in.")
    return column.blank


def _too_long(number: int, texts: Sequence[str], n_headings: int) -> list[BadCell]:
    beyond = [text for text in texts[n_headings:] if text]
    sentence = "It stands beyond the last heading; a comma inside a cell needs quotation marks round the cell."
    return [BadCell(number, "no heading", beyond[0], sentence)] if beyond else []
