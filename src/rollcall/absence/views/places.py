"""Where the things of this room are, for the door: a school by its slug, a pupil's enrolment, a row of ours."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, TypeVar

from django.db.models import Model
from django.http import Http404

from rollcall.accounts.queries import Place
from rollcall.schools.models import ClassMembership, Enrolment, School, SchoolClass
from rollcall.schools.queries import SchoolFacts, facts_of, year_of
from rollcall.schools.queries.roll import on_roll


@dataclass(frozen=True)
class SchoolPlace(Place):
    """A school of an address."""

    found: School | None = None

    @property
    def here(self) -> School:
        """The school."""
        assert self.found is not None
        return self.found

    @property
    def facts(self) -> SchoolFacts:
        """What stands of it."""
        return facts_of(self.here.pk)


def school_place(school: str, **_: object) -> SchoolPlace:
    """The school whose slug an address names; 404 for one that is not there."""
    found = School.objects.filter(slug=school).first()
    if found is None:
        raise Http404
    return SchoolPlace(found.pk, found=found)


def classes_place(school: str, at: datetime, **_: object) -> SchoolPlace:
    """As `school_place`, for pages where a teacher sees their own classes: it is in all classes of the year."""
    place = school_place(school)
    rooms = SchoolClass.objects.filter(school=place.here, year_start=year_of(at.date())).values_list("id", flat=True)
    return replace(place, classes=frozenset(rooms))


@dataclass(frozen=True)
class PupilPlace(SchoolPlace):
    """A pupil's enrolment of an address, with the class they are in on the day."""

    enrolled: Enrolment | None = None

    @property
    def enrolment(self) -> Enrolment:
        """The enrolment, its pupil with it."""
        assert self.enrolled is not None
        return self.enrolled


def enrolment_place(enrolment: int, at: datetime, **_: object) -> PupilPlace:
    """The pupil whose enrolment an address names, at the school and in the class of the day; 404 for none."""
    found = Enrolment.objects.select_related("pupil", "school").filter(pk=enrolment).first()
    if found is None:
        raise Http404
    return place_of(found, at.date())


R = TypeVar("R", bound=Model)


@dataclass(frozen=True)
class RowPlace(PupilPlace, Generic[R]):
    """A row about a pupil, a class or a school, of an address, where that is."""

    named: R | None = None

    @property
    def row(self) -> R:
        """The row."""
        assert self.named is not None
        return self.named


def row_place(kind: type[R]) -> Callable[..., RowPlace[R]]:
    """How to find the row of a kind whose number an address names by the kind's own name; 404 for none."""

    def place(at: datetime, **named: object) -> RowPlace[R]:
        rows = kind._default_manager.select_related("enrolment__pupil", "enrolment__school")
        found = rows.filter(pk=named[kind.__name__.lower()]).first()
        if found is None:
            raise Http404
        enrolment, room = found.enrolment, getattr(found, "school_class", None)  # type: ignore[attr-defined]
        if room is not None:
            return RowPlace(room.school_id, frozenset({room.pk}), room.school, None, found)
        where = place_of(enrolment, at.date())
        return RowPlace(where.school, where.classes, where.found, where.enrolled, found)

    return place


def place_of(enrolment: Enrolment, day: date) -> PupilPlace:
    """Where a pupil is on a day, for things that hang on an enrolment."""
    rooms = ClassMembership.objects.filter(on_roll(day), enrolment=enrolment).values_list("school_class_id", flat=True)
    return PupilPlace(enrolment.school_id, frozenset(rooms), found=enrolment.school, enrolled=enrolment)
