"""Marks that stand though the report they rest on was withdrawn by who may not amend, and the office is asked.

They are wishes of the registers like any other; here they are found again, so that the page of the report shows them.
"""

from datetime import date

from rollcall.absence.models import Report
from rollcall.absence.queries.reports import on_day
from rollcall.registers.queries.wishes import OpenWish, open_wishes
from rollcall.rules.codes import UNEXPLAINED


def still_standing(school: int, day: date) -> list[OpenWish]:
    """The marks of a day at a school (by id) that wait to be put back to N, in one statement, two where there are."""
    wishes = [one for one in open_wishes([school]) if one.day == day and one.wanted == UNEXPLAINED]
    if not wishes:
        return []
    rows = Report.objects.filter(
        on_day(day), enrolment__in=[one.enrolment for one in wishes], withdrawn__isnull=False
    ).values_list("enrolment_id", "code")
    withdrawn = set(rows)
    return [one for one in wishes if (one.enrolment, one.standing) in withdrawn]
