"""The only writers of the casework: reviews and the decisions in them."""

from rollcall.casework.actions.deciding import Decided, NotDecided, decide, withdraw
from rollcall.casework.actions.reviewing import NotReviewed, close_review, open_review

__all__ = ["Decided", "NotDecided", "NotReviewed", "close_review", "decide", "open_review", "withdraw"]
