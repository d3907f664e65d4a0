"""From the bytes of a file to headings and rows of text.

CSV in UTF-8 (with a mark at its start or without), UTF-16 with one, or Windows-1252; workbooks go to workbook.py. The
kind is told by the content, never by the name. Every way in which a file is no table is one sentence.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


class UnreadableTable(ValueError):
    """The file as a whole is no table that can be read."""


@dataclass(frozen=True)
class Limits:
    """How much of a file is taken on; a workbook is also held to its size when unzipped."""

    n_bytes: int = 20_000_000
    n_bytes_unzipped: int = 200_000_000
    n_rows: int = 200_000
    n_columns: int = 256


@dataclass(frozen=True)
class Cells:
    """Headings, and the rows under them that are not blank: (number as a spreadsheet shows it, cells of text)."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


_NOT_TEXT = {
    b"%PDF": "It is a PDF; export the table as CSV or as an Excel workbook (.xlsx).",
    b"PAR1": "It is a Parquet file; this page reads CSV and Excel workbooks (.xlsx).",
    b"\x1f\x8b": "It is compressed; unpack it first.",
}


def decode(content: bytes) -> str:
    """The text of a CSV file, without a mark at its start. Raises UnreadableTable for what is no text."""
    for start, sentence in _NOT_TEXT.items():
        if content.startswith(start):
            raise UnreadableTable(sentence)
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(character) < 32 and character not in "\t\r\n" for character in set(text)):
            return text
    raise UnreadableTable("The file is not text; save the table as CSV (UTF-8) or as an Excel workbook (.xlsx).")


def csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Every row of a CSV file with its number from 1, blank ones too. Raises UnreadableTable, naming the row."""
    text = decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableTable(_csv_sentence(number, error)) from None


def _delimiter(text: str) -> str:
    heading = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=heading.count)


def _csv_sentence(number: int, error: csv.Error) -> str:
    if "unexpected end" in str(error) or "field larger" in str(error):
        return f"Row {number}: a quotation mark is opened there and never closed."
    if "expected after" in str(error):
        return f'Row {number}: a quoted cell goes on after its closing quotation mark; write "" for one inside a cell.'
    return f"Row {number} cannot be read as CSV ({error})."


def gather(rows: Iterable[tuple[int, list[str]]], limits: Limits) -> Cells:
    """Headings from the first row that is not blank, then the rows under it. Raises UnreadableTable."""
    filled = (
        (number, tuple(cell.strip() for cell in row)) for number, row in rows if any(cell.strip() for cell in row)
    )
    first = next(filled, None)
    if first is None:
        raise UnreadableTable("The file is empty; its first row must hold the headings of the columns.")
    headings = _trim(first[1])
    found: list[tuple[int, tuple[str, ...]]] = []
    for number, row in filled:
        if len(found) == limits.n_rows:
            raise UnreadableTable(f"The table has more than {limits.n_rows:,} rows; split it into smaller files.")
        if len(row) > limits.n_columns:
            raise UnreadableTable(f"Row {number} has more than {limits.n_columns} columns; remove those not needed.")
        found.append((number, row))
    return Cells(headings, tuple(found))


def _trim(row: tuple[str, ...]) -> tuple[str, ...]:
    n_filled = max(place for place, cell in enumerate(row, 1) if cell)
    return row[:n_filled]


def safe_cell(text: str) -> str:
    """A cell to write that no spreadsheet takes for a formula: an apostrophe goes before =, +, - and @."""
    return f"'{text}" if len(text) > 1 and text[0] in "=+-@" else text.replace("\t", " ")
