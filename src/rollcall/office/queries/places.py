"""What an address of the office names, read for the door: None where it is nobody's."""

from dataclasses import dataclass
from datetime import date

from rollcall.outbox.models import Message
from rollcall.schools.models import (
    ClassMembership,
    Closure,
    Enrolment,
    Hold,
    PartTimePattern,
    Pupil,
    PupilContact,
    School,
    SchoolClass,
)


@dataclass(frozen=True)
class Belonging:
    """Where a pupil belongs: the time at a school, and the classes they had there (by id)."""

    pupil: Pupil
    enrolment: Enrolment
    classes: frozenset[int]


def school_named(slug: str) -> School | None:
    """The school of a slug."""
    return School.objects.filter(slug=slug).select_related("federation").first()


def closure(closure: int) -> Closure | None:
    """A closure with its school."""
    return Closure.objects.select_related("school").filter(pk=closure).first()


def school_class(school_class: int) -> SchoolClass | None:
    """A class with its school."""
    return SchoolClass.objects.select_related("school").filter(pk=school_class).first()


def belonging(pupil: int, day: date) -> Belonging | None:
    """A pupil at the school they are at on a day, else will be at, else were at last; in two queries."""
    rows = Enrolment.objects.select_related("pupil", "school").filter(pupil=pupil).order_by("-admitted")
    found = sorted(rows, key=lambda row: (not _is_on_roll(row, day), row.left is not None))
    if not found:
        return None
    classes = ClassMembership.objects.filter(enrolment=found[0]).values_list("school_class", flat=True)
    return Belonging(found[0].pupil, found[0], frozenset(classes))


def _is_on_roll(row: Enrolment, day: date) -> bool:
    return row.admitted <= day and (row.left is None or row.left >= day)


def link(pupil: int, contact: int) -> PupilContact | None:
    """What an adult is to a pupil."""
    return PupilContact.objects.select_related("contact", "pupil").filter(pupil=pupil, contact=contact).first()


def hold(pupil: int, hold: int) -> Hold | None:
    """A hold of a pupil."""
    return Hold.objects.filter(pupil=pupil, pk=hold).first()


def pattern(pupil: int, pattern: int) -> PartTimePattern | None:
    """A part-time pattern of a pupil."""
    return PartTimePattern.objects.select_related("enrolment").filter(enrolment__pupil=pupil, pk=pattern).first()


def message(message: int) -> Message | None:
    """A message of the outbox."""
    return Message.objects.select_related("deed").filter(pk=message).first()
