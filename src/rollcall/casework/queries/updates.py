"""The update to all parents of a school (4.6-a, A3-a to A3-c): who gets which text, and who is kept back and why.

Worked out in a handful of statements for the whole school. Nothing is written here.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rollcall.casework.models import LetterWritten, StepTaken, UpdateRound
from rollcall.casework.queries.place import end_of_last_day
from rollcall.casework.queries.taken import Standing, standings
from rollcall.casework.queries.written import Wanted, last_day_before
from rollcall.letters.queries import Recipient, Recipients, recipients_of
from rollcall.letters.queries.written_to import NO_ADDRESS
from rollcall.registers.queries.figures import YearFigures, year_figures
from rollcall.registers.queries.unclear import unclear
from rollcall.rules.policy import Letter, Policy
from rollcall.rules.stages import percent_down, update_letter
from rollcall.rules.unclear import Unclear
from rollcall.rules.updates import SENSITIVE, KeptBack, Situation, is_last_week, kept_back, may_go
from rollcall.rules.words import day_words
from rollcall.schools.models import Pupil
from rollcall.schools.queries import SchoolFacts, facts_of, year_of
from rollcall.schools.queries.roll import Seat, seats_of_school

LATELY = timedelta(days=14)
NOBODY = "Nobody with parental responsibility, or with whom the child lives, can be written to"


@dataclass(frozen=True)
class UpdateLine:
    """One pupil of a round: the figure, the text that it calls for, who would get it, and why it is kept back."""

    seat: Seat
    attended: int
    possible: int
    letter: str
    letter_name: str
    to: tuple[Recipient, ...]
    reasons: tuple[KeptBack, ...]
    wanted: Wanted
    in_care: bool = False
    social_worker: str = ""

    @property
    def percent(self) -> str:
        """The figure in print, rounded down; empty for none."""
        return percent_down(self.attended, self.possible)

    @property
    def is_sensitive(self) -> bool:
        """Whether one of its reasons is only for who may know of safeguarding facts."""
        return any(reason.kind in SENSITIVE for reason in self.reasons)

    @property
    def may_go(self) -> bool:
        """Whether a person may include it all the same."""
        return may_go(self.reasons)


@dataclass(frozen=True)
class UpdatePlan:
    """A round as it would be made now: who gets it and who is kept back, by name.

    before: the last round that stands; again: whether the policy's period since it is not over.
    """

    school: int
    policy: Policy
    day: date
    through: date
    last_week: bool
    go: tuple[UpdateLine, ...]
    kept: tuple[UpdateLine, ...]
    before: UpdateRound | None
    due: date | None

    @property
    def again(self) -> bool:
        """Whether the parents were told within the policy's period already."""
        return self.due is not None and self.day < self.due

    @property
    def seen(self) -> str:
        """A short sum of what a page shows, so that nothing else is made by its button."""
        said = [f"{one.seat.pupil} {one.letter} {one.attended}/{one.possible} {_ways(one)}" for one in self.go]
        back = [f"{one.seat.pupil} {one.letter} {' '.join(r.kind + r.why for r in one.reasons)}" for one in self.kept]
        return hashlib.sha256("\n".join((*said, "-", *back, f"{self.last_week}")).encode()).hexdigest()[:20]


def _ways(one: UpdateLine) -> str:
    return " ".join(f"{who.contact}{who.channel}" for who in one.to)


@dataclass(frozen=True)
class _Known:
    """What was read of the school's pupils at once; by pupil, but for figures and unclear marks (by enrolment)."""

    pupils: Mapping[int, Pupil]
    figures: Mapping[int, YearFigures]
    adults: Mapping[int, Recipients]
    stands: Mapping[int, Standing]
    lately: Mapping[int, str]
    unclear: Mapping[int, tuple[Unclear, ...]]


def update_plan(school: int, at: datetime, *, by_post: bool = False) -> UpdatePlan:
    """The round of updates of a school (by id) at a moment; by_post: all of it is to be printed."""
    facts, day = facts_of(school), at.date()
    policy, start, as_of = facts.policy_on(day), year_of(day), end_of_last_day(facts, at)
    seats = seats_of_school(school, day)
    known = _known(facts, seats, policy, day, as_of)
    through = last_day_before(facts, as_of)
    counted = {"through": through.isoformat(), "year_start": start, "as_of": as_of.isoformat()}
    lines = [_line(seat, known, policy, counted, by_post) for seat in seats]
    before = last_round(school)
    return UpdatePlan(
        school=school,
        policy=policy,
        day=day,
        through=through,
        last_week=is_last_week(facts.calendar(start), day),
        go=tuple(line for line in lines if not line.reasons),
        kept=tuple(line for line in lines if line.reasons),
        before=before,
        due=before.day + every(policy) if before else None,
    )


