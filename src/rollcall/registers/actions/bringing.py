"""Registers that are brought in whole, weeks at a time: handed in beside the entries that `write_entries` writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.journal.models import Deed
from rollcall.registers.models import Submission
from rollcall.rules.sessions import Half
from rollcall.schools.actions import next_numbers


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

    Marks are not looked at: whoever brings registers in has checked them. Returns the numbers given, in order.
    """
    numbers = next_numbers(school, len(registers))
    Submission.objects.bulk_create(
        [
            Submission(
                school_id=school,
                number=number,
                deed=deed,
                school_class_id=register.school_class,
                day=register.day,
                half=register.half,
                late=register.late,
                taken_at=register.taken_at,
            )
            for number, register in zip(numbers, registers, strict=True)
        ],
        batch_size=2000,
    )
    return numbers
