"""What is missing after a morning at pace, in sentences: whatever was answered "saved" must be in the ledger, once."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bench.stage import Morning
from rollcall.absence.models import Call, Report, Slip
from rollcall.registers.models import Entry, Submission
from rollcall.registers.queries.checking import faults, trigger_faults


def losses(morning: Morning) -> list[str]:
    """A sentence for each thing that was lost, doubled, or on which ledger and projection don't agree."""
    found = [*_marks(morning), *_slips(morning), *_told(morning), *_registers(morning)]
    return [*found, *trigger_faults(), *faults(morning.made.school)]


def _marks(morning: Morning) -> Iterator[str]:
    today = Entry.objects.filter(school=morning.made.school, day=morning.made.today, half="AM")
    rows = today.filter(deed__kind="register.save").values_list("deed__key", "enrolment", "code")
    yield from differing(Counter(morning.saved.marks), Counter(rows), "mark")


def _slips(morning: Morning) -> Iterator[str]:
    today = Slip.objects.filter(enrolment__school=morning.made.school, day=morning.made.today, withdrawn=None)
    yield from differing(Counter(morning.saved.slips), Counter(today.values_list("id", "enrolment")), "slip")
    entries = Entry.objects.filter(day=morning.made.today, deed__kind="slip.filled")
    marked = Counter(entries.values_list("deed", "enrolment", "code", "minutes_late"))
    slips = Counter(today.values_list("confirmed", "enrolment", "code", "minutes"))
    yield from differing(slips, marked, "mark of a slip")


def _told(morning: Morning) -> Iterator[str]:
    reports = Report.objects.filter(enrolment__school=morning.made.school, withdrawn=None)
    yield from differing(Counter(morning.saved.reports), Counter(reports.values_list("word", "enrolment")), "report")
    calls = Call.objects.filter(enrolment__school=morning.made.school, withdrawn=None)
    yield from differing(Counter(morning.saved.calls), Counter(calls.values_list("enrolment", flat=True)), "call")


def _registers(morning: Morning) -> Iterator[str]:
    today = Submission.objects.filter(school=morning.made.school, day=morning.made.today, half="AM")
    handed = Counter(today.values_list("school_class", flat=True))
    yield from differing(Counter(morning.saved.registers), handed, "register handed in")


def differing(told: Counter[Any], there: Counter[Any], what: str) -> Iterator[str]:
    """What was told and is not there, or is there more often than it was told."""
    for one in (told - there).elements():
        yield f"A {what} was answered as saved and is lost: {one}."
    for one in (there - told).elements():
        yield f"A {what} is there that nobody was told of: {one}."
