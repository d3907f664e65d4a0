"""Facts of a pupil with a first and a last day: holds, part-time patterns, exclusions."""

from typing import Any

from django.http import HttpResponse

from rollcall.accounts.door import Request, allows
from rollcall.office.forms.asked import Until
from rollcall.office.forms.pupils import ExclusionForm, HoldForm, PartTimeForm
from rollcall.office.views.asking import ask
from rollcall.office.views.places import PupilPlace, of_hold, of_pattern, of_pupil
from rollcall.office.views.pupils import asking
from rollcall.schools import actions as schools
from rollcall.schools.actions.spans import pattern_of


@allows("pupil:edit", place=of_pupil)
def add_hold(request: Request, pupil: int) -> HttpResponse:
    """Hold all messages to a family for a time."""
    place: PupilPlace = request.place
    form = HoldForm(request.POST or None, initial={"begins": request.at.date()})
    about = "While it holds, nothing is sent to this pupil's family; what is due is shown as held."
    page = asking(place, f"Hold messages about {place.pupil}", "Hold messages", about)

    def do(given: dict[str, Any]) -> str:
        actor = request.may.actor(place.school)
        schools.hold(place.pupil, **given, by=actor, at=request.at, school=place.school)
        return "Messages are held."

    return ask(request, form, page, do)


@allows("pupil:edit", place=of_hold)
def end_hold(request: Request, pupil: int, hold: int) -> HttpResponse:
    """Let messages go again."""
    place: PupilPlace = request.place
    form = Until(request.POST or None, initial={"last_day": request.at.date()})

    def do(given: dict[str, Any]) -> str:
        schools.end_hold(place.of, **given, by=request.may.actor(place.school), at=request.at, school=place.school)
        return f"Messages are held until {given['last_day']:%-d %B %Y}."

    return ask(request, form, asking(place, f"End the hold: {place.of}", "End it"), do)


@allows("pupil:edit", place=of_pupil)
def add_part_time(request: Request, pupil: int) -> HttpResponse:
    """Say which sessions of a week a pupil does not attend."""
    place: PupilPlace = request.place
    form = PartTimeForm(request.POST or None, initial={"begins": request.at.date()})
    page = asking(place, f"Part-time pattern of {place.pupil}", "Save")

    def do(given: dict[str, Any]) -> str:
        away = pattern_of(given.pop("away"))
        schools.set_part_time(place.enrolment, away, **given, by=request.may.actor(place.school), at=request.at)
        return f"Not attended: {away}, until {given['ends']:%-d %B %Y}."

    return ask(request, form, page, do)


@allows("pupil:edit", place=of_pattern)
def end_part_time(request: Request, pupil: int, pattern: int) -> HttpResponse:
    """Let a part-time pattern end on another day."""
    place: PupilPlace = request.place
    form = Until(request.POST or None, initial={"last_day": request.at.date()})

    def do(given: dict[str, Any]) -> str:
        schools.end_part_time(place.of, **given, by=request.may.actor(place.school), at=request.at)
        return f"The pattern ends on {given['last_day']:%-d %B %Y}."

    return ask(request, form, asking(place, f"End the part-time pattern {place.of.away}", "End it"), do)


@allows("pupil:edit", place=of_pupil)
def add_exclusion(request: Request, pupil: int) -> HttpResponse:
    """Record a suspension or permanent exclusion."""
    place: PupilPlace = request.place
    form = ExclusionForm(request.POST or None, initial={"begins": request.at.date(), "permanent": "no"})
    page = asking(place, f"Suspension or exclusion of {place.pupil}", "Record it")

    def do(given: dict[str, Any]) -> str:
        made = schools.record_exclusion(place.enrolment, **given, by=request.may.actor(place.school), at=request.at)
        return f"{made}."

    return ask(request, form, page, do)
