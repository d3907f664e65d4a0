"""Adults of a family: who they are, their numbers, what they are to a pupil, and in which order they are called."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.schools.actions.refusing import Refused
from rollcall.schools.models import Contact, ContactPhone, Pupil, PupilContact, School

FACTS = ("title", "first", "last", "email", "address", "language")
LINK_FACTS = ("relationship", "parental_responsibility", "lives_with", "barred", "barred_do")
Phones = Sequence[tuple[str, str]]


@transaction.atomic
def add_contact(
    contact: Contact, phones: Phones, *, by: Actor, at: datetime, school: School | None = None, key: str = ""
) -> Contact:
    """Add an adult with their phone numbers as (number, kind), in the order to try."""
    deed = journal.begin(
        "contact.added", by=by, at=at, key=key, reason=str(contact), school=school.pk if school else None
    )
    contact.save()
    _write_phones(contact, phones)
    journal.note_changes(deed, "contact", contact.pk, {fact: ("", getattr(contact, fact)) for fact in FACTS})
    return contact


@transaction.atomic
def change_contact(
    contact: Contact,
    changes: Mapping[str, str],
    phones: Phones,
    *,
    by: Actor,
    at: datetime,
    school: School,
    key: str = "",
) -> None:
    """Change an adult's details and numbers, for every child of theirs; the journal keeps what was before."""
    deed = journal.begin("contact.changed", by=by, at=at, key=key, reason=str(contact), school=school.pk)
    before = {fact: getattr(contact, fact) for fact in changes}
    were = _told(contact)
    for fact, value in changes.items():
        setattr(contact, fact, value)
    contact.save(update_fields=list(changes))
    contact.phones.all().delete()
    _write_phones(contact, phones)
    noted: dict[str, tuple[object, object]] = {fact: (before[fact], changes[fact]) for fact in changes}
    journal.note_changes(deed, "contact", contact.pk, noted | {"phones": (were, _told(contact))})


def _write_phones(contact: Contact, phones: Phones) -> None:
    ContactPhone.objects.bulk_create(
        [ContactPhone(contact=contact, order=n, number=number, kind=kind) for n, (number, kind) in enumerate(phones, 1)]
    )


def _told(contact: Contact) -> str:
    return ", ".join(f"{number} ({kind})" for number, kind in contact.phones.values_list("number", "kind"))


@transaction.atomic
def link_contact(link: PupilContact, *, by: Actor, at: datetime, school: School, key: str = "") -> PupilContact:
    """Say what an adult is to a pupil, or change it; the journal keeps what stood before.

    Raises Refused for an adult who is a contact of this pupil already, or who is barred without saying what to do.
    """
    deed = journal.begin("contact.linked", by=by, at=at, key=key, school=school.pk)
    before = PupilContact.objects.filter(pk=link.pk).first() if link.pk else None
    if before is None and PupilContact.objects.filter(pupil=link.pupil, contact=link.contact).exists():
        raise Refused(f"{link.contact} is a contact of {link.pupil} already.")
    if link.barred and not link.barred_do.strip():
        raise Refused(f"Say what the office must do when {link.contact} rings or comes.", "barred_do")
    link.save()
    changes: dict[str, tuple[object, object]] = {"contact": (before and str(before), str(link))}
    changes |= {f"{link.contact}: {f}": (getattr(before, f, ""), getattr(link, f)) for f in LINK_FACTS}
    journal.note_changes(deed, "pupil", link.pupil_id, changes)
    return link


@transaction.atomic
def say_why_barred(link: PupilContact, why: str, *, by: Actor, at: datetime, school: School, key: str = "") -> None:
    """Keep why an adult is barred, for the safeguarding lead alone: the journal says that it changed, not to what."""
    deed = journal.begin("contact.barred_why", by=by, at=at, key=key, school=school.pk)
    link.barred_why = why
    link.save(update_fields=["barred_why"])
    note = {f"{link.contact}: why barred": ("(kept apart)", "(changed)")}
    journal.note_changes(deed, "pupil", link.pupil_id, note)


@transaction.atomic
def unlink_contact(link: PupilContact, *, by: Actor, at: datetime, school: School, reason: str, key: str = "") -> None:
    """Take an adult off a pupil's contacts; who they are stays, and the journal keeps what stood. Raises Refused.

    A barred adult is never taken off: the office would no longer be warned.
    """
    deed = journal.begin("contact.unlinked", by=by, at=at, key=key, reason=reason, school=school.pk)
    if link.barred:
        raise Refused(f"{link.contact} is barred. Lift that first, or the office would no longer be warned.")
    journal.note_changes(deed, "pupil", link.pupil_id, {"contact": (str(link), "")})
    _put_in_order(deed, [one for one in link.pupil.contacts.all() if one.pk != link.pk])
    link.delete()


@transaction.atomic
def move_up(link: PupilContact, *, by: Actor, at: datetime, school: School, key: str = "") -> None:
    """Call an adult one place earlier than now."""
    deed = journal.begin("contact.moved_up", by=by, at=at, key=key, reason=str(link.contact), school=school.pk)
    links = list(link.pupil.contacts.order_by("order", "id"))
    place = next(n for n, one in enumerate(links) if one.pk == link.pk)
    if place:
        links[place - 1], links[place] = links[place], links[place - 1]
    _put_in_order(deed, links)


def _put_in_order(deed: Deed, links: list[PupilContact]) -> None:
    for order, link in enumerate(links, 1):
        if link.order != order:
            journal.note_changes(deed, "pupil", link.pupil_id, {f"{link.contact}: order": (link.order, order)})
            link.order = order
            link.save(update_fields=["order"])


@transaction.atomic
def take_on(
    pupil: Pupil,
    contact: Contact,
    phones: Phones,
    link_facts: Mapping[str, object],
    *,
    by: Actor,
    at: datetime,
    school: School,
    key: str = "",
) -> PupilContact:
    """Add an adult who is new to the school as a pupil's last contact; link_facts say what they are to the pupil."""
    add_contact(contact, phones, by=by, at=at, school=school, key=key)
    link = PupilContact(pupil=pupil, contact=contact, order=pupil.contacts.count() + 1, **link_facts)
    return link_contact(link, by=by, at=at, school=school)


@transaction.atomic
def change_contact_of(
    link: PupilContact,
    changes: Mapping[str, str],
    phones: Phones,
    link_facts: Mapping[str, object],
    *,
    by: Actor,
    at: datetime,
    school: School,
    key: str = "",
) -> None:
    """Change an adult's details and numbers, and what they are to one pupil, all or nothing."""
    change_contact(link.contact, changes, phones, by=by, at=at, school=school, key=key)
    for fact, value in link_facts.items():
        setattr(link, fact, value)
    link_contact(link, by=by, at=at, school=school)
