"""Pupils: joining, moving class or school, leaving, and changes to what stands of them. Nothing is lost by any."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules import identifiers
from rollcall.schools.actions.refusing import Refused
from rollcall.schools.models import ClassMembership, Enrolment, Pupil, School, SchoolClass


@transaction.atomic
def admit(
    pupil: Pupil,
    school_class: SchoolClass,
    *,
    year_group: int,
    admitted: date,
    by: Actor,
    at: datetime,
    key: str = "",
) -> Enrolment:
    """Put a pupil (a new row or one already known) on a school's roll and into a class from a day on.

    Raises Refused for a wrong UPN, or when the pupil is on this school's roll on that day already.
    """
    school = school_class.school
    deed = journal.begin("pupil.admitted", by=by, at=at, key=key, reason=f"{pupil} to {school_class}", school=school.pk)
    if pupil.pk is None:
        _save_new(pupil, deed)
    if pupil.enrolments.filter(school=school).exclude(left__lt=admitted).exists():
        raise Refused(f"{pupil} is on the roll of {school} on {admitted:%-d %B %Y} already.", "admitted")
    enrolment = Enrolment.objects.create(pupil=pupil, school=school, admitted=admitted)
    ClassMembership.objects.create(
        enrolment=enrolment, school_class=school_class, year_group=year_group, begins=admitted
    )
    journal.note_changes(
        deed, "pupil", pupil.pk, {"admitted": ("", f"{school} on {admitted}"), "class": ("", school_class)}
    )
    return enrolment


def _save_new(pupil: Pupil, deed: Deed) -> None:
    _check_upn(pupil)
    pupil.save()
    facts = ("upn", "legal_first", "legal_last", "known_first", "known_last", "born", "sex")
    journal.note_changes(deed, "pupil", pupil.pk, {fact: ("", getattr(pupil, fact)) for fact in facts})


def _check_upn(pupil: Pupil) -> None:
    try:
        pupil.upn = identifiers.check_upn(pupil.upn)
    except ValueError as error:
        raise Refused(str(error), "upn") from error
    if one := Pupil.objects.filter(upn=pupil.upn).exclude(pk=pupil.pk).first():
        raise Refused(f"{one} has the UPN {pupil.upn} already; a pupil is one record in the whole federation.", "upn")


@transaction.atomic
def move_class(
    enrolment: Enrolment,
    to: SchoolClass,
    *,
    begins: date,
    year_group: int,
    by: Actor,
    at: datetime,
    key: str = "",
) -> ClassMembership:
    """Move a pupil to another class of the same school from a day on; the old membership is ended, not removed.

    Raises Refused for a class of another school or a day before the present membership began.
    """
    deed = journal.begin("pupil.moved_class", by=by, at=at, key=key, reason=str(to), school=enrolment.school_id)
    if to.school_id != enrolment.school_id:
        raise Refused(f"{to} is a class of another school; move the pupil to that school instead.", "school_class")
    now = enrolment.memberships.filter(ends__isnull=True).select_related("school_class").last()
    if now is not None:
        if begins <= now.begins:
            raise Refused(
                f"{enrolment.pupil} joined {now.school_class} on {now.begins:%-d %B %Y}; choose a later day.", "begins"
            )
        now.ends = begins - timedelta(days=1)
        now.save(update_fields=["ends"])
    journal.note_changes(deed, "pupil", enrolment.pupil_id, {"class": (now and now.school_class, to)})
    return ClassMembership.objects.create(enrolment=enrolment, school_class=to, year_group=year_group, begins=begins)


@transaction.atomic
def record_leaver(enrolment: Enrolment, *, last_day: date, by: Actor, at: datetime, reason: str, key: str = "") -> None:
    """Record a pupil's last day on roll; entries before it stay. Raises Refused for a day before they joined."""
    deed = journal.begin("pupil.left", by=by, at=at, key=key, reason=reason, school=enrolment.school_id)
    if last_day < enrolment.admitted:
        raise Refused(
            f"{enrolment.pupil} joined on {enrolment.admitted:%-d %B %Y}, after {last_day:%-d %B %Y}.", "last_day"
        )
    journal.note_changes(deed, "pupil", enrolment.pupil_id, {"left": (enrolment.left, last_day)})
    enrolment.left = last_day
    enrolment.save(update_fields=["left"])
    # A place in a class that would only have begun after the last day never comes to be.
    enrolment.memberships.filter(begins__gt=last_day).delete()
    enrolment.memberships.filter(ends__isnull=True).update(ends=last_day)


@transaction.atomic
def move_school(
    enrolment: Enrolment,
    to: SchoolClass,
    *,
    begins: date,
    year_group: int,
    by: Actor,
    at: datetime,
    key: str = "",
) -> Enrolment:
    """Move a pupil to another school of the federation: they leave the day before and join on `begins`.

    Raises Refused for a class of the same school, or days that `record_leaver` and `admit` refuse.
    """
    if to.school_id == enrolment.school_id:
        raise Refused(
            f"{enrolment.pupil} is at {to.school} already; move them to another class instead.", "school_class"
        )
    record_leaver(enrolment, last_day=begins - timedelta(days=1), by=by, at=at, reason=f"moves to {to.school}", key=key)
    return admit(enrolment.pupil, to, year_group=year_group, admitted=begins, by=by, at=at)


@transaction.atomic
def change_pupil(
    pupil: Pupil, changes: Mapping[str, object], *, by: Actor, at: datetime, school: School, key: str = ""
) -> None:
    """Change standing facts of a pupil; the journal keeps each as it was before and after. Raises Refused (UPN)."""
    deed = journal.begin("pupil.changed", by=by, at=at, key=key, school=school.pk)
    before = {field: getattr(pupil, field) for field in changes}
    for field, value in changes.items():
        setattr(pupil, field, value)
    if "upn" in changes:
        _check_upn(pupil)
    pupil.save(update_fields=list(changes))
    journal.note_changes(deed, "pupil", pupil.pk, {f: (before[f], getattr(pupil, f)) for f in changes})
