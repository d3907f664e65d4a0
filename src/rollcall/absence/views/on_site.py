"""Pupils on site now, to be taken to an evacuation: live on the screen, and printed with its moment."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from rollcall.absence.queries.on_site import on_site as pupils_on_site
from rollcall.absence.views import desk
from rollcall.absence.views.live import LivePlace, live_page, live_place
from rollcall.accounts.door import Request, allows
from rollcall.registers.views.today import why_shut
from rollcall.rules.codes import MISSING
from rollcall.rules.whereabouts import Where


@allows("day:on_site", place=live_place)
@never_cache
@require_GET
def on_site(request: Request, school: str) -> HttpResponse:
    """The pupils of a school on its site now, by class; staff and visitors are not on it, and it says so."""
    place: LivePlace = request.place

    def frame() -> dict[str, Any]:
        return {
            "facts": place.facts,
            "school": place.facts.name,
            "tabs": desk.tabs(request.may, place.here, "absence:on_site"),
        }

    return live_page(
        request, "absence/on_site.html", "absence/_partials/on_site.html", lambda: _drawing(request), frame=frame
    )


def _drawing(request: Request) -> Mapping[str, Any]:
    facts, day = request.place.facts, request.at.date()
    try:
        found = pupils_on_site(facts, request.at)
    except LookupError as missing:
        return {"facts": facts, "trouble": str(missing.args[0])}
    marked = any(child.code != MISSING for room in found.rooms for child in room.children)
    shut = "" if facts.is_school_day(day) else why_shut(facts, None, day)
    return {"facts": facts, "found": found, "marked": marked, "shut": shut, "n_unknown": found.n(Where.UNKNOWN)}
