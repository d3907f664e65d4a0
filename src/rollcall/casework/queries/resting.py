"""Which entries cases, notices and packs rest on, so that they are not let go while they may be needed (4.1-e)."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import Q

from rollcall.casework.models import Case, Notice, NoticeSession, Pack, StepTaken
from rollcall.casework.queries.notices import Line, lines
from rollcall.rules.policy import Policy
from rollcall.rules.retention import is_past
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON

CASE, LETTER, NOTICE, PACK, REVIEW = "case", "letter", "penalty-notice", "evidence-pack", "review"


def kept_years(policy: Policy, record: str) -> int:
    """For how many years the policy keeps a kind of record; as long as cases where it does not name the kind."""
    named = {one.id: one.kept_years for one in policy.keeping}
    return int(named.get(record, named[CASE]))


def resting_on(school: int, today: date) -> set[int]:
    """The enrolments at a school (by id) whose entries something rests on, so that they stay, old as they may be.

    All of a pupil's whose case is open or was closed within the time that cases are kept, for whom a step was taken or
    a pack made within theirs; and those that a penalty notice rests on which stands, or is kept still.
    """
    policy = facts_of(school).policy_on(today)
    pupils = _with_cases(policy, today) | _with_packs(policy, today)
    found = set(Enrolment.objects.filter(school=school, pupil__in=pupils).values_list("id", flat=True))
    held = [one.notice.pk for one in _notices_at(school, today) if not is_let_go(one, policy, today)]
    return found | set(NoticeSession.objects.filter(notice__in=held).values_list("enrolment_id", flat=True))


def _with_cases(policy: Policy, today: date) -> set[int]:
    since = _back(today, kept_years(policy, CASE))
    closed = Q(closed__isnull=True) | Q(closed__at__date__gte=since)
    pupils = set(Case.objects.filter(closed).values_list("pupil_id", flat=True))
    return pupils | set(StepTaken.objects.filter(day__gte=since).values_list("pupil_id", flat=True))


def _with_packs(policy: Policy, today: date) -> set[int]:
    since = _back(today, kept_years(policy, PACK))
    return set(Pack.objects.filter(deed__at__date__gte=since).values_list("pupil_id", flat=True))


def _notices_at(school: int, today: date) -> list[Line]:
    """The notices that rest on entries of a school, as they stand at the end of a day."""
    rows = Notice.objects.filter(sessions__enrolment__school=school).distinct()
    return lines(rows, end_of(today))


def end_of(today: date) -> datetime:
    """The last minute of a day in London."""
    return datetime.combine(today, time(23, 59), LONDON)


def is_let_go(line: Line, policy: Policy, today: date) -> bool:
    """Whether a notice is over, and its time since its outcome is past."""
    return line.state.over and is_past(_ended_on(line), today, kept_years(policy, NOTICE))


def _ended_on(line: Line) -> date:
    """The day of the outcome, and not before anything was recorded of it."""
    days: Iterable[date] = [one.deed.at.astimezone(LONDON).date() for one in line.events]
    issued = line.notice.issued_on or line.notice.proposed.at.astimezone(LONDON).date()
    return max(issued, *days) if days else issued


def _back(today: date, years: int) -> date:
    return date(today.year - years, today.month, min(today.day, 28))
