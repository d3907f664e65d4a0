"""Where the things of this room are, for the door: a class, a pupil's session, an expectation, a wish.

The door gives the view what its place function found as `request.place`, so that nothing is read twice.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F
from django.http import Http404

from rollcall.accounts.models import Grant
from rollcall.accounts.queries import Place
from rollcall.accounts.roles import Role
from rollcall.registers.models import ChangeRequest, Expectation
from rollcall.schools.models import ClassMembership, Enrolment, SchoolClass
from rollcall.schools.queries import SchoolFacts, facts_of, year_of


@dataclass(frozen=True)
class ClassPlace(Place):
    """A class, with what stands of its school."""

    school_class: SchoolClass | None = None
    version: int = 0

    @property
    def room(self) -> SchoolClass:
        """The class."""
        assert self.school_class is not None
        return self.school_class

    @property
    def facts(self) -> SchoolFacts:
        """What stands of the school, without asking for its version again."""
        return facts_of(self.room.school_id, self.version)


def class_place(school_class: int, **_: object) -> ClassPlace:
    """The class of an address, in one query; 404 for one that is not there, or not in that day's school year."""
    found = (
        SchoolClass.objects.select_related("school")
        .annotate(version=F("school__count__facts"))
        .filter(pk=school_class)
        .first()
    )
    if found is None:
        raise Http404
    return ClassPlace(found.school_id, frozenset({found.pk}), found, found.version)


def session_place(school_class: int, day: date, **_: object) -> ClassPlace:
    """As `class_place`, for a session: a class has sessions in its own school year alone."""
    place = class_place(school_class)
    if place.room.year_start != year_of(day):
        raise Http404
    return replace(place, day=day)


@dataclass(frozen=True)
class SeatPlace(Place):
    """A pupil's time at a school."""

    enrolment: Enrolment | None = None


def seat_place(enrolment: int, day: date, **_: object) -> SeatPlace:
    """An enrolment, at its classes of that school year: a mark belongs to the class it was made in, and follows."""
    found = Enrolment.objects.select_related("pupil", "school").filter(pk=enrolment).first()
    if found is None:
        raise Http404
    classes = ClassMembership.objects.filter(enrolment=enrolment, school_class__year_start=year_of(day))
    return SeatPlace(found.school_id, frozenset(classes.values_list("school_class_id", flat=True)), found)


@dataclass(frozen=True)
class WishPlace(Place):
    """A teacher's wish to change a mark."""

    wish: ChangeRequest | None = None


def wish_place(wish: int, **_: object) -> WishPlace:
    """A wish by its number, at the school of its pupil."""
    found = ChangeRequest.objects.select_related("enrolment__pupil", "deed").filter(pk=wish).first()
    if found is None:
        raise Http404
    return WishPlace(found.enrolment.school_id, frozenset(), found)


@dataclass(frozen=True)
class GrantPlace(Place):
    """Cover that was given."""

    grant: Grant | None = None


def grant_place(grant: int, **_: object) -> GrantPlace:
    """Cover by its number; any other grant is none of this room's."""
    held = Grant.objects.select_related("user", "school_class").filter(pk=grant, role=Role.COVER.value).first()
    if held is None or held.school_class_id is None:
        raise Http404
    return GrantPlace(held.school_id, frozenset({held.school_class_id}), held)


@dataclass(frozen=True)
class ExpectationPlace(Place):
    """What is expected of a pupil."""

    expectation: Expectation | None = None


def expectation_place(expectation: int, **_: object) -> ExpectationPlace:
    """An expectation by its number, at the school of its pupil."""
    found = Expectation.objects.select_related("enrolment__pupil", "deed").filter(pk=expectation).first()
    if found is None:
        raise Http404
    return ExpectationPlace(found.enrolment.school_id, frozenset(), found)
