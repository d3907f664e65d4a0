"""The pages of the day in their order, for the row of links at the head of each."""

from typing import NamedTuple

from django.urls import reverse

from rollcall.accounts.queries import Place, Standing
from rollcall.schools.models import School


class Tab(NamedTuple):
    """One page of the day: its words and address, and whether it is the one that is open."""

    label: str
    url: str
    is_here: bool


# In order: the words, the route (which takes the school's slug), the row of the permission table that opens it.
PAGES: tuple[tuple[str, str, str], ...] = (
    ("The day", "absence:day", "day:see"),
    ("Inbox", "absence:inbox", "word:log"),
    ("Absentee report", "absence:report", "day:report"),
    ("On site now", "absence:on_site", "day:on_site"),
    ("Calls", "absence:calls", "call:make"),
    ("Alerts", "absence:alerts", "alert:see"),
    ("Late arrivals", "absence:late", "slip:fill"),
    ("Out and back", "absence:out", "outing:sign"),
    ("Trips", "absence:activities", "activity:confirm"),
    ("Exclusions", "absence:exclusions", "day:checks"),
    ("Closures", "absence:closures", "closure:set"),
    ("Evidence", "absence:doubts", "doubt:ask"),
    ("Leave", "absence:leave", "leave:enter"),
    ("For the head", "absence:hand_overs", "hand_over:do"),
    ("No reason yet", "absence:unknown_reasons", "unknown:see"),
    ("Absences that last", "absence:referrals", "referral:decide"),
    ("Friendly calls", "absence:friendly", "friendly:log"),
    ("For CPOMS", "absence:cpoms", "cpoms:take"),
    ("Checks", "absence:checks", "day:checks"),
)


def tabs(may: Standing, school: School, here: str) -> list[Tab]:
    """The pages of a school's day that somebody may open."""
    place = Place(school.pk, frozenset(held.school_class for held in may.held if held.school_class is not None))
    return [
        Tab(label, reverse(route, args=[school.slug]), route == here)
        for label, route, row in PAGES
        if may.can(row, place)
    ]
