"""Trips and activities in a list, and planning one for a group at once (V, P, B, W, J, D)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from rollcall.absence.actions import activities as actions
from rollcall.absence.actions.activities import NotPlanned
from rollcall.absence.forms.activities import ActivityForm, Classes
from rollcall.absence.models import Activity
from rollcall.absence.queries import activities as queries
from rollcall.absence.views import desk
from rollcall.absence.views.places import SchoolPlace, classes_place
from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Request, allows
from rollcall.accounts.queries import Place
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.rules.activities import activity_codes
from rollcall.schools.models import Enrolment
from rollcall.schools.queries.facts import LONDON


@allows("activity:confirm", place=classes_place)
@never_cache
@require_GET
def activities(request: Request, school: str) -> HttpResponse:
    """What is on today, and what lies ahead; what is past is folded."""
    place: SchoolPlace = request.place
    day = request.at.astimezone(LONDON).date()
    now = place.facts.session_now(request.at)
    whole = request.may.can("activity:confirm", Place(place.school))
    classes = None if whole else request.may.classes("activity:confirm")
    found = queries.activities_of(place.facts, day, now[1] if now else None, classes, request.may.user_id)
    stands = [one for one in found if not one.called_off]
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:activities"),
        "school": place.here,
        "day": day,
        "today": [one for one in stands if one.is_on(day)],
        "ahead": [one for one in stands if one.first[0] > day],
        "past": [one for one in found if one.called_off or one.last[0] < day],
        "may_set": request.may.can("activity:set", place),
    }
    return render(request, "absence/activities.html", context)


@allows("activity:set", place=classes_place)
@never_cache
@require_http_methods(["GET", "POST"])
def activity_add(request: Request, school: str) -> HttpResponse:
    """Plan one."""
    place: SchoolPlace = request.place
    day = request.at.astimezone(LONDON).date()
    form = ActivityForm(
        request.POST or None,
        codes=activity_codes(place.facts.edition_on(day)).items(),
        staff=queries.staff_of(place.here.pk, day),
        classes=classes_of(request, place, day),
        initial={"key": new_key(), "first_day": day, "code": "V"} | _copied(request, place),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _planned(request, place, form)
        except NotPlanned as refused:
            form.add_error(refused.about if refused.about in form.fields else None, str(refused))
        except AlreadyDone:
            return redirect("absence:activities", school)
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:activities"),
        "school": place.here,
        "form": form,
    }
    return render(request, "absence/activity_add.html", context)


def _planned(request: Request, place: SchoolPlace, form: ActivityForm) -> HttpResponse:
    """Plan what the form says; say who was left out."""
    wanted = Enrolment.objects.select_related("pupil").filter(pk__in=form.children(), school=place.here)
    key = f"{request.user.pk}-{form.cleaned_data['key']}"
    by = request.may.actor(place.school)
    made = actions.plan_activity(place.here, form.plan(), list(wanted), by=by, at=request.at, key=key)
    for words in made.left_out.values():
        messages.warning(request, words)
    weeks = f", in {len(made.activities)} weeks" if len(made.activities) > 1 else ""
    n = len(wanted) - len(made.left_out)
    messages.success(request, f"{form.cleaned_data['title']} is planned for {n} child{'' if n == 1 else 'ren'}{weeks}.")
    return redirect("absence:activity", made.activities[0].pk)


def classes_of(request: Request, place: SchoolPlace, day: date) -> Classes:
    """The classes whose children somebody may send along: a teacher's own."""
    found = queries.classes_with_children(place.here.pk, day)
    return [one for one in found if request.may.can("activity:set", Place(place.school, frozenset({one[0]})))]


def _copied(request: Request, place: SchoolPlace) -> dict[str, Any]:
    """What an earlier activity fills the form with: all but its days."""
    found = Activity.objects.filter(pk=row_asked(request.GET.get("copy", "")), school=place.here).first()
    if found is None:
        return {}
    places = found.places.filter(expectation__withdrawn__isnull=True)
    return {
        "title": found.title,
        "code": found.code,
        "leader": str(found.leader_id or ""),
        "leader_name": "" if found.leader_id else found.leader_name,
        "phone": found.phone,
        "first_half": found.first_half,
        "last_half": found.last_half,
        "go": list(places.values_list("expectation__enrolment_id", flat=True)),
    }
