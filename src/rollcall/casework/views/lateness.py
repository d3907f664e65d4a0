"""Who is late again and again, the talk in person, and the warning in writing that a named person sends (A3-d)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions import punctuality as actions
from rollcall.casework.actions.letters import NotWritten
from rollcall.casework.forms.letters import RaiseForm
from rollcall.casework.queries.punctuality import LateLine, late_line, late_pupils, warning_of
from rollcall.casework.queries.written import Ready, preview_letter
from rollcall.casework.views import desk
from rollcall.casework.views.places import PupilPlace, SchoolPlace, pupil_place, school_place
from rollcall.journal.actions import new_key


@allows("letter:see", place=school_place)
def punctuality(request: Request, school: str) -> HttpResponse:
    """Who is late so often that something is due, with the working."""
    place: SchoolPlace = request.place
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:letters"),
        "settings": place.facts.policy_on(request.at.date()).punctuality,
        "lines": late_pupils(place.here.pk, request.at),
        "may_send": request.may.can("letter:send", place),
        "may_raise": request.may.can("meeting:plan", place),
    }
    return render(request, "casework/punctuality.html", context)


@allows("meeting:plan", place=pupil_place)
def raise_talk(request: Request, pupil: int) -> HttpResponse:
    """Write down that lateness was raised with a parent in person."""
    place: PupilPlace = request.place
    form = RaiseForm(request.POST or None, initial={"key": new_key(), "day": request.at.date()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.raise_in_person(
                pupil, school=place.here.pk, by=request.may.actor(place.school), at=request.at, **given
            )
            messages.success(request, "Written down. If it goes on, a warning in writing can follow.")
            return redirect("casework:pupil", pupil=pupil)
        except actions.NotRaised as refusal:
            form.add_error(None, str(refusal))
    context = {
        "pupil": place.enrolment.pupil,
        "school": place.here,
        "form": form,
        "breadcrumbs": [("Casework", reverse("casework:pupil", args=[pupil]))],
        "back": reverse("casework:pupil", args=[pupil]),
    }
    return render(request, "casework/raise.html", context, status=422 if form.is_bound else 200)


@allows("letter:send", place=pupil_place)
def warn(request: Request, pupil: int) -> HttpResponse:
    """The warning exactly as it goes, with the marks that it counts; sent on a press."""
    place: PupilPlace = request.place
    refusal, back = "", reverse("casework:punctuality", args=[place.here.slug])
    by = request.may.actor(place.school)
    if request.method == "POST":
        try:
            actions.warn(pupil, school=place.here.pk, by=by, at=request.at, key=request.POST.get("key", ""))
            messages.success(request, "The warning is on the way.")
            return redirect(back)
        except NotWritten as error:
            refusal = str(error)
    line = late_line(place.here.pk, pupil, request.at)
    ready = _warning(request, line) if line and line.lateness.what == "warn" else None
    context = {
        "pupil": place.enrolment.pupil,
        "school": place.here,
        "line": line,
        "ready": ready,
        "refusal": refusal or ("" if ready else "A warning is not due."),
        "key": new_key(),
        "back": back,
        "breadcrumbs": [("Late again and again", back)],
    }
    return render(request, "casework/warn.html", context, status=422 if refusal else 200)


def _warning(request: Request, line: LateLine) -> Ready | None:
    place: PupilPlace = request.place
    settings, by = place.facts.policy_on(request.at.date()).punctuality, request.may.actor(place.school)
    if settings is None:
        return None
    more, rests_on = warning_of(line)
    return preview_letter(
        line.seat.pupil,
        settings.letter,
        more,
        school=place.here.pk,
        signed=(by.name, by.position),
        at=request.at,
        rests_on=rests_on,
    )
