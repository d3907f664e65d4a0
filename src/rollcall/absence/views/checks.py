"""What can't be right at a school, listed with where it is mended, for the half-hour before the gate opens."""

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from rollcall.absence.queries.checks import KINDS, Finding, findings
from rollcall.absence.views import desk
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.accounts.door import Request, allows

MOST = 60
"""How many of a kind the page shows; the first are mended first, and the next come up."""


class Shown(NamedTuple):
    """A finding with the address of its mending, for whoever may go there."""

    finding: Finding
    url: str


@allows("day:checks", place=school_place)
@never_cache
@require_GET
def checks(request: Request, school: str) -> HttpResponse:
    """Everything that can't be right now, kind by kind."""
    place: SchoolPlace = request.place
    day = request.at.date()
    found = findings(place.facts, day, request.at)
    by_kind = {kind: [one for one in found if one.kind == kind] for kind in KINDS}
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:checks"),
        "school": place.here,
        "day": day,
        "n": len(found),
        "kinds": [_kind(request, kind, some) for kind, some in by_kind.items() if some],
        "sound": [KINDS[kind] for kind, some in by_kind.items() if not some],
    }
    return render(request, "absence/checks.html", context)


class Kind(NamedTuple):
    """One kind with its heading, how many there are, and those that are shown."""

    kind: str
    words: str
    n: int
    lines: list[Shown]

    @property
    def n_more(self) -> int:
        """How many are not shown yet."""
        return self.n - len(self.lines)


def _kind(request: Request, kind: str, found: list[Finding]) -> Kind:
    return Kind(kind, KINDS[kind], len(found), [_shown(request, one) for one in found[:MOST]])


def _shown(request: Request, found: Finding) -> Shown:
    may = request.may.can(found.row, request.place)
    args = [arg.lower() if arg in ("AM", "PM") else arg for arg in found.args]
    return Shown(found, reverse(found.route, args=args) if may else "")
