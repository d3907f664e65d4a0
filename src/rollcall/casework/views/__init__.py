"""The pages of the casework: reviews and their decisions, letters before and after they are sent."""

from rollcall.casework.views.cases import cases
from rollcall.casework.views.letters import letter, preview_pdf, sent, sent_pdf, withdraw
from rollcall.casework.views.pupil import pupil
from rollcall.casework.views.reviews import agree, close, open_review, review, reviews, row

__all__ = [
    "agree",
    "cases",
    "close",
    "letter",
    "open_review",
    "preview_pdf",
    "pupil",
    "review",
    "reviews",
    "row",
    "sent",
    "sent_pdf",
    "withdraw",
]
