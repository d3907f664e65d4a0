"""One request for leave: what stands beside it, the decision, and exactly what goes to whom before it goes (5.1)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.actions import leave_deciding as actions
from rollcall.absence.actions.leave_answering import NotDecided, Prepared, prepare_decision
from rollcall.absence.forms.leave import DecisionForm
from rollcall.absence.models import LeaveRequest
from rollcall.absence.queries import leave as queries
from rollcall.absence.queries.callers import BARRED
from rollcall.absence.queries.leave import Leave
from rollcall.absence.queries.leave_days import LeaveDay, no_school_on, words_of_days
from rollcall.absence.queries.leave_facts import codes_for, school_days, weigh
from rollcall.absence.queries.leave_letters import written_to
from rollcall.absence.views import desk
from rollcall.absence.views.leave import TAB, LeavePlace, leave_place
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.letters.queries import Recipient
from rollcall.outbox.kinds import OFF
from rollcall.outbox.queries.switches import mode_of
from rollcall.rules.codes import find
from rollcall.rules.leave import OBSERVANCE, TRAVELLING, outcome_of
from rollcall.rules.policy import Policy
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.families import contacts_of


@dataclass(frozen=True)
class _Seen:
    """What a page of a request is made of, read once."""

    row: LeaveRequest
    one: Leave
    facts: SchoolFacts
    days: list[LeaveDay]
    written: list[Recipient]
    left_out: list[tuple[str, str]]
    held: str
    decides: bool

    @property
    def policy(self) -> Policy:
        """The policy that judges the leave: that of its first day."""
        return self.facts.policy_on(self.row.first_day)


def _see(request: Request) -> _Seen:
    place: LeavePlace = request.place
    row, facts = place.request, place.facts
    decides = queries.may_decide(request.may, place, facts.policy_on(request.at.date()))
    days = school_days(row, facts, request.at)
    written, left_out, held = written_to(row, request.at.date())
    return _Seen(row, queries.leave(row.pk), facts, days, written, left_out, held, decides)


@allows("leave:enter", place=leave_place)
@never_cache
@require_GET
def leave_one(request: Request, leave: int) -> HttpResponse:
    """A request with all that stands beside it; who may decide has the decision under it."""
    seen = _see(request)
    return _page(request, seen, _form(request, seen) if seen.decides and seen.one.state == "asked" else None)


def _form(request: Request, seen: _Seen) -> DecisionForm:
    edition = seen.facts.edition_on(seen.row.first_day)
    offered = codes_for(seen.row, seen.policy, edition)
    first = seen.written[0] if seen.written else None
    initial = {
        "key": new_key(),
        "how": "said" if first is None else "email" if first.email else "post",
        "to": first.contact if first else None,
        "code": offered[0] if offered else "",
    }
    return DecisionForm(
        request.POST or None,
        days=seen.days,
        codes=[(code, f"{code}, {find(code, edition).meaning.lower()}") for code in offered],
        written=seen.written,
        policy=seen.policy,
        initial=initial,
    )


def _page(request: Request, seen: _Seen, form: DecisionForm | None, *, status: int = 200) -> HttpResponse:
    place: LeavePlace = request.place
    row, decided = seen.row, seen.one.decision
    beside = dict(decided.facts) if decided else weigh(row, seen.facts, request.at, seen.days).to_json()
    siblings: Any = beside.get("siblings", ())
    context = {
        "tabs": desk.tabs(request.may, place.here, TAB),
        "school": place.here,
        "one": seen.one,
        "w": beside,
        "siblings": [s for s in siblings if seen.decides or s["school"] == place.school],
        "closed": no_school_on(seen.days, row.first_day, row.last_day),
        "form": form,
        "asks_body": form is not None and OBSERVANCE in form.offered,
        "asks_group": form is not None and TRAVELLING in form.offered,
        "is_traveller": row.enrolment.pupil.traveller,
        "left_out": seen.left_out,
        "held": seen.held,
        "may_decide": seen.decides,
        "barred": [(c, BARRED) for c in contacts_of(row.enrolment.pupil_id) if c.barred],
        "key": new_key(),
    }
    return render(request, "absence/leave_one.html", context, status=status)


@allows("leave:decide", place=leave_place)
@never_cache
@require_POST
def leave_decide(request: Request, leave: int) -> HttpResponse:
    """Show what a decision sends, and to whom; then, with `send`, decide and send it."""
    place: LeavePlace = request.place
    queries.check_may_decide(request.may, place, place.facts.policy_on(request.at.date()))
    seen = _see(request)
    form = _form(request, seen)
    if not form.is_valid():
        return _page(request, seen, form, status=409)
    answer, by = form.answer(), request.may.actor(place.school)
    try:
        if answer.how != "said" and "send" not in request.POST:
            ready = prepare_decision(place.request, answer, by=by, at=request.at)
            return _shown(request, seen, ready)
        key = f"{request.user.pk}-{form.cleaned_data['key']}"
        shown = form.cleaned_data["seen"]
        actions.decide_leave(place.request, answer, by=by, at=request.at, key=key, seen=shown)
    except NotDecided as refused:
        form.add_error(None, str(refused))
        return _page(request, seen, form, status=409)
    except AlreadyDone:
        return redirect(TAB, place.here.slug)
    one = queries.leave(leave)
    messages.success(request, f"{one.name}, leave {one.days}: {one.state_words.lower()}.")
    return redirect(TAB, place.here.slug)


def _shown(request: Request, seen: _Seen, ready: Prepared) -> HttpResponse:
    """The answer exactly as it will go, with the button that sends it."""
    place: LeavePlace = request.place
    kept = [
        (name, value)
        for name in request.POST
        if name not in ("csrfmiddlewaretoken", "seen", "send")
        for value in request.POST.getlist(name)
    ]
    context = {
        "tabs": desk.tabs(request.may, place.here, TAB),
        "school": place.here,
        "one": seen.one,
        "ready": ready,
        "outcome": queries.STATES[outcome_of(ready.spans)],
        "granted": [(words_of_days([span]), span.code) for span in ready.spans if span.granted],
        "refused": words_of_days([span for span in ready.spans if not span.granted]),
        "kept": kept,
        "is_off": mode_of(place.here.pk, queries.GROUND) == OFF,
    }
    return render(request, "absence/leave_answer.html", context)


@allows("leave:decide", place=leave_place)
@require_POST
def leave_undo(request: Request, leave: int) -> HttpResponse:
    """Take the decision back; the request waits to be decided anew."""
    place: LeavePlace = request.place
    queries.check_may_decide(request.may, place, place.facts.policy_on(request.at.date()))
    because, key = request.POST.get("because", "")[:500], f"{request.user.pk}-{request.POST.get('key', '')[:40]}"
    try:
        by = request.may.actor(place.school)
        said = actions.withdraw_decision(place.request, because=because, by=by, at=request.at, key=key)
        messages.success(request, f"The decision is taken back. {said}")
    except NotDecided as refused:
        messages.error(request, str(refused))
    except AlreadyDone:
        pass
    return redirect("absence:leave_one", leave)
