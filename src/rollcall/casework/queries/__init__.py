"""Reading the casework: a pupil's place on the chart, reviews, letters, and what waits for whom."""

from rollcall.casework.queries.happenings import Happening, Spot, happenings, told_of
from rollcall.casework.queries.letters import (
    GROUND,
    grounds,
    letter_stands,
    prepare,
    sent_letter,
)
from rollcall.casework.queries.listing import ReviewLine, Waiting, reviews_of, waiting
from rollcall.casework.queries.place import PupilRow, Reviewed, place
from rollcall.casework.queries.resting import resting_on
from rollcall.casework.queries.reviews import ReviewView, review_view
from rollcall.casework.queries.row_kept import evidence

__all__ = [
    "GROUND",
    "Happening",
    "PupilRow",
    "ReviewLine",
    "ReviewView",
    "Reviewed",
    "Spot",
    "Waiting",
    "evidence",
    "grounds",
    "happenings",
    "letter_stands",
    "place",
    "prepare",
    "review_view",
    "resting_on",
    "reviews_of",
    "sent_letter",
    "told_of",
    "waiting",
]
