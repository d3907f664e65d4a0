"""Requests for leave: entered from the form or at the counter, for brothers and sisters at once, and taken back.

Only ahead of time: leave can't be granted for a day that has begun (5.1-b); such a request leads elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from rollcall.absence.actions.alerts import raise_alert
from rollcall.absence.models import LeaveDecision, LeaveRequest
from rollcall.absence.queries.barred import Meant, Spoken, barred_meant
from rollcall.absence.queries.leave_days import LeaveDay, days_of, no_school_on
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers import actions as registers
from rollcall.registers.models import Expectation
from rollcall.registers.queries.standing import Standing, lock, read_standing
from rollcall.rules.leave import check_days, is_late, notice_days, why_not_asker
from rollcall.rules.policy import parts
from rollcall.rules.words import day_words
from rollcall.schools.models import Enrolment, PupilContact
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import class_of


class NotEntered(ValueError):
    """Nothing was entered; the message is a sentence for who entered it."""


class Begun(NotEntered):
    """The first day has begun: leave is granted ahead only. `enrolment` is the pupil's, for the way that is left."""

    def __init__(self, sentence: str, enrolment: int) -> None:
        super().__init__(sentence)
        self.enrolment = enrolment


@dataclass(frozen=True)
class Wish:
    """What stands on the form. asker: what an adult is to one of the pupils (PupilContact, by id), else their name.

    reason: an id of the policy's reasons; asked_on: the day on the form.
    """

    reason: str
    first: date
    last: date
    asked_on: date
    asker: int | None = None
    asker_name: str = ""
    words: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Entered:
    """What was entered: the requests by id, and sentences about late notice, the asker and days without school."""

    requests: tuple[int, ...]
    said: tuple[str, ...]


@transaction.atomic
def enter_leave(
    facts: SchoolFacts, pupils: Sequence[Enrolment], wish: Wish, *, by: Actor, at: datetime, key: str
) -> Entered:
    """Enter a request for each of one or several children of a school, by one deed (5.1-b).

    Less notice than the policy asks for is kept and said, not refused; so is somebody else than the parent with whom
    the pupil normally lives. Of somebody barred, or who may be by the name that was typed, safeguarding is told by the
    same deed. Raises NotEntered with a sentence (no child, no school day, the same days asked for
    already), Begun where the first day has begun, AlreadyDone for a used key.
    """
    reason = _reason(facts, pupils, wish, at)
    adults = _adults(pupils, wish)
    spoken = Spoken("call", wish.asker_name if wish.asker is None else "", link=wish.asker)
    barred = {one.enrolment.pk: one for one in reversed(barred_meant(pupils, spoken))}
    names = ", ".join(str(one.pupil) for one in pupils)
    deed = journal.begin(
        "leave.entered", by=by, at=at, key=key, reason=_ground(reason, wish), school=facts.school, about=names
    )
    lock(facts.school)
    seats = read_standing(facts.school, [one.pk for one in pupils], at.date(), "AM")
    said: list[str] = []
    made = [_enter(facts, one, seats.get(one.pk), wish, adults, barred.get(one.pk), deed, at, said) for one in pupils]
    for one in barred.values():
        _tell_safeguarding(facts, one, deed, at)
    return Entered(tuple(one.pk for one in made), tuple(dict.fromkeys(said)))


def _reason(facts: SchoolFacts, pupils: Sequence[Enrolment], wish: Wish, at: datetime) -> parts.Reason:
    if not pupils:
        raise NotEntered("Choose the child for whom leave is asked.")
    if any(one.school_id != facts.school for one in pupils):
        raise NotEntered(f"Enter leave for the children of {facts.name} here, and for those of another school there.")
    try:
        check_days(wish.first, wish.last, wish.asked_on, at.date())
        reason = facts.policy_on(wish.first).reason(wish.reason)
    except LookupError:
        raise NotEntered("Choose why leave is asked for.") from None
    except ValueError as wrong:
        raise NotEntered(str(wrong)) from None
    if "leave" not in reason.asked:
        raise NotEntered(
            f"Leave is not asked for because of this: {reason.name.lower()}. Log it as an absence instead."
        )
    return reason


def _ground(reason: parts.Reason, wish: Wish) -> str:
    return f"{reason.name}: {wish.words.strip()}" if wish.words.strip() else reason.name


def _adults(pupils: Sequence[Enrolment], wish: Wish) -> dict[int, PupilContact]:
    """What the adult who asks is to each of the children, by pupil. Raises NotEntered where nobody is named."""
    if wish.asker is None:
        if not wish.asker_name.strip():
            raise NotEntered("Say who asks: tap one of the contacts, or give the name of somebody else.")
        return {}
    adult = PupilContact.objects.filter(pk=wish.asker, pupil__in=[one.pupil_id for one in pupils]).values("contact")
    rows = PupilContact.objects.filter(contact__in=adult, pupil__in=[one.pupil_id for one in pupils])
    found = {row.pupil_id: row for row in rows.select_related("contact")}
    if not found:
        raise NotEntered("Say who asks: that adult is no contact of this pupil.")
    return found


