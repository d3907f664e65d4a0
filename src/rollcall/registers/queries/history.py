"""How a mark came to stand: every entry with who, which position, when and why (4.1-c)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count

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


def amendments_of(enrolments: Iterable[int]) -> list[tuple[Entry, ledger.Mark]]:
    """Every session of these enrolments whose standing mark was changed, newest change first, with its history.

    In one query where there is none, in two otherwise.
    """
    wanted = list(enrolments)
    # Nearly every session has one entry, and a year has four hundred: which have more is counted in the index.
    counted = Entry.objects.filter(enrolment__in=wanted).values_list("enrolment_id", "day", "half").order_by()
    changed: dict[tuple[int, date, str], list[Entry]] = {
        (enrolment, day, half): [] for enrolment, day, half, _ in counted.annotate(n=Count("number")).filter(n__gt=1)
    }
    if not changed:
        return []
    days = {day for _, day, _ in changed}
    rows = Entry.objects.filter(enrolment__in=wanted, day__in=days).select_related("deed").order_by("number")
    for row in rows:
        if (row.enrolment_id, row.day, row.half) in changed:
            changed[row.enrolment_id, row.day, row.half].append(row)
    found = [(rows[-1], ledger.settle(map(_value, rows))) for rows in changed.values()]
    return sorted(found, key=lambda pair: -pair[0].number)


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
