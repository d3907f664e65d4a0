"""Handing a register in: by the page's script, or with the form; now, or as it was taken on paper earlier."""

from datetime import date, datetime

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Request, allows
from rollcall.accounts.templatetags.words import clock
from rollcall.journal.actions import new_key
from rollcall.registers import actions
from rollcall.registers.actions import NotSaved
from rollcall.registers.forms import PaperTimeForm, Unreadable, read_key
from rollcall.registers.views.answers import or_not_written
from rollcall.registers.views.places import ClassPlace, session_place
from rollcall.registers.views.saving import SOMEBODY_ELSE
from rollcall.rules.sessions import Half


@allows("register:take", place=session_place)
@never_cache
@require_POST
@or_not_written
def submit(request: Request, school_class: int, day: date, half: Half) -> JsonResponse:
    """Hand a register in, for the page's script: `{key, user, taken_at}`."""
    try:
        key, sent = read_key(request.body)
    except Unreadable as unreadable:
        return JsonResponse({"error": str(unreadable)}, status=400)
    if sent.get("user") not in (None, request.user.pk):
        return JsonResponse({"error": SOMEBODY_ELSE, "other": True}, status=401)
    form = PaperTimeForm({"taken_at": sent.get("taken_at", "")})
    if not form.is_valid():
        return JsonResponse({"error": form.errors["taken_at"][0]}, status=422)
    try:
        at = hand_in(request, day, half, key, form.moment(day, request.at))
    except NotSaved as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return JsonResponse({"at": at})


def hand_in_form(request: Request, day: date, half: Half) -> str:
    """Hand in by the form; the sentence that says why not, or nothing."""
    form = PaperTimeForm(request.POST)
    if not form.is_valid():
        return str(form.errors["taken_at"][0])
    try:
        hand_in(request, day, half, request.POST.get("key", "")[:32] or new_key(), form.moment(day, request.at))
    except NotSaved as refused:
        return str(refused)
    return ""


def hand_in(request: Request, day: date, half: Half, key: str, taken_at: datetime | None) -> str:
    """Hand the register in and say when it was. Raises NotSaved where somebody has no mark."""
    place: ClassPlace = request.place
    done = actions.submit_register(
        place.room,
        day,
        half,
        by=request.may.actor(place.school),
        at=request.at,
        key=f"{request.user.pk}-{key}-in",
        taken_at=taken_at,
    )
    return clock(done.deed.at.astimezone(request.at.tzinfo))
