"""Cover: the office gives a class to somebody for a day, by one press, and takes it back."""

import contextlib
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rollcall.accounts import actions as accounts
from rollcall.accounts.asked import day_asked
from rollcall.accounts.door import Request, allows
from rollcall.accounts.models import Grant, User
from rollcall.accounts.queries import Taker, coverers, takers
from rollcall.accounts.roles import Role
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.registers.forms import CoverForm, ReasonForm
from rollcall.registers.views.answers import or_not_written
from rollcall.registers.views.places import GrantPlace, grant_place
from rollcall.registers.views.today import desk, reach
from rollcall.rules.words import day_words
from rollcall.schools.models import SchoolClass
from rollcall.schools.queries import year_of


@allows("register:cover")
@never_cache
@require_http_methods(["GET", "POST"])
@or_not_written
def cover(request: Request) -> HttpResponse:
    """The classes of a day, who takes them, who covers; and one button a class."""
    if request.method == "POST":
        return _give(request)
    day = _day(request)
    mine = SchoolClass.objects.filter(reach(request.may, "register:cover"), year_start=year_of(day))
    classes = list(mine.select_related("school").order_by("school__name", "name"))
    named = takers([c.pk for c in classes], day)
    people = {school: coverers(school, day) for school in {c.school_id for c in classes}}
    lines = [
        {
            "class": c,
            "teachers": " and ".join(t.name for t in named.get(c.pk, []) if not t.is_cover),
            "covers": [{"taker": t, "key": new_key()} for t in named.get(c.pk, []) if t.is_cover],
            "people": _free(people[c.school_id], named.get(c.pk, [])),
            "key": new_key(),
        }
        for c in classes
    ]
    context = {"lines": lines, "day": day, "today": request.at.date(), "desk": desk(request.may, "registers:cover")}
    return render(request, "registers/cover.html", context)


def _free(people: list[tuple[int, str]], takers: list[Taker]) -> list[tuple[int, str]]:
    """Those of some people who have not got the class already, as its teacher or by cover."""
    has = {taker.user for taker in takers}
    return [(user, name) for user, name in people if user not in has]


def _day(request: Request) -> date:
    return day_asked(request.GET.get("day", "")) or request.at.date()


def _give(request: Request) -> HttpResponse:
    form = CoverForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("registers:cover")
    told = form.cleaned_data
    room = SchoolClass.objects.filter(reach(request.may, "register:cover"), pk=told["school_class"]).first()
    if room is None:
        raise Http404
    day = told["day"]
    has = takers([room.pk], day).get(room.pk, [])
    if own := next((taker for taker in has if taker.user == told["user"] and not taker.is_cover), None):
        messages.error(request, f"{own.name} is the teacher of {room} and takes its register without cover.")
        return redirect(_here(day))
    people = {user for user, _ in coverers(room.school_id, day)}
    if told["user"] not in people or day < request.at.date():
        messages.error(request, "Cover is for somebody on the list, today or on a later day. Nothing was given.")
        return redirect(_here(day))
    if told["user"] in {taker.user for taker in has}:
        messages.info(request, f"They have {room} on {day_words(day)} already.")
        return redirect(_here(day))
    user = User.objects.get(pk=told["user"])
    with contextlib.suppress(AlreadyDone):
        accounts.grant(
            user,
            Role.COVER,
            by=request.may.actor(room.school_id),
            at=request.at,
            begins=day,
            ends=day,
            school_class=room,
            key=f"{request.user.pk}-{told['key']}",
        )
    messages.success(request, f"{user} has {room} on {day_words(day)}.")
    return redirect(_here(day))


@allows("register:cover", place=grant_place)
@never_cache
@require_POST
@or_not_written
def end(request: Request, grant: int) -> HttpResponse:
    """End cover before its day is over; that it was given stays on record."""
    place: GrantPlace = request.place
    held: Grant | None = place.grant
    if held is None or not ReasonForm(request.POST).is_valid():
        messages.error(request, "This form is not whole; the cover stands.")
        return redirect("registers:cover")
    day = held.begins
    if held.ended_by_id is None:
        reason = "cover taken back"
        accounts.end_grant(
            held,
            by=request.may.actor(place.school),
            at=request.at,
            last_day=day - timedelta(days=1),
            reason=reason,
        )
    messages.success(request, f"{held.user} no longer has {held.school_class} on {day_words(day)}.")
    return redirect(_here(day))


def _here(day: date) -> str:
    return f"{reverse('registers:cover')}?day={day}"
