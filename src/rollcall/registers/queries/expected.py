"""What is expected of pupils from a day on, for the list of known absences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.registers.models import Expectation
from rollcall.rules.sessions import Half


@dataclass(frozen=True)
class Known:
    """One known absence as a list shows it."""

    id: int
    enrolment: int
    name: str
    school_name: str
    first: tuple[date, Half]
    last: tuple[date, Half]
    code: str
    ground: str
    told_by: str
    back_on: date | None
    leave_granted: bool
    taken_by: str
    taken_at: datetime


def standing_expectations(schools: Iterable[int] | None, day: date) -> list[Known]:
    """The expectations of pupils at these schools (by id; None is all) that reach a day or lie after it."""
    rows = Expectation.objects.filter(withdrawn__isnull=True, last_day__gte=day)
    if schools is not None:
        rows = rows.filter(enrolment__school__in=list(schools))
    rows = rows.select_related("enrolment__pupil", "enrolment__school", "deed").order_by("first_day", "id")
    return [_known(e) for e in rows[:500]]


def _known(e: Expectation) -> Known:
    return Known(
        id=e.pk,
        enrolment=e.enrolment_id,
        name=e.enrolment.pupil.known_name,
        school_name=e.enrolment.school.name,
        first=(e.first_day, "AM" if e.first_half == "AM" else "PM"),
        last=(e.last_day, "AM" if e.last_half == "AM" else "PM"),
        code=e.code,
        ground=e.ground,
        told_by=e.told_by,
        back_on=e.back_on,
        leave_granted=e.leave_granted,
        taken_by=e.deed.name,
        taken_at=e.deed.at,
    )
