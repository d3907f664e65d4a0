"""The call list: one tap for each try; reached leads to the reason, and no answer at all to safeguarding (4.5-a)."""

import contextlib
import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.actions.calls import Made, log_call, withdraw_call
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.forms.calls import TapForm, tap_value
from rollcall.absence.models import Call
from rollcall.absence.queries.calls import Row, call_list
from rollcall.absence.views import desk
from rollcall.absence.views.live import LivePlace, live_page, live_place
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.schools.models import Enrolment

RIGHTS = ("pupil:barred_why", "register:see", "pupil:see", "word:log", "alert:see", "activity:confirm")
OUTCOMES = (
    ("no_answer", "No answer"),
    ("message", "Message left"),
    ("wrong_number", "Wrong number"),
)
TONES = {"done": "good", "due": "waiting", "overdue": "urgent", "ahead": "closed"}
WORDS = {"done": "Done", "due": "Due", "overdue": "Overdue", "ahead": "Later"}
STEPS = {"first_call": "First call", "all_contacts": "Every contact tried", "dsl_told": "Safeguarding lead told"}


@allows("call:make", place=live_place)
@never_cache
@require_GET
def calls(request: Request, school: str) -> HttpResponse:
    """Who is not accounted for, highest risk first; live."""
    place: LivePlace = request.place
    facts = place.facts

    def frame() -> dict[str, Any]:
        return {
            "facts": facts,
            "school": facts.name,
            "day": request.at.date(),
            "tabs": desk.tabs(request.may, place.here, "absence:calls"),
            "key": new_key(),
        }

    def draw() -> Mapping[str, Any]:
        found = call_list(facts, request.at)
        return {
            "facts": facts,
            "list": found,
            "rows": [_shown(row, found.day) for row in found.rows],
            "apart": [_shown(row, found.day) for row in found.apart],
            "trips": [(trip.unconfirmed, [_shown(row, found.day) for row in trip.rows]) for trip in found.trips],
            "is_open": request.at >= found.calls_from,
        }

    return live_page(request, "absence/calls.html", "absence/_partials/calls.html", draw, frame=frame, rights=RIGHTS)


def _shown(row: Row, day: date) -> dict[str, Any]:
    """A row with the values of its buttons and the tone of its steps."""

    def taps(link: int, number: str) -> list[tuple[str, str]]:
        return [(words, tap_value(row.enrolment, link, number, name, row.seen)) for name, words in OUTCOMES]

    def reached(link: int, number: str) -> str:
        return tap_value(row.enrolment, link, number, "reached", row.seen)

    others = [
        (line.contact, one, reached(line.contact.link, one.number), taps(line.contact.link, one.number))
        for line in row.lines
        if not line.contact.barred
        for one in line.numbers
        if not one.is_next
    ]
    following = row.next_contact
    return {
        "row": row,
        "day": day,
        "steps": [(STEPS[s.name], s, TONES[s.state], WORDS[s.state]) for s in row.ladder.steps],
        "others": others,
        "taps": taps(following.link, row.next_number) if following else [],
        "reached": reached(following.link, row.next_number) if following else "",
    }


@allows("call:make", place=school_place)
@never_cache
@require_POST
def log(request: Request, school: str) -> HttpResponse:
    """Log one try, or take one back; reached leads to the reason."""
    place: SchoolPlace = request.place
    if undone := row_asked(request.POST.get("undo", "")):
        return _undo(request, place, undone)
    form = TapForm(request.POST)
    if not form.is_valid():
        messages.error(request, "This tap is not whole; nothing was logged. Try again.")
        return redirect("absence:calls", school)
    enrolment = Enrolment.objects.select_related("pupil").filter(pk=form.enrolment, school=place.here.pk).first()
    if enrolment is None:
        raise Http404
    try:
        made = _logged(request, place, form, enrolment)
    except NotLogged as refused:
        messages.error(request, f"{enrolment.pupil}: {refused}")
        return back_to(school, enrolment.pk)
    if form.told.outcome == "reached":
        return redirect("absence:call_reason", enrolment.pk)
    if made:
        _say(request, enrolment, made)
    return back_to(school, enrolment.pk)


def _logged(request: Request, place: SchoolPlace, form: TapForm, enrolment: Enrolment) -> Made | None:
    tap = form.told
    which = hashlib.blake2s(form.cleaned_data["tap"].encode(), digest_size=8).hexdigest()
    key = f"{request.user.pk}-{form.cleaned_data['key'][:40]}-{which}"
    try:
        by = request.may.actor(place.school)
        return log_call(enrolment, tap, facts=place.facts, by=by, at=request.at, key=key)
    except AlreadyDone:
        return None


def _say(request: Request, enrolment: Enrolment, made: Made) -> None:
    outcome = made.call.get_outcome_display().lower()
    messages.success(request, f"{enrolment.pupil}: logged, {made.call.name}, {outcome}.")
    if made.alert:
        messages.warning(request, f"{enrolment.pupil}: all were tried in vain. The safeguarding lead is being told.")


def _undo(request: Request, place: SchoolPlace, pk: int) -> HttpResponse:
    found = Call.objects.select_related("enrolment__pupil").filter(pk=pk, enrolment__school=place.here.pk).first()
    if found is None or found.day != request.at.date():
        raise Http404
    with contextlib.suppress(AlreadyDone):
        withdraw_call(found, by=request.may.actor(place.school), at=request.at, key=f"undo-{found.pk}")
    messages.success(request, f"{found.enrolment.pupil}: the call to {found.name} is taken back.")
    return back_to(place.here.slug, found.enrolment_id)


def back_to(school: str, enrolment: int) -> HttpResponse:
    """To a child's row on the list."""
    return redirect(f"{reverse('absence:calls', args=[school])}#call-{enrolment}")
