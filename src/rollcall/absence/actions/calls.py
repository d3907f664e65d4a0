"""Calls to find out where a child is: each try one row, and safeguarding told at once when all were in vain (4.5-a)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from rollcall.absence.actions.alerts import raise_alert
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.models import Alert, Call
from rollcall.absence.queries.accounted import Missing, begun, not_accounted
from rollcall.absence.queries.calls import around, clock_of, ladders_of
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.queries.standing import lock
from rollcall.rules.sessions import Half
from rollcall.schools.models import Enrolment, PupilContact
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class Tap:
    """One try as it was tapped. link: what the adult is to the child (PupilContact); outcome: one of Call.OUTCOMES.

    seen: the number of the last call about this child that the page showed, 0 for none.
    """

    link: int
    number: str
    outcome: str
    words: str = ""
    seen: int = 0


@dataclass(frozen=True)
class Made:
    """What a tap made: the call, and the alert that it led to, if it did."""

    call: Call
    alert: Alert | None


@transaction.atomic
def log_call(enrolment: Enrolment, tap: Tap, *, facts: SchoolFacts, by: Actor, at: datetime, key: str) -> Made:
    """Log one try at reaching a contact; where none is left, the safeguarding lead is told by the same deed.

    Raises NotLogged, with a sentence, for a contact who is barred or not this child's, a number that is not theirs, an
    outcome that is none, and where somebody else logged a call to that number since the page was drawn: who did call
    as well taps again. AlreadyDone for a used key.
    """
    if tap.outcome not in dict(Call.OUTCOMES):
        raise NotLogged("Say what came of the call: reached, no answer, message left or wrong number.")
    contact = _contact(enrolment, tap)
    outcome = dict(Call.OUTCOMES)[tap.outcome]
    deed = journal.begin(
        "call.made",
        by=by,
        at=at,
        key=key,
        reason=f"{contact.contact}: {outcome}",
        school=facts.school,
        about=str(enrolment.pupil),
    )
    lock(facts.school)
    day = at.astimezone(LONDON).date()
    _check_is_new(enrolment, tap, day)
    missing = next((one for one in not_accounted(facts, day, at) if one.standing.enrolment == enrolment.pk), None)
    call = Call.objects.create(
        enrolment=enrolment,
        day=day,
        half=missing.half if missing else _half(facts, day, at),
        contact=contact,
        name=str(contact.contact)[:120],
        number=tap.number,
        outcome=tap.outcome,
        words=tap.words.strip()[:300],
        deed=deed,
    )
    return Made(call, _alert(enrolment, missing, facts, day, deed, at) if missing else None)


@transaction.atomic
def withdraw_call(call: Call, *, by: Actor, at: datetime, key: str) -> None:
    """Take back a call that was logged by mistake; it stays on record. A second time changes nothing. AlreadyDone."""
    deed = journal.begin(
        "call.withdrawn", by=by, at=at, key=key, school=call.enrolment.school_id, about=str(call.enrolment.pupil)
    )
    Call.objects.filter(pk=call.pk, withdrawn__isnull=True).update(withdrawn=deed)


def _contact(enrolment: Enrolment, tap: Tap) -> PupilContact:
    links = PupilContact.objects.filter(pk=tap.link, pupil=enrolment.pupil_id).select_related("contact")
    found = links.prefetch_related("contact__phones").first()
    if found is None:
        raise NotLogged(f"This adult is no contact of {enrolment.pupil} any more: look at the list again.")
    if found.barred:
        raise NotLogged(f"{found.contact} is barred: do not contact, do not tell, do not release. {found.barred_do}")
    if tap.number not in {phone.number for phone in found.contact.phones.all()}:
        raise NotLogged(f"{found.contact} does not have the number {tap.number} any more: look at the list again.")
    return found


def _check_is_new(enrolment: Enrolment, tap: Tap, day: date) -> None:
    since = Call.objects.filter(enrolment=enrolment, day=day, pk__gt=tap.seen, withdrawn__isnull=True)
    other = since.filter(number=tap.number).select_related("deed").order_by("-pk").first()
    if other is not None:
        raise NotLogged(
            f"{other.deed.name} logged a call to {other.name} at {clock_of(other.deed.at)}: "
            f"{other.get_outcome_display().lower()}. If you called as well, tap again; else this is the one."
        )


def _half(facts: SchoolFacts, day: date, at: datetime) -> Half:
    halves = begun(facts, day, at)
    return halves[-1] if halves else "AM"


def _alert(
    enrolment: Enrolment, missing: Missing, facts: SchoolFacts, day: date, deed: Deed, at: datetime
) -> Alert | None:
    """The alert that all contacts were tried in vain, where this call made it so."""
    known = around([missing], day)
    found = ladders_of(facts, [missing], known, day, at)[enrolment.pk]
    if not found.in_vain:
        return None
    n = len(known.tried[enrolment.pk])
    words = f"Not accounted for since {clock_of(found.began)}; {n} call{'' if n == 1 else 's'}, nobody reached."
    words = f"{words} {missing.closed_words}".strip()
    room = missing.standing.class_name
    return raise_alert(enrolment, "unreached", facts=facts, words=words, class_name=room, deed=deed, at=at)
