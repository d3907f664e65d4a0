"""The one place where entries meet the database: into the ledger, and into its projection in the same breath.

Whoever calls has checked what the entries say; here they get their numbers and are written, all or none.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from rollcall.journal.models import Deed
from rollcall.registers.models import Entry, SheetRow
from rollcall.rules.codes import BYTE, MISSING
from rollcall.rules.lateness import MOST_MINUTES
from rollcall.rules.sessions import Half, SchoolYear, half_of
from rollcall.schools.actions import next_numbers

_AT_ONCE = 300
_INSERT = """
    INSERT INTO registers_entry (school_id, number, deed_id, enrolment_id, day, half, code, minutes_late, ground) VALUES
"""
_VALUES = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_STORE = "INSERT INTO registers_sheetrow (enrolment_id, year_start, marks, minutes, upto) VALUES "
_ROW = "(%s, %s, %s, %s, %s)"
_ON_CONFLICT = """
    ON CONFLICT (enrolment_id, year_start)
    DO UPDATE SET marks = excluded.marks, minutes = excluded.minutes, upto = excluded.upto
"""


@dataclass(frozen=True)
class NewEntry:
    """An entry to be written: for an enrolment (by id), a session, a code (`-` clears) and minutes late if known."""

    enrolment: int
    day: date
    half: Half
    code: str
    minutes_late: int | None = None
    ground: str = ""


def blank_row(enrolment: int, year_start: int) -> SheetRow:
    """A year's row in which nothing is marked yet."""
    n = SchoolYear(year_start).n
    return SheetRow(
        enrolment_id=enrolment, year_start=year_start, marks=bytes([BYTE[MISSING]]) * n, minutes=bytes(n), upto=0
    )


def write_entries(
    school: int, entries: Sequence[NewEntry], deed: Deed, rows: dict[tuple[int, int], SheetRow] | None = None
) -> range:
    """Write entries of one deed, inside the caller's transaction, which must hold the school's lock if it read rows.

    rows: the sheet rows by (enrolment, year) where the caller has read them under the lock, brought up to date in place
    for its next deed; else they are read here. Returns the numbers given, in the order of `entries`. Raises ValueError
    for minutes that no session has.
    """
    if not entries:
        return range(0)
    for entry in entries:
        if entry.minutes_late is not None and not 0 <= entry.minutes_late <= MOST_MINUTES:
            raise ValueError(f"{entry.minutes_late} minutes late can't be: a session has at most {MOST_MINUTES}.")
    numbers = next_numbers(school, len(entries))
    _insert(school, deed, numbers, entries)
    _project(entries, numbers, rows if rows is not None else _rows_for(entries))
    return numbers


def _insert(school: int, deed: Deed, numbers: range, entries: Sequence[NewEntry]) -> None:
    """Put the entries in with rows of values by hand: a model instance for each costs ten times as much."""
    day_as_stored = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        for first in range(0, len(entries), _AT_ONCE):
            some = entries[first : first + _AT_ONCE]
            values: list[Any] = []
            for number, new in zip(numbers[first : first + _AT_ONCE], some, strict=True):
                mark = (new.enrolment, day_as_stored(new.day), new.half, new.code, new.minutes_late, new.ground)
                values += (school, number, deed.pk, *mark)
            cursor.execute(_INSERT + ", ".join([_VALUES] * len(some)), values)


def _rows_for(entries: Iterable[NewEntry]) -> dict[tuple[int, int], SheetRow]:
    wanted = {(e.enrolment, SchoolYear.of(e.day).start) for e in entries}
    found = SheetRow.objects.filter(
        enrolment__in={enrolment for enrolment, _ in wanted}, year_start__in={year for _, year in wanted}
    )
    return {(row.enrolment_id, row.year_start): row for row in found}


def _project(entries: Sequence[NewEntry], numbers: range, rows: dict[tuple[int, int], SheetRow]) -> None:
    changed: dict[tuple[int, int], list[tuple[int, NewEntry]]] = defaultdict(list)
    for number, entry in zip(numbers, entries, strict=True):
        changed[entry.enrolment, _place(entry.day, entry.half)[0]].append((number, entry))
    written = {key: _with(rows.get(key) or blank_row(*key), news) for key, news in changed.items()}
    _store(list(written.values()))
    rows.update(written)


@lru_cache(maxsize=2000)
def _place(day: date, half: Half) -> tuple[int, int]:
    """The school year and the column of a session."""
    year = SchoolYear.of(day)
    return year.start, year.column(day, half)


def _store(rows: Sequence[SheetRow]) -> None:
    with connection.cursor() as cursor:
        for first in range(0, len(rows), _AT_ONCE):
            some = rows[first : first + _AT_ONCE]
            values: list[Any] = []
            for row in some:
                values += (row.enrolment_id, row.year_start, row.marks, row.minutes, row.upto)
            cursor.execute(_STORE + ", ".join([_ROW] * len(some)) + _ON_CONFLICT, values)


def _with(row: SheetRow, news: Iterable[tuple[int, NewEntry]]) -> SheetRow:
    marks, minutes = bytearray(row.marks), bytearray(row.minutes)
    upto = row.upto
    for number, entry in news:
        column = _place(entry.day, entry.half)[1]
        marks[column] = BYTE[entry.code]
        minutes[column] = entry.minutes_late or 0
        upto = max(upto, number)
    return SheetRow(
        enrolment_id=row.enrolment_id,
        year_start=row.year_start,
        marks=bytes(marks),
        minutes=bytes(minutes),
        upto=upto,
    )


@transaction.atomic
def rebuild(school: int) -> int:
    """Make a school's projection anew from its ledger; returns how many rows it has now."""
    next_numbers(school, 0)
    SheetRow.objects.filter(enrolment__school=school).delete()
    rows: dict[tuple[int, int], SheetRow] = {}
    news: dict[tuple[int, int], list[tuple[int, NewEntry]]] = defaultdict(list)
    for enrolment, day, half, code, minutes, number in (
        Entry.objects.filter(school=school)
        .order_by("number")
        .values_list("enrolment_id", "day", "half", "code", "minutes_late", "number")
        .iterator(5000)
    ):
        key = (enrolment, SchoolYear.of(day).start)
        rows.setdefault(key, blank_row(*key))
        news[key].append((number, NewEntry(enrolment, day, half_of(half), code, minutes)))
    SheetRow.objects.bulk_create([_with(rows[key], news[key]) for key in rows], batch_size=500)
    return len(rows)
