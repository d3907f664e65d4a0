"""The command `rollcall figures`: from a file of marks to a row of figures for each pupil.

Bad input is one line on standard error and exit 2; nothing is written then. Needs no settings and no database.
"""

import argparse
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rollcall.analysis.arguments import BAD_INPUT, Parser
from rollcall.analysis.csv_marks import CsvMarks
from rollcall.analysis.long_form import figures_of_file
from rollcall.analysis.output import BadOutput, encoder, write
from rollcall.analysis.parquet_marks import ParquetMarks
from rollcall.analysis.problems import BadFile
from rollcall.analysis.sheet_form import figures_of_sheet
from rollcall.rules.codes import EDITIONS

POLICY = "federation"
ROWS_AT_ONCE = 1 << 16
STOPPED = 130


def figures(arguments: Sequence[str]) -> int:
    """`rollcall figures MARKS [--sessions FILE] [--edition auto|2006|2024] [--out FILE]`; returns the exit code."""
    asked = _figures_parser().parse_args(arguments)
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        write(*_rows(asked), asked.out, sys.stdout.buffer)
    except (BadFile, BadOutput) as problem:
        print(problem, file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        # Nobody reads on; what is left in the buffer must not be tried again when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return STOPPED
    finally:
        signal.signal(signal.SIGTERM, before)
    return 0


def _stop(number: int, _frame: object) -> None:
    # So that a half-written file is cleared away and helpers are sent home, as on any other way out.
    raise KeyboardInterrupt


def _figures_parser() -> argparse.ArgumentParser:
    parser = Parser(prog="rollcall figures", description="Figures for each pupil from a file of marks.")
    parser.add_argument("marks", metavar="MARKS", type=Path, help="CSV or Parquet: pupil,date,session,code and more")
    parser.add_argument("--sessions", metavar="FILE", type=Path, help="CSV of date,session: MARKS is in sheet form")
    parser.add_argument("--edition", choices=("auto", *EDITIONS), default="auto", help="the codes to judge by")
    parser.add_argument("--out", metavar="FILE", type=Path, help="CSV or Parquet by its ending; else CSV to the screen")
    return parser


def _rows(asked: argparse.Namespace) -> tuple[Iterable[bytes], bool]:
    """The rows of figures, ready to be written, and whether they have a school."""
    edition, encode, policy = None if asked.edition == "auto" else asked.edition, encoder(asked.out), POLICY
    for path in filter(None, [asked.marks, asked.sessions]):
        _check_readable(path)
    if asked.sessions:
        _check_is_sheet(asked.marks)
        return figures_of_sheet(asked.marks, asked.sessions, edition, policy, encode), False
    source = ParquetMarks(asked.marks) if is_parquet(asked.marks) else CsvMarks(asked.marks)
    results = figures_of_file(source, edition, policy)
    return map(encode, results.parts(ROWS_AT_ONCE)), results.schools is not None


def _check_is_sheet(marks: Path) -> None:
    if not is_parquet(marks):
        found = "the file is not Parquet, which the sheet form is (--sessions)"
        raise BadFile(str(marks), "row 1", "marks", found, "Parquet; for a CSV of single marks leave --sessions out")


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet, by what it begins with; by its ending if it is empty."""
    with path.open("rb") as stream:
        start = stream.read(4)
    return start == b"PAR1" or path.suffix.lower() == ".parquet"


def _check_readable(path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as problem:
        raise BadOutput(f"{path}: can't be read ({problem.strerror}); check the name.") from problem
