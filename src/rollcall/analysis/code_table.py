"""The command `rollcall codes`: what each code means, how it counts, and its byte on a sheet, as CSV."""

import csv
import io
import sys
from collections.abc import Sequence

from rollcall.analysis.arguments import Parser
from rollcall.rules.codes import EDITIONS, table


def codes(arguments: Sequence[str]) -> int:
    """`rollcall codes [--edition 2006|2024]`: the codes of an edition, the newest if none is named; returns 0."""
    parser = Parser(prog="rollcall codes", description="The attendance codes of an edition of the law, as CSV.")
    parser.add_argument("--edition", choices=EDITIONS, default=EDITIONS[-1], help=f"by default {EDITIONS[-1]}")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["code", "meaning", "counts_as", "byte"])
    for code in table(parser.parse_args(arguments).edition).values():
        writer.writerow([code.code, code.meaning, code.counts_as.label, code.byte])
    sys.stdout.buffer.write(text.getvalue().encode())
    sys.stdout.buffer.flush()
    return 0
