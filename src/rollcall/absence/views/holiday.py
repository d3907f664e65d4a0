"""A suspected holiday that nobody reported: why it is thought, what would change it, shown before it goes (5.1-c).

What follows is the way of every doubt: an answer or none, the parents told, and only then the decision.
"""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rollcall.absence.actions import doubts as actions
from rollcall.absence.actions.doubt_sending import NotDone
from rollcall.absence.actions.doubts import Asking
from rollcall.absence.forms.leave import HolidayForm
from rollcall.absence.models import Doubt, LeaveRequest
from rollcall.absence.queries.callers import BARRED
from rollcall.absence.queries.doubts import default_due
from rollcall.absence.queries.leave import leave_of
from rollcall.absence.views import desk
from rollcall.absence.views.leave import TAB
from rollcall.absence.views.places import PupilPlace, enrolment_place
from rollcall.accounts.asked import day_asked
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.rules.words import day_words
from rollcall.schools.queries.families import ContactFact, contacts_of


@allows("doubt:ask", place=enrolment_place)
@never_cache
@require_http_methods(["GET", "POST"])
def holiday(request: Request, enrolment: int) -> HttpResponse:
    """Look into a suspected holiday: what goes to the family is shown first."""
    place: PupilPlace = request.place
    contacts = contacts_of(place.enrolment.pupil_id)
    policy = place.facts.policy_on(request.at.date())
    evidence = policy.leave.holiday_evidence or policy.absence.illness_evidence
    adults = [(one.link, f"{one.name} ({one.relationship.lower()})") for one in contacts if not one.barred]
    initial = _initial(request, place, contacts, evidence.value)
    form = HolidayForm(request.POST or None, evidence=evidence.value, adults=adults, initial=initial)
    shown = None
    if request.method == "POST" and form.is_valid():
        answer, shown = _ask_or_show(request, place, form)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "shown": shown,
        "pupil": place.enrolment.pupil,
        "school": place.here,
        "asked": leave_of([place.enrolment.pk])[:5],
        "barred": [(one, BARRED) for one in contacts if one.barred],
        "tabs": desk.tabs(request.may, place.here, TAB),
        "back": reverse(TAB, args=[place.here.slug]),
    }
    return render(request, "absence/holiday.html", context)


def _initial(
    request: Request, place: PupilPlace, contacts: list[ContactFact], evidence: tuple[str, ...]
) -> dict[str, Any]:
    day = request.at.date()
    first = day_asked(request.GET.get("first", "")) or day
    rightful = [one.link for one in contacts if one.lives_with and one.parental_responsibility and not one.barred]
    last = day_asked(request.GET.get("last", "")) or first
    refused = _refused(place, first, last)
    return {
        "key": new_key(),
        "first_day": first,
        "last_day": min(last, max(day, first)),
        "whys": ["refused"] if refused else [],
        "would_do": list(evidence),
        "contact": next(iter(rightful), None),
        "due": default_due(place.facts, day),
    }


def _refused(place: PupilPlace, first: date, last: date) -> LeaveRequest | None:
    """The request for some of these days that was refused, in whole or part."""
    return LeaveRequest.objects.filter(
        enrolment=place.enrolment,
        withdrawn__isnull=True,
        decisions__withdrawn__isnull=True,
        decisions__spans__granted=False,
        decisions__spans__first_day__lte=last,
        decisions__spans__last_day__gte=first,
    ).first()


def _ask_or_show(request: Request, place: PupilPlace, form: HolidayForm) -> tuple[HttpResponse | None, Any]:
    """The page of the doubt once it is opened; before that, for what goes out, exactly what will go."""
    told, by = form.cleaned_data, request.may.actor(place.school)
    last = told["last_day"] or told["first_day"]
    asking = Asking(
        kind="holiday",
        first=(told["first_day"], "AM"),
        last=(last, "PM"),
        why=form.because,
        would_do=tuple(told["would_do"]),
        contact=told["contact"],
        how=told["how"],
        due=told["due"],
        leave=_refused(place, told["first_day"], last),
    )
    try:
        if asking.how in actions.SENT_BY_US and "send" not in request.POST:
            return None, actions.preview_request(place.enrolment, asking, by=by, at=request.at)
        made = actions.open_doubt(place.enrolment, asking, by=by, at=request.at, key=f"{request.user.pk}-{told['key']}")
    except NotDone as refused:
        form.add_error(None, str(refused))
        return None, None
    except AlreadyDone as done:
        first = Doubt.objects.filter(deed=done.deed).first()
        return (redirect("absence:doubt", first.pk) if first else redirect(TAB, place.here.slug)), None
    messages.success(request, f"It is looked into; an answer is due by {day_words(made.due)}.")
    return redirect("absence:doubt", made.pk), None
