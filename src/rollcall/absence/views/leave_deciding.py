"""One request for leave: what stands beside it, the decision, and exactly what goes to whom before it goes (5.1)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.actions import leave_deciding as actions
from rollcall.absence.actions.leave_deciding import NotDecided, Prepared
from rollcall.absence.forms.leave import DecisionForm
from rollcall.absence.queries import leave as queries
from rollcall.absence.queries.callers import BARRED
from rollcall.absence.queries.leave_days import no_school_on, words_of_days
from rollcall.absence.queries.leave_facts import codes_for, school_days, weigh
from rollcall.absence.queries.leave_letters import written_to
from rollcall.absence.views import desk
from rollcall.absence.views.leave import TAB, LeavePlace, leave_place
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.rules.codes import find
from rollcall.rules.leave import outcome_of
from rollcall.schools.queries.families import contacts_of


@allows("leave:enter", place=leave_place)
@never_cache
@require_GET
def leave_one(request: Request, leave: int) -> HttpResponse:
    """A request with all that stands beside it; who may decide has the decision under it."""
    return _page(request, _form(request) if _is_open(request) else None)


def _is_open(request: Request) -> bool:
    return _decides(request) and queries.leave(request.place.request.pk).state == "asked"


def _decides(request: Request) -> bool:
    place: LeavePlace = request.place
    return queries.may_decide(request.may, place, place.facts.policy_on(request.at.date()))


def _form(request: Request) -> DecisionForm:
    place: LeavePlace = request.place
    row, facts = place.request, place.facts
    policy, edition = facts.policy_on(row.first_day), facts.edition_on(row.first_day)
    codes = [(code, f"{code}, {find(code, edition).meaning.lower()}") for code in codes_for(row, policy, edition)]
    written, _, _ = written_to(row, request.at.date())
    how = "said" if not written else "email" if written[0].email else "post"
    initial = {
        "key": new_key(), "how": how, "to": written[0].contact if written else None,
        "code": codes[0][0] if codes else "",
    }  # fmt: skip
    days = school_days(row, facts, request.at)
    return DecisionForm(request.POST or None, days=days, codes=codes, written=written, policy=policy, initial=initial)


def _page(request: Request, form: DecisionForm | None, *, status: int = 200) -> HttpResponse:
    place: LeavePlace = request.place
    row, decides = place.request, _decides(request)
    one = queries.leave(row.pk)
    beside = dict(one.decision.facts) if one.decision else weigh(row, place.facts, request.at).to_json()
    siblings: Any = beside.get("siblings", ())
    _, left_out, held = written_to(row, request.at.date())
    days = school_days(row, place.facts, request.at)
    context = {
        "tabs": desk.tabs(request.may, place.here, TAB),
        "school": place.here,
        "one": one,
        "w": beside,
        "siblings": [s for s in siblings if decides or s["school"] == place.school],
        "closed": no_school_on(days, row.first_day, row.last_day),
        "form": form,
        "asks_body": form is not None and "R" in form.offered,
        "asks_group": form is not None and "T" in form.offered,
        "is_traveller": row.enrolment.pupil.traveller,
        "left_out": left_out,
        "held": held,
        "may_decide": decides,
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
    form = _form(request)
    if not form.is_valid():
        return _page(request, form, status=409)
    answer, by = form.answer(), request.may.actor(place.school)
    try:
        if answer.how != "said" and "send" not in request.POST:
            ready = actions.prepare_decision(place.request, answer, by=by, at=request.at)
            return _shown(request, form, ready)
        key = f"{request.user.pk}-{form.cleaned_data['key']}"
        seen = form.cleaned_data["seen"]
        actions.decide_leave(place.request, answer, by=by, at=request.at, key=key, seen=seen)
    except NotDecided as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=409)
    except AlreadyDone:
        return redirect(TAB, place.here.slug)
    one = queries.leave(leave)
    messages.success(request, f"{one.name}, leave {one.days}: {one.state_words.lower()}.")
    return redirect(TAB, place.here.slug)


def _shown(request: Request, form: DecisionForm, ready: Prepared) -> HttpResponse:
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
        "one": queries.leave(place.request.pk),
        "ready": ready,
        "outcome": queries.STATES[outcome_of(ready.spans)],
        "granted": [(words_of_days([span]), span.code) for span in ready.spans if span.granted],
        "refused": words_of_days([span for span in ready.spans if not span.granted]),
        "kept": kept,
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
