"""A reason in doubt: evidence asked for, answered or not, and the parents told (4.2-b, 4.2-c, 5.1-c).

The same acts serve every kind of doubt. The request and the notice are two messages; each is asked again in the second
before it goes whether it still stands. No mark turns unauthorised before the notice is accepted, or was said.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from rollcall.absence.actions.doubt_sending import NotDone, addressees, notice_for, put, request_for, way_of
from rollcall.absence.models import Doubt, LeaveRequest, Report, Telling
from rollcall.absence.queries.doubt_letters import Written
from rollcall.absence.queries.doubt_ways import Way
from rollcall.absence.queries.doubts import NOTICE, REQUEST, doubt
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers import actions as registers
from rollcall.registers.queries.expected import Session
from rollcall.registers.queries.standing import lock
from rollcall.rules.words import day_words
from rollcall.schools.models import Enrolment, PupilContact

HOW = dict(Doubt.HOW)
SENT_BY_US = ("message", "post")
EARLY = ("holiday",)
"""The kinds of which the parents may be told before the answer is due (5.1-c)."""


@dataclass(frozen=True)
class Asking:
    """What is asked: the sessions, why, what would do, of whom (PupilContact, by id), how and by when.

    how: "message", "post", "phone" or "person". report or leave: what it is about, where there is one.
    """

    kind: str
    first: Session
    last: Session
    why: str
    would_do: tuple[str, ...]
    contact: int | None
    how: str
    due: date
    report: Report | None = None
    leave: LeaveRequest | None = None


@transaction.atomic
def open_doubt(enrolment: Enrolment, asking: Asking, *, by: Actor, at: datetime, key: str) -> Doubt:
    """Ask for evidence of a reason (4.2-b): the reason for asking is kept, and a message or letter is put in.

    Until it is decided or withdrawn no register turns these sessions unauthorised.
    Raises NotDone with a sentence: no reason, nothing that would do, a day that has passed, a barred adult or one who
    can't be reached that way, sessions in doubt already. AlreadyDone for a used key.
    """
    _check(enrolment, asking, at)
    asked_of = _adult(enrolment, asking.contact)
    deed = journal.begin(
        "evidence.asked",
        by=by,
        at=at,
        key=key,
        reason=asking.why.strip(),
        school=enrolment.school_id,
        about=str(enrolment.pupil),
    )
    lock(enrolment.school_id)
    _check_is_new(enrolment, asking)
    made = _row(enrolment, asking)
    made.asked_of, made.deed = asked_of, deed
    made.save()
    registers.put_in_question(enrolment, asking.first, asking.last, deed=deed)
    if asking.how in SENT_BY_US:
        way = way_of(enrolment, asked_of, at.date(), by_post=asking.how == "post")
        put(request_for(made, way, by=by, at=at), way, made, deed, at, ground=REQUEST, ground_id=made.pk)
    return made


def preview_request(enrolment: Enrolment, asking: Asking, *, by: Actor, at: datetime) -> tuple[Way, Written]:
    """To whom a request would go, by which way, and exactly what; nothing is written. Raises NotDone as the act."""
    _check(enrolment, asking, at)
    way = way_of(enrolment, _adult(enrolment, asking.contact), at.date(), by_post=asking.how == "post")
    return way, request_for(_row(enrolment, asking), way, by=by, at=at)


def _row(enrolment: Enrolment, asking: Asking) -> Doubt:
    """The doubt as it would stand, not written."""
    return Doubt(
        enrolment=enrolment,
        kind=asking.kind,
        first_day=asking.first[0],
        first_half=asking.first[1],
        last_day=asking.last[0],
        last_half=asking.last[1],
        report=asking.report,
        leave=asking.leave,
        why=asking.why.strip(),
        would_do=list(asking.would_do),
        asked_how=asking.how,
        due=asking.due,
    )


def _check(enrolment: Enrolment, asking: Asking, at: datetime) -> None:
    if asking.kind not in dict(Doubt.KINDS) or asking.how not in HOW:
        raise NotDone("Say what is doubted, and how the family is asked.")
    if len(asking.why.strip()) < journal.LEAST_REASON:
        raise NotDone("Say why evidence is asked for: it is never asked for without need, and the reason is kept.")
    if not asking.would_do:
        raise NotDone("Tick what would do, so that the family knows what to look for.")
    if asking.due < at.date():
        raise NotDone("Give a day that is still to come: the family needs time to answer.")
    if asking.last[0] < asking.first[0]:
        raise NotDone("The absence can't end before it begins.")
    if asking.report is not None and asking.report.enrolment_id != enrolment.pk:
        raise NotDone(f"That report is not about {enrolment.pupil}.")
    if asking.report is not None and asking.report.withdrawn_id:
        raise NotDone("That report was withdrawn; there is nothing to ask about.")


def _check_is_new(enrolment: Enrolment, asking: Asking) -> None:
    open_now = Doubt.objects.filter(
        enrolment=enrolment,
        decided__isnull=True,
        withdrawn__isnull=True,
        first_day__lte=asking.last[0],
        last_day__gte=asking.first[0],
    )
    if (known := open_now.select_related("deed").first()) is not None:
        raise NotDone(f"{known.deed.name} has asked about these days already, on {known.deed.at:%-d %B}.")


def _adult(enrolment: Enrolment, link: int | None) -> PupilContact | None:
    """Who is asked, an adult of this pupil and not barred. Raises NotDone."""
    found = PupilContact.objects.filter(pk=link or 0, pupil=enrolment.pupil_id).select_related("contact").first()
    if found is None:
        raise NotDone("Choose who is asked or told: one of the pupil's contacts.")
    if found.barred:
        raise NotDone(f"Do not contact, do not tell {found.contact}: choose another adult.")
    return found


@transaction.atomic
def answer(row: Doubt, *, satisfied: bool, words: str, by: Actor, at: datetime, key: str) -> None:
    """Record what the family answered, and whether it settles the matter; a later answer takes the place of one.

    Raises NotDone without words or for a doubt that has ended, AlreadyDone for a used key.
    """
    if len(words.strip()) < journal.LEAST_REASON:
        raise NotDone("Say what the answer was: what was shown, or what was said.")
    deed = begin_step("evidence.answered", row, words, by, at, key)
    still_open(row).update(answered=deed, satisfied=satisfied, answer=words.strip())


@transaction.atomic
def tell(
    row: Doubt, *, how: str, by: Actor, at: datetime, key: str, contact: int | None = None, words: str = ""
) -> int:
    """Tell the parents that it turns unauthorised (4.2-c): a message or letter to each who is written to, or said.

    contact (PupilContact, by id) and words: whom `by` told by phone or in person, and what was said. Returns the
    number of the telling. Raises NotDone: too early, a barred adult, nobody to write to, not said what was said.
    """
    state = doubt(row.pk, at).state
    if state in ("decided", "withdrawn", "satisfied"):
        raise NotDone("There is nothing to tell: it has been settled, decided or withdrawn.")
    if state == "asked" and row.kind not in EARLY:
        raise NotDone(f"The family has until {day_words(row.due)} to answer; wait for that first.")
    deed = begin_step("parents.told", row, words or HOW.get(how, ""), by, at, key)
    if how in SENT_BY_US:
        return _tell_by_message(row, how, deed, by, at)
    if how not in HOW or len(words.strip()) < journal.LEAST_REASON:
        raise NotDone("Say how they were told, and what was said.")
    adult = _adult(row.enrolment, contact)
    assert adult is not None
    said = Telling.objects.create(
        doubt=row, how=how, contact=adult, name=str(adult.contact), words=words.strip()[:300], deed=deed
    )
    return int(said.pk)


def _tell_by_message(row: Doubt, how: str, deed: Deed, by: Actor, at: datetime) -> int:
    ways = addressees(row, how, at.date())
    names = ", ".join(way.to.name for way in ways)
    telling = Telling.objects.create(doubt=row, how=how, name=names[:120], deed=deed)
    for way in ways:
        put(notice_for(row, way, by=by, at=at), way, row, deed, at, ground=NOTICE, ground_id=telling.pk)
    return int(telling.pk)


@transaction.atomic
def withdraw_doubt(row: Doubt, *, because: str, by: Actor, at: datetime, key: str) -> None:
    """Withdraw a doubt: the marks stay, and messages that still wait are stopped by their ground.

    Raises NotDone without a reason or for one that has ended, AlreadyDone for a used key.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotDone("Say why it is withdrawn: the record keeps the reason.")
    deed = begin_step("doubt.withdrawn", row, because, by, at, key)
    registers.settle_question(row.deed, deed=deed)
    still_open(row).update(withdrawn=deed)


def begin_step(kind: str, row: Doubt, reason: str, by: Actor, at: datetime, key: str) -> Deed:
    """The deed of a step; raises NotDone where the doubt has ended meanwhile."""
    school = row.enrolment.school_id
    deed = journal.begin(
        kind, by=by, at=at, key=key, reason=reason.strip(), school=school, about=str(row.enrolment.pupil)
    )
    lock(school)
    if not still_open(row).exists():
        ended = Doubt.objects.select_related("decided", "withdrawn").get(pk=row.pk)
        last = ended.decided or ended.withdrawn
        assert last is not None
        raise NotDone(f"{last.name} has {'decided' if ended.decided else 'withdrawn'} this already.")
    return deed


def still_open(row: Doubt) -> Any:
    return Doubt.objects.filter(pk=row.pk, decided__isnull=True, withdrawn__isnull=True)
