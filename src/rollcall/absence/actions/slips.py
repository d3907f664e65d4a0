"""Late arrival slips: filled in at the office, or at the screen by the door and confirmed by an adult (4.4-c, A2-a).

The mark is the slip's doing: it is written by the deed that confirms the slip, and taken back with it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from rollcall.absence.actions.barred import say_otherwise, stop_barred
from rollcall.absence.models import Device, Slip
from rollcall.absence.queries.barred import Spoken
from rollcall.absence.queries.slips import mark_before, slips_in, standing_slip
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.actions import NewMark, NotSaved, mark_within
from rollcall.registers.queries.standing import Standing, lock, lock_and_read
from rollcall.rules.lateness import Arrival, SessionTimes, half_at, propose
from rollcall.rules.policy import parts
from rollcall.rules.sessions import Half, half_of
from rollcall.rules.whereabouts import IN_OUR_CARE, where
from rollcall.rules.words import time_words
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON


class NotFilled(ValueError):
    """A slip that was not made, or not confirmed; the message is a sentence for who filled it in."""


class MarkedPresent(NotFilled):
    """The child is marked as here already; it is made all the same where somebody says that they came late."""


@dataclass(frozen=True)
class _Late:
    """An arrival as the clock and the policy see it."""

    facts: SchoolFacts
    half: Half
    reason: parts.Reason
    arrival: Arrival


def fill_slip(
    enrolment: Enrolment,
    reason: str,
    *,
    arrived_at: datetime,
    by: Actor,
    at: datetime,
    key: str = "",
    words: str = "",
    over_present: bool = False,
    brought_by: str = "",
    otherwise: str = "",
) -> Slip:
    """Fill in a slip at the office, where the child is seen: the mark is made in the same act.

    One that waits from the screen by the door for the same session is settled with it. reason: an id of the policy's
    reasons. over_present: change a mark that says the child was here on time. brought_by: the adult who came with
    them, in words. Raises Stopped where that is somebody barred from the child, or may be, unless `otherwise` says why
    it is another adult; NotFilled (MarkedPresent where the child is marked as here), AlreadyDone for a used key.
    """
    late = _late(enrolment, reason, arrived_at, at)
    said = f"{late.reason.name}. {words}".strip()
    spoken = Spoken("slip", brought_by, words=said, otherwise=otherwise)
    passed = stop_barred([enrolment], spoken, facts=late.facts, by=by, at=at, key=key) if brought_by.strip() else []
    with transaction.atomic():
        deed = _begin("slip.filled", enrolment, late, words, by=by, at=at, key=key)
        say_otherwise(passed, otherwise, by=by, at=at, school=late.facts.school)
        _mark(enrolment, late, deed, at, over_present)
        slips_in(enrolment.pk, deed.at.astimezone(LONDON).date(), late.half, waiting=True).update(withdrawn=deed)
        return _slip(enrolment, late, arrived_at, words, deed, confirmed=deed, brought_by=brought_by)


@transaction.atomic
def wait_for_adult(
    device: Device, enrolment: Enrolment, reason: str, *, at: datetime, by: Actor, key: str = "", words: str = ""
) -> Slip:
    """Keep a slip as it was entered at the screen by the door; it makes no mark until an adult confirms it.

    A second entry of the same child in the same session gives the one that waits, and one that comes after a slip which
    made the mark that stands is settled by that. Raises NotFilled for a child of another school, or a time at which
    nobody is late.
    """
    if enrolment.school_id != device.school_id:
        raise NotFilled("This child is not at this school.")
    late = _late(enrolment, reason, at, at)
    lock(enrolment.school_id)
    day = at.astimezone(LONDON).date()
    if waiting := slips_in(enrolment.pk, day, late.half, waiting=True).first():
        return waiting
    deed = _begin("slip.entered", enrolment, late, words, by=by, at=at, key=key)
    settled = standing_slip(enrolment, day, late.half)
    return _slip(enrolment, late, at, words, deed, device=device, settled=settled.confirmed if settled else None)


@transaction.atomic
def confirm_slip(slip: Slip, *, by: Actor, at: datetime, key: str = "", over_present: bool = False) -> Slip:
    """Confirm that the child of a waiting slip was seen: it makes the mark, by the time at which it was entered.

    Raises NotFilled for a slip that was confirmed or withdrawn, or whose mark can't be made; AlreadyDone.
    """
    late = _late(slip.enrolment, slip.reason, slip.arrived_at, at)
    deed = _begin("slip.confirmed", slip.enrolment, late, slip.words, by=by, at=at, key=key)
    lock(slip.enrolment.school_id)
    fresh = Slip.objects.get(pk=slip.pk)
    if fresh.confirmed_id or fresh.withdrawn_id:
        raise NotFilled(f"Somebody has dealt with {slip.enrolment.pupil}'s slip already.")
    _mark(slip.enrolment, late, deed, at, over_present)
    slip.confirmed, slip.code, slip.minutes = deed, late.arrival.code, late.arrival.minutes
    slip.save(update_fields=["confirmed", "code", "minutes"])
    return slip


@transaction.atomic
def withdraw_slip(slip: Slip, *, by: Actor, at: datetime, reason: str, key: str = "") -> None:
    """Take a slip back; the mark that it made goes back to what stood before. It stays on record.

    What was entered at the door and had been settled by it waits for an adult again.
    Raises NotFilled without a reason, for one that was withdrawn, or where the mark was changed since.
    """
    if len(reason.strip()) < journal.LEAST_REASON:
        raise NotFilled("Say why the slip is taken back: the register keeps the reason.")
    school = slip.enrolment.school_id
    about = f"{slip.enrolment.pupil}, {slip.day:%-d %B %Y}"
    deed = journal.begin("slip.withdrawn", by=by, at=at, key=key, reason=reason.strip(), school=school, about=about)
    lock(school)
    fresh = Slip.objects.get(pk=slip.pk)
    if fresh.withdrawn_id:
        raise NotFilled(f"{slip.enrolment.pupil}'s slip was taken back already.")
    if fresh.confirmed_id:
        before = mark_before(fresh)
        _write(slip.enrolment, [(slip.day, half_of(slip.half), before)], deed, at)
        Slip.objects.filter(enrolment=slip.enrolment_id, withdrawn=fresh.confirmed_id).update(withdrawn=None)
    slip.withdrawn = deed
    slip.save(update_fields=["withdrawn"])


def _late(enrolment: Enrolment, reason: str, arrived_at: datetime, at: datetime) -> _Late:
    facts, local = facts_of(enrolment.school_id), arrived_at.astimezone(LONDON)
    if arrived_at > at:
        raise NotFilled(f"{time_words(local)} is still to come: give the time at which they came in.")
    if local.date() != at.astimezone(LONDON).date():
        raise NotFilled("A slip is for today; change the mark of another day in its register, and say why.")
    times, policy = facts.times_on(local.date()), facts.policy_on(local.date())
    half = half_at(local.time(), times.pm_opens)
    late_from = times.late_from(half)
    if local.time() < late_from:
        raise NotFilled(f"Nobody is late before {time_words(late_from)}.")
    try:
        given = policy.reason(reason)
    except LookupError as unknown:
        raise NotFilled("Choose the reason they gave.") from unknown
    return _Late(facts, half, given, propose(local.time(), SessionTimes(late_from, times.closes(half)), given.code))


def _begin(kind: str, enrolment: Enrolment, late: _Late, words: str, *, by: Actor, at: datetime, key: str) -> Deed:
    why = f"Late: {late.reason.name[:1].lower()}{late.reason.name[1:]}{f' ({words})' if words else ''}"
    about = f"{enrolment.pupil}, {at:%-d %B %Y}"
    return journal.begin(kind, by=by, at=at, key=key, reason=why, school=enrolment.school_id, about=about)


def _slip(
    enrolment: Enrolment,
    late: _Late,
    arrived_at: datetime,
    words: str,
    deed: Deed,
    *,
    device: Device | None = None,
    confirmed: Deed | None = None,
    settled: Deed | None = None,
    brought_by: str = "",
) -> Slip:
    return Slip.objects.create(
        enrolment=enrolment,
        day=arrived_at.astimezone(LONDON).date(),
        half=late.half,
        arrived_at=arrived_at,
        reason=late.reason.id,
        words=words[:200],
        brought_by=brought_by.strip()[:120],
        device=device,
        deed=deed,
        confirmed=confirmed,
        withdrawn=settled,
        code=late.arrival.code if confirmed else "",
        minutes=late.arrival.minutes if confirmed else None,
    )


def _mark(enrolment: Enrolment, late: _Late, deed: Deed, at: datetime, over_present: bool) -> None:
    day = deed.at.astimezone(LONDON).date()
    standing = lock_and_read(enrolment.school_id, [enrolment.pk], day, late.half).get(enrolment.pk)
    if standing is None:
        raise NotFilled(f"{enrolment.pupil} is in no class today: put that right first.")
    if (said := _here_already(standing)) and not over_present:
        raise MarkedPresent(said)
    ground = late.reason.name if late.arrival.code not in ("L", "U") else ""
    mark = NewMark(enrolment.pk, late.arrival.code, late.arrival.minutes, ground=ground)
    _write(enrolment, [(day, late.half, mark)], deed, at, late.facts)


def _here_already(standing: Standing) -> str:
    if standing.code in ("L", "U"):
        minutes = f", {standing.minutes} minutes late" if standing.minutes else ""
        return f"{standing.name} is marked {standing.code}{minutes} already."
    if where(standing.code) in IN_OUR_CARE:
        return f"{standing.name} is marked {standing.code} in this register already."
    return ""


def _write(
    enrolment: Enrolment,
    marks: list[tuple[date, Half, NewMark]],
    deed: Deed,
    at: datetime,
    facts: SchoolFacts | None = None,
) -> None:
    try:
        mark_within(deed, enrolment.school_id, marks, at=at, facts=facts)
    except NotSaved as refused:
        raise NotFilled(str(refused)) from refused
