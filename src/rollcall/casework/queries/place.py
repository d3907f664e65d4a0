"""Every pupil of a school below the target or on the path: figures, stage, reasons, what is proposed (7.1-a, FC-a).

Worked out from the stored rows in a handful of queries, whatever the size of the school. Nothing is written here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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
from rollcall.rules.proposal import Proposal
from rollcall.rules.sessions import Calendar
from rollcall.rules.stages import Conclusion, conclude
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
class PupilRow:
    """One pupil as a review puts them before the head of school; `marks` is the year's row as text, for evidence.

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

    pupils: only these (by id). Who is on the path is judged by the policy of their case. Whole days count: today only
    once school is over, for before that some register is always still to come in.
    """
    facts, day = facts_of(school), at.date()
    as_of = end_of_last_day(facts, at)
    policy, policy_id, year_start = facts.policy_on(day), facts.policy_id_on(day), year_of(day)
    seats = _seats(school, day, pupils)
    figures = year_figures(school, seats, year_start, as_of)
    stands = _by_enrolment(seats, standings((seat.pupil for seat in seats.values()), policy_id, policy, day))
    last_day, before = _last_review(school, day)
    concluded = {pk: conclude(found, stands[pk].policy) for pk, found in figures.items()}
    wanted = [pk for pk in seats if concluded[pk].below_target or stands[pk].is_on_path]
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
        )
        for pk in wanted
        if (proposal := _propose(stands[pk].policy, spot[pk], concluded[pk], found[pk], year[pk])) is not None
    ]
    ordered = sorted(rows, key=lambda row: seriousness(row.standing.policy, row.proposal.what, row.figures))
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


def _last_review(school: int, day: date) -> tuple[date | None, dict[int, Before]]:
    """The day of the review before, and each pupil's figure then."""
    review = Review.objects.filter(school=school, day__lt=day).order_by("-day").first()
    if review is None:
        return None, {}
    rows = ReviewRow.objects.filter(review=review).values_list("pupil_id", "evidence__figures", "evidence__apart")
    return review.day, {pupil: _before(review.day, kept, apart or kept) for pupil, kept, apart in rows}


def _before(day: date, kept: Mapping[str, Any], apart: Mapping[str, Any]) -> Before:
    return Before(day, kept["attended"], kept["possible"], (apart["attended"], apart["possible"]))


def _days_ahead(calendar: Calendar, upto: int) -> list[date]:
    return [calendar.year.session(column)[0] for column in calendar.columns_from(upto)]


def headroom(attended: int, possible: int, policy: Policy, ahead: Sequence[date]) -> tuple[str, ...]:
    """How near the next line below is, and how to get back to the nearest line above, where there are such.

    ahead: the day of each of the year's sessions still to come, in order.
    """
    return tuple(line.sentence for line in nearest(lines(attended, possible, policy, ahead)) if line)


def evidence(row: PupilRow, found: Reviewed, number: int) -> dict[str, Any]:
    """A copy of all that a row rests on, in plain JSON (design law 7). number: the ledger's, up to which it counts."""
    policy = row.standing.policy
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
        "apart": {"attended": row.apart[0], "possible": row.apart[1]},
        "before": None if row.before is None else _plain(row.before),
        "case": row.standing.case,
        "place": {"step": row.place.step, "since": None if row.place.since is None else f"{row.place.since}"},
        "window": {"since": f"{row.since}", **asdict(row.window)},
        "stage": row.conclusion.stage,
        "tier": row.conclusion.tier,
        "persistent": row.conclusion.persistent,
        "severe": row.conclusion.severe,
        "reasons": [asdict(reason) for reason in row.conclusion.reasons],
        "headroom": list(row.headroom),
        "proposal": row.proposal.to_json(),
        "policy": {"id": row.standing.policy_id, "name": policy.name, "edition": policy.edition},
    }


def _plain(before: Before) -> dict[str, Any]:
    return {"day": f"{before.day}", "attended": before.attended, "possible": before.possible}


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The little of a row's evidence that the list of a review shows."""
    before, headroom = kept["before"], kept["headroom"]
    return {
        "name": kept["pupil"]["name"],
        "class": kept["class"]["name"],
        "counts": [kept["figures"]["attended"], kept["figures"]["possible"]],
        "before": [before["attended"], before["possible"]] if before else None,
        "stage": kept["stage"],
        "persistent": kept["persistent"],
        "severe": kept["severe"],
        "why": kept["proposal"]["why"][0]["text"],
        "headroom": headroom[0] if headroom else "",
        "policy": kept["policy"]["id"],
    }
