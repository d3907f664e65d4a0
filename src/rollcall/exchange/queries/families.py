"""Which adults of a file the federation knows already, so that a family is one family however often it is told of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rollcall.exchange.fields import bare
from rollcall.exchange.queries.pupil_file import ToldContact, ToldPupil, adult_facts, link_facts
from rollcall.rules.phones import dialled
from rollcall.schools.actions.bringing import BroughtContact
from rollcall.schools.models import Contact, PupilContact

Change = tuple[str, object, object]
"""What changes of an adult, in words: what, before, after."""


@dataclass
class Adult:
    """One adult, known or about to be: by what they can be recognised, and the row where there is one."""

    key: str
    marks: set[str]
    row: Contact | None = None
    phones: set[str] = field(default_factory=set)


class Families:
    """The adults of the federation with the names of a file's adults, and those that the file adds."""

    def __init__(self, told: Iterable[ToldPupil]) -> None:
        told = list(told)
        upns = [one.upn for one in told]
        lasts = {adult.last for one in told for adult in one.contacts}
        self._adults: dict[tuple[str, str], list[Adult]] = defaultdict(list)
        self._links: dict[str, dict[int, PupilContact]] = defaultdict(dict)
        links = PupilContact.objects.filter(pupil__upn__in=upns).select_related("pupil")
        for link in links:
            self._links[link.pupil.upn][link.contact_id] = link
        ids = [link.contact_id for link in links]
        found = {c.pk: c for c in Contact.objects.filter(last__in=lasts).prefetch_related("phones")}
        found |= {c.pk: c for c in Contact.objects.filter(pk__in=ids).prefetch_related("phones")}
        for contact in found.values():
            self._know(contact)

    def _know(self, contact: Contact) -> None:
        phones = {dialled(phone.number) for phone in contact.phones.all()}
        marks = {*phones, contact.email.casefold(), bare(contact.address)} - {""}
        adult = Adult(f"known:{contact.pk}", marks, contact, phones)
        self._adults[_name(contact.first, contact.last)].append(adult)

    def bring(self, upn: str, told: ToldContact, order: int) -> tuple[BroughtContact | None, list[Change]]:
        """What there is to write about one adult of a pupil, None where nothing; and the changes in words."""
        adult = self._find(upn, told)
        link = self._links[upn].get(adult.row.pk) if adult.row else None
        facts, said = _differing(adult_facts(told), adult.row)
        more, also = _differing(link_facts(told), link)
        phones = tuple((number, kind) for number, kind in told.phones if dialled(number) not in adult.phones)
        adult.phones |= {dialled(number) for number, _ in phones}
        if link is None:
            more = {"relationship": "Not stated", "order": order} | more
            said = [("contact", "", f"{told.first} {told.last}")]
            also = []
        if not (facts or more or phones):
            return None, []
        name = f"{told.first} {told.last}"
        words = [(f"{name}: {what}" if what != "contact" else what, was, now) for what, was, now in said + also]
        if link is not None:
            words += [(f"{name}: phone", "", number) for number, _ in phones]
        contact = adult.row.pk if adult.row else None
        return BroughtContact(adult.key, contact, link.pk if link else None, facts, more, phones), words

    def _find(self, upn: str, told: ToldContact) -> Adult:
        alike = self._adults[_name(told.first, told.last)]
        here = self._links[upn]
        for adult in alike:
            if adult.row and adult.row.pk in here:
                return adult
        marks = _marks(told)
        for adult in alike:
            if adult.marks & marks:
                return adult
        adult = Adult(f"new:{told.first}|{told.last}|{upn}|{len(alike)}", marks)
        alike.append(adult)
        return adult


def _differing(told: dict[str, Any], row: object) -> tuple[dict[str, Any], list[Change]]:
    if row is None:
        return told, []
    new = {key: value for key, value in told.items() if _same(getattr(row, key)) != _same(value)}
    return new, [(key.replace("_", " "), getattr(row, key), value) for key, value in new.items()]


def _same(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _marks(told: ToldContact) -> set[str]:
    phones = {dialled(number) for number, _ in told.phones}
    email, address = told.values.get("email", ""), told.values.get("address", "")
    return {*phones, email.casefold(), bare(address)} - {""}


def _name(first: str, last: str) -> tuple[str, str]:
    return first.casefold(), last.casefold()
