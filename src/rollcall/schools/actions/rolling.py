"""Rolling a year forward: pupils go up into next year's classes or leave, in one deed, and nothing is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.actions.refusing import Refused
from rollcall.schools.models import ClassMembership, School, SchoolClass


@dataclass(frozen=True)
class Rolled:
    """What rolling forward did: how many went up, how many leave."""

    moved: int
    leaving: int


@transaction.atomic
def same_classes(school: School, to_year: int, *, by: Actor, at: datetime, key: str = "") -> list[SchoolClass]:
    """Make the classes of a year anew for the next, `to_year`; those that are there already stay."""
    deed = journal.begin("classes.repeated", by=by, at=at, key=key, reason=str(SchoolYear(to_year)), school=school.pk)
    there = set(school.classes.filter(year_start=to_year).values_list("name", flat=True))
    names = school.classes.filter(year_start=to_year - 1).exclude(name__in=there).values_list("name", flat=True)
    made = [SchoolClass.objects.create(school=school, year_start=to_year, name=name) for name in names]
    for one in made:
        journal.note_changes(deed, "class", one.pk, {"name": ("", one.name)})
    return made


@transaction.atomic
def roll_forward(
    school: School,
    to_year: int,
    plan: Mapping[tuple[int, int], int | None],
    *,
    by: Actor,
    at: datetime,
    key: str = "",
) -> Rolled:
    """Move pupils into the classes of `to_year` from 1 August: plan is (class id, year group) -> class id or None.

    None says that they leave on the last day of the year before. Who has a place next year already is passed over.
    Raises Refused for a class that is not the school's in that year.
    """
    deed = journal.begin(
        "year.rolled_forward", by=by, at=at, key=key, reason=str(SchoolYear(to_year)), school=school.pk
    )
    classes = {one.pk: one for one in school.classes.filter(year_start=to_year)}
    if strange := [to for to in plan.values() if to is not None and to not in classes]:
        raise Refused(f"Class {strange[0]} is not one of {school}'s in {SchoolYear(to_year)}.")
    moved = leaving = 0
    for place in places_to_roll(school.pk, to_year):
        wanted = plan.get((place.school_class_id, place.year_group), 0)
        if wanted == 0:
            continue
        if wanted is None:
            leaving += 1
            _leave(place, SchoolYear(to_year - 1).last, deed)
        else:
            moved += 1
            _go_up(place, classes[wanted], SchoolYear(to_year).first, deed)
    return Rolled(moved, leaving)


def places_to_roll(school: int, to_year: int) -> list[ClassMembership]:
    """The places in last year's classes of pupils who stay and have no place in `to_year` yet."""
    placed = ClassMembership.objects.filter(school_class__school=school, school_class__year_start=to_year)
    return list(
        ClassMembership.objects.filter(
            school_class__school=school,
            school_class__year_start=to_year - 1,
            ends__isnull=True,
            enrolment__left__isnull=True,
        )
        .exclude(enrolment__in=placed.values("enrolment"))
        .select_related("enrolment", "school_class")
        .order_by("school_class__name", "year_group")
    )


def _leave(place: ClassMembership, last: date, deed: Deed) -> None:
    place.ends = place.enrolment.left = last
    place.save(update_fields=["ends"])
    place.enrolment.save(update_fields=["left"])
    journal.note_changes(deed, "pupil", place.enrolment.pupil_id, {"left": ("", last)})


def _go_up(place: ClassMembership, to: SchoolClass, begins: date, deed: Deed) -> None:
    place.ends = SchoolYear(to.year_start - 1).last
    place.save(update_fields=["ends"])
    ClassMembership.objects.create(
        enrolment=place.enrolment, school_class=to, year_group=place.year_group + 1, begins=begins
    )
    journal.note_changes(deed, "pupil", place.enrolment.pupil_id, {"class": (place.school_class, to)})
