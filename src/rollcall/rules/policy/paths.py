"""The letters of a policy and the path along which a family is followed up (FC, A3, A4).

The authority's own process has its states in `authority`; the forms that it names, theirs in `forms`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rollcall.rules.policy.parts import Names, Roles
from rollcall.rules.policy.values import (
    Count,
    Entry,
    Frozen,
    Key,
    LawId,
    LetterId,
    Percent,
    Positive,
    RoleId,
    StepId,
    Value,
    Words,
)


class Letter(Entry):
    """A letter (A3, FC, 5.1): which figure, step or answer it belongs to, its merge fields, the values it tells."""

    id: Words
    name: Words
    kind: Literal["update", "punctuality", "warning", "leave"]
    from_percent: Value[Percent] | None = None
    below_percent: Value[Percent] | None = None
    wishes_in_last_week: bool = False
    only_after_raised_in_person: bool = False
    compulsory_age_only: bool = False
    fields: Names
    tells: tuple[Key, ...] = ()
    cites: tuple[LawId, ...] = ()


class Improved(Frozen):
    """The test behind "improved?" (FC-b): sessions in a window after the step, with some codes set apart."""

    over_school_weeks: Value[Positive]
    at_least_percent: Value[Percent]
    least_sessions: Value[Positive]
    codes_apart: Value[Names]


class Step(Entry):
    """A state of the path: who owns it, what goes out, and where yes and no lead."""

    id: Words
    name: Words
    owners: Roles
    act_within_school_days: Value[Positive]
    letter: LetterId | None = None
    meeting_with: tuple[RoleId, ...] = ()
    sets_targets: bool = False
    question: Words
    yes: StepId
    no: StepId


class Path(Frozen):
    """The flow chart (FC): the line that starts it, the test, the steps from the first on."""

    starts_below_percent: Value[Percent]
    starts_without_improvement_at_stage: Value[Count]
    improved: Improved
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
