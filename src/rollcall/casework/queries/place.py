"""Every pupil of a school below the target or on the path: figures, stage, reasons, what is proposed (7.1-a, FC-a).

Worked out from the stored rows in a handful of queries, whatever the size of the school. Nothing is written here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from rollcall.casework.models import Review, ReviewRow
from rollcall.casework.queries.agreed import agreed_since
from rollcall.casework.queries.taken import Standing, standings
from rollcall.registers.queries.figures import YearFigures, year_figures
from rollcall.registers.queries.windows import kept_rows, windows
from rollcall.rules import flow
from rollcall.rules.headroom import lines, nearest
from rollcall.rules.improving import Agreed, Window
from rollcall.rules.policy import Policy
from rollcall.rules.proposal import Proposal, propose
from rollcall.rules.sessions import Calendar
from rollcall.rules.stages import Conclusion, conclude
from rollcall.rules.unclear import Unclear
from rollcall.rules.window import unclear_reason
from rollcall.schools.queries import SchoolFacts, Seat, facts_of, seats_of_school, year_of
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class Before:
    """A pupil's figure at the last review: its day and counts, and those without the codes set apart."""

    day: date
    attended: int
    possible: int
    apart: tuple[int, int]


@dataclass(frozen=True)
class Carried:
    """What was left undecided at the review before: on which day, why, and since which review it has been carried."""

    day: date
    because: str
    first: date


@dataclass(frozen=True)
class PupilRow:
    """One pupil as a review puts them before the head of school; `marks` is the year's row as text, for evidence.

    unclear: the sessions to be looked into first, where they were asked for. carried: what the review
    before left over.
    apart: the year's sessions attended and possible without the codes that the policy sets apart.
    """

    seat: Seat
    figures: YearFigures
    before: Before | None
    standing: Standing
    place: flow.Place
    since: date
    window: Window
    apart: tuple[int, int]
    conclusion: Conclusion
    proposal: Proposal
    headroom: tuple[str, ...]
    marks: str
    unclear: tuple[Unclear, ...] = ()
    carried: Carried | None = None

    @property
    def check_first(self) -> bool:
        """Whether marks must be looked into before anything is decided."""
        return self.proposal.what == flow.CHECK_FIRST


@dataclass(frozen=True)
class Reviewed:
    """What a review of a school is made of, at one moment under one policy.

    as_of: the moment up to which sessions count; `through` is the school day of the last of them, if there is one.
    next_review: the day by which the school's next review is due.
    """

    rows: tuple[PupilRow, ...]
    policy: Policy
    policy_id: int
    facts: SchoolFacts
    year_start: int
    at: datetime
    as_of: datetime
    through: date | None
    next_review: date


def place(school: int, at: datetime, *, pupils: Iterable[int] | None = None) -> Reviewed:
    """A school's pupils (school by id) below the target or on the path at a moment, most serious first.

    Who was carried over from the review before is listed as well, until somebody has decided, and first in its kind.
    pupils: only these (by id). Who is on the path is judged by the policy of their case. Whole days count: today only
    once school is over, for before that some register is always still to come in.
    """
    facts, day = facts_of(school), at.date()
    as_of = end_of_last_day(facts, at)
    policy, policy_id, year_start = facts.policy_on(day), facts.policy_id_on(day), year_of(day)
    seats = _seats(school, day, pupils)
    figures = year_figures(school, seats, year_start, as_of)
    stands = _by_enrolment(seats, standings((seat.pupil for seat in seats.values()), policy_id, policy, day))
    last_day, before, carried = _last_review(school, day, {seat.pupil for seat in seats.values()})
    concluded = {pk: conclude(found, stands[pk].policy) for pk, found in figures.items()}
    wanted = [pk for pk in seats if concluded[pk].below_target or stands[pk].is_on_path or seats[pk].pupil in carried]
    fortnight = day - timedelta(weeks=policy.monitoring.review_every_weeks.value)
    since = {pk: _since(stands[pk], last_day or fortnight) for pk in wanted}
    found = _windows(school, since, stands, year_start, as_of)
    year = _windows(school, dict.fromkeys(wanted, date(year_start, 8, 1)), stands, year_start, as_of)
    agreed = agreed_since({pk: stands[pk] for pk in wanted}, facts, year_start, as_of)
    spot = {pk: _spot(stands[pk], before.get(seats[pk].pupil), agreed.get(pk, ())) for pk in wanted}
    marks = kept_rows(school, wanted, year_start)
    ahead = _days_ahead(facts.calendar(year_start), facts.last_columns(year_start, as_of))
    rows = [
        PupilRow(
            seat=seats[pk],
            figures=figures[pk],
            before=before.get(seats[pk].pupil),
            standing=stands[pk],
            place=spot[pk],
            since=since[pk],
            window=found[pk],
            apart=(year[pk].attended, year[pk].possible),
            conclusion=concluded[pk],
            proposal=proposal,
            headroom=headroom(figures[pk].attended, figures[pk].possible, stands[pk].policy, ahead),
            marks=marks[pk],
            carried=carried.get(seats[pk].pupil),
        )
        for pk in wanted
        for proposal in [_propose(stands[pk].policy, spot[pk], concluded[pk], found[pk], year[pk])]
    ]
    ordered = sorted(rows, key=_order)
    through = _last_day(facts.calendar(year_start), as_of)
    due = (last_day or day) + timedelta(weeks=policy.monitoring.review_every_weeks.value)
    return Reviewed(tuple(ordered), policy, policy_id, facts, year_start, at, as_of, through, due)


