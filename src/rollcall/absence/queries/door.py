"""What a screen by the door may know: the classes, and children by class and the first letters of their surname."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from rollcall.absence.models import Device
from rollcall.absence.queries.finding import LEAST_LETTERS, parts_of
from rollcall.schools.models import ClassMembership, SchoolClass
from rollcall.schools.queries import year_of
from rollcall.schools.queries.roll import on_roll

MOST = 8


@dataclass(frozen=True)
class Child:
    """A child as the screen shows them: the name, and nothing else."""

    enrolment: int
    name: str


def classes_of(school: int, day: date) -> list[tuple[int, str]]:
    """The classes of a school (by id) in the year of a day, as (id, name)."""
    rows = SchoolClass.objects.filter(school=school, year_start=year_of(day)).order_by("name")
    return list(rows.values_list("id", "name"))


def children(school: int, school_class: int, letters: str, day: date) -> list[Child]:
    """The children of a class whose surname, known or legal, begins with these letters, two or more.

    Children whose presence is confidential are never among them.
    """
    wanted = "".join(parts_of(letters))
    if len(wanted) < LEAST_LETTERS:
        return []
    seats = ClassMembership.objects.filter(
        on_roll(day), Q(school_class=school_class), school_class__school=school, enrolment__pupil__confidential=False
    ).select_related("enrolment__pupil")
    found = [
        Child(seat.enrolment_id, seat.enrolment.pupil.known_name)
        for seat in seats
        if any(_fits(wanted, name) for name in (seat.enrolment.pupil.known_last, seat.enrolment.pupil.legal_last))
    ]
    return sorted(found, key=lambda child: child.name) if len(found) <= MOST else []


def _fits(wanted: str, surname: str) -> bool:
    return "".join(parts_of(surname)).startswith(wanted)


def devices_of(school: int) -> list[Device]:
    """The screens of a school that are in use."""
    rows = Device.objects.filter(school=school, ended__isnull=True).select_related("deed")
    return list(rows.order_by("name", "id"))
