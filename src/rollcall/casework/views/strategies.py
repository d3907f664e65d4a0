"""Strategies for pupils and groups: a school's list, one begun, followed with its pupils, joined, left and ended."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions import strategies as actions
from rollcall.casework.actions.strategies import NotFollowed
from rollcall.casework.forms.support import EndForm, JoinForm, LastDayForm, StrategyForm, today_key
from rollcall.casework.models import Intervention, InterventionPupil
from rollcall.casework.queries import strategies as queries
from rollcall.casework.queries.groups import groups_of
from rollcall.casework.views import desk
from rollcall.casework.views.places import RowPlace, SchoolPlace, row_place, school_place
from rollcall.journal import actions as journal
from rollcall.journal.actions import new_key
from rollcall.schools.queries.roll import seats_of_school

strategy_place = row_place(Intervention, "strategy")


def member_place(member: int, at: datetime, **_: Any) -> RowPlace[InterventionPupil]:
    """A pupil's part in a strategy, which is its school's, wherever the pupil is now; 404 for none."""
    found = InterventionPupil.objects.select_related("intervention__school").filter(pk=member).first()
    if found is None:
        raise Http404
    school = found.intervention.school
    return RowPlace(school.pk, found=school, named=found)


@allows("case:see", place=school_place)
@never_cache
@require_GET
def strategies(request: Request, school: str) -> HttpResponse:
    """A school's strategies: those that run, and those that have ended with why."""
    place: SchoolPlace = request.place
    day = request.at.date()
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:strategies"),
        "lines": queries.strategies_of_school(place.here.pk, place.facts.policy_on(day), day),
        "may_set": request.may.can("support:set", place),
    }
    return render(request, "casework/strategies.html", context)


@allows("support:set", place=school_place)
@never_cache
@require_http_methods(["GET", "POST"])
def strategy_start(request: Request, school: str) -> HttpResponse:
    """Begin a strategy; `?pupil=` ticks one to begin with."""
    place: SchoolPlace = request.place
    policy = place.facts.policy_on(request.at.date())
    initial = today_key(request.at.date(), new_key()) | {"pupils": [request.GET.get("pupil", "")]}
    form = StrategyForm(request.POST or None, policy=policy, initial=initial, **_to_choose(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.start_strategy(
                form.strategy, form.chosen, school=place.here.pk, policy=policy,
                by=request.may.actor(place.here.pk), at=request.at, key=form.cleaned_data["key"],
            )  # fmt: skip
        except NotFollowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The strategy has begun.")
            return redirect("casework:strategy", strategy=made.pk)
    context = {"form": form, "school": place.here, "breadcrumbs": _crumbs(place), "one": initial["pupils"][0]}
    return render(request, "casework/strategy_start.html", context)


def _to_choose(request: Request) -> dict[str, Any]:
    """The pupils of the school, and the groups in which they can be chosen at once."""
    place: SchoolPlace = request.place
    seats = seats_of_school(place.here.pk, request.at.date())
    return {
        "seats": seats,
        "groups": groups_of(seats, place.facts, place.facts.policy_on(request.at.date()), request.at),
    }


@allows("case:see", place=strategy_place)
@never_cache
@require_GET
def strategy(request: Request, strategy: int) -> HttpResponse:
    """One strategy with its pupils: attendance before they joined and since."""
    return _show(request)


def _show(
    request: Request, *, end: EndForm | None = None, join: JoinForm | None = None, status: int = 200
) -> HttpResponse:
    place: RowPlace[Intervention] = request.place
    row, policy = place.row, place.facts.policy_on(request.at.date())
    may_set = request.may.can("support:set", place)
    begin = today_key(request.at.date(), new_key())
    is_open = may_set and row.ended is None
    journal.note_look("strategy", by=request.may.actor(place.school), at=request.at, thing_id=row.pk, detail=row.name)
    context = {
        "row": row,
        "followed": queries.followed(row, policy, place.facts, request.at),
        "school": place.here,
        "may_set": may_set,
        "end": end or (EndForm(initial=begin, auto_id="end_%s") if is_open else None),
        "join": join or (JoinForm(initial=begin, auto_id="join_%s", **_to_choose(request)) if is_open else None),
        "form": end or join,
        "today": request.at.date(),
        "key": new_key(),
        "breadcrumbs": _crumbs(place),
    }
    return render(request, "casework/strategy.html", context, status=status)


@allows("support:set", place=strategy_place)
@require_POST
def strategy_join(request: Request, strategy: int) -> HttpResponse:
    """Pupils join a strategy, one by one or a whole group."""
    place: RowPlace[Intervention] = request.place
    form = JoinForm(request.POST, auto_id="join_%s", **_to_choose(request))
    if form.is_valid():
        told = form.cleaned_data
        try:
            n = actions.add_pupils(
                place.row, form.chosen, from_day=told["from_day"],
                by=request.may.actor(place.here.pk), at=request.at, key=told["key"],
            )  # fmt: skip
        except NotFollowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{n} joined.")
            return redirect("casework:strategy", strategy=strategy)
    return _show(request, join=form)


@allows("support:set", place=strategy_place)
@require_POST
def strategy_end(request: Request, strategy: int) -> HttpResponse:
    """A strategy ends, with why."""
    place: RowPlace[Intervention] = request.place
    form = EndForm(request.POST, auto_id="end_%s")
    if form.is_valid():
        try:
            by = request.may.actor(place.here.pk)
            actions.end_strategy(place.row, by=by, at=request.at, **form.cleaned_data)
        except NotFollowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It has ended, and stays here with its pupils.")
            return redirect("casework:strategy", strategy=strategy)
    return _show(request, end=form)


@allows("support:set", place=member_place)
@require_POST
def strategy_leave(request: Request, member: int) -> HttpResponse:
    """A pupil leaves a strategy."""
    place: RowPlace[InterventionPupil] = request.place
    form = LastDayForm(request.POST)
    try:
        if not form.is_valid():
            raise NotFollowed("Give the last day, as 14 05 2024.")
        by = request.may.actor(place.here.pk)
        actions.leave_strategy(place.row, by=by, at=request.at, **form.cleaned_data)
    except NotFollowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "They have left it; what was counted stays.")
    return redirect("casework:strategy", strategy=place.row.intervention_id)


def _crumbs(place: SchoolPlace) -> list[tuple[str, str]]:
    return [("Strategies", reverse("casework:strategies", args=[place.here.slug]))]
