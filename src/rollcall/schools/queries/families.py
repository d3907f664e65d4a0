"""Whom the school may call about a pupil, in order, and whom it must not; plain values."""

from dataclasses import dataclass

from rollcall.schools.models import Hold, PupilContact
from rollcall.schools.models.pupils import Pupil


@dataclass(frozen=True)
class ContactFact:
    """One adult of a pupil. `barred_why` is for the safeguarding lead alone: show it only to who may see it."""

    name: str
    relationship: str
    parental_responsibility: bool
    lives_with: bool
    phones: tuple[tuple[str, str], ...]
    email: str
    address: str
    language: str
    barred: bool
    barred_do: str
    barred_why: str


def contacts_of(pupil: int) -> list[ContactFact]:
    """A pupil's contacts in the order to call, in two queries."""
    links = PupilContact.objects.filter(pupil=pupil).select_related("contact").prefetch_related("contact__phones")
    return [
        ContactFact(
            name=str(link.contact),
            relationship=link.relationship,
            parental_responsibility=link.parental_responsibility,
            lives_with=link.lives_with,
            phones=tuple((phone.number, phone.get_kind_display()) for phone in link.contact.phones.all()),
            email=link.contact.email,
            address=link.contact.address,
            language=link.contact.language,
            barred=link.barred,
            barred_do=link.barred_do,
            barred_why=link.barred_why,
        )
        for link in links.order_by("order", "id")
    ]


def holds_of(pupil: Pupil) -> list[Hold]:
    """The times in which nothing is sent to a pupil's family, newest first."""
    return list(pupil.holds.order_by("-begins"))
