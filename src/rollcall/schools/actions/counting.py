"""A school's own count: the numbers that put its entries and closures in one order (design law 4)."""

from django.db import connection
from django.db.models import F

from rollcall.schools.models import LedgerCount

_TAKE = "UPDATE schools_ledgercount SET last = last + %s WHERE school_id = %s RETURNING last"


def next_numbers(school: int, n: int) -> range:
    """Take the next `n` numbers of a school (by id) and hold its lock until the transaction ends.

    Must be called inside a transaction. Raises LookupError for a school that has no count.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [n, school])
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"School {school} has no ledger count; found_school makes one.")
    return range(row[0] - n + 1, row[0] + 1)


def stale(school: int) -> None:
    """Say that a school's times, terms, closures or policy have changed, for whoever keeps them in memory."""
    LedgerCount.objects.filter(school=school).update(facts=F("facts") + 1)
