"""Which barred adults somebody may be, as they were tapped or typed: by who they are, their name, number or address.

Those barred for a child's brothers and sisters count as well: whoever may not hear of one is not told of the other
before a person has looked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from rollcall.absence.models import Stop
from rollcall.rules.namesakes import may_mean, without
from rollcall.rules.phones import LEAST_DIGITS, dialled
from rollcall.rules.words import time_words
from rollcall.schools.models import Enrolment, PupilContact
from rollcall.schools.queries import siblings_of
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class Spoken:
    """Who spoke for a child, or came with or for one. where: one of Stop.WHERE; link: as a contact (PupilContact).

    name and number (a telephone number or an e-mail address) as they were typed or shown; words: what was said.
    otherwise: why it is not the barred adult whom the name or number may mean, where somebody says so.
    """

    where: str
    name: str = ""
    number: str = ""
    link: int | None = None
    words: str = ""
    otherwise: str = ""

    @property
    def who(self) -> str:
        """Who it was, in the words that it was entered with."""
        return " ".join(part for part in (self.name.strip(), self.number.strip()) if part)


@dataclass(frozen=True)
class Meant:
    """A barred adult who was meant, or may have been, about one child. is_sure: tapped, so that it is nobody else."""

    enrolment: Enrolment
    contact: PupilContact
    is_sure: bool


def barred_meant(children: Sequence[Enrolment], spoken: Spoken) -> list[Meant]:
    """The barred adults whom this may be, for each of the children; a query a child and two or three more."""
    if not children:
        return []
    families = {one.pk: {one.pupil_id, *(pupil for pupil, _ in siblings_of(one.pupil_id))} for one in children}
    everybody = {pupil for family in families.values() for pupil in family}
    rows = PupilContact.objects.filter(barred=True, pupil__in=everybody).select_related("contact")
    barred = list(rows.prefetch_related("contact__phones").order_by("order", "id"))
    if not barred:
        return []
    tapped = _tapped(spoken)
    found: dict[tuple[int, int], Meant] = {}
    for child in children:
        # The child's own link comes first: it says what to do.
        for one in sorted(barred, key=lambda link: link.pupil_id != child.pupil_id):
            if one.pupil_id in families[child.pk] and _is_meant(one, child, spoken, tapped):
                is_sure = tapped is not None and tapped.contact_id == one.contact_id
                found.setdefault((child.pk, one.contact_id), Meant(child, one, is_sure))
    return list(found.values())


def _tapped(spoken: Spoken) -> PupilContact | None:
    rows = PupilContact.objects.filter(pk=spoken.link or 0).select_related("contact")
    return rows.prefetch_related("contact__phones").first()


def _is_meant(one: PupilContact, child: Enrolment, spoken: Spoken, tapped: PupilContact | None) -> bool:
    """A tapped adult is who they are, unless the number is the barred adult's and not their own."""
    if tapped is not None:
        is_them = tapped.contact_id == one.contact_id and one.pupil_id == child.pupil_id
        return is_them or (_has(one, spoken.number) and not _has(tapped, spoken.number))
    names = (one.contact.first, one.contact.last, one.relationship)
    typed = (spoken.name, without(spoken.name, child.pupil.known_first))
    return _has(one, spoken.number) or any(may_mean(name, *names) for name in typed)


def _has(one: PupilContact, number: str) -> bool:
    """Whether a number or an e-mail address is one of an adult's."""
    if "@" in number:
        return number.strip().casefold() == one.contact.email.strip().casefold()
    digits = dialled(number)
    return len(digits) >= LEAST_DIGITS and digits in {dialled(phone.number) for phone in one.contact.phones.all()}


def stops_of(children: Iterable[int], at: datetime) -> list[Stop]:
    """The stops of the day about these children (enrolments, by id), oldest first."""
    return stops_since(children, at.astimezone(LONDON).date())


def stops_since(children: Iterable[int], day: date) -> list[Stop]:
    """The stops about these children (enrolments, by id) from a day on, oldest first, in one query."""
    since = datetime.combine(day, time(0), LONDON)
    rows = Stop.objects.filter(enrolment__in=list(children), deed__at__gte=since).order_by("id")
    return list(rows.select_related("contact__contact", "enrolment__pupil", "deed", "otherwise"))


def stop_words(stop: Stop) -> str:
    """One stop in a sentence or two, for the safeguarding lead."""
    typed = f", entered as {stop.said_by}" if stop.said_by else ""
    said = f": \u201c{stop.words}\u201d" if stop.words else ""
    words = (
        f"{time_words(stop.deed.at.astimezone(LONDON))}: {stop.name}, {_lower(stop.get_where_display())}{typed}{said}."
    )
    if stop.otherwise:
        words += f" {stop.otherwise.name} says that it was somebody else: {stop.otherwise.reason}"
    return words


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
