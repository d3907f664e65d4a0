"""Reviews as they were kept: a school's list, one review with its rows grouped, what happened, what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Q

from rollcall.accounts.queries import Place, Standing
from rollcall.casework.models import Decision, Review, ReviewRow, StepTaken
from rollcall.letters.queries import has_wording
from rollcall.rules import flow
from rollcall.rules.policy import Policy, restore
from rollcall.rules.stages import change, percent_down
from rollcall.schools.models import School
from rollcall.schools.queries import facts_of

MOST_LISTED = 120


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


@dataclass(frozen=True)
class ReviewLine:
    """One review in a school's list."""

    id: int
    day: date
    n: int
    decided: int
    left: int
    opened_by: str
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True)
class SchoolReviews:
    """A school's reviews, newest first; `due` is the day by which the next is due, `overdue` whether it has passed."""

    school: int
    name: str
    slug: str
    lines: tuple[ReviewLine, ...]
    open: ReviewLine | None
    due: date | None
    overdue: bool


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


def reviews_of(standing: Standing, at: datetime) -> list[SchoolReviews]:
    """The latest reviews of every school at which somebody may see them."""
    ids = standing.schools("review:see")
    schools = list(School.objects.all() if ids is None else School.objects.filter(pk__in=ids))
    found: dict[int, list[ReviewLine]] = {school.pk: [] for school in schools}
    for review in _counted(found)[:MOST_LISTED]:
        found[review.school_id].append(_line(review))
    return [_school_reviews(school, found[school.pk], at) for school in schools]


def _counted(schools: Iterable[int]) -> Any:
    """Reviews with how many rows they have, how many are decided, and how many wait for a decision."""
    undecided = Q(rows__decision__isnull=True, rows__isnull=False) & ~Q(rows__step=flow.WAIT)
    return (
        Review.objects.filter(school__in=list(schools))
        .select_related("opened", "closed")
        .defer("policy_kept")
        .annotate(n=Count("rows"), decided=Count("rows__decision"), left=Count("rows", filter=undecided))
        .order_by("-day", "-id")
    )


def _school_reviews(school: School, lines: list[ReviewLine], at: datetime) -> SchoolReviews:
    every = facts_of(school.pk).policy_on(at.date()).monitoring.review_every_weeks.value
    due = lines[0].day + timedelta(weeks=every) if lines else None
    unfinished = next((line for line in lines if line.closed_at is None), None)
    overdue = due is None or due < at.date()
    return SchoolReviews(school.pk, school.name, school.slug, tuple(lines), unfinished, due, overdue)


def _line(review: Any) -> ReviewLine:
    closed = review.closed
    return ReviewLine(
        review.pk,
        review.day,
        review.n,
        review.decided,
        review.left,
        review.opened.name,
        closed.at if closed else None,
        closed.name if closed else "",
    )


@dataclass(frozen=True)
class Happening:
    """Something that happened to a pupil, for their page: `route` and `number` lead to it."""

    at: datetime
    what: str
    who: str
    detail: str
    route: str = ""
    number: int = 0


def happenings(pupil: int) -> list[Happening]:
    """Decisions about a pupil and steps taken for them, newest first."""
    decisions = Decision.objects.filter(row__pupil=pupil).select_related("deed", "row__review")
    said = [
        Happening(d.deed.at, d.get_choice_display(), _who(d.deed), d.because, "casework:review", d.row.review_id)
        for d in decisions
    ]
    for step in StepTaken.objects.filter(pupil=pupil).select_related("deed", "withdrawn"):
        detail = f"On {percent_down(step.attended, step.possible)}% ({step.attended} of {step.possible} sessions)."
        said.append(Happening(step.deed.at, f"Step taken: {step.step}", _who(step.deed), detail))
        if step.withdrawn:
            withdrawn = step.withdrawn
            why = withdrawn.reason if withdrawn.kind == "step.withdrawn" else "None of its letters went; decided anew."
            said.append(Happening(withdrawn.at, f"Withdrawn: {step.step}", _who(withdrawn), why))
    return sorted(said, key=lambda one: one.at, reverse=True)


def _who(deed: Any) -> str:
    return f"{deed.name}, {deed.position}"


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person: `what` in words, how many, and where."""

    what: str
    n: int
    school: int
    route: str
    number: int | None = None
    urgent: bool = False


def waiting(standing: Standing, at: datetime) -> list[Waiting]:
    """What of the casework waits for somebody: undecided rows of an open review, a review that is due."""
    found = []
    for one in reviews_of(standing, at):
        if not standing.can("review:decide", Place(school=one.school)):
            continue
        if one.open is not None:
            said = f"{one.name}: review to decide"
            found.append(Waiting(said, one.open.left, one.school, "casework:review", one.open.id))
        elif one.overdue:
            found.append(Waiting(f"{one.name}: review is due", 1, one.school, "casework:reviews", None, True))
    return found
