"""Files as other systems might write them, for tests: plain tables of text turned into CSV or a workbook."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import openpyxl

Table = Sequence[Sequence[object]]


def as_csv(rows: Table, encoding: str = "utf-8", ending: str = "\r\n") -> bytes:
    """A table as the bytes of a CSV file."""
    out = io.StringIO()
    csv.writer(out, lineterminator=ending).writerows(rows)
    return out.getvalue().encode(encoding)


def as_workbook(rows: Table) -> bytes:
    """A table as the bytes of a workbook; days are days."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for row in book.active.iter_rows():
        for cell in row:
            if isinstance(cell.value, date):
                cell.number_format = "dd/mm/yyyy"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
