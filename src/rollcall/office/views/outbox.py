"""Messages: what waits, went or failed, the trail of each, printing all that wait, the letter as it was sent.

What waits to be looked at, and which kinds do, is in `held`.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Request, allows
from rollcall.accounts.queries import INVITATION
from rollcall.casework.queries.all_grounds import all_grounds
from rollcall.office.forms.asked import ReasonForm
from rollcall.office.forms.outbox import HeldForm, PrintedForm
from rollcall.office.queries import outbox as office_queries
from rollcall.office.views.asking import Asking, ask, done
from rollcall.office.views.looking import may_look, may_look_at
from rollcall.office.views.places import MessagePlace, of_message
from rollcall.outbox import actions as outbox
from rollcall.outbox import queries
from rollcall.outbox.kinds import KINDS
from rollcall.schools.models import School

SHOWN = {
    "held": ("held",),
    "waiting": ("waiting", "sending"),
    "sent": ("sent",),
    "trouble": ("failed", "unsure"),
    "stopped": ("stopped", "off"),
}
HEADINGS = {
    "held": "To look at before they go",
    "waiting": "Waiting",
    "sent": "Sent",
    "trouble": "Failed, or may have gone",
    "stopped": "Stopped, or switched off",
}
A_PAGE = 100
A_LOOK = 50
LATEST = 1000


@allows("outbox:see")
def messages_page(request: Request) -> HttpResponse:
    """Messages by what became of them, newest first; what waits for a person can be sent, what is on paper printed."""
    mine = request.may.schools("outbox:see")
    counts = office_queries.counts(mine, SHOWN)
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "held" if counts["held"] else "waiting"
    # What waits or is in trouble must be seen to, and is listed whole; of what went, the latest.
    lines = queries.messages(mine, states=SHOWN[show], limit=LATEST if show in ("sent", "stopped") else None)
    letters = [line for line in lines if line.channel == "print"] if show == "waiting" else []
    printable = _printable(request, letters)
    looked = may_look(request.may, queries.held(mine)) if show == "held" else []
    context = {
        "page": Paginator(lines, A_PAGE).get_page(request.GET.get("page")),
        "show": show,
        "heading": HEADINGS[show],
        "latest": LATEST if len(lines) == LATEST else 0,
        "counts": counts,
        "troubles": queries.troubles(mine, request.at),
        "held": looked[:A_LOOK],
        "more": max(0, len(looked) - A_LOOK),
        "held_form": HeldForm(letters=()),
        "switches": _switched(request),
        "printable": printable,
        "may_post": "letter" in queries.channels(),
        "printed": PrintedForm(letters=_named(printable), initial={"letters": [one.id for one in printable]}),
    }
    return render(request, "office/outbox.html", context)


def _switched(request: Request) -> list[School]:
    """The schools whose switches somebody may set."""
    mine = request.may.schools("switch:set")
    if mine is not None and not mine:
        return []
    return list(School.objects.all() if mine is None else School.objects.filter(pk__in=mine))


def _printable(request: Request, letters: list[queries.Line]) -> list[queries.Line]:
    mine = request.may.schools("outbox:print") if request.may.can_somewhere("outbox:print") else set()
    return [one for one in letters if mine is None or one.school in mine]


def _named(lines: list[queries.Line]) -> list[tuple[int, str]]:
    return [(line.id, f"{line.subject}, to {line.to_name}") for line in lines]


@allows("outbox:print")
@require_POST
def print_waiting(request: Request) -> HttpResponse:
    """All letters that wait, as one PDF; saying that they were posted is a press of its own."""
    mine = request.may.schools("outbox:print")
    schools = School.objects.values_list("pk", flat=True) if mine is None else mine
    made = outbox.print_all(schools, grounds=all_grounds(), by=request.may.actor(), at=request.at)
    if made.pdf is None:
        messages.info(request, "There is no letter to print; what no longer stands was stopped.")
        return redirect("office:outbox")
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="letters-{request.at:%Y-%m-%d}.pdf"'
    return answer


@allows("outbox:print")
@require_POST
def mark_printed(request: Request) -> HttpResponse:
    """Say that the ticked letters were printed and posted, or have them printed and posted by GOV.UK Notify."""
    waiting = _printable(request, queries.waiting(request.may.schools("outbox:print")))
    form = PrintedForm(request.POST, letters=_named([one for one in waiting if one.channel == "print"]))
    if form.is_valid() and request.POST.get("do") == "post":
        _post_out(request, form)
    elif form.is_valid():
        ids = [int(pk) for pk in form.cleaned_data["letters"]]
        actor = request.may.actor()
        n = outbox.mark_printed(ids, by=actor, at=request.at, key=form.cleaned_data["key"])
        messages.success(request, f"{n} {'letter is' if n == 1 else 'letters are'} marked as printed and posted.")
    else:
        messages.error(request, "Tick the letters that were printed; some may have been marked meanwhile.")
    return redirect("office:outbox")


def _post_out(request: Request, form: PrintedForm) -> None:
    ids, key = [int(pk) for pk in form.cleaned_data["letters"]], form.cleaned_data["key"]

    def do() -> str:
        n = outbox.post_out(ids, by=request.may.actor(), at=request.at, key=key)
        return f"{n} {'letter goes' if n == 1 else 'letters go'} to GOV.UK Notify, to be printed and posted."

    done(request, None, do)


@allows("outbox:see", place=of_message)
def message(request: Request, message: int) -> HttpResponse:
    """One message with its trail; its text for who may read letters, and never the link of an invitation."""
    place: MessagePlace = request.place
    found = place.message
    looks = found.state == "held" and may_look_at(request.may, found.kind, place)
    may_read = (looks or request.may.can("letter:see", place)) and found.ground != INVITATION
    in_trouble = found.state in ("failed", "unsure") and request.may.can("outbox:print", place)
    context = {
        "message": found,
        "trail": queries.trail(message),
        "may_read": may_read,
        "is_invitation": found.ground == INVITATION,
        "kind": KINDS.get(found.kind),
        "may_again": in_trouble,
        "may_settle": in_trouble and found.settled_id is None,
        "school": School.objects.filter(pk=found.school).first() or "",
        "breadcrumbs": [("Messages", reverse("office:outbox"))],
    }
    return render(request, "office/message.html", context)


@allows("letter:see", place=of_message)
def letter_pdf(request: Request, message: int) -> HttpResponse:
    """The letter's PDF as it was sent."""
    found = request.place.message
    if found.pdf is None or found.ground == INVITATION:
        raise Http404
    answer = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.pdf_name or "letter.pdf"}"'
    return answer


