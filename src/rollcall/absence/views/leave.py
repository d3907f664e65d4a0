"""Leave of absence: what waits and what was decided, and entering a request by two letters and a few taps (5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rollcall.absence.actions import leave as actions
from rollcall.absence.actions import leave_marks
from rollcall.absence.actions.leave import Begun, NotEntered, Wish
from rollcall.absence.actions.leave_marks import NotMarked
from rollcall.absence.forms.leave import LeaveForm
from rollcall.absence.models import LeaveRequest, Report
from rollcall.absence.queries import leave as queries
from rollcall.absence.queries.callers import BARRED, siblings_here
from rollcall.absence.queries.doubts import doubts
from rollcall.absence.queries.finding import children_called
from rollcall.absence.queries.leave_taken import not_taken, refused_then_away
from rollcall.absence.views import desk
from rollcall.absence.views.places import PupilPlace, SchoolPlace, enrolment_place, place_of, school_place
from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import seats_of_school
from rollcall.schools.queries.families import ContactFact, contacts_of
from rollcall.schools.queries.roll import Seat

TAB = "absence:leave"


@dataclass(frozen=True)
class LeavePlace(PupilPlace):
    """A request of an address."""

    asked: LeaveRequest | None = None

    @property
    def request(self) -> LeaveRequest:
        """The request."""
        assert self.asked is not None
        return self.asked


def leave_place(leave: int, at: datetime, **_: object) -> LeavePlace:
    """The request of an address, where its pupil is; 404 for one that is not there."""
    related = ("enrolment__pupil", "enrolment__school", "asked_by")
    found = LeaveRequest.objects.select_related(*related).filter(pk=leave).first()
    if found is None:
        raise Http404
    here = place_of(found.enrolment, at.date())
    return LeavePlace(here.school, here.classes, found=here.found, enrolled=here.enrolled, asked=found)


@allows("leave:enter", place=school_place)
@never_cache
@require_GET
def leave(request: Request, school: str) -> HttpResponse:
    """A school's leave: finding a child, what is to be decided, marks after a refusal, what was decided."""
    place: SchoolPlace = request.place
    day, words = request.at.date(), request.GET.get("q", "").strip()[:60]
    undecided, decided, past = queries.leave_of_school(place.here.pk, day)
    context: dict[str, Any] = {
        "tabs": desk.tabs(request.may, place.here, TAB),
        "school": place.here,
        "q": words,
        "found": children_called(place.here.pk, words, day),
        "undecided": undecided,
        "decided": decided,
        "past": past,
        "away": [(one, new_key()) for one in refused_then_away(place.facts, request.at)],
        "came": not_taken(place.facts, request.at),
        "holidays": [one for one in doubts([place.here.pk], request.at) if one.kind == "holiday"],
        "may_decide": queries.may_decide(request.may, place, place.facts.policy_on(day)),
        "may_doubt": request.may.can("doubt:ask", place),
    }
    return render(request, "absence/leave.html", context)


@allows("leave:enter", place=enrolment_place)
@never_cache
@require_http_methods(["GET", "POST"])
def leave_enter(request: Request, enrolment: int) -> HttpResponse:
    """Enter a request for a child, and brothers and sisters at once; `report` is the call that it began with."""
    place: PupilPlace = request.place
    family = _family(place.enrolment, request.at.date())
    contacts = contacts_of(place.enrolment.pupil_id)
    form = LeaveForm(
        request.POST or None, children=family, contacts=contacts, initial=_initial(request, place, contacts)
    )
    begun = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _enter(request, place, form)
        except Begun as refused:
            form.add_error(None, str(refused))
            begun = _instead(refused.enrolment, form.wish())
        except NotEntered as refused:
            form.add_error(None, str(refused))
    policy = place.facts.policy_on(request.at.date())
    context = {
        "tabs": desk.tabs(request.may, place.here, TAB),
        "form": form,
        "school": place.here,
        "pupil": place.enrolment.pupil,
        "has_siblings": len(family) > 1,
        "barred": [(one, BARRED) for one in contacts if one.barred],
        "reasons": [one for one in policy.reasons if "leave" in one.asked],
        "notice": policy.leave.notice_days.value,
        "begun": begun,
    }
    return render(request, "absence/leave_enter.html", context, status=409 if form.is_bound else 200)


