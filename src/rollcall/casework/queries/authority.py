"""The authority's process of a pupil: the state, its exits with what they lack, the forms, what happened (A5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from rollcall.casework.models import Case, FormFilled, Pack, StepTaken, SupportOffered
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.place import end_of_last_day
from rollcall.registers.queries.windows import windows
from rollcall.rules import authority as rules
from rollcall.rules.authority import ExitNow, Filled, Position, StateNow
from rollcall.rules.filling import all_yes, kept_form
from rollcall.rules.policy import Form, Policy, State
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.stages import percent_down
from rollcall.rules.words import counted
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of, year_of
from rollcall.schools.queries.roll import in_force

AUTHORITY = "authority"
MOVED = "moved"


@dataclass(frozen=True)
class FormLine:
    """A form as it was filled in: by whom and when, and when it is looked at again."""

    id: int
    form: str
    name: str
    day: date
    who: str
    review_due: date | None


@dataclass(frozen=True)
class StateForm:
    """A form of a state: whether it was filled in since the state was entered, and what it looked like last."""

    form: Form
    last: FormLine | None
    is_done: bool


@dataclass(frozen=True)
class PastStep:
    """A step that was taken: into which state, by which answer, why, on which figure, by whom."""

    id: int
    state: str
    words: str
    because: str
    day: date
    counts: tuple[int, int]
    who: str
    is_withdrawn: bool
    recognises: bool

    @property
    def percent(self) -> str:
        """The figure on which it was taken, rounded down; empty for none."""
        return percent_down(*self.counts)


@dataclass(frozen=True)
class Process:
    """An open case on the authority's process, today. current is None where its policy has no such state any more."""

    case: Case
    policy: Policy
    last: StepTaken
    current: StateNow | None
    forms: tuple[StateForm, ...] = ()
    past: tuple[PastStep, ...] = ()

    @property
    def exits(self) -> list[ExitNow]:
        """The exits with the one proposed first."""
        return sorted(self.current.exits, key=lambda one: not one.proposed) if self.current else []

    @property
    def owners(self) -> list[str]:
        """Whose the state is, by the names that the policy gives them."""
        return [self.policy.role(one).name for one in self.current.state.owners] if self.current else []

    @property
    def does(self) -> list[str]:
        """What is done in the state, in the tier's own words."""
        return [self.policy.action(one).text for one in self.current.state.does] if self.current else []


@dataclass
class _Records:
    """What the cases' exits look at, by case or by pupil (ids)."""

    steps: dict[int, list[StepTaken]] = field(default_factory=dict)
    forms: dict[int, list[FormFilled]] = field(default_factory=dict)
    offers: dict[int, list[tuple[date, bool]]] = field(default_factory=dict)
    packs: dict[int, list[datetime]] = field(default_factory=dict)


def processes(pupils: Iterable[int], counts: Mapping[int, tuple[int, int]], day: date) -> dict[int, Process]:
    """The open process of each pupil (by id) who has one, in a few queries. counts: attended, possible, by pupil."""
    rows = Case.objects.filter(pupil__in=list(pupils), path=AUTHORITY, closed__isnull=True)
    cases = list(rows.select_related("pupil", "opened").defer("policy_kept"))
    records, policies = _records(cases), dict[int, Policy]()
    found = {}
    for case in (one for one in cases if one.pk in records.steps):
        policy = policies.setdefault(case.policy, policies.get(case.policy) or policy_of(case))
        last = records.steps[case.pk][-1]
        found[case.pupil_id] = Process(
            case, policy, last, _now(case, policy, records, counts.get(case.pupil_id, (0, 0)), day)
        )
    return found


def process_of(pupil: int, counts: tuple[int, int], day: date) -> Process | None:
    """The open process of a pupil (by id) with the forms of its state and what happened so far; None without one."""
    found = processes([pupil], {pupil: counts}, day).get(pupil)
    if found is None:
        return None
    filled = forms_of_case(found.case.pk)
    state = found.current.state if found.current else None
    return Process(
        found.case, found.policy, found.last, found.current,
        _state_forms(found, state, filled) if state else (), past_steps([found.case.pk], found.policy),
    )  # fmt: skip


