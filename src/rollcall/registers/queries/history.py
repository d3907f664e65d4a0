"""How a mark came to stand: every entry with who, which position, when and why (4.1-c)."""

from collections.abc import Iterable
from datetime import date

from rollcall.registers.models import Entry
from rollcall.rules import ledger
from rollcall.rules.sessions import Half


def mark_history(enrolment: int, day: date, half: Half) -> ledger.Mark:
    """The mark that stands for a session and its entries, oldest first."""
    rows = Entry.objects.filter(enrolment=enrolment, day=day, half=half).select_related("deed")
    return ledger.settle(_value(row) for row in rows)


def grounds_of(enrolment: int, day: date, half: Half) -> dict[int, str]:
    """The grounds kept with a session's entries (4.1-d), by the entries' numbers."""
    rows = Entry.objects.filter(enrolment=enrolment, day=day, half=half).exclude(ground="")
    return dict(rows.values_list("number", "ground"))


def last_entries(enrolments: Iterable[int], day: date, half: Half) -> dict[int, ledger.Entry]:
    """The last entry of a session for each of these enrolments that has one, in one query."""
    rows = Entry.objects.filter(enrolment__in=list(enrolments), day=day, half=half).select_related("deed")
    return {row.enrolment_id: _value(row) for row in rows.order_by("number")}


def _value(row: Entry) -> ledger.Entry:
    return ledger.Entry(
        number=row.number,
        code=row.code,
        minutes_late=row.minutes_late,
        at=row.deed.at,
        who=row.deed.name,
        position=row.deed.position,
        reason=row.deed.reason,
    )
