"""Which enrolments' entries a case rests on, so that they are not let go while it may be needed (4.1-e)."""

from datetime import date

from rollcall.casework.models import NoticeSession, StepTaken
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of


def resting_on(school: int, today: date) -> set[int]:
    """The enrolments at a school (by id) of pupils for whom a step was taken within the time that cases are kept.

    Those that a penalty notice rests on too, while notices are kept.
    """
    policy = facts_of(school).policy_on(today)
    pupils = StepTaken.objects.filter(day__gte=_back(today, policy.keeping_of("case").kept_years)).values("pupil")
    found = set(Enrolment.objects.filter(school=school, pupil__in=pupils).values_list("id", flat=True))
    since = _back(today, policy.keeping_of("penalty-notice").kept_years)
    noticed = NoticeSession.objects.filter(enrolment__school=school, notice__proposed__at__date__gte=since)
    return found | set(noticed.values_list("enrolment_id", flat=True))


def _back(today: date, years: int) -> date:
    return date(today.year - years, today.month, min(today.day, 28))
