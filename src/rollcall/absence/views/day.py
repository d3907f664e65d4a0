"""The day of a school on one page, live: what is done, due and late, and where every child is (A6-a)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.actions import day as actions
from rollcall.absence.queries import checks
from rollcall.absence.queries.day import day_page
from rollcall.absence.views import desk
from rollcall.absence.views.live import LivePlace, live_page, live_place
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.accounts.door import Request, allows
from rollcall.outbox.queries import to_see_to, trouble
from rollcall.registers.views.today import why_shut
from rollcall.schools.models import School
from rollcall.schools.queries import SchoolFacts

TONES = {"done": "good", "due": "waiting", "late": "attention", "ahead": "closed"}
RIGHTS = (
    "day:tick",
    "call:make",
    "alert:see",
    "word:log",
    "slip:fill",
    "day:on_site",
    "day:checks",
    "register:see",
    "register:decide",
    "outbox:see",
)
WORDS = {"done": "Done", "due": "Due", "late": "Late", "ahead": "Later"}


@allows("day:see")
@require_GET
def choose(request: Request) -> HttpResponse:
    """To the day of the one school that somebody has, or a choice of schools."""
    mine = request.may.schools("day:see")
    schools = School.objects.order_by("name")
    found = list(schools if mine is None else schools.filter(pk__in=mine))
    if len(found) == 1:
        return redirect("absence:day", found[0].slug)
    return render(request, "absence/choose.html", {"schools": found})


@allows("day:see", place=live_place)
@never_cache
@require_GET
def day(request: Request, school: str) -> HttpResponse:
    """The day's list and the numbers beside it; `?wall=1` for the screen on the wall."""
    place: LivePlace = request.place

    def frame() -> dict[str, Any]:
        return {
            "facts": place.facts,
            "school": place.facts.name,
            "day": request.at.date(),
            "tabs": desk.tabs(request.may, place.here, "absence:day"),
            "wall": request.GET.get("wall") == "1",
        }

    return live_page(
        request,
        "absence/day.html",
        "absence/_partials/day.html",
        lambda: _drawing(request),
        frame=frame,
        rights=RIGHTS,
    )


def _drawing(request: Request) -> Mapping[str, Any]:
    facts = request.place.facts
    today = request.at.date()
    if not facts.is_school_day(today):
        return {"facts": facts, "shut": why_shut(facts, None, today)}
    try:
        page = day_page(facts, request.at)
    except LookupError as missing:
        return {"facts": facts, "shut": str(missing.args[0])}
    steps = [(step, WORDS[step.state], TONES[step.state]) for step in page.steps]
    return {
        "facts": facts,
        "page": page,
        "passed": steps[: page.n_passed],
        "ahead": steps[page.n_passed :],
        "troubles": trouble(facts.school, request.at),
        "messages_waiting": to_see_to([facts.school]),
        "n_wrong": _n_wrong(facts, request.at),
        "n_wishes": page.n_wishes,
    }


def _n_wrong(facts: SchoolFacts, at: datetime) -> int:
    """How many things can't be right, looked for before the gate opens; later in the day there is no time for it."""
    return checks.count(facts, at.date(), at) if at < facts.moment(at.date(), facts.times_on(at.date()).gate) else 0


@allows("day:tick", place=school_place)
@require_POST
def tick(request: Request, school: str) -> HttpResponse:
    """Tick a line off, or take a tick back: `tick` is a step and its turn, `undo` a tick's row."""
    place: SchoolPlace = request.place
    who: dict[str, Any] = {"by": request.may.actor(place.school), "at": request.at}
    step, _, turn = request.POST.get("tick", "").rpartition(".")
    undo = request.POST.get("undo", "")
    try:
        if undo.isdecimal():
            actions.untick(place.facts, int(undo), **who)
        elif turn.isdecimal():
            actions.tick(place.facts, step, int(turn), **who)
    except ValueError as refused:
        messages.error(request, str(refused))
    return redirect("absence:day", school)
