"""The pages of the casework: reviews and their decisions, letters before and after they are sent."""

from rollcall.casework.views.authority import process, process_back, process_open, process_take, tiers
from rollcall.casework.views.cases import cases
from rollcall.casework.views.filling import filled, filled_pdf, form, forms, school_form
from rollcall.casework.views.good_news import recognition
from rollcall.casework.views.handed import hand, handed, handed_done
from rollcall.casework.views.improving import improve, improve_end
from rollcall.casework.views.lateness import punctuality, raise_talk, warn
from rollcall.casework.views.letters import letter, preview_pdf, sent, sent_pdf, withdraw
from rollcall.casework.views.meetings import (
    agreed_done,
    meeting,
    meeting_ics,
    meeting_letter,
    meeting_outcome,
    meeting_plan,
    meetings,
    meetings_ics,
    target_withdraw,
)
from rollcall.casework.views.notice import event_back, notice
from rollcall.casework.views.notice_propose import notice_propose
from rollcall.casework.views.notices import notices, prompt_word
from rollcall.casework.views.packs import pack, pack_make, pack_pdf
from rollcall.casework.views.path import case_end, case_move, path_chart, path_chart_pdf, step_keep, step_record
from rollcall.casework.views.pupil import pupil
from rollcall.casework.views.review_row import advise, many, row
from rollcall.casework.views.reviews import agree, close, open_review, review, reviews
from rollcall.casework.views.strategies import (
    strategies,
    strategy,
    strategy_end,
    strategy_join,
    strategy_leave,
    strategy_start,
)
from rollcall.casework.views.support import support, support_answer, support_offer
from rollcall.casework.views.targeting import targeting, targeting_make, targeting_pdf
from rollcall.casework.views.updates import round, round_back, updates
from rollcall.casework.views.with_authority import (
    agency_plan,
    authority,
    authority_ask,
    authority_contact,
    authority_invite,
    authority_meeting,
    authority_plan,
)
from rollcall.casework.views.writing import write, write_one
from rollcall.casework.views.written import letters

__all__ = [
    "advise",
    "agency_plan",
    "agree",
    "agreed_done",
    "authority",
    "authority_ask",
    "authority_contact",
    "authority_invite",
    "authority_meeting",
    "authority_plan",
    "case_end",
    "case_move",
    "cases",
    "close",
    "event_back",
    "filled",
    "filled_pdf",
    "form",
    "forms",
    "hand",
    "handed",
    "handed_done",
    "improve",
    "improve_end",
    "letter",
    "letters",
    "many",
    "meeting",
    "meeting_ics",
    "meeting_letter",
    "meeting_outcome",
    "meeting_plan",
    "meetings",
    "meetings_ics",
    "notice",
    "notice_propose",
    "notices",
    "open_review",
    "pack",
    "pack_make",
    "pack_pdf",
    "path_chart",
    "path_chart_pdf",
    "preview_pdf",
    "process",
    "process_back",
    "process_open",
    "process_take",
    "prompt_word",
    "punctuality",
    "pupil",
    "raise_talk",
    "recognition",
    "review",
    "reviews",
    "round",
    "round_back",
    "row",
    "school_form",
    "sent",
    "sent_pdf",
    "step_keep",
    "step_record",
    "strategies",
    "strategy",
    "strategy_end",
    "strategy_join",
    "strategy_leave",
    "strategy_start",
    "support",
    "support_answer",
    "support_offer",
    "target_withdraw",
    "targeting",
    "targeting_make",
    "targeting_pdf",
    "tiers",
    "updates",
    "warn",
    "withdraw",
    "write",
    "write_one",
]
