"""What a pupil's page shows of the authority's process: the open case, or the way in that the figure proposes."""

from datetime import datetime
from typing import Any

from rollcall.casework.models import Case, FormFilled
from rollcall.casework.queries.authority import AUTHORITY, form_line, past_steps, process_of
from rollcall.casework.queries.counts import counts_now
from rollcall.rules import authority as rules
from rollcall.rules.policy import Policy
from rollcall.rules.stages import conclude


def process_section(pupil: int, school: str, policy: Policy, at: datetime) -> dict[str, Any]:
    """The section of a pupil (by id) at a school (by slug): policy is the one in force there, for who has no case."""
    counts = counts_now(pupil, policy, at)
    process = process_of(pupil, (counts.attended, counts.possible), at.date())
    judged = process.policy if process else policy
    concluded = conclude(counts, judged)
    forms = FormFilled.objects.filter(pupil=pupil).select_related("deed").order_by("-id")
    return {
        "pupil": pupil,
        "school": school,
        "process": process,
        "has_process": bool(rules.states(policy)),
        "tier": judged.tiers[concluded.tier - 1] if concluded.tier else None,
        "few": concluded.few,
        "way": rules.entry(policy, counts.attended, counts.possible),
        "why": rules.entry_reason(policy, counts.attended, counts.possible),
        "past": past_steps(list(Case.objects.filter(pupil=pupil, path=AUTHORITY).values_list("pk", flat=True)), judged),
        "filled": [form_line(row) for row in forms],
    }
