"""The page that stops: somebody barred spoke or came; what may be said, and how to say that it was another adult."""

from collections.abc import Iterator

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from rollcall.absence.actions.barred import Stopped
from rollcall.accounts.door import Place, Request
from rollcall.journal.actions import new_key
from rollcall.schools.models import School

OTHERWISE = "otherwise"
_OWN = ("csrfmiddlewaretoken", "key", OTHERWISE)
NOTHING_DONE = {
    "call": "Nothing was entered: what they said explains no absence, and the child is looked for until another adult "
    "has said why. It is kept, with the call.",
    "friendly": "The call was not logged as one to the family. What was said is kept.",
    "slip": "The slip was not made, and the reason they gave counts for nothing: fill it in by what you see yourself.",
    "outing": "Nobody was signed out.",
    "found": "Nobody was accounted for: the child is looked for until somebody has said where they are.",
}


def stopped_page(request: Request, here: School, place: Place, stopped: Stopped, back: str) -> HttpResponse:
    """Say loudly that somebody barred spoke or came. here: the school; back: the address to go on from.

    What was typed is kept in the page, so that one press enters it where it was another adult.
    """
    contacts = list({one.contact_id: one.contact for one in stopped.stops if one.contact}.values())
    context = {
        "school": here,
        "pupils": list({one.enrolment_id: one.enrolment.pupil for one in stopped.stops}.values()),
        "contacts": contacts,
        "sees_why": request.may.can("pupil:barred_why", place),
        "where": stopped.stops[0].where,
        "nothing_done": NOTHING_DONE[stopped.stops[0].where],
        "may_be_else": stopped.may_be_else,
        "fields": list(_fields(request.POST)),
        "key": new_key(),
        "too_short": OTHERWISE in request.POST,
        "back": back,
    }
    return render(request, "absence/stopped.html", context, status=409)


def _fields(posted: QueryDict) -> Iterator[tuple[str, str]]:
    return ((name, str(value)) for name, values in posted.lists() if name not in _OWN for value in values)
