"""What follows a call: the reason that was given, the safeguarding lead told at once, the family asked in writing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rollcall.absence.actions.alerts import tell_now
from rollcall.absence.actions.asking import ask_family
from rollcall.absence.actions.barred import Stopped
from rollcall.absence.actions.reports import Absence, Caller, log_report
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.forms.calls import ReasonForm, WordsForm
from rollcall.absence.queries.asking import half_to_ask, offers_for, why_not_said, wording
from rollcall.absence.queries.tried import calls_of
from rollcall.absence.views.calls import back_to
from rollcall.absence.views.places import PupilPlace, enrolment_place
from rollcall.absence.views.stopped import OTHERWISE, stopped_page
from rollcall.accounts.door import Request, allows
from rollcall.accounts.queries import Place
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.outbox.queries import mode_of
from rollcall.rules.sessions import Half
from rollcall.schools.queries.roll import class_of


@allows("call:make", place=enrolment_place)
@never_cache
@require_http_methods(["GET", "POST"])
def reason(request: Request, enrolment: int) -> HttpResponse:
    """What the family said: the reason with its code, and the day of return; one deed makes report and mark."""
    place: PupilPlace = request.place
    facts, day = place.facts, request.at.date()
    reached = [one for one in calls_of([enrolment], day).get(enrolment, []) if one.outcome == "reached"]
    first = {"key": new_key(), "who": reached[-1].name if reached else ""}
    form = ReasonForm(request.POST or None, initial=first, policy=facts.policy_on(day))
    if request.method == "POST" and form.is_valid():
        caller = Caller(form.cleaned_data["who"], otherwise=request.POST.get(OTHERWISE, "")[:300])
        if reached and reached[-1].name == caller.name:
            caller = Caller(caller.name, reached[-1].number, reached[-1].link)
        back = back_to(place.here.slug, enrolment)
        try:
            if _reported(request, place, form, caller):
                return back
        except Stopped as stopped:
            return stopped_page(request, place.here, place, stopped, back["Location"])
    context = {
        "form": form,
        "pupil": place.enrolment.pupil,
        "enrolment": enrolment,
        "school": place.here,
        "day": day,
        "reached": reached[-1] if reached else None,
        "key": new_key(),
    }
    return render(request, "absence/call_reason.html", context, status=422 if form.errors else 200)


def _reported(request: Request, place: PupilPlace, form: ReasonForm, caller: Caller) -> bool:
    told = form.cleaned_data
    absence = Absence(told["reason"], request.at.date(), back_on=told["back_on"], note=told["note"])
    try:
        made = log_report(
            place.facts,
            [place.enrolment],
            absence,
            caller,
            by=request.may.actor(place.school),
            at=request.at,
            key=f"{request.user.pk}-{told['key']}",
            may_amend=request.may.can("register:amend", Place(place.school)),
        )
    except AlreadyDone:
        return True
    except NotLogged as refused:
        form.add_error("back_on" if "Back on" in str(refused) else "reason", str(refused))
        return False
    messages.success(request, " ".join([f"{place.enrolment.pupil}: the reason is entered.", *made.said]))
    return True


@allows("call:make", place=enrolment_place)
@never_cache
@require_http_methods(["GET", "POST"])
def tell(request: Request, enrolment: int) -> HttpResponse:
    """Tell the safeguarding lead now, with a word."""
    place: PupilPlace = request.place
    form = WordsForm(request.POST)
    if request.method == "GET":
        context = {"pupil": place.enrolment.pupil, "enrolment": enrolment, "school": place.here, "key": new_key()}
        return render(request, "absence/call_tell.html", context)
    if not form.is_valid():
        messages.error(request, "This form is not whole; nobody was told. Try again.")
        return back_to(place.here.slug, enrolment)
    words = form.cleaned_data["words"] or "Somebody was reached who does not know where the child is."
    key = f"{request.user.pk}-{form.cleaned_data['key']}"
    who: dict[str, Any] = {"by": request.may.actor(place.school), "at": request.at, "key": key}
    try:
        room = class_of(place.enrolment.pk, request.at.date())
        alert = tell_now(place.enrolment, facts=place.facts, words=words, class_name=room, **who)
    except (AlreadyDone, ValueError) as refused:
        messages.error(request, str(refused))
    else:
        said = "is being told now" if alert else "was told of this today already"
        messages.success(request, f"{place.enrolment.pupil}: the safeguarding lead {said}.")
    return back_to(place.here.slug, enrolment)


@allows("call:make", place=enrolment_place)
@never_cache
@require_http_methods(["GET", "POST"])
def message(request: Request, enrolment: int) -> HttpResponse:
    """Ask the family by text or e-mail: shows exactly what goes, to whom, and asks first."""
    place: PupilPlace = request.place
    day, facts = request.at.date(), place.facts
    half = half_to_ask(place.enrolment, day, request.at)
    if request.method == "POST" and _asked(request, place, half):
        return back_to(place.here.slug, enrolment)
    offers = offers_for(place.enrolment, day)
    context = {
        "pupil": place.enrolment.pupil,
        "enrolment": enrolment,
        "school": place.here,
        "why": why_not_said(place.enrolment, day, half, request.at),
        "offers": offers.offers,
        "left_out": offers.left_out,
        "words": wording(place.enrolment, place.here, day, half),
        "off": mode_of(facts.school, "absence.unexplained") == "off",
        "key": new_key(),
    }
    return render(request, "absence/call_message.html", context)


def _asked(request: Request, place: PupilPlace, half: Half) -> bool:
    chosen = request.POST.getlist("to")
    key = f"{request.user.pk}-{request.POST.get('key', '')[:60]}"
    who: dict[str, Any] = {"by": request.may.actor(place.school), "at": request.at, "key": key}
    try:
        n = ask_family(place.enrolment, half, chosen, facts=place.facts, **who)
    except AlreadyDone:
        return True
    except NotLogged as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, f"{place.enrolment.pupil}: {n} message{'' if n == 1 else 's'} on the way.")
    return True
