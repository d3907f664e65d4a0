"""Pupils, their classes and contacts: joining, moving, leaving, and changes to what stands of them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.rules import identifiers
from rollcall.schools.actions.setup import Refused
from rollcall.schools.models import (
    ClassMembership,
    Contact,
    ContactPhone,
    Enrolment,
    Hold,
    Pupil,
    PupilContact,
    School,
    SchoolClass,
)


@transaction.atomic
def admit(
    pupil: Pupil, school_class: SchoolClass, *, year_group: int, admitted: date, by: Actor, at: datetime
) -> Enrolment:
    """Put a pupil (a new row or one already known) on a school's roll and into a class from a day on.

    Raises Refused for a wrong UPN, or when the pupil is on this school's roll on that day already.
    """
    if pupil.pk is None:
        try:
            identifiers.check_upn(pupil.upn)
        except ValueError as error:
            raise Refused(str(error)) from error
        pupil.save()
    school = school_class.school
    if pupil.enrolments.filter(school=school).exclude(left__lt=admitted).exists():
        raise Refused(f"{pupil} is on the roll of {school} on {admitted:%-d %B %Y} already.")
    deed = journal.begin("pupil.admitted", by=by, at=at, reason=f"{pupil} to {school_class}", school=school.pk)
    enrolment = Enrolment.objects.create(pupil=pupil, school=school, admitted=admitted)
    ClassMembership.objects.create(
        enrolment=enrolment, school_class=school_class, year_group=year_group, begins=admitted
    )
    journal.note_changes(deed, "pupil", pupil.pk, {"admitted": ("", f"{school} on {admitted}")})
    return enrolment


@transaction.atomic
def move_class(
    enrolment: Enrolment, to: SchoolClass, *, begins: date, year_group: int, by: Actor, at: datetime
) -> ClassMembership:
    """Move a pupil to another class of the same school from a day on; the old membership is ended, not removed.

    Raises Refused for a class of another school or a day before the present membership began.
    """
    if to.school_id != enrolment.school_id:
        raise Refused(f"{to} is a class of another school; move the pupil to that school instead.")
    now = enrolment.memberships.filter(ends__isnull=True).last()
    deed = journal.begin("pupil.moved_class", by=by, at=at, reason=str(to), school=enrolment.school_id)
    if now is not None:
        if begins <= now.begins:
            raise Refused(f"{enrolment.pupil} joined {now.school_class} on {now.begins}; choose a later day.")
        now.ends = begins - timedelta(days=1)
        now.save(update_fields=["ends"])
    journal.note_changes(deed, "pupil", enrolment.pupil_id, {"class": (now and now.school_class, to)})
    return ClassMembership.objects.create(enrolment=enrolment, school_class=to, year_group=year_group, begins=begins)


@transaction.atomic
def record_leaver(enrolment: Enrolment, *, last_day: date, by: Actor, at: datetime, reason: str) -> None:
    """Record a pupil's last day on roll; entries before it stay. Raises Refused for a day before they joined."""
    if last_day < enrolment.admitted:
        raise Refused(f"{enrolment.pupil} joined on {enrolment.admitted}, after {last_day}.")
    deed = journal.begin("pupil.left", by=by, at=at, reason=reason, school=enrolment.school_id)
    journal.note_changes(deed, "pupil", enrolment.pupil_id, {"left": (enrolment.left, last_day)})
    enrolment.left = last_day
    enrolment.save(update_fields=["left"])
    enrolment.memberships.filter(ends__isnull=True).update(ends=last_day)


@transaction.atomic
def move_school(
    enrolment: Enrolment, to: SchoolClass, *, begins: date, year_group: int, by: Actor, at: datetime
) -> Enrolment:
    """Move a pupil to another school of the federation: they leave the day before and join on `begins`."""
    record_leaver(enrolment, last_day=begins - timedelta(days=1), by=by, at=at, reason=f"moves to {to.school}")
    return admit(enrolment.pupil, to, year_group=year_group, admitted=begins, by=by, at=at)


@transaction.atomic
def change_pupil(
    pupil: Pupil, changes: Mapping[str, object], *, by: Actor, at: datetime, school: School, key: str = ""
) -> None:
    """Change standing facts of a pupil; the journal keeps each as it was before and after."""
    deed = journal.begin("pupil.changed", by=by, at=at, key=key, school=school.pk)
    before = {field: getattr(pupil, field) for field in changes}
    for field, value in changes.items():
        setattr(pupil, field, value)
    pupil.save(update_fields=list(changes))
    journal.note_changes(deed, "pupil", pupil.pk, {f: (before[f], changes[f]) for f in changes})


@transaction.atomic
def add_contact(contact: Contact, phones: list[tuple[str, str]], *, by: Actor, at: datetime) -> Contact:
    """Add an adult with their phone numbers as (number, kind), in the order to try."""
    journal.begin("contact.added", by=by, at=at, reason=str(contact))
    contact.save()
    ContactPhone.objects.bulk_create(
        [ContactPhone(contact=contact, order=n, number=number, kind=kind) for n, (number, kind) in enumerate(phones, 1)]
    )
    return contact


@transaction.atomic
def link_contact(link: PupilContact, *, by: Actor, at: datetime, school: School) -> PupilContact:
    """Say what an adult is to a pupil, or change it; the journal keeps the change."""
    deed = journal.begin("contact.linked", by=by, at=at, school=school.pk)
    link.save()
    journal.note_changes(deed, "pupil", link.pupil_id, {"contact": ("", str(link))})
    return link


@transaction.atomic
def hold(
    pupil: Pupil, kind: str, *, begins: date, note: str, by: Actor, at: datetime, ends: date | None = None
) -> Hold:
    """Hold all messages to a pupil's family for a time."""
    deed = journal.begin("hold.set", by=by, at=at, reason=note)
    return Hold.objects.create(pupil=pupil, kind=kind, begins=begins, ends=ends, note=note, deed=deed)
