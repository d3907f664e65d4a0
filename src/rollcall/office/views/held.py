"""Messages that wait to be looked at: these go, these do not; and which kinds of message wait so at a school."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Request, allows
from rollcall.casework.queries.all_grounds import all_grounds
from rollcall.office.forms.outbox import HeldForm, SwitchesForm
from rollcall.office.views.asking import Asking, ask
from rollcall.office.views.looking import may_look
from rollcall.office.views.places import of_school
from rollcall.outbox import actions as outbox
from rollcall.outbox import queries

ABOUT = (
    "Until you say so, nothing goes to a family by itself. A message that is switched off is kept and shown, and never "
    "sent. Each change is kept with who made it. Alerts about a child and invitations always go."
)


@allows("outbox:send")
@require_POST
def release(request: Request) -> HttpResponse:
    """Send the ticked messages, or one alone, or say with a reason that they are not to go."""
    mine = may_look(request.may, queries.held(request.may.schools("outbox:send")))
    form = HeldForm(request.POST, letters=[(one.id, one.to_name) for one in mine])
    if request.POST.get("do") == "nothing":
        messages.info(request, "Nothing was sent: press one of the buttons.")
    elif not form.is_valid():
        messages.error(request, form.fault)
    elif request.POST.get("do") == "keep":
        _keep(request, form)
    else:
        _send(request, form)
    return redirect("office:outbox")


def _send(request: Request, form: HeldForm) -> None:
    actor, key = request.may.actor(), form.cleaned_data["key"]
    done = outbox.release(form.chosen, grounds=all_grounds(), by=actor, at=request.at, key=key)
    n = len(done.released)
    if n:
        messages.success(request, f"{n} {'message goes' if n == 1 else 'messages go'} now.")
    if done.stopped:
        messages.info(request, f"{len(done.stopped)} no longer stood, and will not go: the trail of each says why.")


def _keep(request: Request, form: HeldForm) -> None:
    given = form.cleaned_data
    try:
        kept = outbox.hold_back(
            form.chosen, by=request.may.actor(), at=request.at, key=given["key"], reason=given["reason"]
        )
    except ValueError as refusal:
        messages.error(request, str(refusal))
        return
    messages.success(request, f"{len(kept)} {'message' if len(kept) == 1 else 'messages'} will not go.")


@allows("switch:set", place=of_school)
def switches(request: Request, school: str) -> HttpResponse:
    """Which kinds of message go by themselves at a school, which wait for a person, which are off."""
    found = request.place.of
    form = SwitchesForm(request.POST or None, shown=queries.switches(found.pk))
    back = reverse("office:outbox")
    page = Asking(f"What goes by itself: {found.name}", back, "Save", ABOUT, [("Letters", back)], found)

    def do(given: dict[str, Any]) -> str:
        actor = request.may.actor(found.pk)
        n = outbox.set_modes(found.pk, form.wanted, by=actor, at=request.at, key=given["key"])
        return f"{n} {'switch was' if n == 1 else 'switches were'} set." if n else "Nothing was changed."

    return ask(request, form, page, do)
