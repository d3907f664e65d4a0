"""The friendly calls at the end of the day: a list with the reason and tomorrow's plan, and its log (A6-d)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.actions.barred import Stopped
from rollcall.absence.actions.friendly import log_friendly_call
from rollcall.absence.models import FriendlyCall
from rollcall.absence.queries.friendly import Friendly, friendly_list
from rollcall.absence.views import desk
from rollcall.absence.views.places import PupilPlace, SchoolPlace, classes_place, enrolment_place
from rollcall.absence.views.stopped import stopped_page
from rollcall.accounts.door import Request, allows
from rollcall.accounts.queries import Place
from rollcall.journal.actions import AlreadyDone, new_key


class CallForm(forms.Form):
    """One call as it is logged: the button pressed is the outcome."""

    key = forms.CharField(max_length=60)
    outcome = forms.ChoiceField(
        choices=FriendlyCall.OUTCOMES, error_messages={"required": "Say what came of the call."}
    )
    spoke_to = forms.CharField(max_length=120, required=False)
    words = forms.CharField(max_length=300, required=False)
    tomorrow = forms.CharField(max_length=200, required=False)
    otherwise = forms.CharField(max_length=300, required=False)
    back_on = forms.DateField(required=False, error_messages={"invalid": "Give the day they are back as a date."})


@allows("friendly:log", place=classes_place)
@never_cache
@require_GET
def friendly(request: Request, school: str) -> HttpResponse:
    """Who was away today, and whom to call: a teacher sees their own classes."""
    place: SchoolPlace = request.place
    whole = request.may.can("friendly:log", Place(place.school))
    classes = None if whole else request.may.classes("friendly:log")
    day = request.at.date()
    found = friendly_list(place.facts, day, request.at, classes)
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:friendly"),
        "school": place.here,
        "day": day,
        "from_time": place.facts.policy_on(day).school(place.here.slug).friendly_call.value,
        "rooms": _by_class(found),
        "half": found.half,
        "n": len(found.away),
        "n_left": sum(not one.is_done for one in found.away),
        "n_not_marked": found.n_not_marked,
    }
    return render(request, "absence/friendly.html", context)


def _by_class(found: Friendly) -> list[dict[str, Any]]:
    """Each class by name, with its calls and whoever is not marked in it."""
    rooms: dict[str, dict[str, Any]] = {}
    for one in found.away:
        rooms.setdefault(one.class_name, {"lines": []})["lines"].append({"away": one, "key": new_key()})
    for left in found.not_marked:
        rooms.setdefault(left.class_name, {})["not_marked"] = left
    return [{"name": name, **rooms[name]} for name in sorted(rooms)]


@allows("friendly:log", place=enrolment_place)
@never_cache
@require_POST
def log(request: Request, enrolment: int) -> HttpResponse:
    """Log one call; what can't be read is said, and nothing is kept of it."""
    place: PupilPlace = request.place
    back = redirect(f"{reverse('absence:friendly', args=[place.here.slug])}#call-{enrolment}")
    form = CallForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"{place.enrolment.pupil}: {_first(form)}")
        return back
    told = {name: value for name, value in form.cleaned_data.items() if name not in ("key", "outcome")}
    key = f"{request.user.pk}-{form.cleaned_data['key']}"
    by = request.may.actor(place.school)
    try:
        log_friendly_call(
            place.enrolment, request.at.date(), form.cleaned_data["outcome"], by=by, at=request.at, key=key, **told
        )
    except AlreadyDone:
        pass
    except Stopped as stopped:
        return stopped_page(request, place.here, place, stopped, back["Location"])
    except ValueError as refused:
        messages.error(request, f"{place.enrolment.pupil}: {refused}")
        return back
    messages.success(request, f"Logged: the call about {place.enrolment.pupil}.")
    return back


def _first(form: forms.Form) -> str:
    return next((str(error) for errors in form.errors.values() for error in errors), "say what came of the call.")
