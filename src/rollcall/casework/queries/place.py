"""Every pupil of a school below the target or on the path: figures, stage, reasons, what is proposed (7.1-a, FC-a).

Worked out from the stored rows in a handful of queries, whatever the size of the school. Nothing is written here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from rollcall.casework.models import Review, ReviewRow, StepTaken
from rollcall.casework.queries.letters import unreached
from rollcall.registers.queries.figures import YearFigures, year_figures
from rollcall.registers.queries.windows import kept_rows, windows
from rollcall.rules import flow
from rollcall.rules.flow import Window
from rollcall.rules.headroom import lines, nearest
from rollcall.rules.policy import Policy
from rollcall.rules.proposal import Proposal
from rollcall.rules.sessions import Calendar
from rollcall.rules.stages import Conclusion, conclude
from rollcall.rules.window import unclear_reason
from rollcall.schools.queries import SchoolFacts, Seat, facts_of, seats_of_school, year_of
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class Before:
    """A pupil's figure at the last review: its day and counts."""

    day: date
    attended: int
    possible: int


@dataclass(frozen=True)
class PupilRow:
    """One pupil as a review puts them before the head of school; `marks` is the year's row as text, for evidence."""

    seat: Seat
    figures: YearFigures
    before: Before | None
    place: flow.Place
    since: date
    window: Window
    conclusion: Conclusion
    proposal: Proposal
    headroom: tuple[str, ...]
    marks: str

    @property
    def check_first(self) -> bool:
        """Whether marks must be looked into before anything is decided."""
        return self.proposal.what == flow.CHECK_FIRST


@dataclass(frozen=True)
class Reviewed:
    """What a review of a school is made of, at one moment under one policy.

    as_of: the moment up to which sessions count; `through` is the school day of the last of them, if there is one.
    """

    rows: tuple[PupilRow, ...]
    policy: Policy
    policy_id: int
    facts: SchoolFacts
    year_start: int
    at: datetime
    as_of: datetime
    through: date | None


def place(school: int, at: datetime) -> Reviewed:
    """A school's pupils (school by id) below the target or on the path at a moment, most serious first.

    Whole days count: today only once school is over, for before that some register is always still to come in.
    """
    facts, day = facts_of(school), at.date()
    as_of = _end_of_last_day(facts, at)
    policy, year_start = facts.policy_on(day), year_of(day)
    seats = {seat.enrolment: seat for seat in seats_of_school(school, day)}
    figures = year_figures(school, seats, year_start, as_of)
    taken = _steps_taken(policy, {seat.pupil for seat in seats.values()}, day)
    last_day, before = _last_review(school, day)
    concluded = {pk: conclude(found, policy) for pk, found in figures.items()}
    first = flow.first_step(policy).id
    spot = {pk: _spot(taken.get(seat.pupil), first, seat.pupil in before) for pk, seat in seats.items()}
    wanted = [pk for pk in seats if concluded[pk].below_target or spot[pk].step != first]
    fortnight = day - timedelta(weeks=policy.monitoring.review_every_weeks.value)
    since = {pk: _since(spot[pk], first, last_day or fortnight) for pk in wanted}
    found = windows(school, since, year_start, as_of, policy)
    year = windows(school, dict.fromkeys(wanted, date(year_start, 8, 1)), year_start, as_of, policy)
    marks = kept_rows(school, wanted, year_start)
    ahead = _days_ahead(facts.calendar(year_start), facts.last_columns(year_start, as_of))
    rows = [
        PupilRow(
            seat=seats[pk],
            figures=figures[pk],
            before=before.get(seats[pk].pupil),
            place=spot[pk],
            since=since[pk],
            window=found[pk],
            conclusion=concluded[pk],
            proposal=proposal,
            headroom=headroom(figures[pk].attended, figures[pk].possible, policy, ahead),
            marks=marks[pk],
        )
        for pk in wanted
        if (proposal := _propose(policy, spot[pk], concluded[pk], found[pk], year[pk])) is not None
    ]
    ordered = sorted(rows, key=lambda row: seriousness(policy, row.proposal.what, row.figures))
    policy_id, through = facts.policy_id_on(day), _last_day(facts.calendar(year_start), as_of)
    return Reviewed(tuple(ordered), policy, policy_id, facts, year_start, at, as_of, through)


