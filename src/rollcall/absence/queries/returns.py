"""Who was to be back by now by what their family said or by their leave, and has not been seen since (A6-b).

The last thing told of a pupil counts: who rang again after that is away by the newer word. Leave ends with its last
day; the next school day is the return.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from rollcall.absence.queries.reports import LONGEST_CLOSED
from rollcall.registers.models import Expectation, SheetRow
from rollcall.rules.absentees import Where, where_of
from rollcall.rules.codes import TEXT
from rollcall.rules.sessions import Half, SchoolYear
from rollcall.schools.queries import SchoolFacts

_CAME = (Where.HERE, Where.ELSEWHERE)


def overdue(facts: SchoolFacts, enrolments: Iterable[int], day: date, half: Half) -> dict[int, date]:
    """The day on which each of these (by enrolment) was to be back, who are not in now and have not come since.

    Left out is who was not away in this school year. One statement, a second where there are any.
    """
    year, found = SchoolYear.of(day), dict[int, date]()
    rows = Expectation.objects.filter(
        enrolment__in=list(enrolments), withdrawn__isnull=True, last_day__gte=year.first, first_day__lte=day
    ).order_by("first_day", "id")
    for enrolment, last, back_on, leave in rows.values_list("enrolment_id", "last_day", "back_on", "leave_span__id"):
        back = back_on or (_next_school_day(facts, last) if leave else None)
        if back is None or back > day or last >= day:
            found.pop(enrolment, None)
        else:
            found[enrolment] = back
    return {pk: back for pk, back in found.items() if pk not in _came_since(found, day, half)} if found else {}


def _next_school_day(facts: SchoolFacts, day: date) -> date | None:
    ahead = (day + timedelta(days=n) for n in range(1, LONGEST_CLOSED))
    return next((one for one in ahead if facts.is_school_day(one)), None)


def _came_since(found: dict[int, date], day: date, half: Half) -> set[int]:
    """Those who have a mark of being in, or at an activity, between the day of their return and a session."""
    year = SchoolYear.of(day)
    rows = SheetRow.objects.filter(enrolment__in=found, year_start=year.start).values_list("enrolment_id", "marks")
    until = year.column(day, half) + 1
    return {
        enrolment
        for enrolment, marks in rows
        if any(
            where_of(TEXT[byte]) in _CAME
            for byte in bytes(marks)[year.column(max(found[enrolment], year.first), "AM") : until]
        )
    }
