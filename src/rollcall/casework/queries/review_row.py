"""One pupil's row of a review as its own page shows it, from the row's evidence alone."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from rollcall.casework.models import Decision, ReviewRow
from rollcall.casework.queries.reviews import decided_words, sends, words_for
from rollcall.rules import flow
from rollcall.rules.policy import Policy
from rollcall.rules.stages import change, percent_down


@dataclass(frozen=True)
class RowView:
    """One row as the review's page shows it; everything is from the row's own evidence."""

    id: int
    pupil: int
    name: str
    class_name: str
    percent: str
    attended: int
    possible: int
    before: str
    before_counts: str
    change: str
    stage: int | None
    tier: int | None
    persistent: bool
    severe: bool
    what: str
    proposed: str
    reasons: tuple[dict[str, str], ...]
    headroom: tuple[str, ...]
    sends: bool
    needs_deciding: bool
    decision: Decision | None
    decided: str
    window_since: date
    evidence: dict[str, Any]
    unclear: str = ""
    carried: str = ""


def row_view(row: ReviewRow, policy: Policy) -> RowView:
    """A row from its evidence alone."""
    kept, figures, before = row.evidence, row.evidence["figures"], row.evidence["before"]
    proposal = kept["proposal"]
    decision = getattr(row, "decision", None)
    return RowView(
        id=row.pk,
        pupil=row.pupil_id,
        name=kept["pupil"]["name"],
        class_name=kept["class"]["name"],
        percent=percent_down(figures["attended"], figures["possible"]),
        attended=figures["attended"],
        possible=figures["possible"],
        before=percent_down(before["attended"], before["possible"]) if before else "",
        before_counts=f"{before['attended']} of {before['possible']}" if before else "",
        change=_change(figures, before),
        stage=kept["stage"],
        tier=kept["tier"],
        persistent=kept["persistent"],
        severe=kept["severe"],
        what=proposal["what"],
        proposed=words_for(policy, proposal["what"]),
        reasons=tuple(proposal["why"]),
        headroom=tuple(kept["headroom"]),
        sends=sends(policy, proposal["what"]),
        needs_deciding=proposal["what"] != flow.WAIT,
        decision=decision,
        decided=decided_words(decision, policy),
        window_since=date.fromisoformat(kept["window"]["since"]),
        evidence=kept,
        unclear=row.shown.get("unclear", ""),
        carried=row.shown.get("carried", ""),
    )


def _change(figures: dict[str, Any], before: dict[str, Any] | None) -> str:
    """Whether a figure went up or down since last time; empty where there was none."""
    if before is None:
        return ""
    return change((figures["attended"], figures["possible"]), (before["attended"], before["possible"]))
