"""The pages of the day in their order, for the row of links at the head of each."""

from typing import NamedTuple

from django.urls import reverse

from rollcall.accounts.queries import Place, Standing
from rollcall.schools.models import School


class Tab(NamedTuple):
    """One page of the day: its words and address, whether it is the one that is open, and stands in the row."""

    label: str
    url: str
    is_here: bool
    in_row: bool


# In order: the words, the route (which takes the school's slug), the row of the permission table that opens it. Those
# of the second list are used now and then, and stand behind "More".
OFTEN: tuple[tuple[str, str, str], ...] = (
    ("The day", "absence:day", "day:see"),
    ("Inbox", "absence:inbox", "word:log"),
    ("Late arrivals", "absence:late", "slip:fill"),
    ("Out and back", "absence:out", "outing:sign"),
    ("Calls", "absence:calls", "call:make"),
    ("Alerts", "absence:alerts", "alert:see"),
    ("Absentee report", "absence:report", "day:report"),
    ("On site now", "absence:on_site", "day:on_site"),
    ("Friendly calls", "absence:friendly", "friendly:log"),
)
NOW_AND_THEN: tuple[tuple[str, str, str], ...] = (
    ("For the head", "absence:hand_overs", "hand_over:do"),
    ("Leave", "absence:leave", "leave:enter"),
    ("Trips", "absence:activities", "activity:confirm"),
    ("Evidence", "absence:doubts", "doubt:ask"),
    ("No reason yet", "absence:unknown_reasons", "unknown:see"),
    ("Absences that last", "absence:referrals", "referral:decide"),
    ("Exclusions", "absence:exclusions", "day:checks"),
    ("Closures", "absence:closures", "closure:set"),
    ("Checks", "absence:checks", "day:checks"),
    ("Screen by the door", "absence:devices", "door:enrol"),
    ("For CPOMS", "absence:cpoms", "cpoms:take"),
)


def tabs(may: Standing, school: School, here: str) -> list[Tab]:
    """The pages of a school's day that somebody may open, the one that is open among those that stand in the row."""
    place = Place(school.pk, frozenset(held.school_class for held in may.held if held.school_class is not None))
    return [
        Tab(label, reverse(route, args=[school.slug]), route == here, pages is OFTEN or route == here)
        for pages in (OFTEN, NOW_AND_THEN)
        for label, route, row in pages
        if may.can(row, place)
    ]
