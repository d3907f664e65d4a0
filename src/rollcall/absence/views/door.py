"""The screen by the door: a family finds the child, picks a reason, and waits for an adult (A2-a).

Its browser holds a secret that opens these pages alone; nobody is signed in there, and each page goes blank by itself.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rollcall.absence.actions import door as actions
from rollcall.absence.actions.slips import NotFilled, wait_for_adult
from rollcall.absence.models import Device
from rollcall.absence.queries.door import children, classes_of, devices_of
from rollcall.absence.views import desk
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Request, allows, public
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.rules.policy import parts
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of

COOKIE = "rollcall-door"
SALT = "rollcall.door"
KEPT = 60 * 60 * 24 * 400
IDLE = 40
CHOSEN_FOR = 180
"""Seconds for which a child who was found may be chosen."""


class FindForm(forms.Form):
    """The class and the first letters of the surname."""

    school_class = forms.IntegerField(error_messages={"required": "Choose the class.", "invalid": "Choose the class."})
    letters = forms.CharField(
        min_length=2,
        max_length=20,
        error_messages={
            "required": "Type the first letters of the surname.",
            "min_length": "Type at least two letters of the surname.",
        },
    )


def _device(request: HttpRequest) -> Device | None:
    secret = request.COOKIES.get(COOKIE, "")
    if not secret:
        return None
    rows = Device.objects.select_related("school").filter(secret=actions.digest(secret), ended__isnull=True)
    return rows.first()


def _shown(
    request: HttpRequest, page: str, context: dict[str, Any], *, status: int = 200, seconds: int = IDLE
) -> HttpResponse:
    """A page of the screen, which goes blank by itself after some seconds, with scripts or without; 0 stays."""
    answer = render(request, f"absence/door/{page}.html", context, status=status)
    if seconds:
        answer["Refresh"] = f"{seconds};url={reverse('absence:door')}"
    return answer


def by_device(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open to an enrolled screen that is not locked, and to nobody else; a stranger learns nothing."""

    @wraps(view)
    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        device = _device(request)
        if device is None:
            return _shown(request, "not_enrolled", {}, status=403, seconds=0)
        if device.locked_at is not None:
            return _shown(request, "locked", {}, status=403)
        return view(request, device, *args, **kwargs)

    return public(inner)


@by_device
@never_cache
@require_GET
def door(request: Request, device: Device) -> HttpResponse:
    """The blank screen that waits to be touched."""
    return _shown(request, "blank", {"school": device.school}, seconds=0)


@by_device
@never_cache
@require_http_methods(["GET", "POST"])
def find(request: Request, device: Device) -> HttpResponse:
    """Find the child by class and surname; a search that finds nobody is a wrong try."""
    form = FindForm(request.POST or None)
    found: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        seen = children(device.school_id, asked["school_class"], asked["letters"], request.at.date())
        found = [{"name": child.name, "token": _token(device, child.enrolment)} for child in seen]
        if not found:
            if actions.note_wrong_try(device, request.at):
                return _shown(request, "locked", {}, status=403)
            form.add_error(None, "Nobody was found. Check the class and the surname, or ask at the office.")
    context = {"school": device.school, "form": form, "found": found}
    context["classes"] = classes_of(device.school_id, request.at.date())
    return _shown(request, "find", context, status=422 if form.errors else 200)


@by_device
@never_cache
@require_POST
def why(request: Request, device: Device) -> HttpResponse:
    """Ask why, for a child who was found."""
    enrolment = _chosen(request, device)
    if enrolment is None:
        return _again(request, device)
    context = {"school": device.school, "name": enrolment.pupil.known_name, "token": request.POST["token"]}
    return _shown(request, "why", {**context, "reasons": _reasons(device, request.at), "key": new_key()})


@by_device
@never_cache
@require_POST
def enter(request: Request, device: Device) -> HttpResponse:
    """Keep what was entered, and say that an adult must see the child."""
    enrolment = _chosen(request, device)
    if enrolment is None:
        return _again(request, device)
    context: dict[str, Any] = {"school": device.school, "name": enrolment.pupil.known_name}
    reason, key = request.POST.get("reason", ""), f"door-{device.pk}-{request.POST.get('key') or new_key()}"[:80]
    try:
        with suppress(AlreadyDone):
            wait_for_adult(device, enrolment, reason, at=request.at, by=actions.actor_of(device), key=key)
    except NotFilled as refused:
        return _shown(request, "refused", {**context, "said": str(refused)}, status=422, seconds=15)
    return _shown(request, "thanks", context, seconds=10)


def _token(device: Device, enrolment: int) -> str:
    return signing.dumps({"device": device.pk, "enrolment": enrolment}, salt=SALT)


def _chosen(request: HttpRequest, device: Device) -> Enrolment | None:
    """The child whom this screen found a moment ago; nobody for a token of another screen, an old or a made-up one."""
    try:
        said = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=CHOSEN_FOR)
    except signing.BadSignature:
        return None
    if said.get("device") != device.pk:
        return None
    return Enrolment.objects.select_related("pupil").filter(pk=said["enrolment"], school=device.school_id).first()


def _again(request: Request, device: Device) -> HttpResponse:
    if request.POST.get("token") and actions.note_wrong_try(device, request.at):
        return _shown(request, "locked", {}, status=403)
    return redirect("absence:door_find")


def _reasons(device: Device, at: datetime) -> list[parts.Reason]:
    policy = facts_of(device.school_id).policy_on(at.date())
    return [reason for reason in policy.reasons if "late" in reason.asked]


@allows("door:enrol", place=school_place)
@never_cache
@require_http_methods(["GET", "POST"])
def devices(request: Request, school: str) -> HttpResponse:
    """The school's screens; enrolling makes this very browser one, and signs the person out of it."""
    place: SchoolPlace = request.place
    if request.method == "POST":
        return _enrolled(request, place)
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:devices"),
        "school": place.here,
        "devices": [(device, new_key()) for device in devices_of(place.here.pk)],
        "key": new_key(),
    }
    return render(request, "absence/devices.html", context)


def _enrolled(request: Request, place: SchoolPlace) -> HttpResponse:
    key = f"{request.user.pk}-{request.POST.get('key') or new_key()}"
    by = request.may.actor(place.school)
    try:
        _, secret = actions.enrol(place.here, request.POST.get("name", ""), by=by, at=request.at, key=key)
    except ValueError as refused:
        messages.error(request, str(refused))
        return redirect("absence:devices", place.here.slug)
    except AlreadyDone:
        return redirect("absence:door")
    logout(request)
    answer = redirect("absence:door")
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=KEPT,
        path=reverse("absence:door"),
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )
    return answer


@allows("door:enrol", place=school_place)
@never_cache
@require_POST
def device_change(request: Request, school: str) -> HttpResponse:
    """Unlock a screen, or stop it for good."""
    place: SchoolPlace = request.place
    device = Device.objects.filter(school=place.here, pk=row_asked(request.POST.get("device", ""))).first()
    act = actions.end if request.POST.get("act") == "end" else actions.unlock
    if device is None:
        messages.error(request, "That screen is not one of this school's.")
    else:
        key = f"{request.user.pk}-{request.POST.get('key') or new_key()}"
        with suppress(AlreadyDone):
            act(device, by=request.may.actor(place.school), at=request.at, key=key)
    return redirect("absence:devices", place.here.slug)
