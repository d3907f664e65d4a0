"""Alerts: who must know now, acknowledged by one tap; and how oneself is told (4.5-a)."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rollcall.absence.actions import alerts as actions
from rollcall.absence.actions.reaching import choose_reach
from rollcall.absence.forms.calls import ReachForm, WordsForm
from rollcall.absence.models import Alert, Reach
from rollcall.absence.queries import reserved
from rollcall.absence.queries.alerts import alerts_of_school
from rollcall.absence.views import desk
from rollcall.absence.views.live import LivePlace, live_page, live_place
from rollcall.absence.views.places import RowPlace, row_place
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.outbox.queries import channels
from rollcall.schools.models import Person

alert_place = row_place(Alert)


@allows("alert:see", place=live_place)
@never_cache
@require_GET
def alerts(request: Request, school: str) -> HttpResponse:
    """The alerts of the day, live, what nobody has acknowledged first."""
    place: LivePlace = request.place
    facts = place.facts

    def frame() -> dict[str, Any]:
        tabs = desk.tabs(request.may, place.here, "absence:alerts")
        return {"facts": facts, "school": facts.name, "day": request.at.date(), "tabs": tabs, "key": new_key()}

    def draw() -> Mapping[str, Any]:
        sees = request.may.can(reserved.ROW, place)
        found = [one for one in alerts_of_school(facts, request.at) if sees or not one.is_sensitive]
        return {
            "facts": facts,
            "open": [one for one in found if one.is_open],
            "done": [one for one in found if not one.is_open],
            "day": request.at.date(),
        }

    rights = ("alert:acknowledge", "call:make", "register:see", reserved.ROW)
    return live_page(request, "absence/alerts.html", "absence/_partials/alerts.html", draw, frame=frame, rights=rights)


def _check_seen(request: Request, place: RowPlace[Alert]) -> None:
    """An alert that somebody may not know of is not there for them."""
    if place.row.kind in reserved.KINDS and not request.may.can(reserved.ROW, place):
        raise Http404


@allows("alert:acknowledge", place=alert_place)
@never_cache
@require_POST
def acknowledge(request: Request, alert: int) -> HttpResponse:
    """One tap: seen, and taken on."""
    place: RowPlace[Alert] = request.place
    _check_seen(request, place)
    who: dict[str, Any] = {"by": request.may.actor(place.school), "at": request.at}
    try:
        first = actions.acknowledge(place.row, key=f"ack-{alert}-{request.user.pk}", **who)
    except AlreadyDone:
        first = True
    said = "acknowledged" if first else "somebody acknowledged it before you"
    messages.success(request, f"{place.row.about}: {said}.")
    return redirect("absence:alerts", place.here.slug)


@allows("alert:acknowledge", place=alert_place)
@never_cache
@require_POST
def close(request: Request, alert: int) -> HttpResponse:
    """Say what was done about an alert that does not end by itself, such as that the social worker was told."""
    place: RowPlace[Alert] = request.place
    _check_seen(request, place)
    form = WordsForm(request.POST)
    if form.is_valid():
        key = f"{request.user.pk}-{form.cleaned_data['key']}"
        who: dict[str, Any] = {"by": request.may.actor(place.school), "at": request.at, "key": key}
        try:
            actions.close(place.row, because=form.cleaned_data["words"], **who)
            messages.success(request, f"{place.row.about}: recorded.")
        except AlreadyDone:
            pass
        except ValueError as refused:
            messages.error(request, str(refused))
    return redirect("absence:alerts", place.here.slug)


@allows("reach:set")
@never_cache
@require_http_methods(["GET", "POST"])
def reach(request: Request) -> HttpResponse:
    """How oneself is told of an alert."""
    person = Person.objects.filter(user=request.user.pk).first()
    if person is None:
        raise Http404
    chosen = Reach.objects.filter(person=person).first()
    first = {"key": new_key(), "by_email": chosen is None or chosen.by_email}
    if chosen:
        first |= {"by_text": chosen.by_text, "mobile": chosen.mobile}
    form = ReachForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid() and _chosen(request, person, form):
        messages.success(request, "Kept: this is how you are told of an alert.")
        return redirect("absence:reach")
    context = {"form": form, "texts": "text" in channels()}
    return render(request, "absence/reach.html", context, status=422 if form.errors else 200)


def _chosen(request: Request, person: Person, form: ReachForm) -> bool:
    told = {name: form.cleaned_data[name] for name in ("by_email", "by_text", "mobile")}
    key = f"{request.user.pk}-{form.cleaned_data['key']}"
    try:
        choose_reach(person, **told, by=request.may.actor(), at=request.at, key=key)
    except AlreadyDone:
        return True
    except ValueError as refused:
        form.add_error("mobile" if form.cleaned_data["by_text"] else None, str(refused))
        return False
    return True