def _seats(school: int, day: date, pupils: Iterable[int] | None) -> dict[int, Seat]:
    wanted = None if pupils is None else set(pupils)
    return {seat.enrolment: seat for seat in seats_of_school(school, day) if wanted is None or seat.pupil in wanted}


def _by_enrolment(seats: Mapping[int, Seat], found: Mapping[int, Standing]) -> dict[int, Standing]:
    return {enrolment: found[seat.pupil] for enrolment, seat in seats.items()}


def _windows(
    school: int, since: Mapping[int, date], stands: Mapping[int, Standing], year_start: int, as_of: datetime
) -> dict[int, Window]:
    """The window of each enrolment, each by the policy that judges it."""
    found: dict[int, Window] = {}
    for policy_id in {stands[pk].policy_id for pk in since}:
        some = {pk: day for pk, day in since.items() if stands[pk].policy_id == policy_id}
        policy = next(stands[pk].policy for pk in some)
        found |= windows(school, some, year_start, as_of, policy)
    return found


def end_of_last_day(facts: SchoolFacts, at: datetime) -> datetime:
    """The moment itself after school, else the midnight before it."""
    local = at.astimezone(LONDON)
    if local.time() >= facts.times_on(local.date()).day_ends:
        return local
    return datetime.combine(local.date(), time(), LONDON)


def _last_day(calendar: Calendar, as_of: datetime) -> date | None:
    """The last school day that counts."""
    tomorrow = as_of.date() + timedelta(days=1 if as_of.time() > time() else 0)
    last = calendar.last_sessions(min(tomorrow, calendar.year.last + timedelta(days=1)), 1)
    return last[0][0] if last else None


def _order(row: PupilRow) -> tuple[int, bool, Fraction]:
    kind, share = seriousness(row.standing.policy, row.proposal.what, row.figures)
    return kind, row.carried is None, share


def _propose(policy: Policy, spot: flow.Place, concluded: Conclusion, window: Window, year: Window) -> Proposal:
    """What the flow chart proposes; a step begun on a figure that unclear marks could lift is checked first.

    Nothing but to keep monitoring for one carried over who is on target by now.
    """
    proposal = flow.next_step(policy, spot, concluded, window)
    if proposal is None:
        return propose(flow.WATCH, (concluded.target_reason,), {})
    if proposal.what != flow.first_step(policy).yes:
        return proposal
    counts = (concluded.attended, concluded.possible, year.unexplained, year.missing)
    unclear = unclear_reason(*counts, policy)
    if unclear is None:
        return proposal
    return replace(proposal, what=flow.CHECK_FIRST, why=(unclear, *proposal.why))


def seriousness(policy: Policy, what: str, figures: YearFigures) -> tuple[int, Fraction]:
    """The order of a review: later steps of the path first, then the first letter, then what needs only watching."""
    steps = [step.id for step in flow.steps(policy)]
    later = len(steps) - steps.index(what) if what in steps[1:] else None
    order = {flow.CHECK_FIRST: 0, flow.WATCH: 30, flow.WAIT: 31, steps[0]: 20}
    share = Fraction(figures.attended, figures.possible) if figures.possible else Fraction(1)
    return (later if later is not None else order[what]), share


def _spot(stands: Standing, before: Before | None, agreed: tuple[Agreed, ...]) -> flow.Place:
    """The place on the chart, with what the window is held against: the figure at the step, or at the review before."""
    last, back = stands.last, not stands.is_on_path
    if last is None:
        return flow.Place(stands.step, below_before=before is not None, at_step=before.apart if before else None)
    returned = last.counts if back else None
    return flow.Place(stands.step, last.day, returned, before is not None, last.apart, agreed)


def _since(stands: Standing, last_review: date) -> date:
    """The first day of the window: after the step for one on the path, after the review before for everyone else."""
    begun = stands.last.day if stands.is_on_path and stands.last else last_review
    return begun + timedelta(days=1)


def _last_review(school: int, day: date, pupils: set[int]) -> tuple[date | None, dict[int, Before], dict[int, Carried]]:
    """The day of the review before, the figure of each of some pupils (by id) then, and who was carried over."""
    review = Review.objects.filter(school=school, day__lt=day).defer("policy_kept").order_by("-day").first()
    if review is None:
        return None, {}, {}
    named = ("pupil_id", "evidence__figures", "evidence__apart", "evidence__carried")
    asked = ReviewRow.objects.filter(review=review, pupil__in=pupils)
    rows = list(asked.values_list(*named, "decision__choice", "decision__because"))
    carried = {
        pupil: Carried(review.day, because, date.fromisoformat(earlier["first"]) if earlier else review.day)
        for pupil, _, _, earlier, choice, because in rows
        if choice == "carried"
    }
    before = {pupil: _before(review.day, kept, apart or kept) for pupil, kept, apart, *_ in rows}
    return review.day, before, carried


def _before(day: date, kept: Mapping[str, Any], apart: Mapping[str, Any]) -> Before:
    return Before(day, kept["attended"], kept["possible"], (apart["attended"], apart["possible"]))


def _days_ahead(calendar: Calendar, upto: int) -> list[date]:
    return [calendar.year.session(column)[0] for column in calendar.columns_from(upto)]


def headroom(attended: int, possible: int, policy: Policy, ahead: Sequence[date]) -> tuple[str, ...]:
    """How near the next line below is, and how to get back to the nearest line above, where there are such.

    ahead: the day of each of the year's sessions still to come, in order.
    """
    return tuple(line.sentence for line in nearest(lines(attended, possible, policy, ahead)) if line)
