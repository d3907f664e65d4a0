"""Pupils brought in whole, a file at a time: their facts, classes and contacts, by one deed that keeps every change.

What is to be done is worked out before, as values; here it is only written, all of it or nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from rollcall.journal import actions as journal
from rollcall.journal.models import Deed
from rollcall.schools.models import (
    ClassMembership,
    Contact,
    ContactPhone,
    Enrolment,
    Exclusion,
    Hold,
    PartTimePattern,
    Pupil,
    PupilContact,
    School,
    SchoolClass,
)


@dataclass(frozen=True)
class BroughtContact:
    """An adult of a pupil. `contact` is the id of one known already, else `key` names a new one, shared by siblings.

    facts: columns of Contact to set. link_facts: columns of PupilContact to set. link: its id where there is one.
    phones: (number, kind), added after those that stand.
    """

    key: str
    contact: int | None = None
    link: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    link_facts: Mapping[str, object] = field(default_factory=dict)
    phones: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class BroughtSpan:
    """A hold, a part-time pattern or an exclusion, by `kind`, a key of `SPANS`.

    facts: columns to set. span: the id of the one that stands whose columns these are, None for a new one.
    """

    kind: str
    facts: Mapping[str, object]
    span: int | None = None


@dataclass(frozen=True)
class BroughtPupil:
    """One pupil. `pupil` is the id of one known already. facts: columns of Pupil to set.

    admitted: the day of a new enrolment at the school, else `enrolment` is the one that stands. school_class: the name
    of a class of `year_start` that they are in from `begins` on, with their `year_group`. left: their last day.
    """

    pupil: int | None
    facts: Mapping[str, object]
    enrolment: int | None = None
    admitted: date | None = None
    school_class: str = ""
    year_group: int = 0
    begins: date | None = None
    left: date | None = None
    contacts: tuple[BroughtContact, ...] = ()
    spans: tuple[BroughtSpan, ...] = ()


SPANS: Mapping[str, type[Hold | PartTimePattern | Exclusion]] = {
    "hold": Hold,
    "part_time": PartTimePattern,
    "exclusion": Exclusion,
}


def bring_in_pupils(
    school: School, year_start: int, new_classes: Sequence[str], pupils: Sequence[BroughtPupil], deed: Deed
) -> None:
    """Write pupils of one school by one deed, inside the caller's transaction; every change is kept in the journal.

    new_classes: names of classes of the year to add first. Whoever calls has checked numbers, days and names.
    """
    SchoolClass.objects.bulk_create(
        [SchoolClass(school=school, year_start=year_start, name=name) for name in new_classes]
    )
    classes = {one.name: one for one in SchoolClass.objects.filter(school=school, year_start=year_start)}
    adults: dict[str, Contact] = {}
    for one in pupils:
        pupil = _facts(one, deed)
        enrolment = _seat(pupil, one, school, classes, deed)
        for span in one.spans:
            _span(pupil, enrolment, span, deed)
        for adult in one.contacts:
            _contact(pupil, adult, adults, deed)


def _facts(one: BroughtPupil, deed: Deed) -> Pupil:
    pupil = Pupil() if one.pupil is None else Pupil.objects.get(pk=one.pupil)
    before = {name: getattr(pupil, name) if one.pupil else "" for name in one.facts}
    for name, value in one.facts.items():
        setattr(pupil, name, value)
    if one.facts:
        pupil.save()
        journal.note_changes(deed, "pupil", pupil.pk, {name: (before[name], one.facts[name]) for name in one.facts})
    return pupil


def _seat(
    pupil: Pupil, one: BroughtPupil, school: School, classes: Mapping[str, SchoolClass], deed: Deed
) -> Enrolment | None:
    changes: dict[str, tuple[object, object]] = {}
    if one.admitted is not None:
        enrolment = Enrolment.objects.create(pupil=pupil, school=school, admitted=one.admitted)
        changes["admitted"] = ("", f"{school} on {one.admitted}")
    elif one.enrolment is not None:
        enrolment = Enrolment.objects.get(pk=one.enrolment)
    else:
        return None
    if one.school_class and one.begins:
        now = enrolment.memberships.filter(ends__isnull=True).last()
        if now is not None:
            now.ends = one.begins - timedelta(days=1)
            now.save(update_fields=["ends"])
        own = classes[one.school_class]
        ClassMembership.objects.create(
            enrolment=enrolment, school_class=own, year_group=one.year_group, begins=one.begins
        )
        changes["class"] = (now.school_class if now else "", own)
    if one.left is not None:
        changes["left"] = (enrolment.left, one.left)
        enrolment.left = one.left
        enrolment.save(update_fields=["left"])
        enrolment.memberships.filter(ends__isnull=True).update(ends=one.left)
    journal.note_changes(deed, "pupil", pupil.pk, changes)
    return enrolment


def _span(pupil: Pupil, enrolment: Enrolment | None, one: BroughtSpan, deed: Deed) -> None:
    """Write a span as the actions in `spans` do; a hold is the pupil's, the others are of their time on this roll."""
    name = one.kind.replace("_", "-")
    if one.span is None:
        whose = {"pupil": pupil} if one.kind == "hold" else {"enrolment": enrolment}
        made = SPANS[one.kind].objects.create(**whose, **one.facts, deed=deed)
        ends = "" if one.kind == "part_time" else f" to {made.ends or 'further notice'}"
        journal.note_changes(deed, "pupil", pupil.pk, {name: ("", f"{made}{ends}")})
        return
    row = SPANS[one.kind].objects.get(pk=one.span)
    words = {column: f"{name} {'until' if column == 'ends' else column}" for column in one.facts}
    journal.note_changes(
        deed, "pupil", pupil.pk, {words[column]: (getattr(row, column), value) for column, value in one.facts.items()}
    )
    for column, value in one.facts.items():
        setattr(row, column, value)
    row.save(update_fields=list(one.facts))


def _contact(pupil: Pupil, adult: BroughtContact, adults: dict[str, Contact], deed: Deed) -> None:
    contact = adults.get(adult.key)
    if contact is None:
        contact = Contact() if adult.contact is None else Contact.objects.get(pk=adult.contact)
        adults[adult.key] = contact
    changes: dict[str, tuple[object, object]] = {}
    for name, value in adult.facts.items():
        changes[name] = (getattr(contact, name) if contact.pk else "", value)
        setattr(contact, name, value)
    if adult.facts or contact.pk is None:
        contact.save()
    _phones(contact, adult.phones, changes)
    link = PupilContact(pupil=pupil, contact=contact) if adult.link is None else PupilContact.objects.get(pk=adult.link)
    for name, value in adult.link_facts.items():
        changes[name] = (getattr(link, name) if link.pk else "", value)
        setattr(link, name, value)
    if adult.link is None or adult.link_facts:
        link.save()
    named = {f"{name} of {contact}"[:60]: pair for name, pair in changes.items()}
    journal.note_changes(deed, "pupil", pupil.pk, named)


def _phones(contact: Contact, phones: Sequence[tuple[str, str]], changes: dict[str, tuple[object, object]]) -> None:
    known = list(contact.phones.values_list("number", flat=True))
    fresh = [(number, kind) for number, kind in phones if number not in known]
    ContactPhone.objects.bulk_create(
        [
            ContactPhone(contact=contact, order=len(known) + n, number=number, kind=kind)
            for n, (number, kind) in enumerate(fresh, 1)
        ]
    )
    if fresh:
        changes["phone"] = (", ".join(known), ", ".join([*known, *(number for number, _ in fresh)]))
