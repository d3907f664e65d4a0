"""Whom an evidence pack is about, over which time, and why that time: read once for all of its exhibits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rollcall.casework.models import Case, Notice
from rollcall.casework.queries.packing.blocks import day as full_day
from rollcall.casework.queries.packing.hidden import Hidden, hidden_of
from rollcall.casework.queries.warnings import warnings_of
from rollcall.registers.queries.pupil import Stay
from rollcall.rules.sessions import SchoolYear, monday, school_mondays
from rollcall.schools.models import Enrolment, Pupil, School
from rollcall.schools.queries import SchoolFacts, facts_of, year_of


@dataclass(frozen=True)
class Certified:
    """Who certifies the extracts, and of which schools (by id) they may: their words stand on each extract."""

    name: str
    position: str
    schools: tuple[int, ...]


@dataclass(frozen=True)
class Enrolled:
    """A pupil's time at one school, with the school."""

    stay: Stay
    school: School


@dataclass(frozen=True)
class Subject:
    """All that the exhibits ask of: the pupil, every enrolment up to the moment in order, the first day that counts.

    notice, case: what it is made for, where it is. contact: the parent (by id) to whom the notice goes.
    """

    pupil: Pupil
    school: School
    enrolled: tuple[Enrolled, ...]
    since: date
    why_since: str
    at: datetime
    hidden: Hidden
    notice: Notice | None = None
    case: Case | None = None
    certified: Certified | None = None

    @property
    def contact(self) -> int | None:
        """The parent to whom the notice goes, by id."""
        return self.notice.contact_id if self.notice else None

    @property
    def enrolments(self) -> list[int]:
        """Every enrolment by id."""
        return [one.stay.enrolment for one in self.enrolled]

    @property
    def facts(self) -> SchoolFacts:
        """The standing facts of the school where the pack is made."""
        return facts_of(self.school.pk)

    def typed(self, words: str) -> str:
        """What somebody typed, without what must not be told."""
        return self.hidden.typed(words)


def subject_of(
    pupil: int, school: int, at: datetime, *, since: date | None = None, notice: Notice | None = None,
    case: Case | None = None, certified: Certified | None = None,
) -> Subject:  # fmt: skip
    """The subject of a pack about a pupil (by id) made at a school (by id); `since` as `period_of` where not given."""
    found = Pupil.objects.get(pk=pupil)
    rows = Enrolment.objects.filter(pupil=pupil, admitted__lte=at.date()).select_related("school")
    enrolled = tuple(
        Enrolled(Stay(row.pk, facts_of(row.school_id), row.admitted, row.left), row.school)
        for row in rows.order_by("admitted", "id")
    )
    first, why = period_of(pupil, school, at, notice)
    return Subject(
        pupil=found,
        school=School.objects.get(pk=school),
        enrolled=enrolled,
        since=since or first,
        why_since="the day that was asked for" if since and since != first else why,
        at=at,
        hidden=hidden_of(found),
        notice=notice,
        case=case,
        certified=certified,
    )


def period_of(pupil: int, school: int, at: datetime, notice: Notice | None = None) -> tuple[date, str]:
    """The first day of the extract, and why: the start of the school year, or what reaches further back.

    That is the first school week of the count before the first warning that went, and for a notice the weeks in which
    its sessions are counted.
    """
    facts, today = facts_of(school), at.date()
    begins = [(_first_school_day(facts, year_of(today)), "the first day of the school year")]
    policy = facts.policy_on(today)
    weeks = policy.measures.threshold_school_weeks.value
    warned = [one.day for (_, _), some in warnings_of([pupil], policy).items() for one in some]
    if warned:
        first = min(warned)
        begins.append((_weeks_before(facts, first, weeks), f"{weeks} school weeks up to the warning of {_on(first)}"))
    if notice is not None and (days := list(notice.sessions.order_by("day").values_list("day", flat=True))):
        told = f"the {weeks} school weeks up to the last session of the notice"
        begins.append((min(days[0], _weeks_before(facts, days[-1], weeks)), told))
    return min(begins)


def _on(one: date) -> str:
    return full_day(one)


def _first_school_day(facts: SchoolFacts, start: int) -> date:
    days = facts.calendar(start).school_days()
    return days[0] if days else SchoolYear(start).first


def _weeks_before(facts: SchoolFacts, day: date, weeks: int) -> date:
    """The first day of so many school weeks, the last of them being the one of a day."""
    start = year_of(day)
    mondays = school_mondays([facts.calendar(year) for year in (start - 1, start) if year in facts.terms])
    until: Sequence[date] = [one for one in mondays if one <= monday(day)]
    return until[-weeks] if len(until) >= weeks else (until[0] if until else day - timedelta(weeks=weeks))
