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
    """A letter (A3, FC, 5.1): which figure, step or answer it belongs to, its merge fields, the values it tells.

    by_hand: written from a pupil's page, by a named person who fills in what belongs to it.
    """

    id: Words
    name: Words
    kind: Literal["update", "punctuality", "warning", "meeting", "recognition", "notice", "leave"]
    from_percent: Value[Percent] | None = None
    below_percent: Value[Percent] | None = None
    wishes_in_last_week: bool = False
    only_after_raised_in_person: bool = False
    compulsory_age_only: bool = False
    by_hand: bool = False
    fields: Names
    tells: tuple[Key, ...] = ()
    cites: tuple[LawId, ...] = ()


class Punctuality(Frozen):
    """When lateness is raised in person, and when it is warned of in writing after that (A3-d).

    marks_before_raised: marks L or U in the last `school_weeks` school weeks. marks_after_raised: as many again since.
    """

    school_weeks: Value[Positive]
    marks_before_raised: Value[Positive]
    marks_after_raised: Value[Positive]
    codes: Value[Names]
    letter: LetterId


class Recognition(Frozen):
    """When improved attendance is recognised (A5-a): a rise from one span of school weeks to the next."""

    school_weeks: Value[Positive]
    least_sessions: Value[Positive]
    rise_percent: Value[Percent]
    was_below_percent: Value[Percent]
    letter: LetterId


class Improved(Frozen):
    """The test behind "improved?" (FC-b): sessions in a window after the step, with some codes set apart.

    What a policy does not ask for, it leaves out: a share above that at the step, a share of its own, no unauthorised
    session, and for steps that set targets the target agreed in the place of all these.
    """

    over_school_weeks: Value[Positive]
    above_that_at_step: Value[bool] | None = None
    at_least_percent: Value[Percent] | None = None
    no_unauthorised: Value[bool] | None = None
    targets: Value[bool] | None = None
    least_sessions: Value[Positive]
    codes_apart: Value[Names]


class Step(Entry):
    """A state of the path: who owns it, what goes out, and where yes and no lead.

    refers_to: whom outside the school the pupil is referred to. issues_notice: it is taken by issuing a penalty notice.
    """

    id: Words
    name: Words
    owners: Roles
    act_within_school_days: Value[Positive]
    letter: LetterId | None = None
    meeting_with: tuple[RoleId, ...] = ()
    sets_targets: bool = False
    refers_to: RoleId | None = None
    issues_notice: bool = False
    question: Words
    yes: StepId
    no: StepId


class Path(Frozen):
    """The flow chart (FC): the line that starts it, the test, the steps from the first on."""

    starts_below_percent: Value[Percent]
    starts_without_improvement_at_stage: Value[Count]
    improved: Improved
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