def _end_of_last_day(facts: SchoolFacts, at: datetime) -> datetime:
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


def _propose(policy: Policy, spot: flow.Place, concluded: Conclusion, window: Window, year: Window) -> Proposal | None:
    """What the flow chart proposes; a step begun on a figure that unclear marks could lift is checked first."""
    proposal = flow.next_step(policy, spot, concluded, window)
    if proposal is None or proposal.what != flow.first_step(policy).yes:
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


def _spot(taken: StepTaken | None, first: str, below_before: bool) -> flow.Place:
    if taken is None:
        return flow.Place(first, below_before=below_before)
    came_back = (taken.attended, taken.possible) if taken.step == first else None
    return flow.Place(taken.step, taken.day, came_back, below_before)


def _steps_taken(policy: Policy, pupils: Iterable[int], day: date) -> dict[int, StepTaken]:
    """The last step taken for each pupil.

    A step that this policy does not know counts as none, and so does one whose letters were all stopped.
    """
    known = {step.id for step in flow.steps(policy)}
    rows = StepTaken.objects.filter(pupil__in=list(pupils), withdrawn__isnull=True, day__lte=day).order_by("day", "id")
    none = unreached(row.pk for row in rows)
    return {row.pupil_id: row for row in rows if row.step in known and row.pk not in none}


def _since(spot: flow.Place, first: str, last_review: date) -> date:
    """The first day of the window: after the step for one on the path, after the review before for everyone else."""
    begun = spot.since if spot.step != first and spot.since else last_review
    return begun + timedelta(days=1)


def _last_review(school: int, day: date) -> tuple[date | None, dict[int, Before]]:
    """The day of the review before, and each pupil's figure then."""
    review = Review.objects.filter(school=school, day__lt=day).order_by("-day").first()
    if review is None:
        return None, {}
    rows = ReviewRow.objects.filter(review=review).values_list("pupil_id", "evidence__figures")
    return review.day, {pupil: Before(review.day, kept["attended"], kept["possible"]) for pupil, kept in rows}


def _days_ahead(calendar: Calendar, upto: int) -> list[date]:
    return [calendar.year.session(column)[0] for column in calendar.columns_from(upto)]


def headroom(attended: int, possible: int, policy: Policy, ahead: Sequence[date]) -> tuple[str, ...]:
    """How near the next line below is, and how to get back to the nearest line above, where there are such.

    ahead: the day of each of the year's sessions still to come, in order.
    """
    return tuple(line.sentence for line in nearest(lines(attended, possible, policy, ahead)) if line)


def evidence(row: PupilRow, found: Reviewed, number: int) -> dict[str, Any]:
    """A copy of all that a row rests on, in plain JSON (design law 7). number: the ledger's, up to which it counts."""
    return {
        "pupil": {
            "id": row.seat.pupil,
            "name": row.seat.name,
            "first": row.seat.known_first,
            "born": f"{row.seat.born}",
        },
        "enrolment": row.seat.enrolment,
        "class": {"id": row.seat.school_class, "name": row.seat.class_name, "year_group": row.seat.year_group},
        "school": {"id": found.facts.school, "name": found.facts.name},
        "at": found.at.isoformat(),
        "as_of": found.as_of.isoformat(),
        "through": None if found.through is None else f"{found.through}",
        "year_start": found.year_start,
        "marks": row.marks,
        "number": number,
        "figures": {name: str(n) if isinstance(n, date) else n for name, n in asdict(row.figures).items()},
        "before": None if row.before is None else {**asdict(row.before), "day": f"{row.before.day}"},
        "place": {"step": row.place.step, "since": None if row.place.since is None else f"{row.place.since}"},
        "window": {"since": f"{row.since}", **asdict(row.window)},
        "stage": row.conclusion.stage,
        "tier": row.conclusion.tier,
        "persistent": row.conclusion.persistent,
        "severe": row.conclusion.severe,
        "reasons": [asdict(reason) for reason in row.conclusion.reasons],
        "headroom": list(row.headroom),
        "proposal": row.proposal.to_json(),
        "policy": {"id": found.policy_id, "name": found.policy.name, "edition": found.policy.edition},
    }
