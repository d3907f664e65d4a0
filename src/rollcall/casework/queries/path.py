"""A pupil on the path: how they came there, with dates and figures, and what is due, by whom, by when (FC-a)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.casework.models import Case, Decision, ReviewRow, StepTaken
from rollcall.casework.queries.judged import version_policy
from rollcall.casework.queries.place import PupilRow, Reviewed, place
from rollcall.casework.queries.reviews import sends, words_for
from rollcall.casework.queries.taken import Standing, standings, steps_of
from rollcall.rules import flow
from rollcall.rules.improving import stated
from rollcall.rules.policy import Policy, Step
from rollcall.rules.proposal import Reason
from rollcall.rules.sessions import Calendar
from rollcall.rules.stages import percent_down
from rollcall.rules.window import school_day_after, window_ends
from rollcall.rules.words import counted, listed


@dataclass(frozen=True)
class Came:
    """One step by which a pupil came to where they are: the figure it was taken on, by whom, and on what reasons."""

    id: int
    step: str
    name: str
    day: date
    attended: int
    possible: int
    by: str
    position: str
    because: str
    reasons: tuple[Reason, ...]
    stands_for: str = ""

    @property
    def percent(self) -> str:
        """The figure, rounded down."""
        return percent_down(self.attended, self.possible)


@dataclass(frozen=True)
class Due:
    """What is due next for a pupil: in words, who sees to it, by when (None where the school year ends before).

    step: the id of the step that is due, or what the review proposes instead. how: "review" where the review decides
    it, "meeting" where a meeting is to be planned, "record" where it is done outside and recorded, "notice".
    """

    step: str
    words: str
    owners: tuple[str, ...]
    by: date | None
    how: str
    reasons: tuple[Reason, ...]
    agreed_on: date | None = None


@dataclass(frozen=True)
class OnPath:
    """A pupil's place on the school's path; `case` is None for one in monitoring who has none open."""

    pupil: int
    case: int | None
    policy: Policy
    policy_id: int
    in_force: int
    step: Step
    since: date | None
    came: tuple[Came, ...]
    due: Due | None
    test: tuple[str, ...]
    row: PupilRow | None

    @property
    def may_move(self) -> bool:
        """Whether the case is judged by another version than the one in force."""
        return self.case is not None and self.policy_id != self.in_force


def on_path(school: int, pupil: int, at: datetime) -> OnPath:
    """A pupil (by id) at the school (by id) where they are, at a moment."""
    found = place(school, at, pupils=[pupil])
    row = next(iter(found.rows), None)
    stands = row.standing if row else standings([pupil], found.policy_id, found.policy, at.date())[pupil]
    agreed = agreed_steps([stands.case] if stands.case else [])
    policy = stands.policy
    return OnPath(
        pupil=pupil,
        case=stands.case,
        policy=policy,
        policy_id=stands.policy_id,
        in_force=found.policy_id,
        step=policy.step(stands.step),
        since=stands.last.day if stands.last and stands.is_on_path else None,
        came=came(stands.case, policy) if stands.case else (),
        due=due_of(row, found, agreed.get(stands.case or 0)) if row else None,
        test=stated(policy),
        row=row,
    )


def dues(school: int, pupils: Iterable[int], at: datetime) -> dict[int, tuple[Standing, Due]]:
    """What is due for some pupils (by id) of a school, by pupil, in as many queries for many as for one."""
    found = place(school, at, pupils=pupils)
    agreed = agreed_steps(row.standing.case for row in found.rows if row.standing.case)
    return {
        row.seat.pupil: (row.standing, due_of(row, found, agreed.get(row.standing.case or 0))) for row in found.rows
    }


def came(case: int, policy: Policy) -> tuple[Came, ...]:
    """The steps of a case (by id) that stand, in order, each with what it rests on."""
    ids = [taken.id for taken in steps_of([case])]
    names = {step.id: step.name for step in flow.steps(policy)}
    rows = StepTaken.objects.filter(pk__in=ids).select_related("deed").order_by("day", "id")
    return tuple(_came(row, names | _names_then(row, names)) for row in rows)


def _names_then(row: StepTaken, names: dict[str, str]) -> dict[str, str]:
    """The name of a step of the version of the policy that judged it, where the case's own has no such step."""
    version = row.evidence.get("policy", {}).get("id")
    policy = version_policy(version) if version and row.step not in names else None
    return {step.id: step.name for step in flow.steps(policy)} if policy else {}


