"""Signing a child out and back in: two letters, who collects, why; somebody barred is stopped loudly (4.4-c)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.actions import outings as actions
from rollcall.absence.actions.barred import Stopped
from rollcall.absence.actions.outings import Leaving, NotSigned
from rollcall.absence.forms.fields import TIMES
from rollcall.absence.models import Outing
from rollcall.absence.queries.finding import children_called
from rollcall.absence.queries.outings import outings_of
from rollcall.absence.views import desk
from rollcall.absence.views.places import PupilPlace, SchoolPlace, enrolment_place, place_of, school_place
from rollcall.absence.views.stopped import stopped_page
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.schools.models import PupilContact
from rollcall.schools.queries.families import contacts_of_all


class OutForm(forms.Form):
    """A signing out as it is typed: the button pressed is the reason."""

    key = forms.CharField(max_length=60)
    reason = forms.CharField(max_length=40, error_messages={"required": "Choose why they leave."})
    link = forms.IntegerField(required=False)
    collector = forms.CharField(max_length=120, required=False)
    words = forms.CharField(max_length=200, required=False)
    back_due = forms.TimeField(
        required=False, input_formats=TIMES, error_messages={"invalid": "Give the time they come back as 12.30."}
    )
    otherwise = forms.CharField(max_length=300, required=False)


@dataclass(frozen=True)
class OutingPlace(PupilPlace):
    """A signing out of an address."""

    signed: Outing | None = None

    @property
    def outing(self) -> Outing:
        """The signing out."""
        assert self.signed is not None
        return self.signed


def outing_place(outing: int, at: datetime, **_: object) -> OutingPlace:
    """The signing out of an address, where its pupil is; 404 for one that is not there."""
    found = Outing.objects.select_related("enrolment__pupil", "enrolment__school").filter(pk=outing).first()
    if found is None:
        raise Http404
    here = place_of(found.enrolment, at.date())
    return OutingPlace(here.school, here.classes, found=here.found, enrolled=here.enrolled, signed=found)


@allows("outing:sign", place=school_place)
@never_cache
@require_GET
def out(request: Request, school: str) -> HttpResponse:
    """Who is out now, and finding the child who goes."""
    place: SchoolPlace = request.place
    day, words = request.at.date(), request.GET.get("q", "").strip()[:60]
    seats = children_called(place.here.pk, words, day)
    contacts = contacts_of_all([seat.pupil for seat in seats])
    context: dict[str, Any] = {
        "tabs": desk.tabs(request.may, place.here, "absence:out"),
        "school": place.here,
        "day": day,
        "q": words,
        "children": [(seat, contacts[seat.pupil], new_key()) for seat in seats],
        "reasons": [reason for reason in place.facts.policy_on(day).reasons if "leaving" in reason.asked],
        "outings": [(line, new_key()) for line in outings_of(place.facts, day)],
    }
    return render(request, "absence/out.html", context)


@allows("outing:sign", place=enrolment_place)
@never_cache
@require_POST
def sign_out(request: Request, enrolment: int) -> HttpResponse:
    """Sign a child out."""
    place: PupilPlace = request.place
    back = redirect("absence:out", place.here.slug)
    form = OutForm(request.POST)
    if not form.is_valid():
        said = next(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, f"{place.enrolment.pupil}: {said}")
        return back
    told = dict(form.cleaned_data)
    key = f"{request.user.pk}-{told.pop('key')}"
    try:
        by = request.may.actor(place.school)
        actions.sign_out(place.enrolment, Leaving(**told), by=by, at=request.at, key=key)
    except AlreadyDone:
        return back
    except Stopped as stopped:
        return stopped_page(request, place.here, place, stopped, reverse("absence:out", args=[place.here.slug]))
    except NotSigned as refused:
        messages.error(request, f"{place.enrolment.pupil}: {refused}")
        return back
    messages.success(request, f"{place.enrolment.pupil} is signed out.")
    return back


@allows("outing:sign", place=enrolment_place)
@never_cache
@require_POST
def stop(request: Request, enrolment: int, link: int) -> HttpResponse:
    """Somebody barred stands there: raise the alarm, and say what to do."""
    place: PupilPlace = request.place
    contact = PupilContact.objects.filter(pk=link, pupil=place.enrolment.pupil_id, barred=True).first()
    if contact is None:
        raise Http404
    stops = actions.stop_collector(place.enrolment, contact, by=request.may.actor(place.school), at=request.at)
    stopped = Stopped("Do not release.", stops, may_be_else=False)
    return stopped_page(request, place.here, place, stopped, reverse("absence:out", args=[place.here.slug]))


@allows("outing:sign", place=outing_place)
@never_cache
@require_POST
def back(request: Request, outing: int) -> HttpResponse:
    """Sign a child back in."""
    place: OutingPlace = request.place
    key = f"{request.user.pk}-{request.POST.get('key') or new_key()}"
    try:
        actions.sign_in(place.outing, by=request.may.actor(place.school), at=request.at, key=key)
        messages.success(request, f"{place.enrolment.pupil} is back.")
    except AlreadyDone:
        pass
    except NotSigned as refused:
        messages.error(request, str(refused))
    return redirect("absence:out", place.here.slug)


@allows("outing:sign", place=outing_place)
@never_cache
@require_POST
def undo(request: Request, outing: int) -> HttpResponse:
    """Undo a signing out."""
    place: OutingPlace = request.place
    key = f"{request.user.pk}-{request.POST.get('key') or new_key()}"
    by, reason = request.may.actor(place.school), request.POST.get("reason", "").strip() or "Signed out by mistake"
    try:
        actions.undo_outing(place.outing, by=by, at=request.at, reason=reason, key=key)
        messages.success(request, f"Undone: {place.enrolment.pupil} was not signed out.")
    except AlreadyDone:
        pass
    except NotSigned as refused:
        messages.error(request, str(refused))
    return redirect("absence:out", place.here.slug)