def standing_steps(case: int) -> list[StepTaken]:
    """The steps of a case (by id) that stand, in the order in which they were taken."""
    return list(StepTaken.objects.filter(case=case, withdrawn__isnull=True).order_by("id"))


def position(case: Case, policy: Policy, counts: tuple[int, int], day: date) -> Position:
    """Where a case stands on the process, with all that its exits look at."""
    return _position(case, policy, _records([case]), counts, day)


def window_since(pupil: int, day: date, policy: Policy, at: datetime) -> dict[str, Any] | None:
    """The sessions of a pupil (by id) after a day, as plain values; None for who is on no roll now."""
    here = Enrolment.objects.filter(in_force(at.date(), "admitted", "left"), pupil=pupil).order_by("-admitted", "-id")
    if (found := here.values_list("id", "school_id").first()) is None:
        return None
    enrolment, school = found
    since, as_of = day + timedelta(days=1), end_of_last_day(facts_of(school), at)
    window = windows(school, {enrolment: since}, year_of(at.date()), as_of, policy).get(enrolment)
    return None if window is None else {"since": f"{since}", **asdict(window)}


def past_steps(cases: Sequence[int], policy: Policy) -> tuple[PastStep, ...]:
    """All steps of some cases (by id), withdrawn ones too, the newest first, in the words of a policy."""
    rows = StepTaken.objects.filter(case__in=cases).select_related("deed").order_by("-id")
    names = {state.id: state.name for state in rules.states(policy)}
    return tuple(
        PastStep(
            id=row.pk,
            state=names.get(row.step, row.step.replace("-", " ")),
            words=row.evidence.get("exit", {}).get("words", ""),
            because=row.because,
            day=row.day,
            counts=(row.attended, row.possible),
            who=f"{row.deed.name}, {row.deed.position}",
            is_withdrawn=row.withdrawn_id is not None,
            recognises=bool(row.evidence.get("exit", {}).get("recognises")),
        )
        for row in rows
    )


def forms_of_case(case: int) -> list[FormFilled]:
    """Every form that was filled in in a case (by id), the newest first."""
    return list(FormFilled.objects.filter(case=case).select_related("deed").order_by("-id"))


def school_forms(school: int) -> list[FormLine]:
    """The forms about a school (by id) itself, the last ten, the newest first."""
    rows = FormFilled.objects.filter(school=school, pupil__isnull=True).select_related("deed").order_by("-id")
    return [form_line(row) for row in rows[:10]]


def form_line(row: FormFilled) -> FormLine:
    """A filled-in form as a line of a list."""
    name = row.definition["form"]["name"]
    return FormLine(row.pk, row.form, name, row.deed.at.date(), f"{row.deed.name}, {row.deed.position}", row.review_due)


def is_all_yes(row: FormFilled) -> bool:
    """Whether every yes-or-no of a form, as it was when it was filled in, was answered with yes."""
    return all_yes(kept_form(row.definition["form"]), row.answers)


def _state_forms(found: Process, state: State, filled: Sequence[FormFilled]) -> tuple[StateForm, ...]:
    last: dict[str, FormFilled] = {}
    for row in filled:
        last.setdefault(row.form, row)
    return tuple(
        StateForm(
            found.policy.form(name),
            form_line(last[name]) if name in last else None,
            name in last and last[name].step_id == found.last.pk,
        )
        for name in state.forms
    )


def _now(case: Case, policy: Policy, records: _Records, counts: tuple[int, int], day: date) -> StateNow | None:
    where = _position(case, policy, records, counts, day)
    if where.state not in {state.id for state in rules.states(policy)}:
        return None
    return rules.state_now(policy, where)


