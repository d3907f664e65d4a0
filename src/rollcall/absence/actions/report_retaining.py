"""Letting kept absentee reports go that are past the period which the policy sets, and not earlier (4.1-e)."""

from datetime import datetime

from django.db import transaction

from rollcall.absence.models import KeptReport
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.rules.retention import is_past
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON


@transaction.atomic
def retain_reports(school: int, *, by: Actor, at: datetime) -> int:
    """Remove a school's (by id) kept absentee reports past their date, and record it; returns how many went.

    They hold names and reasons, and are kept as long as the reports of absence that they tell of.
    """
    today = at.astimezone(LONDON).date()
    years = facts_of(school).policy_on(today).keeping_of("absence-report").kept_years
    days = KeptReport.objects.filter(school=school).values_list("pk", "day")
    going = [pk for pk, day in days if is_past(day, today, years)]
    if not going:
        return 0
    reason = f"{len(going)} absentee {'report' if len(going) == 1 else 'reports'} past their date"
    journal.begin("reports.retained", by=by, at=at, reason=reason, school=school)
    KeptReport.objects.filter(pk__in=going).delete()
    return len(going)