def _family(enrolment: Enrolment, day: date) -> list[Seat]:
    """The child first, then brothers and sisters at this school; 404 for a child in no class."""
    own = [seat for seat in seats_of_school(enrolment.school_id, day) if seat.enrolment == enrolment.pk]
    if not own:
        raise Http404
    return [*own, *siblings_here(enrolment, day)]


def _initial(request: Request, place: PupilPlace, contacts: Sequence[ContactFact]) -> dict[str, Any]:
    number = row_asked(request.GET.get("report", ""))
    report = Report.objects.filter(pk=number, enrolment=place.enrolment, withdrawn__isnull=True).first()
    rightful = [one.link for one in contacts if one.lives_with and one.parental_responsibility and not one.barred]
    told = {"first": report.first_day, "last": report.last_day, "words": report.note} if report else {}
    asker = report.contact_id if report and report.contact_id else next(iter(rightful), "")
    return {
        "key": new_key(), "children": [place.enrolment.pk], "asker": str(asker), "asked_on": request.at.date(), **told,
    }  # fmt: skip


def _enter(request: Request, place: PupilPlace, form: LeaveForm) -> HttpResponse:
    pupils = list(Enrolment.objects.select_related("pupil").filter(pk__in=form.cleaned_data["children"]))
    key = f"{request.user.pk}-{form.cleaned_data['key']}"
    try:
        by = request.may.actor(place.school)
        made = actions.enter_leave(place.facts, pupils, form.wish(), by=by, at=request.at, key=key)
    except AlreadyDone:
        return redirect(TAB, place.here.slug)
    for sentence in made.said:
        messages.warning(request, sentence)
    names = ", ".join(str(one.pupil) for one in pupils)
    messages.success(request, f"Entered: leave for {names}. It waits to be decided.")
    decides = queries.may_decide(request.may, place, place.facts.policy_on(request.at.date()))
    return redirect("absence:leave_one", made.requests[0]) if decides else redirect(TAB, place.here.slug)


def _instead(enrolment: int, wish: Wish) -> str:
    """The way that is left where the first day has begun: looking into a holiday that nobody asked about ahead."""
    days = urlencode({"first": wish.first.isoformat(), "last": wish.last.isoformat()})
    return f"{reverse('absence:holiday', args=[enrolment])}?{days}"


@allows("leave:enter", place=leave_place)
@require_POST
def leave_withdraw(request: Request, leave: int) -> HttpResponse:
    """Take a request back, as the family wishes or because it was wrong."""
    place: LeavePlace = request.place
    because, key = request.POST.get("because", "")[:500], f"{request.user.pk}-{request.POST.get('key', '')[:40]}"
    if queries.leave(leave).decision is not None:
        queries.check_may_decide(request.may, place, place.facts.policy_on(request.at.date()))
    try:
        by = request.may.actor(place.school)
        actions.withdraw_request(place.request, because=because, by=by, at=request.at, key=key)
        messages.success(request, "The request is taken back. It stays on record with the reason.")
    except NotEntered as refused:
        messages.error(request, str(refused))
    except AlreadyDone:
        pass
    return redirect("absence:leave_one", leave)


@allows("leave:decide", place=leave_place)
@require_POST
def leave_marks_decide(request: Request, leave: int) -> HttpResponse:
    """Write the proposed code over the unexplained marks of days for which leave was refused: one press."""
    place: LeavePlace = request.place
    queries.check_may_decide(request.may, place, place.facts.policy_on(request.at.date()))
    because, key = request.POST.get("because", "")[:200], f"{request.user.pk}-{request.POST.get('key', '')[:40]}"
    try:
        by = request.may.actor(place.school)
        n = leave_marks.mark_refused(place.request, because=because, by=by, at=request.at, key=key)
        messages.success(request, f"{place.enrolment.pupil}: {n} {'mark' if n == 1 else 'marks'} decided.")
    except NotMarked as refused:
        messages.error(request, str(refused))
    except AlreadyDone:
        pass
    return redirect(TAB, place.here.slug)