def _enter(
    facts: SchoolFacts,
    enrolment: Enrolment,
    seat: Standing | None,
    wish: Wish,
    adults: dict[int, PupilContact],
    barred: Meant | None,
    deed: Deed,
    at: datetime,
    said: list[str],
) -> LeaveRequest:
    _check_on_roll(enrolment, wish)
    days = days_of(facts, wish.first, wish.last, at, seat.school_class if seat else None)
    _check_ahead(facts, enrolment, wish, days)
    _check_is_new(enrolment, wish)
    link = adults.get(enrolment.pupil_id)
    note = _note(link, barred)
    notice = notice_days(wish.asked_on, wish.first)
    _say(facts, enrolment, wish, days, notice, barred, note, said)
    name = str(link.contact) if link else _name_of(adults, wish)
    return LeaveRequest.objects.create(
        enrolment=enrolment,
        reason=wish.reason,
        words=wish.words.strip(),
        first_day=wish.first,
        last_day=wish.last,
        asked_by=link,
        asker=f"{name}, {link.relationship.lower()}"[:120] if link else name[:120],
        asker_note=note[:120],
        asked_on=wish.asked_on,
        notice_days=notice,
        evidence=wish.evidence.strip()[:200],
        deed=deed,
    )


def _check_on_roll(enrolment: Enrolment, wish: Wish) -> None:
    if wish.first < enrolment.admitted or (enrolment.left and wish.last > enrolment.left):
        raise NotEntered(f"{enrolment.pupil} is not on roll for all of these days.")


def _check_ahead(facts: SchoolFacts, enrolment: Enrolment, wish: Wish, days: Sequence[LeaveDay]) -> None:
    if not days:
        which = "that day" if wish.first == wish.last else "any of these days"
        raise NotEntered(f"There is no school at {facts.name} on {which}: no leave is needed.")
    if days[0].has_begun:
        raise Begun(
            f"{day_words(days[0].day)} has begun, and leave is granted ahead of time only. Enter the days that are "
            f"still to come; what {enrolment.pupil.known_first} has missed is looked into as an absence.",
            enrolment.pk,
        )


def _check_is_new(enrolment: Enrolment, wish: Wish) -> None:
    known = LeaveRequest.objects.filter(
        enrolment=enrolment, withdrawn__isnull=True, first_day__lte=wish.last, last_day__gte=wish.first
    )
    if (one := known.select_related("deed").first()) is not None:
        raise NotEntered(
            f"{one.deed.name} has entered a request for {enrolment.pupil} from {day_words(one.first_day)} to "
            f"{day_words(one.last_day)} already: take that one back to enter another."
        )


def _note(link: PupilContact | None, barred: Meant | None) -> str:
    if barred and not barred.is_sure:
        return f"May be {barred.contact.contact}, who is barred: do not contact, do not tell, do not release."
    if link is None:
        return "They are not among the pupil's contacts."
    return why_not_asker(barred=link.barred, lives_with=link.lives_with, responsible=link.parental_responsibility)


def _name_of(adults: dict[int, PupilContact], wish: Wish) -> str:
    link = next(iter(adults.values()), None)
    return str(link.contact) if link else wish.asker_name.strip()


def _say(
    facts: SchoolFacts,
    enrolment: Enrolment,
    wish: Wish,
    days: Sequence[LeaveDay],
    notice: int,
    barred: Meant | None,
    note: str,
    said: list[str],
) -> None:
    needed = facts.policy_on(wish.first).leave.notice_days.value
    if is_late(notice, needed):
        said.append(f"It comes {notice} {'day' if notice == 1 else 'days'} ahead and not {needed}: it is marked late.")
    if note:
        do = f" {barred.contact.barred_do}" if barred and barred.contact.barred_do else ""
        said.append(f"{enrolment.pupil}: leave is for the parent to ask with whom the pupil normally lives. {note}{do}")
    if closed := no_school_on(days, wish.first, wish.last):
        n = len(days)
        said.append(f"{closed} The request is for {n} school {'day' if n == 1 else 'days'}.")


def _tell_safeguarding(facts: SchoolFacts, one: Meant, deed: Deed, at: datetime) -> None:
    """Who may not take a child asks to have them away from school: that is no matter for the office alone."""
    who = str(one.contact.contact) if one.is_sure else f"Somebody who may be {one.contact.contact}"
    words = f"{who} asked for leave for {one.enrolment.pupil}. The request waits under Leave: nobody was answered."
    room = class_of(one.enrolment.pk, at.astimezone(LONDON).date())
    raise_alert(one.enrolment, "barred", facts=facts, words=words, class_name=room, deed=deed, at=at)


@transaction.atomic
def withdraw_request(row: LeaveRequest, *, because: str, by: Actor, at: datetime, key: str) -> None:
    """Take a request back, as the family wished or because it was wrong; what was granted on it goes too.

    Raises NotEntered without a reason or for one taken back before, AlreadyDone for a used key.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotEntered("Say why the request is taken back: the record keeps the reason.")
    school, about = row.enrolment.school_id, str(row.enrolment.pupil)
    deed = journal.begin("leave.withdrawn", by=by, at=at, key=key, reason=because.strip(), school=school, about=about)
    lock(school)
    if LeaveRequest.objects.filter(pk=row.pk, withdrawn__isnull=True).update(withdrawn=deed) == 0:
        raise NotEntered("This request was taken back already.")
    withdraw_expected(row, deed, by, at)
    LeaveDecision.objects.filter(request=row, withdrawn__isnull=True).update(withdrawn=deed)


def withdraw_expected(row: LeaveRequest, deed: Deed, by: Actor, at: datetime) -> None:
    """Withdraw what the standing decision on a request made the register expect, inside the caller's deed."""
    decisions = LeaveDecision.objects.filter(request=row, withdrawn__isnull=True)
    for expectation in Expectation.objects.filter(leave_span__decision__in=decisions).select_related("enrolment"):
        registers.withdraw(expectation, by=by, at=at, reason=deed.reason, deed=deed)
