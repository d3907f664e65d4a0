"""The pages of a school's casework in their order, for the row of links at the head of each."""

from typing import NamedTuple

from django.urls import reverse

from rollcall.accounts.queries import Place, Standing
from rollcall.schools.models import School


class Tab(NamedTuple):
    """One page of the casework: its words and address, and whether it is the one that is open."""

    label: str
    url: str
    is_here: bool


# In order: the words, the route (which takes the school's slug), the row of the permission table that opens it.
PAGES: tuple[tuple[str, str, str], ...] = (
    ("Cases", "casework:cases", "case:see"),
    ("Tiers", "casework:tiers", "case:see"),
    ("The authority's process", "casework:process", "case:see"),
    ("Meetings", "casework:meetings", "meeting:see"),
    ("Support", "casework:support", "case:see"),
    ("Strategies", "casework:strategies", "case:see"),
    ("The authority", "casework:authority", "authority:meet"),
    ("Letters", "casework:letters", "letter:see"),
    ("Updates", "casework:updates", "update:send"),
    ("Penalty notices", "casework:notices", "notice:see"),
)


def tabs(may: Standing, school: School, here: str) -> list[Tab]:
    """The pages of a school's casework that somebody may open; `here` is the route of the one that is open."""
    return tabs_of(may, school.pk, school.slug, here)


def tabs_of(may: Standing, school: int, slug: str, here: str = "") -> list[Tab]:
    """The same for a school by its id and slug."""
    return [
        Tab(label, reverse(route, args=[slug]), route == here)
        for label, route, row in PAGES
        if may.can(row, Place(school))
    ]
