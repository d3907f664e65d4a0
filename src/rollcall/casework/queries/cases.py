"""Cases: who is on which path, at which step, since when, under which policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from rollcall.casework.models import Case, StepTaken
from rollcall.casework.queries.judged import policy_of, version_policy
from rollcall.casework.queries.letters import unreached
from rollcall.rules import authority
from rollcall.rules.school_age import compulsory_until
from rollcall.rules.words import day_words
from rollcall.schools.models import Enrolment

__all__ = [
    "CaseLine",
    "ProposedEnd",
    "cases_of",
    "ends_at",
    "open_cases",
    "policy_of",
    "proposed_end",
    "proposed_ends",
    "state_names",
]


@dataclass(frozen=True)
class CaseLine:
    """A pupil's case and where it stands: the step last taken, since when; `step` is its id in the case's policy."""

    id: int
    pupil: int
    name: str
    path: str
    round: int
    step: str
    since: date
    opened_on: date
    closed_on: date | None
    end: str

    @property
    def end_words(self) -> str:
        """How it ended, in words; empty while it is open."""
        return dict(Case.ENDS).get(self.end, "")


@dataclass(frozen=True)
class ProposedEnd:
    """An end that is proposed for an open case: which, and why in a sentence. A person decides."""

    end: str
    sentence: str


def proposed_end(case: Case, day: date) -> ProposedEnd | None:
    """The end proposed for an open case: the pupil is at none of our schools, or over compulsory school age."""
    return None if case.closed_id else proposed_ends([case], day).get(case.pk)


def proposed_ends(cases: Iterable[Case], day: date) -> dict[int, ProposedEnd]:
    """The ends proposed for open cases (with their pupils), by case: in one query."""
    rows = list(cases)
    pupils = [case.pupil_id for case in rows]
    spans = Enrolment.objects.filter(pupil__in=pupils).order_by("admitted").values_list("pupil", "admitted", "left")
    here = {pupil for pupil, admitted, left in spans if admitted <= day and (left is None or left >= day)}
    coming = {pupil for pupil, admitted, _ in spans if admitted > day}
    left_on = {pupil: left for pupil, _, left in spans if left is not None}
    found = {}
    for case in rows:
        if case.pupil_id not in here | coming and case.pupil_id in left_on:
            said = f"{case.pupil.known_name} left our schools on {day_words(left_on[case.pupil_id])}."
            found[case.pk] = ProposedEnd("left", f"{said} The case is to be closed.")
        elif day > (last := compulsory_until(case.pupil.born)):
            said = f"{case.pupil.known_name} was of compulsory school age until {day_words(last)} {last.year}."
            found[case.pk] = ProposedEnd("age", f"{said} The case is to be closed.")
    return found


def ends_at(school: int, day: date) -> list[tuple[Case, ProposedEnd]]:
    """The open cases for which an end is proposed, of pupils who are, or were last, at a school (by id)."""
    rows = Case.objects.filter(closed__isnull=True, pupil__enrolments__school=school).distinct()
    cases = list(rows.select_related("pupil").defer("policy_kept").order_by("id"))
    proposed = proposed_ends(cases, day)
    last = _last_schools([case.pupil_id for case in cases if case.pk in proposed], day)
    return [(case, proposed[case.pk]) for case in cases if case.pk in proposed and last[case.pupil_id] == school]


def _last_schools(pupils: Iterable[int], day: date) -> dict[int, int]:
    rows = Enrolment.objects.filter(pupil__in=list(pupils), admitted__lte=day).order_by("admitted", "id")
    return dict(rows.values_list("pupil", "school"))


def state_names(lines: Iterable[CaseLine]) -> dict[int, str]:
    """The state of the authority's process at which each case is, by name, by case."""
    at = {line.id: line.step for line in lines}
    versions = dict(Case.objects.filter(pk__in=list(at)).values_list("pk", "policy"))
    policies = {version: version_policy(version) for version in set(versions.values())}
    found = {}
    for case, step in at.items():
        policy = policies[versions[case]]
        names = {state.id: state.name for state in authority.states(policy)} if policy else {}
        found[case] = names.get(step, step)
    return found


def open_cases(pupils: Iterable[int], path: str = "") -> list[CaseLine]:
    """The open cases of pupils (by id), on one path or on both, the oldest first."""
    rows = Case.objects.filter(pupil__in=list(pupils), closed__isnull=True)
    return _lines(rows.filter(path=path) if path else rows)


def cases_of(pupil: int) -> list[CaseLine]:
    """All cases of a pupil (by id), open or over, the oldest first."""
    return _lines(Case.objects.filter(pupil=pupil))


def _lines(rows: QuerySet[Case]) -> list[CaseLine]:
    cases = list(rows.select_related("pupil", "opened", "closed").defer("policy_kept").order_by("opened__at", "id"))
    last = _last_steps(cases)
    return [
        CaseLine(
            id=case.pk,
            pupil=case.pupil_id,
            name=case.pupil.known_name,
            path=case.path,
            round=case.round,
            step=last[case.pk].step if case.pk in last else "",
            since=last[case.pk].day if case.pk in last else case.opened.at.date(),
            opened_on=case.opened.at.date(),
            closed_on=case.closed.at.date() if case.closed else None,
            end=case.end,
        )
        for case in cases
    ]


def _last_steps(cases: Iterable[Case]) -> dict[int, StepTaken]:
    """The last standing step of each case; one whose letters were all stopped counts as not taken."""
    ids = [case.pk for case in cases]
    rows = list(StepTaken.objects.filter(case__in=ids, withdrawn__isnull=True).order_by("day", "id"))
    none = unreached(row.pk for row in rows)
    return {row.case_id: row for row in rows if row.case_id and row.pk not in none}
