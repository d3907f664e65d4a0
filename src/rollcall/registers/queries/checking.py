"""Whether the ledger, its projection, its seals and its triggers agree: what `rollcall check` asks."""

from collections.abc import Iterator
from hashlib import sha256

from django.db import connection

from rollcall.registers import triggers
from rollcall.registers.models import Entry, Seal, SheetRow
from rollcall.rules.codes import BYTE, MISSING
from rollcall.rules.sessions import SchoolYear, half_of
from rollcall.schools.models import LedgerCount, School


def faults(school: School) -> Iterator[str]:
    """Every disagreement found at a school, a sentence each; nothing when all is well."""
    yield from _projection_faults(school)
    yield from _number_faults(school)
    yield from _seal_faults(school)


def trigger_faults() -> Iterator[str]:
    """The triggers that should guard the ledger and are not there."""
    for name in sorted(triggers.missing(connection)):
        yield f"The database does not guard the ledger: trigger {name} is missing. Run `rollcall guard` to make it."


def _projection_faults(school: School) -> Iterator[str]:
    expected = _told_by_entries(school)
    stored = SheetRow.objects.filter(enrolment__school=school).values_list(
        "enrolment_id", "year_start", "marks", "minutes", "upto"
    )
    for enrolment, start, marks, late, upto in stored.iterator(500):
        want = expected.pop((enrolment, start), None)
        if want is None and bytes(marks).strip(b"-") == b"":
            continue
        if want is None or (bytes(marks), bytes(late), upto) != (bytes(want[0]), bytes(want[1]), want[2]):
            yield f"{school}: the sheet of enrolment {enrolment} for {start} is not what its entries say."
    for enrolment, start in expected:
        yield f"{school}: enrolment {enrolment} has entries in {start} and no sheet."


def _told_by_entries(school: School) -> dict[tuple[int, int], tuple[bytearray, bytearray, int]]:
    """Marks, minutes and last number of each enrolment and year, from the entries alone."""
    rows: dict[tuple[int, int], tuple[bytearray, bytearray, int]] = {}
    entries = Entry.objects.filter(school=school).order_by("number")
    for enrolment, day, half, code, late, number in entries.values_list(
        "enrolment_id", "day", "half", "code", "minutes_late", "number"
    ).iterator(5000):
        year = SchoolYear.of(day)
        row = rows.get((enrolment, year.start), (bytearray([BYTE[MISSING]]) * year.n, bytearray(year.n), 0))
        column = year.column(day, half_of(half))
        row[0][column], row[1][column] = BYTE[code], late or 0
        rows[enrolment, year.start] = (row[0], row[1], number)
    return rows


def _number_faults(school: School) -> Iterator[str]:
    last = LedgerCount.objects.values_list("last", flat=True).get(school=school)
    greatest = Entry.objects.filter(school=school).order_by("-number").values_list("number", flat=True).first()
    if greatest is not None and greatest > last:
        yield f"{school}: entry {greatest} has a number that was never given out; the last was {last}."


def digest_of(school: int, first: int, last: int, before: str) -> str:
    """The digest of a run of entries with who, when and why, chained to the digest before it."""
    whole = sha256(before.encode())
    rows = Entry.objects.filter(school=school, number__range=(first, last)).order_by("number")
    for row in rows.values_list(
        "number",
        "enrolment_id",
        "day",
        "half",
        "code",
        "minutes_late",
        "ground",
        "deed__key",
        "deed__name",
        "deed__position",
        "deed__at",
        "deed__reason",
    ).iterator(5000):
        *plain, at, reason = row
        whole.update("\x1f".join([*map(str, plain), f"{at.timestamp():.6f}", reason, "\n"]).encode())
    return whole.hexdigest()


def _seal_faults(school: School) -> Iterator[str]:
    before = ""
    for seal in Seal.objects.filter(school=school).order_by("last"):
        if seal.thinned_id is None and digest_of(school.pk, seal.first, seal.last, before) != seal.digest:
            yield f"{school}: entries {seal.first} to {seal.last} are not as they were sealed: some were altered."
        before = seal.digest
