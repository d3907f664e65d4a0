"""Saying where children are who were missing when the school closed: no register can say it any more (4.5-a, 4.1-d)."""

from collections.abc import Container, Iterable
from datetime import datetime

from django.db import transaction

from rollcall.absence.actions.barred import say_otherwise, stop_barred
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.models import Found
from rollcall.absence.queries.accounted import not_accounted
from rollcall.absence.queries.barred import Spoken
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.registers.queries.standing import lock
from rollcall.rules.namesakes import after_with
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON


def say_where(
    facts: SchoolFacts,
    enrolments: Iterable[int],
    words: str,
    *,
    by: Actor,
    at: datetime,
    key: str,
    otherwise: str = "",
) -> list[Found]:
    """Say where some children of a school (by enrolment) are, by one deed: they are looked for no longer.

    Who is accounted for meanwhile is passed over. Raises Stopped where they are said to be with somebody barred, or who
    may be, unless `otherwise` says why it is another adult: the child is looked for still. Raises NotLogged, with a
    sentence, without words or where nobody of them is missing under a closure: in an open session the register says it.
    AlreadyDone for a used key.
    """
    said = words.strip().rstrip(".")
    if len(said) < journal.LEAST_REASON:
        raise NotLogged("Say in a few words where the child is, and who has them.")
    wanted = set(enrolments)
    children = list(Enrolment.objects.select_related("pupil").filter(pk__in=wanted, school=facts.school))
    spoken = Spoken("found", after_with(said), words=said, otherwise=otherwise)
    passed = stop_barred(children, spoken, facts=facts, by=by, at=at, key=key)
    with transaction.atomic():
        made = _found(facts, wanted, said, by=by, at=at, key=key)
        say_otherwise(passed, otherwise, by=by, at=at, school=facts.school)
        return made


def _found(facts: SchoolFacts, wanted: Container[int], said: str, *, by: Actor, at: datetime, key: str) -> list[Found]:
    day = at.astimezone(LONDON).date()
    deed = journal.begin("child.found", by=by, at=at, key=key, reason=said, school=facts.school)
    lock(facts.school)
    missing = [one for one in not_accounted(facts, day, at) if one.closed and one.standing.enrolment in wanted]
    if not missing:
        raise NotLogged("They are accounted for already, or the school is open: mark the register.")
    rows = [Found(enrolment_id=one.standing.enrolment, day=day, words=said[:200], deed=deed) for one in missing]
    return Found.objects.bulk_create(rows)


@transaction.atomic
def withdraw_found(found: Found, *, by: Actor, at: datetime, key: str) -> None:
    """Take back what was said by mistake: the child is looked for again. A second time changes nothing. AlreadyDone."""
    school, pupil = found.enrolment.school_id, str(found.enrolment.pupil)
    deed = journal.begin("child.found_withdrawn", by=by, at=at, key=key, school=school, about=pupil)
    Found.objects.filter(pk=found.pk, withdrawn__isnull=True).update(withdrawn=deed)
