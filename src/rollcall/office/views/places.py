"""Where the things of this room are, for the door; what is found is the view's `request.place`.

An id that is nobody's is not found. A pupil belongs to the school they are at, or were at last.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404

from rollcall.accounts.queries import FEDERATION, Place
from rollcall.outbox.models import Message
from rollcall.schools.models import (
    ClassMembership,
    Closure,
    Enrolment,
    Hold,
    PartTimePattern,
    PupilContact,
    School,
    SchoolClass,
)


@dataclass(frozen=True)
class SchoolPlace(Place):
    """A school."""

    of: Any = None


def of_federation(**_: Any) -> Place:
    """The whole federation: only who holds a row everywhere may."""
    return FEDERATION


def of_school(school: str, **_: Any) -> SchoolPlace:
    """The school of a slug."""
    found = School.objects.filter(slug=school).select_related("federation").first()
    if found is None:
        raise Http404
    return SchoolPlace(found.pk, frozenset(), found)


def of_closure(closure: int, **_: Any) -> SchoolPlace:
    """A closure, at its school."""
    return _at_school(Closure.objects.select_related("school").filter(pk=closure).first())


def of_class(school_class: int, **_: Any) -> SchoolPlace:
    """A class, at its school."""
    found = SchoolClass.objects.select_related("school").filter(pk=school_class).first()
    if found is None:
        raise Http404
    return SchoolPlace(found.school_id, frozenset({found.pk}), found)


def _at_school(found: Any) -> SchoolPlace:
    if found is None:
        raise Http404
    return SchoolPlace(found.school_id, frozenset(), found)


@dataclass(frozen=True)
class PupilPlace(Place):
    """A pupil, with the time at a school that says where they belong, and what the address names of them."""

    pupil: Any = None
    enrolment: Any = None
    of: Any = None


def of_pupil(pupil: int, at: datetime, **_: Any) -> PupilPlace:
    """A pupil at the school they are at now, else will be at, else were at last, and in the classes they had there."""
    rows = Enrolment.objects.select_related("pupil", "school").filter(pupil=pupil).order_by("-admitted")
    day = at.date()
    found = sorted(rows, key=lambda row: (not _is_on_roll(row, day), row.left is not None))
    if not found:
        raise Http404
    classes = ClassMembership.objects.filter(enrolment=found[0]).values_list("school_class", flat=True)
    return PupilPlace(found[0].school_id, frozenset(classes), found[0].pupil, found[0])


def _is_on_roll(row: Enrolment, day: date) -> bool:
    return row.admitted <= day and (row.left is None or row.left >= day)


def of_contact(pupil: int, contact: int, at: datetime, **_: Any) -> PupilPlace:
    """What an adult is to a pupil, at the pupil's school."""
    links = PupilContact.objects.select_related("contact", "pupil")
    return _of_pupils(pupil, at, links.filter(pupil=pupil, contact=contact).first())


def of_hold(pupil: int, hold: int, at: datetime, **_: Any) -> PupilPlace:
    """A hold of a pupil."""
    return _of_pupils(pupil, at, Hold.objects.filter(pupil=pupil, pk=hold).first())


def of_pattern(pupil: int, pattern: int, at: datetime, **_: Any) -> PupilPlace:
    """A part-time pattern of a pupil."""
    rows = PartTimePattern.objects.select_related("enrolment")
    return _of_pupils(pupil, at, rows.filter(enrolment__pupil=pupil, pk=pattern).first())


def _of_pupils(pupil: int, at: datetime, found: Any) -> PupilPlace:
    if found is None:
        raise Http404
    place = of_pupil(pupil, at)
    return PupilPlace(place.school, place.classes, place.pupil, place.enrolment, found)


@dataclass(frozen=True)
class MessagePlace(Place):
    """A message of the outbox."""

    message: Any = None


def of_message(message: int, **_: Any) -> MessagePlace:
    """A message, at its school; one that is no school's is the federation's."""
    found = Message.objects.select_related("deed").filter(pk=message).first()
    if found is None:
        raise Http404
    return MessagePlace(found.school or None, frozenset(), found)
