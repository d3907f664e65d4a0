"""Cases: who is on which path, at which step, since when, under which policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from rollcall.casework.models import Case, StepTaken
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.letters import unreached

__all__ = ["CaseLine", "cases_of", "open_cases", "policy_of"]


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
