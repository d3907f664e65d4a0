"""One review as it was kept: its rows by what was proposed, each from its own evidence, and what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from rollcall.casework.models import Decision, Review, ReviewRow
from rollcall.letters.queries import has_wording
from rollcall.rules import flow
from rollcall.rules.policy import Policy, restore
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


@dataclass(frozen=True)
class Group:
    """Rows with the same proposal; `sends` says that agreeing writes to families."""

    what: str
    title: str
    rows: tuple[RowView, ...]
    sends: bool

    @cached_property
    def left(self) -> int:
        """How many of its rows are not decided."""
        return sum(row.needs_deciding and row.decision is None for row in self.rows)


@dataclass(frozen=True)
class ReviewView:
    """A review with its groups in order; `check_first` stands apart."""

    id: int
    school: int
    school_name: str
    school_slug: str
    day: date
    opened_by: str
    opened_at: datetime
    closed_by: str
    closed_at: datetime | None
    policy: Policy
    policy_id: int
    number: int
    through: date | None
    groups: tuple[Group, ...]
    check_first: Group
    left: int
    n: int
    choices: tuple[tuple[str, str], ...]


def words_for(policy: Policy, what: str) -> str:
    """A proposal in words for a head of school."""
    first = flow.first_step(policy)
    said = {
        flow.CHECK_FIRST: "Look into the marks first",
        flow.WATCH: "Keep monitoring",
        flow.WAIT: "On the path; too soon to say",
        first.id: "Back to monitoring: attendance has improved",
    }
    if what in said:
        return said[what]
    step = policy.step(what)
    return f"Send {step.name[:1].lower()}{step.name[1:]}" if sends(policy, what) else step.name


def sends(policy: Policy, what: str) -> bool:
    """Whether taking a step only writes to the family, with a letter that can be written: no meeting to be arranged."""
    step = next((one for one in flow.steps(policy) if one.id == what), None)
    return step is not None and not step.meeting_with and has_wording(step.letter)


def review_view(review: int) -> ReviewView:
    """A review by id with all of its rows, in three queries. Raises Review.DoesNotExist."""
    found = Review.objects.select_related("school", "opened", "closed").get(pk=review)
    policy = restore(found.policy_kept, "the policy of the review")
    rows = [
        row_view(row, policy)
        for row in ReviewRow.objects.filter(review=found).select_related("decision__deed").order_by("id")
    ]
    apart = tuple(row for row in rows if row.what == flow.CHECK_FIRST)
    return ReviewView(
        id=found.pk,
        school=found.school_id,
        school_name=found.school.name,
        school_slug=found.school.slug,
        day=found.day,
        opened_by=found.opened.name,
        opened_at=found.opened.at,
        closed_by=found.closed.name if found.closed else "",
        closed_at=found.closed.at if found.closed else None,
        policy=policy,
        policy_id=found.policy,
        number=found.upto_number,
        through=next((date.fromisoformat(r.evidence["through"]) for r in rows if r.evidence["through"]), None),
        groups=_groups(rows, policy),
        check_first=Group(flow.CHECK_FIRST, words_for(policy, flow.CHECK_FIRST), apart, False),
        left=sum(row.needs_deciding and row.decision is None for row in rows),
        n=len(rows),
        choices=tuple(choices(policy)),
    )


def choices(policy: Policy) -> Iterable[tuple[str, str]]:
    """What may be decided otherwise: (step, words)."""
    yield flow.WATCH, words_for(policy, flow.WATCH)
    for step in flow.steps(policy)[1:]:
        if sends(policy, step.id):
            yield step.id, words_for(policy, step.id)


def _groups(rows: list[RowView], policy: Policy) -> tuple[Group, ...]:
    order = list(dict.fromkeys(row.what for row in rows if row.what != flow.CHECK_FIRST))
    return tuple(
        Group(what, words_for(policy, what), tuple(r for r in rows if r.what == what), sends(policy, what))
        for what in order
    )


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
        decided=_decided(decision, policy),
        window_since=date.fromisoformat(kept["window"]["since"]),
        evidence=kept,
    )


def _change(figures: dict[str, Any], before: dict[str, Any] | None) -> str:
    """Whether a figure went up or down since last time; empty where there was none."""
    if before is None:
        return ""
    return change((figures["attended"], figures["possible"]), (before["attended"], before["possible"]))


def _decided(decision: Decision | None, policy: Policy) -> str:
    if decision is None:
        return ""
    words = {
        "agree": f"Agreed: {words_for(policy, decision.step)}",
        "otherwise": f"Otherwise: {words_for(policy, decision.step)}",
        "none": "No action",
        "carried": "Carried over to the next review",
    }[decision.choice]
    return f"{words}, because {decision.because}" if decision.because else words
