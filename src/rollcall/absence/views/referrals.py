"""What lasts: put to the head of school with its evidence, decided, sent, and printed as the return (4.5-c, 4.5-d)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.actions.referring import decide_referral, record_returned
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.forms.calls import WordsForm
from rollcall.absence.models import Referral
from rollcall.absence.queries.referrals import particulars, referral_view, referrals_of
from rollcall.absence.views import desk
from rollcall.absence.views.places import RowPlace, SchoolPlace, row_place, school_place
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key

referral_place = row_place(Referral)


@allows("referral:decide", place=school_place)
@never_cache
@require_GET
def referrals(request: Request, school: str) -> HttpResponse:
    """What waits for a decision or for sending, and what was decided."""
    place: SchoolPlace = request.place
    found = referrals_of(place.here.pk)
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "absence:referrals"),
        "waiting": [one for one in found if one.waits_for],
        "done": [one for one in found if not one.waits_for],
    }
    return render(request, "absence/referrals.html", context)


@allows("referral:decide", place=referral_place)
@never_cache
@require_GET
def referral(request: Request, referral: int) -> HttpResponse:
    """One referral with its evidence, and what can be done about it."""
    place: RowPlace[Referral] = request.place
    return render(request, "absence/referral.html", _context(place, referral) | {"key": new_key()})


@allows("referral:decide", place=referral_place)
@never_cache
@require_GET
def printed(request: Request, referral: int) -> HttpResponse:
    """The return as a page to print."""
    place: RowPlace[Referral] = request.place
    policy = place.facts.policy_on(request.at.date())
    return render(request, "absence/referral_return.html", _context(place, referral) | {"authority": policy.authority})


def _context(place: RowPlace[Referral], referral: int) -> dict[str, Any]:
    return {
        "school": place.here,
        "one": referral_view(referral),
        "particulars": particulars(place.enrolment),
        "pupil": place.enrolment.pupil,
    }


@allows("referral:decide", place=referral_place)
@never_cache
@require_POST
def decide(request: Request, referral: int) -> HttpResponse:
    """Accept or decline, or record that it was sent: the button pressed says which."""
    place: RowPlace[Referral] = request.place
    form, answer = WordsForm(request.POST), request.POST.get("answer", "")
    if not form.is_valid() or answer not in ("accept", "decline", "returned"):
        messages.error(request, "This form is not whole; nothing was decided. Try again.")
        return redirect("absence:referral", referral)
    words, key = form.cleaned_data["words"], f"{request.user.pk}-{form.cleaned_data['key']}"
    who: dict[str, Any] = {"by": request.may.actor(place.school), "at": request.at, "key": key}
    try:
        if answer == "returned":
            record_returned(place.row, how=words, **who)
        else:
            decide_referral(place.row, accept=answer == "accept", why=words, **who)
    except AlreadyDone:
        pass
    except NotLogged as refused:
        messages.error(request, str(refused))
        return redirect("absence:referral", referral)
    said = {"accept": "accepted", "decline": "declined", "returned": "recorded as sent"}[answer]
    messages.success(request, f"{place.enrolment.pupil}: {said}.")
    return redirect("absence:referral", referral)
