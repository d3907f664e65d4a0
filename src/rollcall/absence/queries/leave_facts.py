"""What whoever decides on leave sees beside a request: figures, past leave, siblings' requests, what it would cost.

All of it is plain values, so that a decision keeps it as it was shown (design law 7).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from rollcall.absence.models import LeaveRequest
from rollcall.absence.queries.leave import Leave, leave_of_pupils
from rollcall.absence.queries.leave_days import LeaveDay, days_of, school_days_around, sessions_between
from rollcall.registers.queries.figures import YearFigures, year_figures
from rollcall.rules.leave import cautions, figure_after, grantable, is_tacked_on
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.stages import percent_down
from rollcall.schools.models import ClassMembership, Enrolment
from rollcall.schools.queries import SchoolFacts, siblings_of
from rollcall.schools.queries.roll import on_roll


@dataclass(frozen=True)
class YearShown:
    """One school year at one school: the figure with its counts, rounded down."""

    year: str
    school: str
    attended: int
    possible: int
    unauthorised: int
    percent: str


@dataclass(frozen=True)
class Past:
    """One earlier or other request of the pupil: what was asked, what came of it, why."""

    leave: int
    days: str
    reason: str
    state: str
    why: str


@dataclass(frozen=True)
class SiblingAsks:
    """That a brother or sister asks too: at which school, for which days, with which state, and nothing else."""

    school: int
    school_name: str
    days: str
    state: str


@dataclass(frozen=True)
class Weighed:
    """All that stands beside a request. window: the most unauthorised sessions in the policy's weeks, and its line."""

    years: tuple[YearShown, ...]
    past: tuple[Past, ...]
    siblings: tuple[SiblingAsks, ...]
    n_days: int
    n_sessions: int
    now: str
    after: str
    after_without: str
    window: int
    threshold: int
    weeks: int
    cautions: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values, to be kept with the decision."""
        return asdict(self)


def school_days(row: LeaveRequest, facts: SchoolFacts, at: datetime) -> list[LeaveDay]:
    """The school days that a request asks for, by the calendar of the pupil's class."""
    return days_of(facts, row.first_day, row.last_day, at, _class(row.enrolment, at.date()))


def _class(enrolment: Enrolment, day: date) -> int | None:
    rows = ClassMembership.objects.filter(on_roll(day), enrolment=enrolment)
    return rows.values_list("school_class_id", flat=True).first()


def codes_for(row: LeaveRequest, policy: Policy, edition: str) -> tuple[str, ...]:
    """The codes that this request may be granted with, the likely one first."""
    try:
        own = policy.reason(row.reason).code
    except LookupError:
        own = ""
    return grantable(edition, row.reason, own)


def weigh(row: LeaveRequest, facts: SchoolFacts, at: datetime, days: Sequence[LeaveDay] | None = None) -> Weighed:
    """What stands beside a request at a moment. days: its `school_days`, where the caller has just read them."""
    policy = facts.policy_on(row.first_day)
    days = school_days(row, facts, at) if days is None else days
    cost = sum(len(one.halves) for one in days if not one.has_begun)
    start = SchoolYear.of(at.date()).start
    own = year_figures(facts.school, [row.enrolment_id], start, at).get(row.enrolment_id)
    attended, possible = (own.attended, own.possible) if own else (0, 0)
    in_year = SchoolYear.of(row.last_day).start == start
    ahead = sessions_between(facts, at, row.last_day) if in_year else cost
    ahead = max(ahead, cost)
    others = [one for one in leave_of_pupils([row.enrolment.pupil_id]) if one.id != row.pk]
    leave = policy.leave
    return Weighed(
        years=_years(row.enrolment, own, start, at),
        past=tuple(_past(one) for one in others),
        siblings=_siblings(row.enrolment),
        n_days=len(days),
        n_sessions=sum(len(one.halves) for one in days),
        now=_figure(attended, possible),
        after=_figure(*figure_after(attended, possible, ahead, cost)),
        after_without=_figure(attended + ahead, possible + ahead),
        window=own.worst_window if own else 0,
        threshold=policy.measures.threshold_sessions.value,
        weeks=policy.measures.threshold_school_weeks.value,
        cautions=cautions(
            reason=row.reason,
            n_days=len(days),
            most_days=leave.usual_most_days.value,
            holidays_attached=leave.holidays_attached.value,
            tacked_on=bool(days) and is_tacked_on(days[0].day, days[-1].day, school_days_around(facts, days[0].day)),
            late_by=leave.notice_days.value - row.notice_days,
        ),
    )


def _figure(attended: int, possible: int) -> str:
    if not possible:
        return "no session yet"
    return f"{percent_down(attended, possible)}% ({attended} of {possible} sessions)"


def _years(enrolment: Enrolment, own: YearFigures | None, start: int, at: datetime) -> tuple[YearShown, ...]:
    """This year and last, at each school of the federation where the pupil was on roll. own: here, this year."""
    found = []
    for other in Enrolment.objects.filter(pupil=enrolment.pupil_id).select_related("school").order_by("admitted"):
        for year in (SchoolYear(start - 1), SchoolYear(start)):
            if other.admitted > year.last or (other.left and other.left < year.first):
                continue
            is_own = other.pk == enrolment.pk and year.start == start
            figures = own if is_own else year_figures(other.school_id, [other.pk], year.start, at).get(other.pk)
            if figures is not None and figures.possible:
                counts = (figures.attended, figures.possible, figures.unauthorised)
                found.append(YearShown(year.label, other.school.name, *counts, figures.percent))
    return tuple(sorted(found, key=lambda one: one.year, reverse=True))


def _past(one: Leave) -> Past:
    why = one.withdrawn_why or (one.decision.why if one.decision else "")
    return Past(one.id, one.days, one.reason_name, one.state_words, why)


def _siblings(enrolment: Enrolment) -> tuple[SiblingAsks, ...]:
    brothers_and_sisters = [pupil for pupil, _ in siblings_of(enrolment.pupil_id)]
    found: Sequence[Leave] = leave_of_pupils(brothers_and_sisters) if brothers_and_sisters else ()
    return tuple(SiblingAsks(one.school, one.school_name, one.days, one.state_words) for one in found)
