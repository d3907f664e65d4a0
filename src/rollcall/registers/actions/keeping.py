"""Sealing the ledger, and the one door out of it: entries past their date, whole (4.1-e)."""

from collections import defaultdict
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.actions.writing import rebuild
from rollcall.registers.models import Entry, RetentionPermit, Seal, Submission
from rollcall.registers.queries.checking import digest_of
from rollcall.registers.queries.standing import lock
from rollcall.rules.retention import may_go
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON


@transaction.atomic
def seal(school: int, *, by: Actor, at: datetime) -> Seal | None:
    """Seal the entries made since the last seal of a school (by id); None where there are none."""
    lock(school)
    before = Seal.objects.filter(school=school).order_by("last").last()
    first = before.last + 1 if before else 1
    last = Entry.objects.filter(school=school).aggregate(last=Max("number"))["last"]
    if last is None or last < first:
        return None
    deed = journal.begin("ledger.sealed", by=by, at=at, reason=f"entries {first} to {last}", school=school)
    digest = digest_of(school, first, last, before.digest if before else "")
    return Seal.objects.create(school_id=school, first=first, last=last, digest=digest, deed=deed)


@transaction.atomic
def retain(school: int, *, by: Actor, at: datetime, held: AbstractSet[int] = frozenset()) -> int:
    """Remove a school's entries past their date, whole sessions at a time; returns how many entries went.

    held: the enrolments that an open case rests on; theirs stay. An original goes only with its amendments, all of them
    past their date. What was removed is recorded by a deed, in the same transaction.
    """
    lock(school)
    today = _day(at)
    years = facts_of(school).policy_on(today).keeping_of("register-entry").kept_years
    old = _sessions_past(school, today, years, held)
    submissions = [
        pk
        for pk, made in Submission.objects.filter(school=school).values_list("id", "deed__at")
        if may_go(_day(made), today, years)
    ]
    if not old and not submissions:
        return 0
    going = [pk for pks in old.values() for pk in pks]
    deed = journal.begin(
        "ledger.retained",
        by=by,
        at=at,
        reason=f"{len(going)} entries of {len(old)} sessions and {len(submissions)} submissions were past their date",
        school=school,
    )
    _remove(school, going, submissions, deed, at)
    return len(going)


def _day(moment: datetime) -> date:
    """The day in England: the database gives moments in universal time, by which a summer night is the day before."""
    return moment.astimezone(LONDON).date()


def _sessions_past(
    school: int, today: date, years: int, held: AbstractSet[int]
) -> dict[tuple[int, date, str], list[int]]:
    """The entries that may go, by session: those of whose entries none must be kept."""
    sessions: dict[tuple[int, date, str], list[int]] = defaultdict(list)
    kept: set[tuple[int, date, str]] = set()
    # Nothing younger than the policy's own period can be past its date; this spares reading the rest.
    before = today.replace(year=today.year - years, day=min(today.day, 28)) + timedelta(days=7)
    rows = Entry.objects.filter(school=school, day__lte=before)
    for pk, enrolment, day, half, made in rows.values_list("id", "enrolment_id", "day", "half", "deed__at"):
        session = (enrolment, day, half)
        sessions[session].append(pk)
        if enrolment in held or not may_go(_day(made), today, years):
            kept.add(session)
    return {session: pks for session, pks in sessions.items() if session not in kept}


def _remove(school: int, entries: list[int], submissions: list[int], deed: Deed, at: datetime) -> None:
    permit = RetentionPermit.objects.create(before=at, deed=deed)
    for start in range(0, len(entries), 500):
        batch = Entry.objects.filter(pk__in=entries[start : start + 500])
        for number in batch.values_list("number", flat=True):
            Seal.objects.filter(school=school, first__lte=number, last__gte=number, thinned__isnull=True).update(
                thinned=deed
            )
        batch.delete()
    for start in range(0, len(submissions), 500):
        Submission.objects.filter(pk__in=submissions[start : start + 500]).delete()
    permit.delete()
    rebuild(school)
