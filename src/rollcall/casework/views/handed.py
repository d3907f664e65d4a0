"""What was handed to somebody: their own list, what at the school is not done, and handing on outside a review."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions.deciding import NotDecided
from rollcall.casework.actions.handing import NotHanded, Task, finish, hand_pupil
from rollcall.casework.forms.reviews import HandForm
from rollcall.casework.models import HandedOn
from rollcall.casework.queries.handed import handed_at, handed_lately, handed_to, hands
from rollcall.casework.views.places import PupilPlace, pupil_place
from rollcall.journal.actions import new_key


@allows("handed:do")
def handed(request: Request) -> HttpResponse:
    """What was handed to who asks; for who decides also what others have not done."""
    return _page(request)


def _page(request: Request, refusal: str = "", at: int = 0, words: str = "") -> HttpResponse:
    me, day = request.may.actor().id, request.at.date()
    decides = request.may.can_somewhere("review:decide")
    lines = handed_at(request.may.schools("review:decide"), day) if decides else []
    context = {
        "mine": handed_to(me, day),
        "done": handed_lately(me, day),
        "others": [one for one in lines if one.actor != me],
        "decides": decides,
        "refusal": refusal,
        "refused": at,
        "words": words,
        "key": new_key(),
        "sees_case": request.may.can_somewhere("case:see"),
    }
    return render(request, "casework/handed.html", context, status=422 if refusal else 200)


@allows("handed:do")
@require_POST
def handed_done(request: Request, handed: int) -> HttpResponse:
    """Say what was done: by whom it was handed to, or by who decides where the pupil is now."""
    found = get_object_or_404(HandedOn, pk=handed)
    place = pupil_place(found.pupil_id, request.at)
    by = request.may.actor(found.school_id)
    if found.actor != by.id and not request.may.can("review:decide", place):
        raise Http404
    words = request.POST.get("words", "")
    try:
        finish(found, words, by=by, at=request.at, key=request.POST.get("key", ""))
    except NotHanded as refusal:
        return _page(request, str(refusal), found.pk, words)
    messages.success(request, f"Done for {found.pupil.known_name}.")
    return redirect("casework:handed")


@allows("case:move", place=pupil_place)
def hand(request: Request, pupil: int) -> HttpResponse:
    """Hand a pupil to somebody, outside a review."""
    place: PupilPlace = request.place
    staff = hands(place.here.pk, [pupil], request.at.date())
    form = HandForm(request.POST or None, staff=staff, initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        told, by = form.cleaned_data, request.may.actor(place.school)
        try:
            task = Task(told["to"], told["what"], told["due"])
            hand_pupil(pupil, place.here.pk, task, by=by, at=request.at, key=told["key"])
            messages.success(request, "Handed on. It waits on their first page.")
            return redirect("casework:pupil", pupil=pupil)
        except NotDecided as refusal:
            form.add_error(None, str(refusal))
    name = place.enrolment.pupil.known_name
    way = [(name, reverse("insight:pupil", args=[pupil])), ("Casework", reverse("casework:pupil", args=[pupil]))]
    context = {"pupil": place.enrolment.pupil, "school": place.here, "form": form, "breadcrumbs": way}
    return render(request, "casework/hand.html", context, status=422 if form.errors else 200)
