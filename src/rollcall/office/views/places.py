"""Where the things of this room are, for the door; what is found is the view's `request.place`.

An id that is nobody's is not found. A pupil belongs to the school they are at, or were at last.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404

from rollcall.accounts.queries import FEDERATION, Place
from rollcall.office.queries import places


@dataclass(frozen=True)
class SchoolPlace(Place):
    """A school."""

    of: Any = None


def of_federation(**_: Any) -> Place:
    """The whole federation: only who holds a row everywhere may."""
    return FEDERATION


def of_school(school: str, **_: Any) -> SchoolPlace:
    """The school of a slug."""
    found = places.school_named(school)
    if found is None:
        raise Http404
    return SchoolPlace(found.pk, frozenset(), found)


def of_closure(closure: int, **_: Any) -> SchoolPlace:
    """A closure, at its school."""
    return _at_school(places.closure(closure))


def of_class(school_class: int, **_: Any) -> SchoolPlace:
    """A class, at its school."""
    found = places.school_class(school_class)
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
    found = places.belonging(pupil, at.date())
    if found is None:
        raise Http404
    return PupilPlace(found.enrolment.school_id, found.classes, found.pupil, found.enrolment)


def of_contact(pupil: int, contact: int, at: datetime, **_: Any) -> PupilPlace:
    """What an adult is to a pupil, at the pupil's school."""
    return _of_pupils(pupil, at, places.link(pupil, contact))


def of_hold(pupil: int, hold: int, at: datetime, **_: Any) -> PupilPlace:
    """A hold of a pupil."""
    return _of_pupils(pupil, at, places.hold(pupil, hold))


def of_pattern(pupil: int, pattern: int, at: datetime, **_: Any) -> PupilPlace:
    """A part-time pattern of a pupil."""
    return _of_pupils(pupil, at, places.pattern(pupil, pattern))


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
    found = places.message(message)
    if found is None:
        raise Http404
    return MessagePlace(found.school or None, frozenset(), found)
