"""A school's pupils by tier (A5): who is in which, what it was at the last review, and what is proposed or due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.casework.models import Review, ReviewRow
from rollcall.casework.queries.authority import Process, processes
from rollcall.casework.queries.place import end_of_last_day
from rollcall.registers.queries.figures import YearFigures, year_figures
from rollcall.rules import authority as rules
from rollcall.rules.policy import Policy, Tier
from rollcall.rules.stages import conclude, tier_of
from rollcall.schools.queries import SchoolFacts, Seat, year_of
from rollcall.schools.queries.roll import seats_of_school


@dataclass(frozen=True)
class TierLine:
    """One pupil: the figure with its tier, the tier at the last review, the state, and what is to be done.

    before: the tier at the last review, None for who was not in it. proposed: what is proposed, in words, empty for
    nothing. lacks: what it still needs. opens: whether it is a case to be opened.
    """

    seat: Seat
    figures: YearFigures
    tier: int | None
    before: int | None
    process: Process | None
    proposed: str
    lacks: tuple[str, ...]
    opens: bool

    @property
    def moved(self) -> str:
        """Whether the tier is better ("up") or worse ("down") than at the last review."""
        if self.tier is None or self.before is None or self.tier == self.before:
            return ""
        return "up" if self.tier < self.before else "down"

    @property
    def is_due(self) -> bool:
        """Whether a review may be held."""
        return self.process is not None and self.process.current is not None and self.process.current.is_due


@dataclass(frozen=True)
class TierGroup:
    """A tier with how many pupils are in it, and those for whom there is something to see."""

    tier: Tier
    n: int
    lines: tuple[TierLine, ...]


@dataclass(frozen=True)
class TiersPage:
    """A school's tiers; none: how many have no figure yet; day: the last review's, None for none."""

    groups: tuple[TierGroup, ...]
    none: int
    last_review: date | None
    to_open: int
    reviews: int
    overdue: int


def tiers_page(facts: SchoolFacts, at: datetime) -> TiersPage:
    """Everyone on a school's roll by the tier of the year's figure, at a moment."""
    day = at.date()
    policy = facts.policy_on(day)
    seats = {seat.enrolment: seat for seat in seats_of_school(facts.school, day)}
    figures = year_figures(facts.school, seats, year_of(day), end_of_last_day(facts, at))
    counts = {seats[pk].pupil: (one.attended, one.possible) for pk, one in figures.items()}
    open_ones = processes((seat.pupil for seat in seats.values()), counts, day)
    last, before = _tiers_before(facts.school, day, policy)
    lines = [
        _line(seats[pk], one, open_ones.get(seats[pk].pupil), before.get(seats[pk].pupil), policy)
        for pk, one in figures.items()
    ]
    now = [line.process.current for line in lines if line.process and line.process.current]
    return TiersPage(
        groups=tuple(_group(tier, lines) for tier in reversed(policy.tiers)),
        none=sum(line.tier is None for line in lines),
        last_review=last,
        to_open=sum(line.opens for line in lines),
        reviews=sum(one.is_due for one in now),
        overdue=sum(one.is_overdue for one in now),
    )


def _line(seat: Seat, figures: YearFigures, process: Process | None, before: int | None, policy: Policy) -> TierLine:
    proposed, lacks, opens = "", tuple[str, ...](), False
    if process is not None and process.current is not None and process.current.proposed:
        proposed, lacks = process.current.proposed.exit.words, process.current.proposed.lacks
    elif process is None and not conclude(figures, policy).few:
        way = rules.entry(policy, figures.attended, figures.possible)
        proposed, opens = (way.words, True) if way else ("", False)
    tier = tier_of(figures.attended, figures.possible, policy)
    return TierLine(seat, figures, tier, before, process, proposed, lacks, opens)


def _group(tier: Tier, lines: Iterable[TierLine]) -> TierGroup:
    inside = [line for line in lines if line.tier == tier.number]
    shown = [line for line in inside if line.process or line.opens or tier.number > 1]
    return TierGroup(tier, len(inside), tuple(sorted(shown, key=lambda line: (not line.is_due, line.seat.name))))


def _tiers_before(school: int, day: date, policy: Policy) -> tuple[date | None, dict[int, int | None]]:
    """The day of the last review before a day, and the tier of each pupil in it."""
    review = Review.objects.filter(school=school, day__lt=day).order_by("-day").values_list("id", "day").first()
    if review is None:
        return None, {}
    rows = ReviewRow.objects.filter(review=review[0]).values_list("pupil_id", "evidence__figures")
    return review[1], {pupil: tier_of(kept["attended"], kept["possible"], policy) for pupil, kept in rows}
