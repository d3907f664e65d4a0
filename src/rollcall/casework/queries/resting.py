"""Which enrolments' entries a case rests on, so that they are not let go while it may be needed (4.1-e)."""

from datetime import date

from rollcall.casework.models import StepTaken
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of


def resting_on(school: int, today: date) -> set[int]:
    """The enrolments at a school (by id) of pupils for whom a step was taken within the time that cases are kept."""
    years = facts_of(school).policy_on(today).keeping_of("case").kept_years
    first = date(today.year - years, today.month, min(today.day, 28))
    pupils = StepTaken.objects.filter(day__gte=first).values("pupil")
    return set(Enrolment.objects.filter(school=school, pupil__in=pupils).values_list("id", flat=True))
