"""The part of a policy that figures are held against: the target, the lines, the stages and the tiers.

A stage's line is on the exact fraction, at or above (`from_percent`) or truly above (`above_percent`); a tier's is on
the whole percent rounded down, so that no figure falls between two tiers (A5-f).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, NamedTuple

from pydantic import Field

from rollcall.rules.policy.values import (
    Count,
    Entry,
    Frozen,
    LetterId,
    Percent,
    Positive,
    RoleId,
    Value,
    WholePercent,
    Words,
)


class Cut(NamedTuple):
    """A line in whole numbers: a figure is over it when `attended * by >= possible * over + plus`."""

    by: int
    over: int
    plus: int


class Action(Entry):
    """Something that a stage or a tier asks for, with the numbers that belong to it."""

    id: Words
    text: Words
    owners: Annotated[tuple[RoleId, ...], Field(min_length=1)]
    at_or_below_percent: Percent | None = None
    below_percent: Percent | None = None
    closes_at_percent: Percent | None = None
    within_weeks: Positive | None = None
    least_weeks: Positive | None = None
    most_weeks: Positive | None = None
    review_at_weeks: Positive | None = None
    times_a_year: Positive | None = None
    letter: LetterId | None = None


class Stage(Entry):
    """A band of the attendance figure: the figures from its line up to the line of the stage before."""

    number: Count
    name: Words
    from_percent: Percent | None = None
    above_percent: Percent | None = None
    actions: tuple[Action, ...] = ()

    @property
    def line(self) -> Fraction:
        """The percent at which the stage begins, from below."""
        return self.from_percent or self.above_percent or Fraction(0)

    @property
    def cut(self) -> Cut:
        """The line in whole numbers, for one pupil or for arrays of them."""
        share = self.line / 100
        return Cut(by=share.denominator, over=share.numerator, plus=0 if self.above_percent is None else 1)


class Tier(Entry):
    """A band of the whole percent rounded down, both ends included."""

    number: Positive
    name: Words
    from_percent: WholePercent
    to_percent: WholePercent
    actions: tuple[Action, ...] = ()


class Measures(Frozen):
    """What a figure is held against."""

    target_percent: Value[Percent]
    persistent_absent_percent: Value[Percent]
    severe_absent_percent: Value[Percent]
    threshold_sessions: Value[Positive]
    threshold_school_weeks: Value[Positive]
    few_sessions: Value[Count]
    disclosure_pupils: Value[Positive]


Stages = Annotated[tuple[Stage, ...], Field(min_length=1)]
Tiers = Annotated[tuple[Tier, ...], Field(min_length=1)]
