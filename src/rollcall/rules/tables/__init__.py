"""Tables that people bring: read from CSV or a workbook, every bad cell named.

`read_cells` turns bytes into headings and rows of text; `check_rows` holds them to columns with parsers;
`read_table` does both. The checks in `identifiers` are parsers too. A file that is no table raises one sentence;
a bad cell never stops the others from being looked at.
"""

from rollcall.rules.tables.cells import Cells, Limits, UnreadableTable
from rollcall.rules.tables.columns import BadCell, Column, Parser, Row, Table, check_rows, read_cells, read_table
from rollcall.rules.tables.parsers import (
    a_choice,
    a_code,
    a_day,
    a_half,
    a_text,
    a_time,
    a_whole_number,
    yes_or_no,
)

__all__ = [
    "BadCell",
    "Cells",
    "Column",
    "Limits",
    "Parser",
    "Row",
    "Table",
    "UnreadableTable",
    "a_choice",
    "a_code",
    "a_day",
    "a_half",
    "a_text",
    "a_time",
    "a_whole_number",
    "check_rows",
    "read_cells",
    "read_table",
    "yes_or_no",
]
