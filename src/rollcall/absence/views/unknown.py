"""Marks of N: the working days left, one press for the reason, and past the limit the head's decision (4.5-b)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.actions.unknown import give_code
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.queries.unknown import Unknown, unknown_reasons
from rollcall.absence.views import desk
from rollcall.absence.views.places import PupilPlace, SchoolPlace, enrolment_place, school_place
from rollcall.accounts.door import Request, allows
from rollcall.accounts.queries import Place
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import Half
from rollcall.schools.queries import SchoolFacts

NO_REASON, HOLIDAY = "none", "holiday"


@allows("unknown:see", place=school_place)
@never_cache
@require_GET
def unknown(request: Request, school: str) -> HttpResponse:
    """Every N of a school, the one with the least time first; who decides sees the choice where time is up."""
    place: SchoolPlace = request.place
    found, facts = unknown_reasons(place.facts, request.at), place.facts
    where = Place(place.school)
    context = {
        "school": place.here,
        "facts": facts,
        "tabs": desk.tabs(request.may, place.here, "absence:unknown_reasons"),
        "past": [_shown(facts, one) for one in found if one.is_past],
        "last": [_shown(facts, one) for one in found if one.is_last],
        "ahead": [_shown(facts, one) for one in found if one.left > 0],
        "within": facts.policy_on(request.at.date()).registers.code_within_working_days.value,
        "decides": request.may.can("unknown:decide", where),
        "amends": request.may.can("register:amend", where),
        "key": new_key(),
    }
    return render(request, "absence/unknown.html", context)


def _shown(facts: SchoolFacts, one: Unknown) -> dict[str, Any]:
    reasons = [reason for reason in facts.policy_on(one.day).reasons if "absence" in reason.asked and reason.code]
    return {"line": one, "reasons": reasons}


@allows("register:amend", place=enrolment_place)
@never_cache
@require_POST
def give(request: Request, enrolment: int, day: date) -> HttpResponse:
    """One press: the button is a reason of the policy's, or that none was given, or a holiday that was not granted."""
    place: PupilPlace = request.place
    facts = place.facts
    halves: list[Half] = [half for half in ("AM", "PM") if half in request.POST.getlist("half")]  # type: ignore[misc]
    code, why = _meant(request.POST.get("reason", ""), facts.policy_on(day), facts)
    key = f"{request.user.pk}-{request.POST.get('key', '')[:40]}-{enrolment}-{day:%y%m%d}"
    try:
        if not code:
            raise NotLogged("Press the reason: nothing was changed.")
        n = give_code(
            place.enrolment,
            day,
            halves,
            code,
            why=why,
            facts=facts,
            decides=request.may.can("unknown:decide", Place(place.school)),
            by=request.may.actor(place.school),
            at=request.at,
            key=key,
            told=request.POST.get("told", "")[:300],
        )
    except AlreadyDone:
        n = 0
    except NotLogged as refused:
        messages.error(request, str(refused))
        return redirect("absence:unknown_reasons", place.here.slug)
    messages.success(request, f"{place.enrolment.pupil}: {code} for {n} session{'' if n == 1 else 's'}. {why}.")
    return redirect("absence:unknown_reasons", place.here.slug)


def _meant(reason: str, policy: Policy, facts: SchoolFacts) -> tuple[str, str]:
    """The code and the words that the register keeps; no code for a press that says nothing."""
    within = policy.registers.code_within_working_days.value
    if reason == NO_REASON:
        return "O", f"No reason was given within {within} working days"
    if reason == HOLIDAY:
        return "G", "A holiday for which no leave was granted"
    try:
        found = policy.reason(reason)
    except LookupError:
        return "", ""
    return found.code, f"Reason given: {found.name}"
