"""Where pupils stand on the school's path: their open cases, the step last taken, and what was counted then (FC-a)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rollcall.casework.models import Case, StepTaken
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.letters import unreached
from rollcall.rules import flow
from rollcall.rules.policy import Policy
from rollcall.schools.queries import year_of

SCHOOL = "school"


@dataclass(frozen=True)
class Taken:
    """A step that was taken: which, when, the counts it was taken on, and those without the codes set apart."""

    id: int
    pupil: int
    case: int | None
    step: str
    day: date
    counts: tuple[int, int]
    apart: tuple[int, int]
    deed: int = 0


@dataclass(frozen=True)
class Standing:
    """Where one pupil stands: on the path under the case's policy, or in monitoring under the school's.

    last: the step last taken in the open case, or the one with which the pupil came back to monitoring this year.
    """

    policy_id: int
    policy: Policy
    case: int | None = None
    last: Taken | None = None

    @property
    def step(self) -> str:
        """The id of the step at which the pupil is."""
        return self.last.step if self.case and self.last else flow.first_step(self.policy).id

    @property
    def is_on_path(self) -> bool:
        """Whether a step was taken that is not over."""
        return self.step != flow.first_step(self.policy).id


@dataclass
class _Found:
    cases: dict[int, Case] = field(default_factory=dict)
    policies: dict[int, Policy] = field(default_factory=dict)
    came_back: dict[int, int] = field(default_factory=dict)


def standings(pupils: Iterable[int], policy_id: int, policy: Policy, day: date) -> dict[int, Standing]:
    """Where each pupil (by id) stands on a day; `policy` is the one in force, for who is in no case.

    A step of which every letter was stopped, so that the family never had one, counts as not taken.
    """
    wanted = set(pupils)
    found = _cases(wanted, policy_id, policy)
    last = _last(found, day)
    return {pupil: _standing(pupil, found, last.get(pupil), policy_id, policy) for pupil in wanted}


def _standing(pupil: int, found: _Found, last: Taken | None, policy_id: int, policy: Policy) -> Standing:
    case = found.cases.get(pupil)
    if case is None or last is None:
        return Standing(policy_id, policy, None, last)
    return Standing(case.policy, found.policies[case.policy], case.pk, last)


def _cases(pupils: set[int], policy_id: int, policy: Policy) -> _Found:
    """Open cases, and for who has none the last one that led back to monitoring."""
    found = _Found(policies={policy_id: policy})
    rows = Case.objects.filter(path=SCHOOL, pupil__in=list(pupils)).order_by("round").defer("policy_kept")
    for case in rows:
        if case.closed_id is None:
            found.cases[case.pupil_id] = case
            if case.policy not in found.policies:
                found.policies[case.policy] = policy_of(case)
        elif case.end in ("improved", "done"):
            found.came_back[case.pupil_id] = case.pk
    return found


def _last(found: _Found, day: date) -> dict[int, Taken]:
    """The last standing step of each pupil's case; of one that is over, only where it ended this school year."""
    open_ones = {case.pk: case for case in found.cases.values()}
    over = {case for pupil, case in found.came_back.items() if pupil not in found.cases}
    last: dict[int, Taken] = {}
    for taken in steps_of([*open_ones, *over], day):
        case = open_ones.get(taken.case or 0)
        if case is not None and taken.step not in {step.id for step in flow.steps(found.policies[case.policy])}:
            continue
        if case is None and year_of(taken.day) != year_of(day):
            continue
        last[taken.pupil] = taken
    return last


def steps_of(cases: Iterable[int], day: date | None = None) -> list[Taken]:
    """The steps of some cases (by id) that stand and reached the family, in order; up to a day, where one is named."""
    rows = StepTaken.objects.filter(case__in=list(cases), withdrawn__isnull=True).order_by("day", "id")
    if day is not None:
        rows = rows.filter(day__lte=day)
    named = ("id", "pupil_id", "case_id", "step", "day", "attended", "possible", "evidence__apart", "deed_id")
    read = [_taken(dict(zip(named, row, strict=True))) for row in rows.values_list(*named)]
    none = unreached(taken.id for taken in read)
    return [taken for taken in read if taken.id not in none]


def _taken(row: Mapping[str, Any]) -> Taken:
    counts = (row["attended"], row["possible"])
    apart = row["evidence__apart"]
    return Taken(
        id=row["id"],
        pupil=row["pupil_id"],
        case=row["case_id"],
        step=row["step"],
        day=row["day"],
        counts=counts,
        apart=(apart["attended"], apart["possible"]) if apart else counts,
        deed=row["deed_id"],
    )
