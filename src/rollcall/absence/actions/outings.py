"""A child signed out during the day and back in: when, why, who took them; nobody barred ever does (4.4-c).

Only who is gone when a register is taken gets a code for that session, as an expectation that its taker confirms.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from rollcall.absence.actions.barred import keep_stop, say_otherwise, stop_barred
from rollcall.absence.models import Outing, Stop
from rollcall.absence.queries.barred import Meant, Spoken
from rollcall.absence.queries.outings import out_now, registers_on
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.actions import KnownAlready, expect, withdraw
from rollcall.registers.models import Expectation
from rollcall.registers.queries.standing import lock
from rollcall.rules.appointments import sessions_missed
from rollcall.rules.policy import parts
from rollcall.rules.sessions import Half
from rollcall.schools.models import Enrolment, PupilContact
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON


class NotSigned(ValueError):
    """Nobody was signed out or in; the message is a sentence for who tried."""


@dataclass(frozen=True)
class Leaving:
    """What is said when a child is signed out. link: the collector's number as a contact (PupilContact), else a name.

    back_due: when they are expected back today; None for the rest of the day. otherwise: why the collector is not the
    barred adult whom the name may mean, once they were stopped.
    """

    reason: str
    collector: str = ""
    link: int | None = None
    words: str = ""
    back_due: time | None = None
    otherwise: str = ""


def sign_out(enrolment: Enrolment, leaving: Leaving, *, by: Actor, at: datetime, key: str = "") -> Outing:
    """Sign a child out at a moment.

    Raises Stopped for a collector who is barred or may be, with an alert to safeguarding made; NotSigned for a child
    who is out, a reason or collector that is missing, a return in the past; AlreadyDone.
    """
    facts, day = facts_of(enrolment.school_id), at.astimezone(LONDON).date()
    reason = _reason(facts, leaving, day)
    contact = _collector(enrolment, leaving)
    spoken = Spoken("outing", leaving.collector, link=leaving.link, words=leaving.words, otherwise=leaving.otherwise)
    passed = stop_barred([enrolment], spoken, facts=facts, by=by, at=at, key=key)
    if leaving.back_due and leaving.back_due <= at.astimezone(LONDON).time():
        raise NotSigned("The time they come back must lie ahead.")
    return _signed_out(enrolment, leaving, reason, contact, passed, facts, by=by, at=at, key=key)


def stop_collector(enrolment: Enrolment, contact: PupilContact, *, by: Actor, at: datetime) -> list[Stop]:
    """Keep that somebody barred stands there and asks for a child, and tell the safeguarding lead at once."""
    meant = [Meant(enrolment, contact, is_sure=True)]
    return keep_stop(meant, Spoken("outing"), facts=facts_of(enrolment.school_id), by=by, at=at)


@transaction.atomic
def _signed_out(
    enrolment: Enrolment,
    leaving: Leaving,
    reason: parts.Reason,
    contact: PupilContact | None,
    passed: list[Stop],
    facts: SchoolFacts,
    *,
    by: Actor,
    at: datetime,
    key: str,
) -> Outing:
    day, who = at.astimezone(LONDON).date(), str(contact.contact) if contact else leaving.collector.strip()
    why = f"{reason.name}{f': {leaving.words}' if leaving.words else ''}"
    deed = journal.begin(
        "outing.out", by=by, at=at, key=key, reason=why, school=facts.school, about=f"{enrolment.pupil}, with {who}"
    )
    say_otherwise(passed, leaving.otherwise, by=by, at=at, school=facts.school)
    lock(facts.school)
    if out_now(enrolment.pk, day):
        raise NotSigned(f"{enrolment.pupil} is signed out already.")
    missed = sessions_missed(at.astimezone(LONDON).time(), leaving.back_due, registers_on(facts, day))
    return Outing.objects.create(
        enrolment=enrolment,
        day=day,
        out_at=at,
        reason=reason.id,
        words=leaving.words[:200],
        collected_by=contact,
        collector=who[:120],
        back_due=leaving.back_due,
        expectation=_expected(enrolment, day, missed, reason, who, deed, by, at),
        deed=deed,
    )


def _expected(
    enrolment: Enrolment,
    day: date,
    missed: tuple[Half, ...],
    reason: parts.Reason,
    who: str,
    deed: Deed,
    by: Actor,
    at: datetime,
) -> Expectation | None:
    """What the registers taken while the child is gone are to expect, where the reason has a code of its own."""
    if not missed or not reason.code:
        return None
    ground = f"Signed out at {at.astimezone(LONDON):%-H.%M}: {reason.name[:1].lower()}{reason.name[1:]}"
    first, last = (day, missed[0]), (day, missed[-1])
    try:
        return expect(
            enrolment,
            first=first,
            last=last,
            code=reason.code,
            ground=ground,
            told_by=who[:120],
            by=by,
            at=at,
            deed=deed,
        )
    except KnownAlready:
        return None


@transaction.atomic
def sign_in(outing: Outing, *, by: Actor, at: datetime, key: str = "") -> Outing:
    """Sign a child back in; what was expected of registers that they are back for is withdrawn.

    Raises NotSigned for one who is back, AlreadyDone.
    """
    school = outing.enrolment.school_id
    deed = journal.begin("outing.back", by=by, at=at, key=key, school=school, about=str(outing.enrolment.pupil))
    lock(school)
    fresh = Outing.objects.select_related("expectation__enrolment").get(pk=outing.pk)
    if fresh.back_id or fresh.withdrawn_id:
        raise NotSigned(f"{outing.enrolment.pupil} is not signed out.")
    local = at.astimezone(LONDON).time()
    out_at = fresh.out_at.astimezone(LONDON).time()
    missed = sessions_missed(out_at, local, registers_on(facts_of(school), fresh.day)) if local > out_at else ()
    if fresh.expectation is not None and not missed:
        withdraw(fresh.expectation, by=by, at=at, reason="Back before the register was taken", deed=deed)
    outing.back_at, outing.back = at, deed
    outing.save(update_fields=["back_at", "back"])
    return outing


@transaction.atomic
def undo_outing(outing: Outing, *, by: Actor, at: datetime, reason: str, key: str = "") -> None:
    """Withdraw a signing out that was a mistake, with what was expected from it; it stays on record."""
    school, about = outing.enrolment.school_id, str(outing.enrolment.pupil)
    deed = journal.begin("outing.withdrawn", by=by, at=at, key=key, reason=reason, school=school, about=about)
    lock(school)
    fresh = Outing.objects.select_related("expectation__enrolment").get(pk=outing.pk)
    if fresh.withdrawn_id:
        raise NotSigned("This was undone already.")
    if fresh.expectation is not None:
        withdraw(fresh.expectation, by=by, at=at, reason=reason, deed=deed)
    outing.withdrawn = deed
    outing.save(update_fields=["withdrawn"])


def _reason(facts: SchoolFacts, leaving: Leaving, day: date) -> parts.Reason:
    try:
        return facts.policy_on(day).reason(leaving.reason)
    except LookupError as unknown:
        raise NotSigned("Choose why they leave.") from unknown


def _collector(enrolment: Enrolment, leaving: Leaving) -> PupilContact | None:
    """The contact who was chosen as the one who collects; None for others."""
    if leaving.link is not None:
        chosen = PupilContact.objects.filter(pupil=enrolment.pupil_id, pk=leaving.link).select_related("contact")
        if (found := chosen.first()) is None:
            raise NotSigned(f"That adult is not a contact of {enrolment.pupil}.")
        return found
    if not leaving.collector.strip():
        raise NotSigned("Say who collects them, or that they go alone.")
    return None
