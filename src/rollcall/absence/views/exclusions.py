"""Suspensions and exclusions of a school's day: who, which school day, and whether other education is arranged."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.forms.activities import ReasonForm
from rollcall.absence.queries.exclusions import excluded
from rollcall.absence.views import desk
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.schools import actions as schools
from rollcall.schools.actions import Refused
from rollcall.schools.models import Exclusion
from rollcall.schools.queries.facts import LONDON


class ProvisionForm(forms.Form):
    """From when other education is provided; empty for none after all."""

    key = forms.CharField(max_length=40)
    begins = forms.DateField(required=False)


@dataclass(frozen=True)
class ExclusionAt(SchoolPlace):
    """An exclusion of an address."""

    held: Exclusion | None = None

    @property
    def exclusion(self) -> Exclusion:
        """The exclusion, its pupil with it."""
        assert self.held is not None
        return self.held


def exclusion_place(exclusion: int, **_: object) -> ExclusionAt:
    """The exclusion of an address, at its pupil's school; 404 for one that is not there."""
    rows = Exclusion.objects.select_related("enrolment__pupil", "enrolment__school")
    found = rows.filter(pk=exclusion).first()
    if found is None:
        raise Http404
    return ExclusionAt(found.enrolment.school_id, found=found.enrolment.school, held=found)


@allows("day:checks", place=school_place)
@never_cache
@require_GET
def exclusions(request: Request, school: str) -> HttpResponse:
    """Who is excluded now or will be."""
    place: SchoolPlace = request.place
    day = request.at.astimezone(LONDON).date()
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:exclusions"),
        "school": place.here,
        "day": day,
        "lines": excluded(place.facts, day),
        "may_edit": request.may.can("pupil:edit", place),
        "key": new_key(),
    }
    return render(request, "absence/exclusions.html", context)


@allows("pupil:edit", place=exclusion_place)
@never_cache
@require_POST
def exclusion_provision(request: Request, exclusion: int) -> HttpResponse:
    """Say from when other education is provided."""
    place: ExclusionAt = request.place
    form = ProvisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give the first day of the education that is provided.")
        return redirect("absence:exclusions", place.here.slug)
    begins = form.cleaned_data["begins"]
    key, by = f"{request.user.pk}-{form.cleaned_data['key']}-{exclusion}", request.may.actor(place.school)
    try:
        schools.arrange_provision(place.exclusion, begins=begins, by=by, at=request.at, key=key)
        words = f"taught elsewhere from {begins.day} {begins:%B}" if begins else "no provision"
        messages.success(request, f"{place.exclusion.enrolment.pupil}: {words}.")
    except AlreadyDone:
        pass
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("absence:exclusions", place.here.slug)


@allows("pupil:edit", place=exclusion_place)
@never_cache
@require_POST
def exclusion_off(request: Request, exclusion: int) -> HttpResponse:
    """Withdraw one that is cancelled or was recorded wrongly, with a reason."""
    place: ExclusionAt = request.place
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say why it is withdrawn, in a word or two.")
        return redirect("absence:exclusions", place.here.slug)
    key, by = f"{request.user.pk}-{form.cleaned_data['key']}-off-{exclusion}", request.may.actor(place.school)
    try:
        schools.withdraw_exclusion(place.exclusion, by=by, at=request.at, reason=form.cleaned_data["reason"], key=key)
        messages.success(request, f"Withdrawn: {place.exclusion.enrolment.pupil} is expected at school.")
    except AlreadyDone:
        pass
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("absence:exclusions", place.here.slug)
