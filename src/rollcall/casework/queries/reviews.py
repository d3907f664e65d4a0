"""One review as it was kept: its rows by what was proposed, each from its own evidence, and what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from rollcall.casework.models import Decision, Review, ReviewRow
from rollcall.casework.queries.advised import advised
from rollcall.casework.queries.judged import of_evidence, policy_of_review
from rollcall.letters.queries import has_wording
from rollcall.rules import flow
from rollcall.rules.policy import Policy
from rollcall.rules.stages import change, percent_down

PAGE = 150
"""So many rows of a review stand on one page: a page that a browser draws at once, and nobody reads further."""


@dataclass(frozen=True)
class RowLine:
    """One row as the list of a review shows it, from what the row keeps for that."""

    id: int
    name: str
    class_name: str
    percent: str
    attended: int
    possible: int
    before: str
    change: str
    stage: int | None
    persistent: bool
    severe: bool
    why: str
    headroom: str
    needs_deciding: bool
    decision: Decision | None
    decided: str
    unclear: str = ""
    carried: str = ""
    advised: str = ""


@dataclass(frozen=True)
class Group:
    """Rows with the same proposal; `sends` says that agreeing writes to families.

    rows: those of the page that is open; n, left: how many there are, and are not decided, on all pages.
    """

    what: str
    title: str
    rows: tuple[RowLine, ...]
    sends: bool
    n: int
    left: int


@dataclass(frozen=True)
class ReviewView:
    """A review with its groups in order; `check_first` stands apart. A large one comes page by page."""

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
    page: int
    n_pages: int


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


def review_view(review: int, page: int = 1) -> ReviewView:
    """A review by id, with the rows of one of its pages, in five queries. Raises Review.DoesNotExist."""
    found = Review.objects.select_related("school", "opened", "closed").defer("policy_kept").get(pk=review)
    policy = policy_of_review(found)
    whats = _in_order(ReviewRow.objects.filter(review=found).order_by("id").values_list("id", "step", "decision"))
    n_pages = max(1, -(-len(whats) // PAGE))
    page = min(max(page, 1), n_pages)
    lines = _lines([pk for pk, _, _ in whats[PAGE * (page - 1) : PAGE * page]], found, policy)
    groups = _groups(whats, lines, policy)
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
        through=_through(whats),
        groups=tuple(group for group in groups if group.what != flow.CHECK_FIRST),
        check_first=next(
            (group for group in groups if group.what == flow.CHECK_FIRST),
            Group(flow.CHECK_FIRST, words_for(policy, flow.CHECK_FIRST), (), False, 0, 0),
        ),
        left=sum(group.left for group in groups),
        n=len(whats),
        page=page,
        n_pages=n_pages,
    )


def _in_order(rows: Iterable[tuple[int, str, int | None]]) -> list[tuple[int, str, int | None]]:
    """A review's rows (id, what is proposed, decision) group by group, what is to be looked into first."""
    kept = list(rows)
    order = {what: n for n, what in enumerate(dict.fromkeys(what for _, what, _ in kept))}
    order[flow.CHECK_FIRST] = -1
    return sorted(kept, key=lambda row: order[row[1]])


def _through(rows: Sequence[tuple[int, str, int | None]]) -> date | None:
    """The last day that a review's figures count: the same in all of its rows."""
    if not rows:
        return None
    kept = ReviewRow.objects.filter(pk=rows[0][0]).values_list("evidence__through", flat=True).get()
    return date.fromisoformat(kept) if kept else None


def _lines(ids: Sequence[int], review: Review, policy: Policy) -> dict[int, tuple[str, RowLine]]:
    """The rows of a page by id, each with what is proposed."""
    said = advised(ids)
    rows = ReviewRow.objects.filter(pk__in=ids).select_related("decision__deed", "decision__handed").defer("evidence")
    policies = {review.policy: policy}
    return {row.pk: (_title(row, review, policies), _line(row, review, policies, said)) for row in rows}


def _policy(row: ReviewRow, review: Review, policies: dict[int, Policy]) -> Policy:
    version = row.shown["policy"]
    if version not in policies:
        policies[version] = of_evidence({"policy": {"id": version}, "case": None}, review)
    return policies[version]


def _title(row: ReviewRow, review: Review, policies: dict[int, Policy]) -> str:
    return words_for(_policy(row, review, policies), row.step)


def _line(row: ReviewRow, review: Review, policies: dict[int, Policy], said: Mapping[int, str]) -> RowLine:
    kept, decision = row.shown, getattr(row, "decision", None)
    counts, before = tuple(kept["counts"]), tuple(kept["before"] or ())
    return RowLine(
        id=row.pk,
        name=kept["name"],
        class_name=kept["class"],
        percent=percent_down(*counts),
        attended=counts[0],
        possible=counts[1],
        before=percent_down(*before) if before else "",
        change=change(counts, before) if before else "",
        stage=kept["stage"],
        persistent=kept["persistent"],
        severe=kept["severe"],
        why=kept["why"],
        headroom="" if row.step == flow.CHECK_FIRST else kept["headroom"],
        needs_deciding=row.step != flow.WAIT,
        decision=decision,
        decided=decided_words(decision, _policy(row, review, policies)),
        unclear=kept.get("unclear", ""),
        carried=kept.get("carried", ""),
        advised=said.get(row.pk, ""),
    )


def choices(policy: Policy) -> Iterable[tuple[str, str]]:
    """What may be decided otherwise: (step, words)."""
    yield flow.WATCH, words_for(policy, flow.WATCH)
    for step in flow.steps(policy)[1:]:
        if sends(policy, step.id):
            yield step.id, words_for(policy, step.id)


def _groups(
    rows: Sequence[tuple[int, str, int | None]], lines: dict[int, tuple[str, RowLine]], policy: Policy
) -> list[Group]:
    """The groups that have a row on the page; each counts all of its rows."""
    found = []
    for what, some in groupby(rows, key=lambda row: row[1]):
        mine = list(some)
        here = [lines[pk] for pk, _, _ in mine if pk in lines]
        if here:
            left = 0 if what == flow.WAIT else sum(decision is None for _, _, decision in mine)
            shown = tuple(line for _, line in here)
            found.append(Group(what, here[0][0], shown, sends(policy, what), len(mine), left))
    return found


def decided_words(decision: Decision | None, policy: Policy) -> str:
    """What was decided on a row, and why, in words; empty while nothing is."""
    if decision is None:
        return ""
    if decision.choice == "handed":
        return f"Handed to {decision.handed.name}: {decision.because}"
    words = {
        "agree": f"Agreed: {words_for(policy, decision.step)}",
        "otherwise": f"Otherwise: {words_for(policy, decision.step)}",
        "none": "No action",
        "carried": "Carried over to the next review",
    }[decision.choice]
    return f"{words}, because {decision.because}" if decision.because else words
