"""The parts of a policy that say who, when and how long: registers, absence, leave, penalties, monitoring, keeping.

Each class is one part, in the order of the policy's sections; its docstring names them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rollcall.rules.policy.values import (
    Count,
    Entry,
    Exact,
    Frozen,
    Key,
    LetterId,
    Percent,
    Positive,
    RoleId,
    Value,
    Words,
)

Names = tuple[Words, ...]
Roles = Annotated[tuple[RoleId, ...], Field(min_length=1)]


class LawReference(Entry):
    """An Act, regulations or guidance that the policy rests on (2)."""

    id: Words
    name: Words
    kind: Literal["act", "regulations", "guidance"]
    amended_in: Names = ()


class Role(Entry):
    """A position that the policy names (3), inside the school or outside it."""

    id: Words
    name: Words
    held_by: str = ""
    outside: bool = False


class Registers(Frozen):
    """What a register keeps and until when it is put right (4.1, 4.5)."""

    marks_say: Value[Names]
    amendment_keeps: Value[Names]
    code_within_working_days: Value[Positive]
    irregular_school_days: Value[Positive]
    looked_through_every_weeks: Value[Positive]


UNTAKEN_MINUTES = 30


class Absence(Frozen):
    """How an absence is reported, evidenced and followed up (3.7, 4.2, 4.5)."""

    least_contact_numbers: Value[Positive]
    illness_evidence: Value[Names]
    evidence_only_in_doubt: Value[bool]
    told_before_unauthorised: Value[bool]
    unreached_told_to: Value[Roles]
    unacknowledged_told_to: Value[Roles]
    acknowledge_within_minutes: Value[Positive]
    untaken_told_after_minutes: Value[Positive] | None = None
    social_worker_told_same_day: Value[bool]
    evidence_within_school_days: Value[Positive]
    welfare_officer_from_day: Value[Positive]

    @property
    def untaken_minutes(self) -> int:
        """Minutes after a register is late until the head of school is told of it: 30 where a policy does not say."""
        return self.untaken_told_after_minutes.value if self.untaken_told_after_minutes else UNTAKEN_MINUTES


class Reason(Entry):
    """A reason that families give, and the code it has; without one the clock or a person decides (3.7, 4.2, 4.3).

    short: what a button calls it, where the name is long. asked: where it is offered. agreed_span: whether one report
    stands for every day until the return that was named; else each day of the absence is reported anew.
    """

    id: Words
    name: Words
    short: str = ""
    code: str = ""
    asked: Annotated[tuple[Literal["absence", "late", "leaving", "leave"], ...], Field(min_length=1)]
    agreed_span: bool = False
    note: str = ""

    @property
    def label(self) -> str:
        """What a button calls it."""
        return self.short or self.name


class Risk(Entry):
    """How soon a pupil who is missing without a word is followed up, by how much is at stake: minutes after closing.

    mark: the colour under which a pupil's record holds it.
    """

    id: Words
    name: Words
    mark: Literal["red", "amber", "green"]
    applies_to: Words
    first_call_after_minutes: Count
    all_contacts_after_minutes: Count
    dsl_told_after_minutes: Count


class Leave(Frozen):
    """Leave in term time (5.1)."""

    notice_days: Value[Positive]
    usual_least_days: Value[Positive]
    usual_most_days: Value[Positive]
    decided_by: Value[Roles]
    grounds: Value[Names]
    holidays_attached: Value[bool]
    evidence_may_be_asked: Value[bool]
    holiday_evidence: Value[Names] | None = None
    religious_observance: Value[Words]
    traveller_groups: Value[Names] | None = None
    traveller_conditions: Value[Names]
    school_year_weeks: Value[Positive] | None = None
    holiday_weeks: Value[Positive] | None = None


class ChecklistItem(Entry):
    """A point of the authority's form that is answered before a notice is proposed (5.2-c).

    needed: only "yes" lets the notice go on. kinds: the kinds of notice it is asked for; empty for all.
    """

    id: Words
    words: Words
    needed: bool = False
    kinds: tuple[Literal["irregular", "leave", "public"], ...] = ()


class Penalty(Frozen):
    """Penalty notices (5.2): as the policy prints them; a notice itself takes its amounts from the law's own file.

    warned_by: the letters that warn, from the day after which sessions are counted; without them the count is over any
    school weeks that follow each other. leave_least_sessions: of a one-off leave. looks_back_months: older sessions are
    not looked at.
    """

    lower_pounds: Value[Positive]
    lower_within_days: Value[Positive]
    higher_pounds: Value[Positive]
    higher_within_days: Value[Positive]
    second_pounds: Value[Positive] | None = None
    second_within_days: Value[Positive] | None = None
    most_notices: Value[Positive] | None = None
    counted_over_years: Value[Positive] | None = None
    improve_least_weeks: Value[Positive] | None = None
    improve_most_weeks: Value[Positive] | None = None
    warned_by: Value[Annotated[tuple[LetterId, ...], Field(min_length=1)]] | None = None
    leave_least_sessions: Value[Positive]
    looks_back_months: Value[Positive]
    for_each: Value[Words]
    paid_to: Value[Words]
    issued_by: Value[Roles]
    proposed_by: Value[Roles]
    authorised_by: Value[Roles]
    advised_by: Value[Roles]
    looks_at: Value[Names]
    unpaid: Value[Names]
    from_age_years: Value[Positive]
    to_age_years: Value[Positive]
    age_rule: Value[Words]
    checklist: tuple[ChecklistItem, ...] = ()


class Promotion(Frozen):
    """What the school celebrates and shows to all (6)."""

    trophy_every_weeks: Value[Positive]
    trophy_for: Value[Words]
    flow_chart_with_letter: Value[LetterId]
    flow_chart_public: Value[bool]


class Monitoring(Frozen):
    """How often figures are looked at, and with whom (4.6, 7, A3)."""

    review_every_weeks: Value[Positive]
    parents_told_every_weeks: Value[Positive]
    census_every: Value[Words]
    groups: Value[Names]
    parent_meetings_every_weeks: Value[Positive]
    parent_meetings_with: Value[Names]


class YearRow(Entry):
    """A line of the table of attendance in numbers, as printed (A4)."""

    percent: Percent
    attended_days: Exact
    absent_days: Exact
    lost_hours: Exact


class MinutesRow(Entry):
    """A line of the table of minutes late each day, as printed (EM)."""

    late_minutes: Positive
    lost_days: Exact


class Year(Frozen):
    """The year that the printed tables reckon with (A4, EM)."""

    school_days: Value[Positive]
    hours_a_day: Value[Positive]
    in_numbers: tuple[YearRow, ...] = ()
    minutes_late: tuple[MinutesRow, ...] = ()


class Example(Entry):
    """An example in words that families can read (A4)."""

    id: Words
    text: Words


class Enforcement(Entry):
    """What the law can do when a child misses school, with its figures (A4)."""

    id: Words
    name: Words
    text: Words
    within_days: Positive | None = None
    most_pounds: Positive | None = None
    most_months: Positive | None = None


class Keeping(Entry):
    """How long a kind of record is kept, counted from what."""

    id: Words
    name: Words
    kept_years: Positive
    counted_from: Words


class Review(Frozen):
    """How the policy itself is reviewed (8)."""

    every_years: Value[Positive]
    approved_by: Value[Roles]


class Link(Entry):
    """Another policy of the school that this one leans on (9)."""

    id: Words
    name: Words


class Decision(Entry):
    """Where the policy disagrees with itself, and what is done (W)."""

    id: Words
    question: Words
    answer: Words
    settles: tuple[Key, ...] = ()
