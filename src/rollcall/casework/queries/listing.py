"""Reviews by school: the last held and the next due; what waits for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from rollcall.accounts.queries import Place, Standing
from rollcall.casework.models import Review
from rollcall.casework.queries.authority import due_at
from rollcall.casework.queries.meeting_waits import meeting_waits
from rollcall.casework.queries.notice_waits import waits
from rollcall.casework.queries.waits import Waiting, on_families
from rollcall.rules import flow
from rollcall.rules.words import counted
from rollcall.schools.models import School
from rollcall.schools.queries import facts_of

LISTED = timedelta(days=730)


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
    """A school's reviews, newest first; `due` is the day by which the next is due, `overdue` whether it has passed.

    tabs: the links to the school's other pages of casework, which the page puts there.
    """

    school: int
    name: str
    slug: str
    lines: tuple[ReviewLine, ...]
    open: ReviewLine | None
    due: date | None
    overdue: bool
    tabs: Sequence[Any] = ()


def reviews_of(standing: Standing, at: datetime) -> list[SchoolReviews]:
    """The latest reviews of every school at which somebody may see them."""
    ids = standing.schools("review:see")
    schools = list(School.objects.all() if ids is None else School.objects.filter(pk__in=ids))
    found: dict[int, list[ReviewLine]] = {school.pk: [] for school in schools}
    for review in _counted(found).filter(day__gte=at.date() - LISTED):
        found[review.school_id].append(_line(review))
    return [_school_reviews(school, found[school.pk], at) for school in schools]


def _counted(schools: Iterable[int]) -> Any:
    """Reviews with how many rows they have, how many are decided, and how many wait for a decision."""
    by_somebody = Q(rows__decision__isnull=False) & ~Q(rows__decision__choice="carried")
    undecided = Q(rows__decision__isnull=True, rows__isnull=False) & ~Q(rows__step=flow.WAIT)
    return (
        Review.objects.filter(school__in=list(schools))
        .select_related("opened", "closed")
        .defer("policy_kept")
        .annotate(n=Count("rows"), decided=Count("rows", filter=by_somebody), left=Count("rows", filter=undecided))
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


def waiting(standing: Standing, at: datetime) -> list[Waiting]:
    """What of the casework waits for somebody: reviews, the authority's process, notices, and what families are due."""
    found = []
    for one in reviews_of(standing, at):
        if not standing.can("review:decide", Place(school=one.school)):
            continue
        if one.open is not None:
            said = f"{one.name}: review to decide"
            found.append(Waiting(said, one.open.left, one.school, "casework:review", one.open.id))
        elif one.due is None or one.due <= at.date():
            when = "to be held for the first time" if one.due is None else "overdue" if one.overdue else "due today"
            found.append(Waiting(f"{one.name}: review is {when}", 1, one.school, "casework:reviews", None, True))
    return [
        *found,
        *_on_process(standing, at),
        *_on_notices(standing, at),
        *_on_meetings(standing, at),
        *on_families(standing, at),
    ]


def _on_meetings(standing: Standing, at: datetime) -> list[Waiting]:
    """Meetings that nobody has written down, and those with the authority that are late or not planned (7.4-b, A5)."""
    return [
        Waiting(one.words, one.n, one.school, one.route, None, one.urgent, one.slug)
        for one in meeting_waits(standing, at)
    ]


def _on_notices(standing: Standing, at: datetime) -> list[Waiting]:
    """Penalty notices and what leads to them, for who authorises, issues, records or advises (W-c, 5.2)."""
    return [
        Waiting(one.words, one.n, one.school, "casework:notices", None, one.urgent, one.slug)
        for one in waits(standing, at)
    ]


def _on_process(standing: Standing, at: datetime) -> list[Waiting]:
    """Reviews that are due on the authority's process, for who decides, and referrals, for who may refer (A5)."""
    moves, refers = standing.schools("case:move"), standing.schools("keywork:refer")
    everywhere = None in (moves, refers)
    schools = School.objects.all() if everywhere else School.objects.filter(pk__in=(moves or set()) | (refers or set()))
    known, found = {school.pk: school for school in schools}, []
    for due in due_at(known, at.date()) if known else []:
        here, route = known[due.school], ("casework:tiers", None)
        if due.reviews and standing.can("case:move", Place(school=due.school)):
            late = f", {due.overdue} overdue" if due.overdue else ""
            said = f"{here.name}: {counted(due.reviews, 'review')} due on the authority's process{late}"
            found.append(Waiting(said, due.reviews, due.school, *route, bool(due.overdue), here.slug))
        if due.referrals and standing.can("keywork:refer", Place(school=due.school)):
            said = f"{here.name}: {counted(due.referrals, 'referral')} to early help keywork to be sent"
            found.append(Waiting(said, due.referrals, due.school, *route, False, here.slug))
    return found
