"""Saving as it goes, for the page's script: marks in, what became of each of them out.

200 says what is saved; 409 what somebody else changed meanwhile; 422 what can't be true; 401 that nobody, or somebody
else, is signed in now; 503 that the database could not be written. Nothing is written unless the answer is 200.
"""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rollcall.accounts.door import Request, allows
from rollcall.accounts.templatetags.words import clock
from rollcall.registers import actions
from rollcall.registers.actions import NewMark, NotSaved, Saved
from rollcall.registers.forms import Save, Unreadable, read_save
from rollcall.registers.queries.history import last_entries
from rollcall.registers.queries.standing import was_in
from rollcall.registers.views.answers import or_not_written
from rollcall.registers.views.places import ClassPlace, session_place
from rollcall.rules.codes import MISSING
from rollcall.rules.sessions import Half

SOMEBODY_ELSE = (
    "Somebody else is signed in on this device now, so nothing was saved under their name. Sign in yourself."
)


@allows("register:take", place=session_place)
@never_cache
@require_POST
@or_not_written
def save(request: Request, school_class: int, day: Any, half: Half) -> JsonResponse:
    """Save some marks of a register, all or none."""
    try:
        sent = read_save(request.body)
    except Unreadable as unreadable:
        return JsonResponse({"error": str(unreadable)}, status=400)
    if sent.user not in (None, request.user.pk):
        return JsonResponse({"error": SOMEBODY_ELSE, "other": True}, status=401)
    try:
        saved = write(request, day, half, sent)
    except NotSaved as refused:
        return _not_saved(refused, day, half)
    return JsonResponse({"at": clock(request.at), "written": saved.written, "repeated": saved.repeated})


@allows("register:amend", place=session_place)
@never_cache
@require_http_methods(["GET", "POST"])
@or_not_written
def amend(request: Request, school_class: int, day: Any, half: Half) -> HttpResponse:
    """Amend marks of any session, with a reason, open or closed; opened as a page it is the register itself."""
    if request.method == "GET":
        return redirect("registers:register", school_class, day, half)
    try:
        sent = read_save(request.body)
        actions.amend_marks(request.place.room, day, half, sent.marks, reason=sent.reason, **_given(request, sent))
    except Unreadable as unreadable:
        return JsonResponse({"error": str(unreadable)}, status=400)
    except NotSaved as refused:
        return _not_saved(refused, day, half)
    return JsonResponse({"at": clock(request.at)})


def write(request: Request, day: Any, half: Half, sent: Save) -> Saved:
    """Record marks, or amend them where the register is past changing and the person may. Raises NotSaved."""
    place: ClassPlace = request.place
    given = _given(request, sent)
    if _amends(request, day, half, sent.marks):
        return actions.amend_marks(place.room, day, half, sent.marks, reason=sent.reason, **given)
    return actions.record_marks(place.room, day, half, sent.marks, **given)


def _given(request: Request, sent: Save) -> dict[str, Any]:
    place: ClassPlace = request.place
    return {
        "by": request.may.actor(place.school),
        "at": request.at,
        "key": f"{request.user.pk}-{sent.key}",
        "facts": place.facts,
        "may_decide": request.may.can("mark:decide", place),
    }


def _amends(request: Request, day: Any, half: Half, marks: list[NewMark]) -> bool:
    """Whether this needs the office's way: closed, and a mark stood, or the register was in, or the day is past."""
    place: ClassPlace = request.place
    facts = place.facts
    if request.at < facts.moment(day, facts.times_on(day).closes(half)):
        return False
    if not request.may.can("register:amend", place):
        return False
    stood = any(mark.seen not in (None, MISSING) for mark in marks)
    return stood or day < request.at.date() or was_in(place.room.pk, day, half)


def _not_saved(refused: NotSaved, day: Any, half: Half) -> JsonResponse:
    last = last_entries(refused.changed, day, half) if refused.changed else {}
    changed = {
        enrolment: {"code": code, "by": last[enrolment].who, "at": clock(localtime(last[enrolment].at))}
        if enrolment in last
        else {"code": code, "by": "", "at": ""}
        for enrolment, code in refused.changed.items()
    }
    answer = {"error": str(refused), "whole": refused.whole, "refused": refused.refused, "changed": changed}
    return JsonResponse(answer, status=409 if refused.changed and not refused.refused else 422)
