"""Closing the school from its day: now, whole or part, with its ground; one press opens it again (4.1-d)."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rollcall.absence.actions.closures import close_now, open_again
from rollcall.absence.forms.closures import CloseForm
from rollcall.absence.queries.accounted import open_count
from rollcall.absence.queries.closures import closures_from, rooms_of
from rollcall.absence.views import desk
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.rules.words import counted
from rollcall.schools.actions import Refused
from rollcall.schools.models import Closure
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class ClosureAt(SchoolPlace):
    """A closure of an address."""

    closed: Closure | None = None

    @property
    def closure(self) -> Closure:
        """The closure."""
        assert self.closed is not None
        return self.closed


def closure_place(closure: int, **_: object) -> ClosureAt:
    """The closure of an address; 404 for one that is not there."""
    found = Closure.objects.select_related("school").filter(pk=closure).first()
    if found is None:
        raise Http404
    return ClosureAt(found.school_id, found=found.school, closed=found)


@allows("closure:set", place=school_place)
@never_cache
@require_http_methods(["GET", "POST"])
def closures(request: Request, school: str) -> HttpResponse:
    """What is closed, and closing now."""
    place: SchoolPlace = request.place
    day = request.at.astimezone(LONDON).date()
    rooms = rooms_of(place.here.pk, day)
    now = place.facts.session_now(request.at)
    initial = {"key": new_key(), "half": "PM" if now and now[1] == "PM" else "", "why": "site"}
    form = CloseForm(request.POST or None, classes=[(one.pk, one.name) for one in rooms], initial=initial)
    if request.method == "POST" and form.is_valid():
        return _close(request, place, form)
    found = closures_from(place.facts, day)
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:closures"),
        "school": place.here,
        "day": day,
        "form": form,
        "today": [one for one in found if one.is_on(day)],
        "ahead": [one for one in found if one.first > day],
        "key": new_key(),
    }
    return render(request, "absence/closures.html", context)


def _close(request: Request, place: SchoolPlace, form: CloseForm) -> HttpResponse:
    given = dict(form.cleaned_data)
    day, ticked = request.at.astimezone(LONDON).date(), given.pop("classes")
    chosen = [one for one in rooms_of(place.here.pk, day) if one.pk in ticked]
    key, by = f"{request.user.pk}-{given.pop('key')}", request.may.actor(place.school)
    try:
        close_now(place.here, day, **given, classes=chosen, by=by, at=request.at, key=key)
        whom = ", ".join(one.name for one in chosen) or str(place.here)
        messages.success(request, f"Closed: {whom}. No register is asked for, and every mark stays beneath.")
        if n := open_count(place.here.pk, day, request.at):
            said = f"{counted(n, 'child is,children are')} not accounted for, and not found by closing"
            messages.warning(request, f"{said}: the call list has them until somebody says where they are.")
    except AlreadyDone:
        pass
    return redirect("absence:closures", place.here.slug)


@allows("closure:set", place=closure_place)
@never_cache
@require_POST
def closure_lift(request: Request, closure: int) -> HttpResponse:
    """Open again."""
    place: ClosureAt = request.place
    key = f"{request.user.pk}-{request.POST.get('key', '')[:40] or new_key()}-lift-{place.closure.pk}"
    try:
        open_again(place.closure, by=request.may.actor(place.school), at=request.at, key=key)
        messages.success(request, "Open again: the marks beneath show, and registers are asked for.")
    except AlreadyDone:
        pass
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("absence:closures", place.here.slug)
