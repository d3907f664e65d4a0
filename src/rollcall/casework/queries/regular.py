"""Regular meetings with parents of vulnerable and of persistently or severely absent pupils (7.4-b).

Nothing is entered for them: who is due, since when and why is worked out anew from the marks and from what was held.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rollcall.casework.models import Meeting
from rollcall.casework.queries.meetings import FAMILY
from rollcall.registers.queries.figures import year_figures
from rollcall.rules.stages import Conclusion, conclude
from rollcall.schools.models import Pupil
from rollcall.schools.queries import facts_of, year_of
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import Seat, seats_of_school


@dataclass(frozen=True)
class Regular:
    """A pupil whose parents are met regularly: why, when last, what is planned, and the day by which the next is due.

    due: the day itself where no meeting was ever held. `planned` is the next one that stands.
    """

    pupil: int
    name: str
    class_name: str
    school_class: int
    why: tuple[str, ...]
    last: date | None
    planned: datetime | None
    due: date
    is_due: bool


def regular(school: int, at: datetime) -> list[Regular]:
    """The pupils of a school (by id) whose parents are met regularly, those due first, by day.

    Only vulnerable is said of a child, and not what makes them so. A figure of few sessions calls for no meeting.
    """
    facts, day = facts_of(school), at.date()
    policy = facts.policy_on(day)
    every = timedelta(weeks=policy.monitoring.parent_meetings_every_weeks.value)
    seats = seats_of_school(school, day)
    figures = year_figures(school, [seat.enrolment for seat in seats], year_of(day), at)
    watched = _vulnerable(seat.pupil for seat in seats)
    why = {
        seat: reasons
        for seat in seats
        if (reasons := _why(seat.pupil in watched, conclude(figures[seat.enrolment], policy)))
    }
    held, planned = _held(seat.pupil for seat in why), _planned((seat.pupil for seat in why), at)
    found = [
        _regular(seat, reasons, held.get(seat.pupil), planned.get(seat.pupil), every, day)
        for seat, reasons in why.items()
    ]
    return sorted(found, key=lambda one: (not one.is_due, one.due, one.name))


def _why(is_vulnerable: bool, found: Conclusion) -> tuple[str, ...]:
    said = ["vulnerable"] if is_vulnerable else []
    if not found.few and found.severe:
        said.append("severely absent")
    elif not found.few and found.persistent:
        said.append("persistently absent")
    return tuple(said)


def _regular(
    seat: Seat, why: tuple[str, ...], last: date | None, planned: datetime | None, every: timedelta, day: date
) -> Regular:
    due = day if last is None else last + every
    is_due = planned is None and due <= day
    return Regular(seat.pupil, seat.name, seat.class_name, seat.school_class, why, last, planned, due, is_due)


def _vulnerable(pupils: Iterable[int]) -> set[int]:
    """Those whom the school counts as vulnerable: raised risk, or one of the facts that safeguarding keeps."""
    rows = Pupil.objects.filter(pk__in=list(pupils)).only(
        "risk", "looked_after", "child_protection", "social_worker", "young_carer"
    )
    return {
        one.pk
        for one in rows
        if one.risk in ("red", "amber")
        or one.looked_after
        or one.child_protection
        or one.young_carer
        or one.social_worker
    }


def _held(pupils: Iterable[int]) -> Mapping[int, date]:
    rows = Meeting.objects.filter(pupil__in=list(pupils), kind__in=FAMILY, outcome__how="held").order_by("at")
    return {pupil or 0: when.astimezone(LONDON).date() for pupil, when in rows.values_list("pupil_id", "at")}


def _planned(pupils: Iterable[int], at: datetime) -> Mapping[int, datetime]:
    """The next meeting of each that stands: to come, or over and not written down yet."""
    rows = Meeting.objects.filter(pupil__in=list(pupils), kind__in=FAMILY, outcome__isnull=True).order_by("-at")
    return {pupil or 0: when.astimezone(LONDON) for pupil, when in rows.values_list("pupil_id", "at")}
