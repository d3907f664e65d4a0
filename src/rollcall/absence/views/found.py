"""Saying where children are who were missing when the school closed, from the call list; and taking it back."""

import contextlib

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from rollcall.absence.actions.barred import Stopped
from rollcall.absence.actions.found import say_where, withdraw_found
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.models import Found
from rollcall.absence.queries.accounted import not_accounted
from rollcall.absence.queries.calls import is_followed
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.absence.views.stopped import OTHERWISE, stopped_page
from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.rules.words import counted


@allows("call:make", place=school_place)
@never_cache
@require_POST
def found(request: Request, school: str) -> HttpResponse:
    """One child, or all of a class that nobody had marked: the button pressed says whom."""
    place: SchoolPlace = request.place
    if undone := row_asked(request.POST.get("undo", "")):
        return _undo(request, place, undone)
    child, room = row_asked(request.POST.get("child", "")), row_asked(request.POST.get("room", ""))
    whom = [child] if child else _children_of(place, room or 0, request)
    words = request.POST.get(f"where-{child}" if child else f"where-room-{room}", "")[:200]
    key = f"{request.user.pk}-{request.POST.get('key', '')[:40] or new_key()}-{child or f'room-{room}'}"
    try:
        otherwise, by = request.POST.get(OTHERWISE, "")[:300], request.may.actor(place.school)
        made = say_where(place.facts, whom, words, by=by, at=request.at, key=key, otherwise=otherwise)
        messages.success(request, f"{counted(len(made), 'child,children')} accounted for.")
    except AlreadyDone:
        pass
    except Stopped as stopped:
        return stopped_page(request, place.here, place, stopped, reverse("absence:calls", args=[school]))
    except NotLogged as refused:
        messages.error(request, str(refused))
    return redirect("absence:calls", school)


def _children_of(place: SchoolPlace, room: int, request: Request) -> list[int]:
    """The children who stand behind a class's line: those at risk have rows of their own."""
    missing = not_accounted(place.facts, request.at.date(), request.at)
    return [one.standing.enrolment for one in missing if one.standing.school_class == room and not is_followed(one)]


def _undo(request: Request, place: SchoolPlace, pk: int) -> HttpResponse:
    row = Found.objects.select_related("enrolment__pupil").filter(pk=pk, enrolment__school=place.here.pk).first()
    if row is None or row.day != request.at.date():
        raise Http404
    with contextlib.suppress(AlreadyDone):
        withdraw_found(row, by=request.may.actor(place.school), at=request.at, key=f"not-found-{row.pk}")
    messages.success(request, f"{row.enrolment.pupil}: looked for again.")
    return redirect("absence:calls", place.here.slug)
