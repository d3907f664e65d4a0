"""What the page shell shows of the signed-in person: name, position, and the places they can go."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

# Every page of a school's day belongs to this place.
DAY = "absence:choose"
# And every page of the casework to this one.
CASEWORK = "casework:reviews"
ROOMS = {DAY: "absence:", CASEWORK: "casework:"}

# In order: the words, the route, the row of the permission table that opens it.
PLACES = [
    ("Home", "insight:home", "home:see"),
    ("The day", DAY, "day:see"),
    ("Registers", "registers:today", "register:take"),
    ("Not in", "registers:missing", "register:missing"),
    ("Pupils", "insight:pupils", "pupil:see"),
    ("Schools", "insight:schools", "school:summary"),
    ("Casework", CASEWORK, "review:see"),
    ("Letters", "office:outbox", "outbox:see"),
    ("Files", "exchange:files", "files:see"),
    ("Set-up", "office:setup", "setup:see"),
    ("Policy", "office:policy", "policy:see"),
]


def page(request: HttpRequest) -> dict[str, Any]:
    """The navigation for who is signed in; nothing for who is not."""
    may = getattr(request, "may", None)
    if may is None or not request.user.is_authenticated:
        return {"nav": [], "who": None}
    here = request.resolver_match.view_name if request.resolver_match else ""
    nav = [
        {
            "label": label,
            "url": reverse(route),
            "current": here == route or (route in ROOMS and here.startswith(ROOMS[route])),
        }
        for label, route, row in PLACES
        if may.can_somewhere(row)
    ]
    return {"nav": nav, "who": may.actor(_home_school(may))}


def _home_school(may: Any) -> int | None:
    return next((h.school for h in may.held if h.school is not None), None)
