"""The message "we have not heard why": to whom it may go, by which channel, and its exact words (4.5-a).

Nobody who is barred, no number or address that a barred adult reads, nobody while nothing is sent to the family.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from rollcall.absence.queries.tried import why_not_said
from rollcall.letters.queries import recipients
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.outbox.numbers import NotMobile, mobile
from rollcall.outbox.queries import channels
from rollcall.rules.sessions import Half
from rollcall.schools.models import ContactPhone, Enrolment, PupilContact, School
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
    numbers = _mobiles(enrolment.pupil_id, [one.contact for one in found.written])
    usable = channels()
    offers = []
    for one in found.written:
        if "text" in usable and one.contact in numbers:
            offers.append(Offer(one.contact, one.name, one.relationship, "text", numbers[one.contact]))
        if "email" in usable and one.email:
            offers.append(Offer(one.contact, one.name, one.relationship, "email", one.email))
    return Offers(tuple(offers), tuple((one.name, one.why) for one in found.left_out))


def _mobiles(pupil: int, contacts: Iterable[int]) -> dict[int, str]:
    """The first number of each adult that texts go to and that no barred adult has."""
    barred = PupilContact.objects.filter(pupil=pupil, barred=True).values("contact")
    shared = {_as_mobile(number) for number in _numbers(barred).values_list("number", flat=True)}
    found: dict[int, str] = {}
    for contact, number in _numbers(list(contacts)).order_by("order").values_list("contact_id", "number"):
        as_mobile = _as_mobile(number)
        if as_mobile and as_mobile not in shared:
            found.setdefault(contact, as_mobile)
    return found


def _numbers(contacts: Any) -> QuerySet[ContactPhone]:
    return ContactPhone.objects.filter(contact__in=contacts)


def _as_mobile(number: str) -> str:
    try:
        return mobile(number)
    except NotMobile:
        return ""


@dataclass(frozen=True)
class Wording:
    """What goes: a subject for an e-mail, and the words, which are those of a text too."""

    subject: str
    body: str


def wording(enrolment: Enrolment, school: School, half: Half) -> Wording:
    """The message in words: short enough for one text."""
    when = "this morning" if half == "AM" else "this afternoon"
    call = f"ring the office on {school.phone}" if school.phone else "ring the school office"
    first = enrolment.pupil.known_first
    return Wording(
        f"{school.name}: {first} is not at school",
        f"{first} is not at {school.name} {when} and we have not heard why. Please {call} as soon as you can, so that "
        "we know all is well.",
    )


def absent_stands(message: Message, at: datetime) -> Answer:
    """Whether a family may still be told that a child is away unexplained: asked in the second before it goes."""
    day, half = date.fromisoformat(message.evidence["day"]), message.evidence["half"]
    if day != at.astimezone(LONDON).date():
        return Answer(False, "The day is over.")
    if why := why_not_said(message.ground_id, day, half, at):
        return Answer(False, why)
    enrolment = Enrolment.objects.get(pk=message.ground_id)
    if message.to_address not in {one.where for one in offers_for(enrolment, day).offers}:
        return Answer(False, f"{message.to_name} may not be written to at {message.to_address} any more.")
    return Answer(True)
