"""Attendance that has risen: who, by how much, and the letters that say so, sent by one press (A5-a)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Request, allows
from rollcall.casework.actions.letters import NotWritten
from rollcall.casework.actions.recognising import recognise
from rollcall.casework.queries.recognition import recognised_by_term, risen_pupils
from rollcall.casework.queries.written import prepare_letters, sending
from rollcall.casework.views import desk
from rollcall.casework.views.places import SchoolPlace, school_place
from rollcall.journal.actions import new_key


@allows("letter:see", place=school_place)
def recognition(request: Request, school: str) -> HttpResponse:
    """Whose attendance has risen, each with the letter; sent to those ticked."""
    place: SchoolPlace = request.place
    refusal = ""
    if request.method == "POST":
        request.may.check_can("letter:send", place)
        try:
            sent = recognise(
                place.here.pk,
                [found for one in request.POST.getlist("pupil") if (found := row_asked(one))],
                by=request.may.actor(place.school),
                at=request.at,
                key=request.POST.get("key", ""),
            )
            messages.success(request, f"Recognised: {len(sent)}. The letters are on the way.")
            return redirect("casework:recognition", school=school)
        except NotWritten as error:
            refusal = str(error)
    return _page(request, refusal)


def _page(request: Request, refusal: str) -> HttpResponse:
    place: SchoolPlace = request.place
    by, lines = request.may.actor(place.school), risen_pupils(place.here.pk, request.at)
    go = sending(place.here.pk, at=request.at, signed=(by.name, by.position))
    ready = list(zip(lines, prepare_letters([line.wanted() for line in lines], go), strict=True))
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:letters"),
        "settings": go.policy.recognition,
        "ready": [pair for pair in ready if not pair[1].problem],
        "stopped": [one for _, one in ready if one.problem],
        "counts": recognised_by_term(place.here.pk, request.at),
        "may_send": request.may.can("letter:send", place),
        "refusal": refusal,
        "key": new_key(),
    }
    return render(request, "casework/recognition.html", context, status=422 if refusal else 200)