def _position(case: Case, policy: Policy, records: _Records, counts: tuple[int, int], day: date) -> Position:
    steps = records.steps[case.pk]
    last = steps[-1]
    filled = {}
    for row in records.forms.get(case.pk, []):
        filled[row.form] = Filled(here=row.step_id == last.pk, all_yes=is_all_yes(row))
    return Position(
        state=last.step,
        entered=last.day,
        then=(last.attended, last.possible),
        attended=counts[0],
        possible=counts[1],
        day=day,
        filled=filled,
        lacking=_lacking(case, records),
        last_entered={step.step: step.day for step in steps},
    )


def _lacking(case: Case, records: _Records) -> dict[str, str]:
    """What is not on record: support of this school year or later with its outcome, a pack made in this case."""
    year = SchoolYear(year_of(case.opened.at.date())).first
    offers = [answered for day, answered in records.offers.get(case.pupil_id, []) if day >= year]
    found, left = {}, offers.count(False)
    if not offers:
        found["support"] = "Record the support that was offered to the family first."
    elif left:
        what = counted(left, "offer has,offers have")
        found["support"] = f"Record what became of the support first: {what} no answer yet."
    if not any(at >= case.opened.at for at in records.packs.get(case.pupil_id, [])):
        found["pack"] = "Make the evidence pack first."
    return found


def _records(cases: Sequence[Case]) -> _Records:
    ids, pupils = [case.pk for case in cases], [case.pupil_id for case in cases]
    found = _Records()
    for step in StepTaken.objects.filter(case__in=ids, withdrawn__isnull=True).order_by("id"):
        found.steps.setdefault(step.case_id or 0, []).append(step)
    for form in FormFilled.objects.filter(case__in=ids).order_by("id"):
        found.forms.setdefault(form.case_id or 0, []).append(form)
    offers = SupportOffered.objects.filter(pupil__in=pupils).values_list("pupil_id", "day", "id", "answers__id")
    seen: dict[int, dict[int, tuple[date, bool]]] = {}
    for pupil, day, offer, answer in offers:
        seen.setdefault(pupil, {})[offer] = (day, answer is not None)
    found.offers = {pupil: list(one.values()) for pupil, one in seen.items()}
    for pupil, at in Pack.objects.filter(pupil__in=pupils).values_list("pupil_id", "deed__at"):
        found.packs.setdefault(pupil, []).append(at)
    return found


@dataclass(frozen=True)
class Due:
    """How many open cases of a school wait: for a review that may be held, one that is overdue, a referral."""

    school: int
    reviews: int = 0
    overdue: int = 0
    referrals: int = 0


def due_at(schools: Iterable[int], day: date) -> list[Due]:
    """What waits on the process at schools (by id), from what each step kept of its review; two queries."""
    wanted = list(schools)
    here = Q(pupil__enrolments__admitted__lte=day) & (
        Q(pupil__enrolments__left__isnull=True) | Q(pupil__enrolments__left__gte=day)
    )
    cases = dict(
        Case.objects.filter(here, path=AUTHORITY, closed__isnull=True, pupil__enrolments__school__in=wanted)
        .order_by()
        .values_list("pk", "pupil__enrolments__school")
    )
    rows = StepTaken.objects.filter(case__in=cases, withdrawn__isnull=True).order_by("id")
    last = {case: (review, lead) for case, review, lead in
            rows.values_list("case_id", "evidence__review", "evidence__lead")}  # fmt: skip
    return [_due(school, [kept for case, kept in last.items() if cases[case or 0] == school], day) for school in wanted]


def _due(school: int, kept: list[tuple[Any, Any]], day: date) -> Due:
    reviews = [review or {} for review, _ in kept]
    overdue = sum(1 for one in reviews if one.get("by") and one["by"] < f"{day}")
    ripe = sum(1 for one in reviews if one.get("from") and one["from"] <= f"{day}")
    return Due(school, ripe, overdue, sum(1 for _, lead in kept if lead))
