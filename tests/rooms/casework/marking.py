"""Months of marks for the cast, written through the registers' own writer in one deed."""

from collections.abc import Mapping
from datetime import date, timedelta

from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.registers.actions.writing import NewEntry, write_entries
from rollcall.rules.sessions import HALVES
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment

FIRST = date(2023, 9, 4)


def sessions(cast: Cast, last: date = DAY - timedelta(days=1)) -> list[tuple[date, str]]:
    """Hamsey's sessions from the first of the year to a day."""
    facts = facts_of(cast.hamsey.pk)
    days = (FIRST + timedelta(days=n) for n in range((last - FIRST).days + 1))
    return [(day, half) for day in days for half in HALVES if facts.is_open(day, half)]


def fill(cast: Cast, absent: Mapping[str, Mapping[int, str]], last: date = DAY - timedelta(days=1)) -> int:
    """Mark Hamsey's pupils present each session, but for codes by name and session index (negative from the end)."""
    wanted = sessions(cast, last)
    deed = journal.begin("test.marks", by=INSTALLER, at=moment(9, 0), school=cast.hamsey.pk)
    entries = []
    for name, enrolment in cast.enrolments.items():
        if enrolment.school_id != cast.hamsey.pk:
            continue
        codes = {n % len(wanted): code for n, code in absent.get(name, {}).items()}
        for n, (day, half) in enumerate(wanted):
            code = codes.get(n, "/" if half == "AM" else "\\")
            if code != "-":
                entries.append(NewEntry(enrolment.pk, day, half, code))
    write_entries(cast.hamsey.pk, entries, deed)
    return len(wanted)


def missed(n: int, code: str = "O", start: int = 10) -> dict[int, str]:
    """`n` sessions missed in a row from an index on."""
    return dict.fromkeys(range(start, start + n), code)


def phone(cast: Cast) -> None:
    """Give the school a telephone number, which letters name."""
    cast.hamsey.phone, cast.hamsey.address, cast.hamsey.email = (
        "01273 555010",
        "Church Lane\nHamsey\nBN8 5TT",
        "office@hamsey.example",
    )
    cast.hamsey.save()