def _came(row: StepTaken, names: dict[str, str]) -> Came:
    kept = row.evidence.get("proposal", {}).get("why", ())
    return Came(
        id=row.pk,
        step=row.step,
        name=names.get(row.step, row.step),
        day=row.day,
        attended=row.attended,
        possible=row.possible,
        by=row.deed.name,
        position=row.deed.position,
        because=row.because,
        reasons=tuple(Reason(**reason) for reason in kept),
        stands_for="" if row.answer != "moved" else row.because,
    )


def agreed_steps(cases: Iterable[int]) -> dict[int, tuple[str, date]]:
    """For each case (by id) the step that a review decided on since its last one, and that is still to be done."""
    ids = list(cases)
    pupils = dict(Case.objects.filter(pk__in=ids).values_list("pupil", "id"))
    last = {taken.case: taken for taken in steps_of(ids)}
    rows = Decision.objects.filter(row__pupil__in=list(pupils), choice__in=("agree", "otherwise")).order_by("deed__at")
    found: dict[int, tuple[str, date]] = {}
    for pupil, step, at in rows.values_list("row__pupil", "step", "deed__at"):
        case = pupils[pupil]
        if case in last and at.date() >= last[case].day and step != last[case].step:
            found[case] = (step, at.date())
    return found


def due_of(row: PupilRow, found: Reviewed, agreed: tuple[str, date] | None) -> Due:
    """What is due for a row of a review, with who sees to it and by when."""
    policy, what, calendar = row.standing.policy, row.proposal.what, found.facts.calendar(found.year_start)
    steps = {step.id: step for step in flow.steps(policy)}
    why = tuple(row.proposal.why)
    if agreed is not None and agreed[0] in steps and agreed[0] != flow.first_step(policy).id:
        step = steps[agreed[0]]
        by = school_day_after(calendar, agreed[1], step.act_within_school_days.value)
        return Due(step.id, _doing(policy, step), _names(policy, step), by, how_of(policy, step), why, agreed[1])
    begun = _begun(row, calendar)
    if what in steps:
        step = steps[what]
        by = school_day_after(calendar, begun or found.at.date(), step.act_within_school_days.value)
        return Due(what, words_for(policy, what), _names(policy, step), by, how_of(policy, step), why)
    now = policy.step(row.place.step)
    if what == flow.WAIT:
        when = begun or (row.place.agreed[-1].ends if row.place.agreed else None)
        return Due(what, _asking(policy, now), _names(policy, now), when, "review", why)
    return Due(what, words_for(policy, what), _names(policy, now), found.next_review, "review", why)


def how_of(policy: Policy, step: Step) -> str:
    """How a step is taken: by the review, by its meeting, by a notice, or done outside and recorded."""
    if step.meeting_with:
        return "meeting"
    if step.issues_notice:
        return "notice"
    return "review" if sends(policy, step.id) or step.id == flow.first_step(policy).id else "record"


def _begun(row: PupilRow, calendar: Calendar) -> date | None:
    """The day on which the question of the step is asked: the end of the window, or of the target agreed."""
    if not row.standing.is_on_path:
        return None
    weeks = row.standing.policy.path.improved.over_school_weeks.value
    ends = window_ends(calendar, row.since, weeks)
    targets = [one.ends for one in row.place.agreed]
    return max([ends, *targets]) if ends else None


def _asking(policy: Policy, step: Step) -> str:
    weeks = counted(policy.path.improved.over_school_weeks.value, "school week")
    return f"Ask whether attendance has improved, {weeks} after: {step.name}"


def _doing(policy: Policy, step: Step) -> str:
    said = {"meeting": "Plan the meeting", "notice": "Consider the notice", "record": "Do it and record it"}
    how = how_of(policy, step)
    return f"{said[how]}: {step.name}" if how in said else step.name


def _names(policy: Policy, step: Step) -> tuple[str, ...]:
    return tuple(policy.role(owner).name for owner in step.owners)


def undecided_row(pupil: int, school: int) -> ReviewRow | None:
    """The row of a pupil in the school's open review that nobody has decided on."""
    rows = ReviewRow.objects.filter(pupil=pupil, review__school=school, review__closed=None, decision=None)
    return rows.exclude(step=flow.WAIT).select_related("review").defer("evidence", "review__policy_kept").first()


def spoken(owners: Sequence[str]) -> str:
    """Owners in a sentence."""
    return listed(owner[:1].lower() + owner[1:] for owner in owners)
