"""Where a review or a letter is, for the door: an id that is nobody's is not found."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model
from django.http import Http404

from rollcall.absence.views.places import PupilPlace, RowPlace, SchoolPlace, place_of, school_place
from rollcall.accounts.door import Place
from rollcall.casework.models import Review, ReviewRow
from rollcall.casework.queries.letters import LETTERS
from rollcall.outbox.models import Message
from rollcall.schools.models import Enrolment, School

__all__ = [
    "PupilPlace",
    "RowPlace",
    "SchoolPlace",
    "of_letter",
    "of_review",
    "of_school",
    "pupil_place",
    "row_of",
    "row_place",
    "school_place",
]

R = TypeVar("R", bound=Model)


def of_review(review: int, **_: Any) -> Place:
    """The school of a review."""
    return _place(Review.objects.filter(pk=review).values_list("school_id", flat=True).first())


def of_school(school: str, **_: Any) -> Place:
    """The school of a slug."""
    return _place(School.objects.filter(slug=school).values_list("pk", flat=True).first())


def of_letter(message: int, at: datetime, **_: Any) -> Place:
    """Where the pupil of a letter is now; for a letter about none, the school that it is from."""
    found = Message.objects.filter(pk=message, ground__in=LETTERS).values_list("pupil", "school").first()
    if found is None:
        raise Http404
    return _place(found[1]) if found[0] is None else pupil_place(found[0], at)


def row_of(review: int, row: int) -> ReviewRow:
    """A row that belongs to the review named, or Http404."""
    found = ReviewRow.objects.select_related("review__school").filter(pk=row, review=review).first()
    if found is None:
        raise Http404
    return found


def _place(school: int | None) -> Place:
    if school is None:
        raise Http404
    return Place(school=school)


def pupil_place(pupil: int, at: datetime, **_: Any) -> PupilPlace:
    """A pupil of an address where they are on roll on the day, else where they were last; 404 for none."""
    rows = Enrolment.objects.select_related("pupil", "school").filter(pupil=pupil).order_by("admitted", "id")
    day = at.date()
    known = [row for row in rows if row.admitted <= day] or list(rows)
    here = [row for row in known if row.left is None or row.left >= day]
    if not known:
        raise Http404
    return place_of((here or known)[-1], day)


def row_place(kind: type[R], name: str = "") -> Callable[..., RowPlace[R]]:
    """How to find a row with a pupil or a school, whose number an address names (by the kind's own name); 404 for none.

    A pupil's row is where the pupil is now, so that it moves with them from school to school.
    """

    def place(at: datetime, **named: Any) -> RowPlace[R]:
        found: Any = kind._default_manager.filter(pk=named[name or kind.__name__.lower()]).first()
        if found is None:
            raise Http404
        if getattr(found, "pupil_id", None) is None:
            return RowPlace(found.school_id, found=found.school, named=found)
        where = pupil_place(found.pupil_id, at)
        return RowPlace(where.school, where.classes, found=where.found, enrolled=where.enrolled, named=found)

    return place
