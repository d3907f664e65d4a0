"""Draws a register's lines from their one template, each kind of line once a page.

Thirty lines differ in little more than number, name and last sessions; drawing each anew took most of a page's time.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString

from rollcall.registers.views.rows import Row

# What no pupil has, to be put right in a line that is drawn for several.
NUMBER = 987_654_321_012
NAME, STRIP = "\x02name\x02", SafeString("\x02strip\x02")

Context = dict[str, Any]


def draw_rows(rows: Iterable[Row], context: Context) -> list[SafeString]:
    """Each line of the page."""
    return _draw("registers/_partials/row.html", rows, context)


def draw_notes(rows: Iterable[Row], context: Context) -> dict[int, SafeString]:
    """What stands beside each pupil's last sessions, by enrolment."""
    rows = list(rows)
    notes = _draw("registers/_partials/note.html", rows, context)
    return {row.line.enrolment: note for row, note in zip(rows, notes, strict=True)}


def _draw(name: str, rows: Iterable[Row], context: Context) -> list[SafeString]:
    template = get_template(name)
    kinds: dict[Any, str] = {}
    drawn = []
    for row in rows:
        kind = _kind(row)
        if kind is None:
            drawn.append(SafeString(template.render({**context, "row": row})))
            continue
        if kind not in kinds:
            kinds[kind] = template.render({**context, "row": _nobody(row)})
        drawn.append(_for(kinds[kind], row))
    return drawn


def _kind(row: Row) -> tuple[Any, ...] | None:
    """What lines must share to be drawn alike; None for one that is like no other."""
    line = row.line
    if line.expected or line.wish or row.problem or row.minutes or row.ground or row.chosen != row.code:
        return None
    return row.code, row.other, row.locked


def _nobody(row: Row) -> Row:
    return replace(row, line=replace(row.line, enrolment=NUMBER, name=NAME), strip=STRIP)


def _for(text: str, row: Row) -> SafeString:
    text = text.replace(str(NUMBER), str(row.line.enrolment)).replace(NAME, escape(row.line.name))
    return SafeString(text.replace(STRIP, row.strip))
