"""Who is written to about a pupil on a day; who is not, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rollcall.letters.languages import language_name, language_of
from rollcall.rules.phones import dialled
from rollcall.rules.places import same_door
from rollcall.schools.models import Contact, Hold, PupilContact
from rollcall.schools.queries.roll import in_force

SHARED = "Has the e-mail address of somebody barred, and no postal address: ask for another."
SHARED_DOOR = (
    "Has the postal address of somebody barred, and no e-mail address of their own: a person must look at both records "
    "before anything goes."
)
NO_ADDRESS = "Has neither an e-mail address nor a postal address: ask for one."
BY_POST = "By post: their e-mail address is also that of somebody barred."
BY_EMAIL = "By e-mail alone: their postal address is also that of somebody barred."


@dataclass(frozen=True)
class Recipient:
    """One adult who is written to. `note` is what the sender should know, such as another language at home.

    language: what they read, empty for English.
    """

    contact: int
    name: str
    first: str
    relationship: str
    email: str
    address: tuple[str, ...]
    note: str = ""
    language: str = ""

    def reading(self, language: str) -> "Recipient":
        """The same adult with a letter in a language, empty for English, as the sender is told it."""
        if not self.language or language_of(language) != language_of(self.language):
            return self
        return replace(self, note=self.note.replace(in_english(self.language), f"In {self.language}.").strip())

    @property
    def channel(self) -> str:
        """E-mail where there is an address for it, else a printed letter."""
        return "email" if self.email else "print"


@dataclass(frozen=True)
class LeftOut:
    """One adult who is not written to, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Recipients:
    """Who is written to about a pupil and who is not; `held` says why nobody is for now."""

    written: tuple[Recipient, ...]
    left_out: tuple[LeftOut, ...]
    held: str = ""


def recipients(pupil: int, day: date) -> Recipients:
    """Each adult with parental responsibility or with whom the pupil lives, in order; and who is left out and why."""
    return recipients_of([pupil], day)[pupil]


def recipients_of(pupils: Iterable[int], day: date) -> dict[int, Recipients]:
    """The `recipients` of many pupils by id, in two queries."""
    ids = list(pupils)
    held = holds_on(ids, day)
    links: dict[int, list[PupilContact]] = {pupil: [] for pupil in ids}
    for link in PupilContact.objects.filter(pupil__in=ids).select_related("contact").order_by("order", "id"):
        links[link.pupil_id].append(link)
    return {pupil: _sorted_out(links[pupil], held.get(pupil, "")) for pupil in ids}


def _sorted_out(links: Sequence[PupilContact], held: str) -> Recipients:
    barred = [link.contact for link in links if link.barred]
    written, left_out = [], []
    for link in links:
        usable = _usable(_recipient(link), barred)
        if why := held or _why_not(link) or ("" if isinstance(usable, Recipient) else usable):
            left_out.append(LeftOut(str(link.contact), why))
        elif isinstance(usable, Recipient):
            written.append(usable)
    return Recipients(tuple(written), tuple(left_out), held)


def _usable(one: Recipient, barred: Sequence[Contact]) -> Recipient | str:
    """A recipient without the addresses that a barred adult reads; why there is none where nothing is left."""
    at_email, at_door = _reads_email(barred, one.email), _reads_post(barred, "\n".join(one.address))
    if (at_email or not one.email) and (at_door or not one.address):
        return SHARED_DOOR if at_door else SHARED
    if at_email:
        return replace(one, email="", note=f"{BY_POST} {one.note}".strip())
    if at_door:
        return replace(one, address=(), note=f"{BY_EMAIL} {one.note}".strip())
    return one


def _reads_email(barred: Iterable[Contact], email: str) -> bool:
    return bool(email.strip()) and any(_plain(one.email) == _plain(email) for one in barred)


def _reads_post(barred: Iterable[Contact], address: str) -> bool:
    return any(same_door(one.address, address) for one in barred)


def _reads_texts(barred: Iterable[Contact], number: str) -> bool:
    return any(dialled(phone.number) == dialled(number) for one in barred for phone in one.phones.all())


def _plain(email: str) -> str:
    return email.strip().casefold()


def is_read_by_barred(pupil: int, channel: str, where: str) -> bool:
    """Whether what goes there is read by an adult who is barred from hearing about a pupil, whoever else has it.

    channel: of the outbox; where: an e-mail address, a number, or the lines of a postal address.
    """
    links = PupilContact.objects.filter(pupil=pupil, barred=True).select_related("contact")
    barred = [link.contact for link in links.prefetch_related("contact__phones")]
    reads = {"email": _reads_email, "text": _reads_texts}.get(channel, _reads_post)
    return reads(barred, where)


def hold_on(pupil: int, day: date) -> str:
    """Why nothing is sent to a pupil's family on a day; empty where it may be."""
    return holds_on([pupil], day).get(pupil, "")


def holds_on(pupils: Iterable[int], day: date) -> dict[int, str]:
    """Why nothing is sent to the families of these pupils (by id) on a day; who may be written to is left out."""
    found = {}
    for hold in Hold.objects.filter(in_force(day), pupil__in=list(pupils)).order_by("-begins", "-id"):
        until = f" to {hold.ends:%-d %B %Y}" if hold.ends else ""
        kind = hold.get_kind_display().lower()
        found[hold.pupil_id] = f"Nothing is sent for now: {kind} from {hold.begins:%-d %B %Y}{until}."
    return found


def may_be_written_to(pupil: int, contact: int) -> bool:
    """Whether an adult may be written to about a pupil as things stand now."""
    link = PupilContact.objects.filter(pupil=pupil, contact=contact).select_related("contact").first()
    return link is not None and not _why_not(link)


def _why_not(link: PupilContact) -> str:
    if link.barred:
        return "Barred: is never written to about this pupil."
    if not (link.parental_responsibility or link.lives_with):
        return f"{link.relationship}, without parental responsibility and not living with the pupil."
    if not link.contact.email and not link.contact.address.strip():
        return NO_ADDRESS
    return ""


def _recipient(link: PupilContact) -> Recipient:
    who = link.contact
    language = language_name(who.language)
    return Recipient(
        contact=who.pk,
        name=" ".join(part for part in (who.title, who.first, who.last) if part),
        first=who.first,
        relationship=link.relationship,
        email=who.email,
        address=tuple(line.strip() for line in who.address.splitlines() if line.strip()),
        note=in_english(language) if language else "",
        language=language,
    )


def in_english(language: str) -> str:
    """What the sender is told of an adult who reads another language than the letter's."""
    return f"Reads {language}; this letter is in English."
