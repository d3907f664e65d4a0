"""The first sheet of an Excel workbook as rows of text, however hostile the file.

A workbook is a zip of XML: its unzipped size is bounded before anything is opened, its XML is read by a parser that
takes no entities, its own word about its dimensions is not believed, and formulas give the values last saved.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl
from defusedxml.common import DefusedXmlException

from rollcall.rules.tables.cells import Limits, UnreadableTable

N_ROWS_IN_EXCEL = 1_048_576
_DAMAGED = "The workbook is damaged; open it in Excel and save it again."
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"

if not openpyxl.DEFUSEDXML:
    raise ImportError(
        "Workbooks from outside are read only with defusedxml; install it, and leave OPENPYXL_DEFUSEDXML on."
    )


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a workbook of any age, readable or not."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLD_OR_LOCKED))


def workbook_rows(content: bytes, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Every row of the first sheet with its number, blank ones too. Raises UnreadableTable with one sentence."""
    _check_size(content, limits)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            _check_shape(number, row, limits)
            yield number, [_text(value) for value in row]
    except UnreadableTable:
        raise
    except Exception as error:  # what openpyxl raises on a damaged file has no bound
        raise UnreadableTable(_sentence(error)) from error


def _sentence(error: BaseException | None) -> str:
    while error is not None:
        if isinstance(error, DefusedXmlException):
            return "The workbook holds XML that a workbook has no use for; it was not opened."
        error = error.__cause__ or error.__context__
    return _DAMAGED


def _check_size(content: bytes, limits: Limits) -> None:
    """zipfile reads no more of a member than its entry announces, so that the sum of these is a true bound."""
    if content.startswith(_OLD_OR_LOCKED):
        raise UnreadableTable("The workbook is of an old kind or has a password; save it as .xlsx without one.")
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except Exception as error:  # a zip's directory can be damaged in ways that raise almost anything
        raise UnreadableTable(_DAMAGED) from error
    if sum(member.file_size for member in members) > limits.n_bytes_unzipped:
        raise UnreadableTable("The workbook is too large when unpacked; remove the sheets and columns not needed.")
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise UnreadableTable("It is a zip file, not an Excel workbook; unpack it and choose the table inside.")


def _check_shape(number: int, row: tuple[Any, ...], limits: Limits) -> None:
    if number > N_ROWS_IN_EXCEL:
        raise UnreadableTable("The workbook is damaged: it has more rows than Excel allows.")
    if len(row) > limits.n_columns:
        raise UnreadableTable(f"Row {number} has more than {limits.n_columns} columns; remove those not needed.")


def _text(value: Any) -> str:
    """A cell as it would stand in CSV: days as 2025-09-01, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        whole_day = value.time() == time(0)
        return value.date().isoformat() if whole_day else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
