"""One trip or activity: who goes, who is really there in a session, and undoing any of it (V, P, B, W, J, D)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.actions import activities as actions
from rollcall.absence.actions.activities import NotPlanned, Said
from rollcall.absence.forms.activities import ConfirmForm, ReasonForm
from rollcall.absence.models import Activity, ActivityPlace
from rollcall.absence.queries import activities as queries
from rollcall.absence.queries.activities import Seated
from rollcall.absence.queries.leaders import may_say_from
from rollcall.absence.views import desk
from rollcall.absence.views.activities import classes_of
from rollcall.absence.views.places import SchoolPlace
from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.registers.queries.expected import Session
from rollcall.schools.models import Enrolment
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import Seat


@dataclass(frozen=True)
class ActivityAt(SchoolPlace):
    """An activity of an address; its classes are those whose teachers may confirm it."""

    planned: Activity | None = None

    @property
    def activity(self) -> Activity:
        """The activity."""
        assert self.planned is not None
        return self.planned


def activity_place(activity: int, **_: object) -> ActivityAt:
    """The activity of an address; 404 for one that is not there."""
    found = Activity.objects.select_related("school", "withdrawn", "deed").filter(pk=activity).first()
    if found is None:
        raise Http404
    return ActivityAt(found.school_id, queries.classes_of(found), found=found.school, planned=found)


@allows("activity:confirm", place=activity_place)
@never_cache
@require_GET
def activity(request: Request, activity: int) -> HttpResponse:
    """Who goes, who is really there in a session, and undoing it."""
    place: ActivityAt = request.place
    sessions = queries.sessions_of(place.activity, place.facts)
    chosen = _session(request, place, sessions)
    seats = queries.seated_in(place.activity, *chosen) if chosen else []
    waits = [one for one in seats if one.there is None and not one.is_elsewhere]
    day = request.at.astimezone(LONDON).date()
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:activities"),
        "school": place.here,
        "activity": place.activity,
        "line": queries.line_of(place.activity),
        "sessions": [one for one in sessions if one != chosen and _has_begun(request, place, one)],
        "chosen": chosen,
        "may_say": chosen is not None and request.at >= may_say_from(place.activity, *chosen, place.facts),
        "has_begun": chosen is not None and _has_begun(request, place, chosen),
        "opens": place.facts.times_on(chosen[0]).opens(chosen[1]) if chosen else None,
        "from_departure": chosen is not None and may_say_from(place.activity, *chosen, place.facts).time() == time(0),
        "seats": seats,
        "waits": waits,
        "taken_out": queries.taken_out(place.activity),
        "others": _others(request, place, {one.enrolment for one in seats}, day),
        "may_set": request.may.can("activity:set", place),
        "key": new_key(),
    }
    return render(request, "absence/activity.html", context)


def _has_begun(request: Request, place: ActivityAt, session: Session) -> bool:
    return place.facts.has_begun(session[0], session[1], request.at)


def _session(request: Request, place: ActivityAt, sessions: list[Session]) -> Session | None:
    """The session asked for, else the one that is on, else the next one of the activity, else its last."""
    asked = f"{request.GET.get('day', '')} {request.GET.get('half', '')}"
    by_words = {f"{day} {half}": (day, half) for day, half in sessions}
    if asked in by_words:
        return by_words[asked]
    now = place.facts.session_now(request.at)
    if now in sessions:
        return now
    ahead = [one for one in sessions if not _has_begun(request, place, one)]
    return next(iter([*ahead, *sessions[-1:]]), None)


def _others(request: Request, place: ActivityAt, going: set[int], day: date) -> list[tuple[str, list[Seat]]]:
    """The children who may be added, by class."""
    if not request.may.can("activity:set", place) or place.activity.withdrawn_id:
        return []
    classes = classes_of(request, place, day)
    found = [(name, [one for one in seats if one.enrolment not in going]) for _, name, seats in classes]
    return [(name, seats) for name, seats in found if seats]


@allows("activity:confirm", place=activity_place)
@never_cache
@require_POST
def activity_confirm(request: Request, activity: int) -> HttpResponse:
    """Say who is there: all at once, or one child."""
    place: ActivityAt = request.place
    form = ConfirmForm(request.POST)
    if not form.is_valid() or form.session() not in queries.sessions_of(place.activity, place.facts):
        messages.error(request, "That is no session of this activity; nothing was kept.")
        return redirect("absence:activity", activity)
    day, half = form.session()
    said = _said(request, queries.seated_in(place.activity, day, half))
    try:
        passed = actions.confirm(
            place.activity,
            day,
            half,
            said,
            said_by=form.cleaned_data["said_by"].strip() or request.may.name,
            by=request.may.actor(place.school),
            at=request.at,
            may_amend=request.may.can("register:amend", place),
            key=f"{request.user.pk}-{form.cleaned_data['key']}-{request.POST.get('do', '')[:20]}",
        )
        _tell(request, said, passed)
    except NotPlanned as refused:
        messages.error(request, str(refused))
    except AlreadyDone:
        pass
    answer = redirect("absence:activity", activity)
    answer["Location"] += f"?day={day}&half={half}"
    return answer


def _said(request: Request, seats: list[Seated]) -> dict[int, Said]:
    """What the button that was pressed says: "all", "here-12" or "not-12"."""
    what, _, which = request.POST.get("do", "").partition("-")
    seen = {one.place: request.POST.get(f"seen-{one.place}", "")[:2] for one in seats}
    if what == "all":
        return {one.place: Said(True, seen[one.place]) for one in seats if one.there is None and not one.is_elsewhere}
    return {
        one.place: Said(what == "here", seen[one.place])
        for one in seats
        if what in ("here", "not") and str(one.place) == which
    }


def _tell(request: Request, said: Mapping[int, Said], passed: Mapping[int, str]) -> None:
    if passed:
        n = len(passed)
        messages.error(request, f"The register has {n} of them elsewhere by now; look at them and say again.")
    there = sum(one.there for pk, one in said.items() if pk not in passed)
    missing = sum(not one.there for pk, one in said.items() if pk not in passed)
    if there:
        messages.success(request, f"{there} confirmed as there.")
    if missing:
        messages.warning(request, f"{missing} not there: on the call list now.")


@allows("activity:set", place=activity_place)
@never_cache
@require_POST
def activity_off(request: Request, activity: int) -> HttpResponse:
    """Call it off, with a reason."""
    place: ActivityAt = request.place
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say why it is called off, in a word or two.")
        return redirect("absence:activity", activity)
    given = form.cleaned_data
    key, by = f"{request.user.pk}-{given['key']}-off", request.may.actor(place.school)
    try:
        n = actions.call_off(
            place.activity, by=by, at=request.at, reason=given["reason"], following=given["following"], key=key
        )
        messages.success(request, f"{place.activity} is called off: {n} no longer expected there.")
    except AlreadyDone:
        pass
    return redirect("absence:activities", place.here.slug)


@allows("activity:set", place=activity_place)
@never_cache
@require_POST
def activity_out(request: Request, activity: int) -> HttpResponse:
    """Take one child out of it, with a reason."""
    place: ActivityAt = request.place
    form = ReasonForm(request.POST)
    rows = ActivityPlace.objects.select_related("activity", "expectation__enrolment__pupil")
    found = rows.filter(pk=row_asked(request.POST.get("place", "")), activity=place.activity).first()
    if found is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, f"Say why {found.expectation.enrolment.pupil} is taken out, in a word or two.")
        return redirect("absence:activity", activity)
    key, by = f"{request.user.pk}-{form.cleaned_data['key']}-out-{found.pk}", request.may.actor(place.school)
    try:
        actions.take_out(found, by=by, at=request.at, reason=form.cleaned_data["reason"], key=key)
        messages.success(request, f"{found.expectation.enrolment.pupil} is taken out.")
    except AlreadyDone:
        pass
    return redirect("absence:activity", activity)


@allows("activity:set", place=activity_place)
@never_cache
@require_POST
def activity_join(request: Request, activity: int) -> HttpResponse:
    """Let one more child come along, or put one back."""
    place: ActivityAt = request.place
    rows = Enrolment.objects.select_related("pupil").filter(school=place.here)
    found = rows.filter(pk=row_asked(request.POST.get("enrolment", ""))).first()
    if found is None:
        messages.error(request, "Choose the child who comes along.")
        return redirect("absence:activity", activity)
    key, by = (
        f"{request.user.pk}-{request.POST.get('key', '')[:40] or new_key()}-join-{found.pk}",
        request.may.actor(place.school),
    )
    try:
        left_out = actions.add_children(place.activity, [found], by=by, at=request.at, key=key)
        if left_out:
            messages.warning(request, " ".join(left_out.values()))
        else:
            messages.success(request, f"{found.pupil} goes.")
    except NotPlanned as refused:
        messages.error(request, str(refused))
    except AlreadyDone:
        pass
    return redirect("absence:activity", activity)
