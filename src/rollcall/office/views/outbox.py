"""Messages: what waits, went or failed, the trail of each, printing all that wait, the letter as it was sent."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Request, allows
from rollcall.accounts.queries import INVITATION
from rollcall.accounts.queries import grounds as accounts_grounds
from rollcall.casework.queries import grounds as casework_grounds
from rollcall.office.forms.asked import ReasonForm
from rollcall.office.forms.outbox import PrintedForm
from rollcall.office.queries import outbox as office_queries
from rollcall.office.views.asking import Asking, ask
from rollcall.office.views.places import MessagePlace, of_message
from rollcall.outbox import actions as outbox
from rollcall.outbox import queries
from rollcall.schools.models import School

SHOWN = {
    "waiting": ("waiting", "sending"),
    "sent": ("sent",),
    "trouble": ("failed", "unsure", "stopped"),
}
A_PAGE = 100
LATEST = 1000


@allows("outbox:see")
def messages_page(request: Request) -> HttpResponse:
    """Messages by what became of them, newest first; letters that wait can be printed together."""
    show = request.GET.get("show", "waiting")
    states = SHOWN.get(show, SHOWN["waiting"])
    mine = request.may.schools("outbox:see")
    # What waits or is in trouble must be seen to, and is listed whole; of what went, the latest.
    lines = queries.messages(mine, states=states, limit=LATEST if show == "sent" else None)
    letters = [line for line in lines if line.channel == "print"] if show == "waiting" else []
    printable = _printable(request, letters)
    context = {
        "page": Paginator(lines, A_PAGE).get_page(request.GET.get("page")),
        "show": show if show in SHOWN else "waiting",
        "latest": LATEST if len(lines) == LATEST else 0,
        "counts": office_queries.counts(mine, SHOWN),
        "schools": dict(School.objects.values_list("pk", "name")),
        "printable": printable,
        "printed": PrintedForm(letters=_named(printable), initial={"letters": [one.id for one in printable]}),
    }
    return render(request, "office/outbox.html", context)


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
    grounds = {**accounts_grounds(), **casework_grounds()}
    made = outbox.print_all(schools, grounds=grounds, by=request.may.actor(), at=request.at)
    if made.pdf is None:
        messages.info(request, "There is no letter to print; what no longer stands was stopped.")
        return redirect("office:outbox")
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="letters-{request.at:%Y-%m-%d}.pdf"'
    return answer


@allows("outbox:print")
@require_POST
def mark_printed(request: Request) -> HttpResponse:
    """Say that the ticked letters were printed and posted."""
    waiting = _printable(request, queries.waiting(request.may.schools("outbox:print")))
    form = PrintedForm(request.POST, letters=_named([one for one in waiting if one.channel == "print"]))
    if form.is_valid():
        ids = [int(pk) for pk in form.cleaned_data["letters"]]
        actor = request.may.actor()
        n = outbox.mark_printed(ids, by=actor, at=request.at, key=form.cleaned_data["key"])
        messages.success(request, f"{n} {'letter is' if n == 1 else 'letters are'} marked as printed and posted.")
    else:
        messages.error(request, "Tick the letters that were printed; some may have been marked meanwhile.")
    return redirect("office:outbox")


@allows("outbox:see", place=of_message)
def message(request: Request, message: int) -> HttpResponse:
    """One message with its trail; its text for who may read letters, and never the link of an invitation."""
    place: MessagePlace = request.place
    found = place.message
    may_read = request.may.can("letter:see", place) and found.ground != INVITATION
    context = {
        "message": found,
        "trail": queries.trail(message),
        "may_read": may_read,
        "is_invitation": found.ground == INVITATION,
        "may_again": found.state in ("failed", "unsure") and request.may.can("outbox:print", place),
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
