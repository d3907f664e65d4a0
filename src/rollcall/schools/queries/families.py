"""Whom the school may call about a pupil, in order, and whom it must not; plain values."""

from collections.abc import Iterable
from dataclasses import dataclass

from rollcall.schools.models import ContactPhone, Hold, PupilContact
from rollcall.schools.models.pupils import Pupil


@dataclass(frozen=True)
class ContactFact:
    """One adult of a pupil. `link` is the number of what they are to this pupil (PupilContact).

    `barred_why` is for the safeguarding lead alone: show it only to who may see it.
    """

    link: int
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


_LINK = ("relationship", "parental_responsibility", "lives_with")
_ADULT = ("contact__email", "contact__address", "contact__language")
_KINDS = dict(ContactPhone._meta.get_field("kind").flatchoices)


def contacts_of(pupil: int) -> list[ContactFact]:
    """A pupil's contacts in the order to call, their numbers in the order to try, in one query."""
    return contacts_of_all([pupil])[pupil]


def contacts_of_all(pupils: Iterable[int]) -> dict[int, list[ContactFact]]:
    """The `contacts_of` many pupils by id, in one query."""
    wanted = list(pupils)
    rows = (
        PupilContact.objects.filter(pupil__in=wanted)
        .order_by("order", "id", "contact__phones__order")
        .values_list("pupil_id", "id", "contact__first", "contact__last", "contact__phones__number",
                     "contact__phones__kind", *_LINK, *_ADULT, "barred", "barred_do", "barred_why")
    )  # fmt: skip
    found: dict[int, dict[int, ContactFact]] = {pupil: {} for pupil in wanted}
    for pupil, pk, first, last, number, kind, relation, responsible, lives_with, *adult, barred, what, why in rows:
        email, address, language = adult
        phones = found[pupil][pk].phones if pk in found[pupil] else ()
        phones += ((number, _KINDS[kind]),) if number else ()
        found[pupil][pk] = ContactFact(
            pk,
            f"{first} {last}",
            relation,
            responsible,
            lives_with,
            phones,
            email,
            address,
            language,
            barred,
            what,
            why,
        )
    return {pupil: list(contacts.values()) for pupil, contacts in found.items()}


def holds_of(pupil: Pupil) -> list[Hold]:
    """The times in which nothing is sent to a pupil's family, newest first."""
    return list(pupil.holds.order_by("-begins"))
