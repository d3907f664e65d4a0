"""Where a review or a letter is, for the door: an id that is nobody's is not found."""

from typing import Any

from django.http import Http404

from rollcall.accounts.door import Place
from rollcall.casework.models import Review, ReviewRow
from rollcall.casework.queries.letters import GROUND
from rollcall.outbox.models import Message
from rollcall.schools.models import School


def of_review(review: int, **_: Any) -> Place:
    """The school of a review."""
    return _place(Review.objects.filter(pk=review).values_list("school_id", flat=True).first())


def of_school(school: str, **_: Any) -> Place:
    """The school of a slug."""
    return _place(School.objects.filter(slug=school).values_list("pk", flat=True).first())


def of_letter(message: int, **_: Any) -> Place:
    """The school that a letter is from."""
    return _place(Message.objects.filter(pk=message, ground=GROUND).values_list("school", flat=True).first())


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