def every(policy: Policy) -> timedelta:
    """How often parents are told (4.6-a)."""
    return timedelta(weeks=policy.monitoring.parents_told_every_weeks.value)


def last_round(school: int) -> UpdateRound | None:
    """The last round of a school (by id) that was not withdrawn."""
    return UpdateRound.objects.filter(school=school, withdrawn__isnull=True).select_related("deed").first()


def _known(facts: SchoolFacts, seats: Sequence[Seat], policy: Policy, day: date, as_of: datetime) -> _Known:
    pupils, enrolments = [seat.pupil for seat in seats], [seat.enrolment for seat in seats]
    since = day - every(policy) + timedelta(days=1)
    return _Known(
        pupils=Pupil.objects.in_bulk(pupils),
        figures=year_figures(facts.school, enrolments, year_of(day), as_of),
        adults=recipients_of(pupils, day),
        stands=standings(pupils, facts.policy_id_on(day), policy, day),
        lately=_lately(pupils, policy, day),
        unclear=unclear(facts.school, dict.fromkeys(enrolments, since), year_of(day), as_of),
    )


def _lately(pupils: Iterable[int], policy: Policy, day: date) -> dict[int, str]:
    """The last letter or step of each pupil in the last two weeks, in words."""
    ids = list(pupils)
    names = {step.id: step.name for step in policy.path.steps} | {one.id: one.name for one in policy.letters}
    since = {"pupil__in": ids, "withdrawn__isnull": True, "day__gt": day - LATELY}
    steps = StepTaken.objects.filter(path="school", **since).exclude(step=policy.path.steps[0].id)
    letters = LetterWritten.objects.filter(round__isnull=True, **since)
    rows = [*steps.values_list("day", "pupil", "step"), *letters.values_list("day", "pupil", "letter")]
    return {pupil: f"{names.get(what, what)} on {day_words(on)}" for on, pupil, what in sorted(rows)}


def _line(seat: Seat, known: _Known, policy: Policy, counted: Mapping[str, object], by_post: bool) -> UpdateLine:
    pupil, figures, adults = known.pupils[seat.pupil], known.figures[seat.enrolment], known.adults[seat.pupil]
    letter = update_letter(figures.attended, figures.possible, policy)
    situation = Situation(
        possible=figures.possible,
        held=adults.held,
        barred_only=_barred_only(adults),
        nobody="" if adults.written or adults.held or _all_unaddressed(adults) else _nobody(adults),
        unaddressed=_unaddressed(adults, by_post),
        in_care=pupil.looked_after,
        condition=pupil.medical,
        step=_step(known.stands[seat.pupil]),
        letter=known.lately.get(seat.pupil, ""),
        unclear=known.unclear.get(seat.enrolment, ()),
    )
    return UpdateLine(
        seat=seat,
        attended=figures.attended,
        possible=figures.possible,
        letter=letter.id if letter else "",
        letter_name=letter.name if letter else "",
        to=adults.written,
        reasons=kept_back(situation, policy),
        wanted=_wanted(seat, letter, figures, counted),
        in_care=pupil.looked_after,
        social_worker=pupil.social_worker,
    )


def _wanted(seat: Seat, letter: Letter | None, figures: YearFigures, counted: Mapping[str, object]) -> Wanted:
    counts = {"attended": figures.attended, "possible": figures.possible}
    rests_on = {"figures": counts, "enrolment": seat.enrolment, **counted}
    return Wanted(seat.pupil, letter.id if letter else "", {}, rests_on)


def _step(standing: Standing) -> str:
    if not standing.is_on_path or standing.last is None:
        return ""
    return f"On the path: {standing.policy.step(standing.step).name}, since {day_words(standing.last.day)}"


def _barred_only(adults: Recipients) -> bool:
    return not adults.written and bool(adults.left_out) and all(one.why.startswith("Barred") for one in adults.left_out)


def _nobody(adults: Recipients) -> str:
    if not adults.left_out:
        return "No parent or carer is on record."
    said = "; ".join(f"{one.name}: {one.why.rstrip('.')}" for one in adults.left_out)
    return f"{NOBODY} ({said})."


def _all_unaddressed(adults: Recipients) -> bool:
    """Whether those who could be written to have no address at all."""
    return not adults.written and any(one.why == NO_ADDRESS for one in adults.left_out)


def _unaddressed(adults: Recipients, by_post: bool) -> str:
    """Who can be given no letter: of those written to, one with no postal address where it is to be printed."""
    names = [who.name for who in adults.written if not who.address and (by_post or who.channel == "print")]
    if _all_unaddressed(adults) and not adults.held:
        names = [one.name for one in adults.left_out if one.why == NO_ADDRESS]
    return f"No address is known for {', '.join(names)}." if names else ""
