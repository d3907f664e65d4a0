"""What was put forward on the rows of a review by those who may only advise (3.4-a), in words."""

from dataclasses import dataclass
from datetime import datetime

from rollcall.casework.models import Advice, ReviewRow
from rollcall.casework.queries.judged import policy_of_row
from rollcall.casework.queries.reviews import choices, words_for
from rollcall.rules.policy import Policy

NO_ACTION = "none"


@dataclass(frozen=True)
class Said:
    """One piece of advice: what, why, who in which position, when."""

    what: str
    because: str
    by: str
    position: str
    at: datetime


def advisable(row: ReviewRow) -> list[tuple[str, str]]:
    """What can be put forward on a row, as (step, words): what is proposed first, and no action last."""
    policy = policy_of_row(row)
    proposed = (row.step, f"As proposed: {words_for(policy, row.step).lower()}")
    others = [one for one in choices(policy) if one[0] != row.step]
    return [proposed, *others, (NO_ACTION, "No action")]


def advice_on(row: ReviewRow, policy: Policy) -> list[Said]:
    """All advice on a row, the oldest first."""
    return [_said(one, policy) for one in Advice.objects.filter(row=row).select_related("deed")]


def _said(one: Advice, policy: Policy) -> Said:
    what = "No action" if one.step == NO_ACTION else words_for(policy, one.step)
    return Said(what, one.because, one.deed.name, one.deed.position, one.deed.at)
