"""The only writers of the casework: reviews and the decisions in them."""

from rollcall.casework.actions.cases import NotMoved, close_case, move_case
from rollcall.casework.actions.deciding import Decided, NotDecided, decide, withdraw
from rollcall.casework.actions.reviewing import NotReviewed, close_review, open_review
from rollcall.casework.actions.steps import NotTaken, record_step, take_step

__all__ = [
    "Decided",
    "NotDecided",
    "NotMoved",
    "NotReviewed",
    "NotTaken",
    "close_case",
    "close_review",
    "decide",
    "move_case",
    "open_review",
    "record_step",
    "take_step",
    "withdraw",
]
