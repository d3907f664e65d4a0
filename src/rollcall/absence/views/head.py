"""What waits for the head of school: callers handed on, and reports whose code somebody must decide (3.6-a, 4.5-b)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from rollcall.absence.actions import withdrawing
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.forms.reports import CodeForm
from rollcall.absence.queries import reports as queries
from rollcall.absence.queries.doubts import doubts
from rollcall.absence.queries.reports import Reported, undecided
from rollcall.absence.queries.words import hand_overs as handed_on
from rollcall.absence.views import desk
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.absence.views.told_places import ReportPlace, report_place
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.rules import codes
from rollcall.schools.queries import facts_of

SHOWN_DONE = timedelta(days=14)
LEAVE = "absence:leave_enter"
HOLIDAY = "holiday"


@allows("hand_over:do", place=school_place)
@never_cache
@require_GET
def hand_overs(request: Request, school: str) -> HttpResponse:
    """Callers to take, codes to decide, and evidence that waits for a decision."""
    place: SchoolPlace = request.place
    here, facts = place.here.pk, place.facts
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:hand_overs"),
        "school": place.here.name,
        "slug": school,
        "handed_on": [(one, new_key()) for one in handed_on([here], request.at)],
        "done": handed_on([here], request.at, done_since=request.at.date() - SHOWN_DONE),
        "undecided": [(one, _ways(one, facts.policy_on(one.first[0]))) for one in undecided([here])],
        "doubts": [one for one in doubts([here], request.at) if one.owner == "head"],
    }
    return render(request, "absence/hand_overs.html", context)


def _ways(one: Reported, policy: Any) -> dict[str, str]:
    """Where a report without a code can go: decided here, looked into, or made a request for leave."""
    try:
        asked = policy.reason(one.reason).asked
    except LookupError:
        asked = ()
    doubt = f"{reverse('absence:doubt_ask', args=[one.enrolment])}?report={one.id}"
    return {
        "decide": reverse("absence:report_decide", args=[one.id]),
        "doubt": f"{doubt}&kind=holiday" if one.reason == HOLIDAY else doubt,
        "leave": _leave(one) if "leave" in asked else "",
    }


def _leave(one: Reported) -> str:
    """The page of a request for leave, where there is one here."""
    try:
        return f"{reverse(LEAVE, args=[one.enrolment])}?report={one.id}"
    except NoReverseMatch:
        return ""


@allows("doubt:decide", place=report_place)
@never_cache
@require_http_methods(["GET", "POST"])
def report_decide(request: Request, report: int) -> HttpResponse:
    """Decide the code of a report that has none of its own."""
    place: ReportPlace = request.place
    told = queries.report(report)
    form = CodeForm(request.POST or None, codes=_choices(told), initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            withdrawing.decide_code(
                place.report,
                given["code"],
                because=given["because"],
                by=request.may.actor(place.school),
                at=request.at,
                key=f"{request.user.pk}-{given['key']}",
            )
        except NotLogged as refused:
            form.add_error(None, str(refused))
        except AlreadyDone:
            return redirect("absence:hand_overs", place.here.slug)
        else:
            messages.success(request, f"{told.name}: {given['code']} {told.span}.")
            return redirect("absence:hand_overs", place.here.slug)
    context = {
        "form": form,
        "report": told,
        "school": place.here.name,
        "back": reverse("absence:hand_overs", args=[place.here.slug]),
        "tabs": desk.tabs(request.may, place.here, "absence:hand_overs"),
    }
    return render(request, "absence/report_decide.html", context)


def _choices(told: Reported) -> Sequence[tuple[str, str]]:
    edition = facts_of(told.school).edition_on(told.first[0])
    return [
        (one.code, f"{one.code} {one.meaning}")
        for one in codes.table(edition).values()
        if one.counts_as in withdrawing.DECIDABLE
        and one.code not in codes.WITH_LEAVE
        and one.only not in ("planned_closure", "not_on_roll")
    ]
