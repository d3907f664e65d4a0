"""The message "we have not heard why": to whom it may go, by which channel, and its exact words (4.5-a).

Nobody who is barred, no number or address that a barred adult reads, nobody while nothing is sent to the family.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from rollcall.absence.models import HandOver
from rollcall.absence.queries.accounted import begun, closed_for, not_accounted, why_accounted_by_now
from rollcall.absence.queries.mobiles import mobiles_of
from rollcall.absence.queries.report_known import words_for
from rollcall.absence.queries.words import uncleared
from rollcall.letters.queries import recipients
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.outbox.queries import channels
from rollcall.rules.sessions import Half
from rollcall.rules.words import time_words
from rollcall.schools.models import Enrolment, School
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class Offer:
    """One way to one adult: the channel of the outbox, and the number or address."""

    contact: int
    name: str
    relationship: str
    channel: str
    where: str

    @property
    def id(self) -> str:
        """The offer in a form."""
        return f"{self.contact}-{self.channel}"

    @property
    def words(self) -> str:
        """Whom and how."""
        how = {"text": "text to", "email": "e-mail to"}[self.channel]
        return f"{self.name} ({self.relationship}): {how} {self.where}"


@dataclass(frozen=True)
class Offers:
    """To whom it may go, the most direct first; who is left out and why."""

    offers: tuple[Offer, ...]
    left_out: tuple[tuple[str, str], ...]


def offers_for(enrolment: Enrolment, day: date) -> Offers:
    """How a pupil's family may be asked on a day, in a few queries."""
    found = recipients(enrolment.pupil_id, day)
    numbers = mobiles_of(enrolment.pupil_id, [one.contact for one in found.written])
    usable = channels()
    offers = []
    for one in found.written:
        if one.contact in numbers:
            offers.append(Offer(one.contact, one.name, one.relationship, "text", numbers[one.contact]))
        if "email" in usable and one.email:
            offers.append(Offer(one.contact, one.name, one.relationship, "email", one.email))
    return Offers(tuple(offers), tuple((one.name, one.why) for one in found.left_out))


@dataclass(frozen=True)
class Wording:
    """What goes: a subject for an e-mail, and the words, which are those of a text too."""

    subject: str
    body: str


def wording(enrolment: Enrolment, school: School, day: date, half: Half) -> Wording:
    """The message in words: short enough for one text. Where the school has closed since, it says so and asks where
    the child is.
    """
    when = "this morning" if half == "AM" else "this afternoon"
    call = f"ring the office on {school.phone}" if school.phone else "ring the school office"
    first = enrolment.pupil.known_first
    if closed := closed_for(enrolment, day, half):
        at = time_words(closed.announced.astimezone(LONDON))
        return Wording(
            f"{school.name}: where is {first}?",
            f"{school.name} closed at {at} {when}. {first} was not marked in before then, and we do not know where "
            f"{first} is. Please {call} as soon as you can, so that we know all is well.",
        )
    return Wording(
        f"{school.name}: {first} is not at school",
        f"{first} is not at {school.name} {when} and we have not heard why. Please {call} as soon as you can, so that "
        "we know all is well.",
    )


def why_not_said(enrolment: Enrolment, day: date, half: Half, at: datetime) -> str:
    """Why a family must not be told now that their child is away unexplained; empty where it still stands.

    The child must be on the call list in that second, and the family must not have left word that nobody has read.
    """
    if why := why_accounted_by_now(enrolment, day, half, at):
        return why
    facts = facts_of(enrolment.school_id)
    if not any(one.standing.enrolment == enrolment.pk for one in not_accounted(facts, day, at)):
        return f"No register has said yet that {enrolment.pupil.known_name} is away."
    return _left_word(enrolment, facts, day, at)


def _left_word(enrolment: Enrolment, facts: SchoolFacts, day: date, at: datetime) -> str:
    since = facts.moment(day, time(0))
    waiting = [one for one in uncleared(facts.school, at) if one.received_at >= since]
    if words_for([enrolment.pupil_id], [(one.channel_words, one.number) for one in waiting]):
        return "Word from one of the family's numbers waits in the inbox: read it first."
    handed = HandOver.objects.filter(enrolment=enrolment, done__isnull=True, deed__at__gte=since)
    caller = handed.values_list("caller", flat=True).first()
    return f"{caller} was handed on to the head of school: ask there first." if caller else ""


def half_to_ask(enrolment: Enrolment, day: date, at: datetime) -> Half:
    """The session that a child is missed in: the one that the call list names, else the one that has begun last."""
    facts = facts_of(enrolment.school_id)
    found = (one.half for one in not_accounted(facts, day, at) if one.standing.enrolment == enrolment.pk)
    return next(found, (["AM", *begun(facts, day, at)])[-1])


def absent_stands(message: Message, at: datetime) -> Answer:
    """Whether a family may still be told that a child is away unexplained: asked in the second before it goes."""
    day, half = date.fromisoformat(message.evidence["day"]), message.evidence["half"]
    if day != at.astimezone(LONDON).date():
        return Answer(False, "The day is over.")
    enrolment = Enrolment.objects.select_related("pupil").filter(pk=message.ground_id).first()
    if enrolment is None:
        return Answer(False, "The pupil is on no roll.")
    if why := why_not_said(enrolment, day, "AM" if half == "AM" else "PM", at):
        return Answer(False, why)
    if message.to_address not in {one.where for one in offers_for(enrolment, day).offers}:
        return Answer(False, f"{message.to_name} may not be written to at {message.to_address} any more.")
    return Answer(True)