@allows("outbox:print", place=of_message)
def again(request: Request, message: int) -> HttpResponse:
    """Let a message that failed, or may have gone, go again, with a reason."""
    place: MessagePlace = request.place
    form = ReasonForm(request.POST or None)
    back = reverse("office:message", args=[message])
    about = f"{place.message.subject}, to {place.message.to_name} ({place.message.to_address})."
    if place.message.state == "unsure":
        about += " It may have gone the first time: then it goes twice."
    way = [("Messages", reverse("office:outbox")), (place.message.subject, back)]
    page = Asking("Send it again", back, "Send it again", about, way)

    def do(given: dict[str, Any]) -> str:
        actor = request.may.actor(place.school)
        if not outbox.send_again(message, by=actor, at=request.at, key=given["key"], reason=given["reason"]):
            raise ValueError("This message is in another state now; look at its trail.")
        return "It waits to be sent."

    return ask(request, form, page, do)


@allows("outbox:print", place=of_message)
def settle(request: Request, message: int) -> HttpResponse:
    """Say how a message that failed, or may have gone, was seen to: it no longer waits for anybody."""
    place: MessagePlace = request.place
    back = reverse("office:message", args=[message])
    way = [("Messages", reverse("office:outbox")), (place.message.subject, back)]
    about = f"{place.message.subject}, to {place.message.to_name}. Say what was done instead, such as a call."
    page = Asking("Seen to", back, "Seen to", about, way)

    def do(given: dict[str, Any]) -> str:
        actor = request.may.actor(place.school)
        if not outbox.settle(message, by=actor, at=request.at, key=given["key"], reason=given["reason"]):
            raise ValueError("There is nothing to see to any more; look at its trail.")
        return "It is seen to."

    return ask(request, ReasonForm(request.POST or None), page, do)
