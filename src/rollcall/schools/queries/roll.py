"""Who is on roll, in which class, on a day: plain values for registers, figures and lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import ClassMembership, Enrolment, PupilContact


@dataclass(frozen=True)
class Seat:
    """A pupil's place in a class on a day."""

    enrolment: int
    pupil: int
    school: int
    school_class: int
    class_name: str
    known_first: str
    known_last: str
    year_group: int
    born: date
    sex: str
    traveller: bool
    risk: str
    admitted: date
    left: date | None

    @property
    def name(self) -> str:
        """The known-as name."""
        return f"{self.known_first} {self.known_last}"


_COLUMNS = (
    "enrolment_id",
    "enrolment__pupil_id",
    "enrolment__school_id",
    "school_class_id",
    "school_class__name",
    "enrolment__pupil__known_first",
    "enrolment__pupil__known_last",
    "year_group",
    "enrolment__pupil__born",
    "enrolment__pupil__sex",
    "enrolment__pupil__traveller",
    "enrolment__pupil__risk",
    "enrolment__admitted",
    "enrolment__left",
)


def in_force(day: date, begins: str = "begins", ends: str = "ends") -> Q:
    """The condition that a span with these two columns covers a day."""
    return Q(**{f"{begins}__lte": day}) & (Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": day}))


def on_roll(day: date) -> Q:
    """The condition that a membership and its enrolment both cover a day."""
    return in_force(day) & in_force(day, "enrolment__admitted", "enrolment__left")


def _seats(condition: Q) -> list[Seat]:
    rows: Iterable[tuple[Any, ...]] = (
        ClassMembership.objects.filter(condition)
        .order_by("enrolment__pupil__known_first", "enrolment__pupil__known_last", "enrolment_id")
        .values_list(*_COLUMNS)
    )
    return [Seat(*row) for row in rows]


def seats_in_class(school_class: int, day: date) -> list[Seat]:
    """The pupils in a class on a day, by first name, in one query."""
    return _seats(Q(school_class=school_class) & on_roll(day))


def seats_of_school(school: int, day: date) -> list[Seat]:
    """Everyone on a school's roll with a class on a day, by first name, in one query."""
    return _seats(Q(school_class__school=school) & on_roll(day))


@dataclass(frozen=True)
class Member:
    """Somebody who was on a school's roll in a year, with their last class of it; no class: id 0 and no name."""

    enrolment: int
    pupil: int
    name: str
    sort_name: str
    risk: str
    admitted: date
    left: date | None
    school_class: int = 0
    class_name: str = ""
    year_group: int = -1

    def is_on_roll(self, day: date) -> bool:
        """Whether they are on the roll on a day."""
        return self.admitted <= day and (self.left is None or self.left >= day)


_MEMBER = (
    "school_id",
    "id",
    "pupil_id",
    "pupil__known_first",
    "pupil__known_last",
    "pupil__risk",
    "admitted",
    "left",
    "memberships__school_class_id",
    "memberships__school_class__name",
    "memberships__year_group",
)


def members_of_year(schools: Iterable[int], year_start: int, day: date) -> dict[int, list[Member]]:
    """Everyone on the roll of each school (by id) at some time of a year up to a day, by name, in one query."""
    year = SchoolYear(year_start)
    wanted = list(schools)
    rows = (
        Enrolment.objects.filter(school__in=wanted, admitted__lte=min(day, year.last))
        .exclude(left__lt=year.first)
        .order_by("pupil__known_last", "pupil__known_first", "id", "memberships__begins")
        .values_list(*_MEMBER, "memberships__school_class__year_start", "memberships__begins")
    )
    found: dict[int, dict[int, Member]] = {school: {} for school in wanted}
    for school, pk, pupil, first, last, risk, admitted, left, *own, start, begins in rows:
        here = start == year_start and begins <= day
        if here or pk not in found[school]:
            name, by_last = f"{first} {last}", f"{last} {first}"
            room = own if here else ()
            found[school][pk] = Member(pk, pupil, name, by_last, risk, admitted, left, *room)
    return {school: list(members.values()) for school, members in found.items()}


def siblings_of(pupil: int) -> list[tuple[int, str]]:
    """Other pupils who share a contact with whom both live, as (id, known-as name)."""
    home = PupilContact.objects.filter(pupil=pupil, lives_with=True).values("contact")
    rows = (
        PupilContact.objects.filter(contact__in=home, lives_with=True)
        .exclude(pupil=pupil)
        .values_list("pupil_id", "pupil__known_first", "pupil__known_last")
        .distinct()
    )
    return [(pk, f"{first} {last}") for pk, first, last in rows]


def year_of(day: date) -> int:
    """The school year of a day by the calendar year in which it begins."""
    return SchoolYear.of(day).start


def class_of(enrolment: int, day: date) -> str:
    """The name of the class that a pupil (enrolment, by id) is in on a day; empty for none."""
    rows = ClassMembership.objects.filter(on_roll(day), enrolment=enrolment)
    return rows.values_list("school_class__name", flat=True).first() or ""
