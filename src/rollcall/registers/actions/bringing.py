"""Registers that are brought in whole, weeks at a time: handed in beside the entries that `write_entries` writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from rollcall.journal.models import Deed
from rollcall.rules.sessions import Half
from rollcall.schools.actions import next_numbers

_INSERT = """
    INSERT INTO registers_submission (school_id, number, deed_id, school_class_id, day, half, late, taken_at) VALUES
"""
_VALUES = "(%s, %s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class HandedIn:
    """A register that was handed in elsewhere: of a class (by id), for a session, when, and whether after closing."""

    school_class: int
    day: date
    half: Half
    taken_at: datetime
    late: bool = False


def hand_in_brought(school: int, registers: Sequence[HandedIn], deed: Deed) -> range:
    """Record registers of one school as handed in by one deed, inside the caller's transaction.

    Marks are not looked at: whoever brings registers in has checked them; a few weeks of one class at a time. Returns
    the numbers given, in order.
    """
    numbers = next_numbers(school, len(registers))
    day_as_stored, time_as_stored = connection.ops.adapt_datefield_value, connection.ops.adapt_datetimefield_value
    values: list[Any] = []
    for number, one in zip(numbers, registers, strict=True):
        session = (one.school_class, day_as_stored(one.day), one.half, one.late, time_as_stored(one.taken_at))
        values += (school, number, deed.pk, *session)
    if values:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT + ", ".join([_VALUES] * len(registers)), values)
    return numbers
