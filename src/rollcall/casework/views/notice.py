"""One penalty notice: what it rests on, what became of it, and what may be done next, by whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from rollcall.accounts.door import Place, Request, allows
from rollcall.casework.actions import notice_events, notice_issuing
from rollcall.casework.actions import notices as actions
from rollcall.casework.actions.notice_issuing import Issuer, needs_authority
from rollcall.casework.actions.notices import NotDone
from rollcall.casework.forms.notices import (
    BecauseForm,
    EventForm,
    NoteForm,
    PressForm,
    RecordedForm,
)
from rollcall.casework.models import Notice, NoticeEvent
from rollcall.casework.queries import notices as queries
from rollcall.casework.queries.notice_letter import LETTER, letter_of
from rollcall.casework.queries.notices import Line
from rollcall.casework.queries.written import Ready, preview_letter
from rollcall.casework.views.notices import superseded
from rollcall.casework.views.places import RowPlace, row_place
from rollcall.journal import actions as journal
from rollcall.journal.actions import new_key
from rollcall.rules.penalties import pounds
from rollcall.rules.policy import Policy

notice_place = row_place(Notice)


@dataclass(frozen=True)
class Act:
    """Something that may be done with a notice: the row of the table, in which states, what is asked, what it does."""

    row: str
    states: tuple[str, ...]
    form: Callable[..., forms.Form]
    do: Callable[[Request, Line, Any], None]
    done: str


def _authorise(request: Request, line: Line, given: Any) -> None:
    actions.authorise(line.notice.pk, because=given["because"], **_who(request, given))


def _issue(request: Request, line: Line, given: Any) -> None:
    place: RowPlace[Notice] = request.place
    notice_issuing.issue(
        line.notice.pk,
        issuer=issuer_of(request),
        school=place.here.pk,
        in_demo=settings.ROLLCALL_DEMO,
        **_who(request, given),
    )


def _drop(request: Request, line: Line, given: Any) -> None:
    actions.drop(line.notice.pk, because=given["because"], **_who(request, given))


def _recorded(request: Request, line: Line, given: Any) -> None:
    named = {name: given[name] for name in ("issued_by", "day", "received", "reference")}
    notice_issuing.record_issued(line.notice.pk, in_demo=settings.ROLLCALL_DEMO, **named, **_who(request, given))


def _event(request: Request, line: Line, given: Any) -> None:
    notice_events.record(line.notice.pk, given["told"], **_who(request, given))


def _keep(request: Request, line: Line, given: Any) -> None:
    told = notice_events.Told("kept", request.at.date(), words=given["because"])
    notice_events.record(line.notice.pk, told, **_who(request, given))


def _who(request: Request, given: Any) -> dict[str, Any]:
    place: RowPlace[Notice] = request.place
    return {"by": request.may.actor(place.here.pk), "at": request.at, "key": given["key"]}


def issuer_of(request: Request) -> Issuer:
    """As whom somebody issues: the executive headteacher, or a head of school."""
    return "executive_headteacher" if request.may.can("notice:authorise", request.place) else "head_of_school"


BEFORE, AFTER = ("proposed", "authorised"), ("not_received", "reduced", "full", "paid", "unpaid", "not_prosecuted")
RECORDED = "Recorded."
ACTS: dict[str, Act] = {
    "issue": Act("notice:issue", BEFORE, PressForm, _issue, "Issued: the letter waits in the outbox to be printed."),
    "authorise": Act("notice:authorise", ("proposed",), NoteForm, _authorise, "Authorised."),
    "recorded": Act("notice:record", BEFORE, RecordedForm, _recorded, RECORDED),
    "drop": Act("notice:propose", BEFORE, BecauseForm, _drop, "Given up: its sessions are free again."),
    "keep": Act("notice:issue", AFTER, BecauseForm, _keep, "Kept, with the reason."),
    "event": Act("notice:record", (*AFTER, "prosecuted"), EventForm, _event, RECORDED),
}
WORDS = {
    "issue": "Issue this notice",
    "authorise": "Authorise the head of school to issue it",
    "recorded": "The authority or the police issued it",
    "drop": "Give it up",
    "keep": "Keep it, though marks were changed",
    "event": "Record what became of it",
}


@allows("notice:see", place=notice_place)
@require_http_methods(["GET", "POST"])
def notice(request: Request, notice: int) -> HttpResponse:
    """One notice; what is posted is one of the acts, named by `act`."""
    place: RowPlace[Notice] = request.place
    line = queries.line_of(notice, request.at)
    posted = request.POST.get("act", "") if request.method == "POST" else ""
    bound = None
    if request.method == "POST":
        if posted not in ACTS:
            raise Http404
        request.may.check_can(ACTS[posted].row, place)
        bound = _make(posted, line, request, request.POST)
        if bound.is_valid() and _done(request, line, posted, bound):
            return redirect("casework:notice", notice)
    else:
        journal.note_look("notice", by=request.may.actor(place.here.pk), at=request.at, thing_id=notice)
    return render(request, "casework/notice.html", _context(request, line, posted, bound), status=422 if bound else 200)


def _done(request: Request, line: Line, act: str, form: forms.Form) -> bool:
    given = dict(form.cleaned_data)
    if isinstance(form, EventForm):
        given["told"] = form.told()
    try:
        ACTS[act].do(request, line, given)
    except NotDone as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    messages.success(request, ACTS[act].done)
    return True


def _make(act: str, line: Line, request: Request, data: Any = None) -> forms.Form:
    more: dict[str, Any] = {"auto_id": f"{act}_%s", "initial": {"key": new_key(), "day": request.at.date()}}
    if act == "event":
        more["kinds"] = _kinds(line)
    return ACTS[act].form(data, **more)


def _kinds(line: Line) -> list[tuple[str, str]]:
    """What can be recorded of a notice as it stands."""
    words = dict(NoticeEvent.KINDS)
    kinds = ["received"] if all(one.kind != "received" for one in line.standing_events) else []
    kinds.append("paid")
    if line.state.id == "unpaid":
        kinds += ["prosecuted", "not_prosecuted"]
    return [(kind, words[kind]) for kind in (*kinds, "withdrawn")]


def _context(request: Request, line: Line, posted: str, bound: forms.Form | None) -> dict[str, Any]:
    place: RowPlace[Notice] = request.place
    shown = queries.sessions_shown(line.notice)
    found = queries.differences(shown)
    asks = bool(found) and not queries.is_kept(line, found) and line.state.id not in ("dropped", "withdrawn")
    policy = place.facts.policy_on(request.at.date())
    waits = line.state.id == "proposed" and needs_authority(policy, issuer_of(request))
    preview = _preview(request, line, policy) if line.state.id in BEFORE else None
    acts = [
        (name, WORDS[name], bound if name == posted else _make(name, line, request))
        for name, act in ACTS.items()
        if line.state.id in act.states
        and request.may.can(act.row, place)
        and (name != "keep" or asks)
        and (name != "issue" or not waits)
        and (name != "authorise" or "head_of_school" not in policy.penalty.issued_by.value)
    ]
    return {
        "line": line,
        "notice": line.notice,
        "pupil": line.notice.pupil,
        "school": place.here,
        "shown": shown,
        "events": [(one, pounds(one.pence) if one.pence else "") for one in line.events],
        "kept": _days_kept(line.notice),
        "differences": found,
        "asks": asks,
        "added": queries.added_since(line) if line.state.id in BEFORE else (),
        "last_days": queries.last_days(line),
        "acts": acts,
        "bound": bound,
        "waits_for_authority": waits,
        "preview": preview,
        "superseded": superseded(policy.edition, request) if line.state.id in BEFORE else "",
        "may_take_back": request.may.can("notice:issue", place),
        "may_pack": request.may.can("pack:make", place),
        "packs": line.notice.packs.defer("contents").select_related("deed").order_by("-id"),
        "key": new_key(),
        "breadcrumbs": [("Penalty notices", reverse("casework:notices", args=[place.here.slug]))],
    }


def _days_kept(notice: Notice) -> dict[str, date | None]:
    """The days that the notice keeps as text, as days again."""
    told: dict[str, Any] = {
        "seen": (notice.evidence.get("in_public") or {}).get("day"),
        "begins": ((notice.evidence.get("in_public") or {}).get("exclusion") or {}).get("begins"),
        "warned": (notice.gate.get("warning") or {}).get("day"),
    }
    return {name: date.fromisoformat(text) if text else None for name, text in told.items()}


def _preview(request: Request, line: Line, policy: Policy) -> Ready | None:
    """The letter as it would go, issued by who looks."""
    place: RowPlace[Notice] = request.place
    by = request.may.actor(place.here.pk)
    try:
        terms = notice_issuing.terms_for(line.notice, line.notice.edition, request.at.date())
    except NotDone:
        return None
    letter = letter_of(line.notice, terms, policy, f"{by.name}, {by.position}")
    return preview_letter(
        line.notice.pupil_id,
        LETTER,
        letter.more,
        school=place.here.pk,
        signed=(by.name, by.position),
        at=request.at,
        rests_on=letter.rests_on,
        contacts=[line.notice.contact_id],
        by_post=True,
    )


def event_place(event: int, at: Any, **_: Any) -> Place:
    """Where the notice of an event is."""
    row = NoticeEvent.objects.filter(pk=event).first()
    if row is None:
        raise Http404
    return notice_place(at=at, notice=row.notice_id)


@allows("notice:issue", place=event_place)
@require_http_methods(["POST"])
def event_back(request: Request, event: int) -> HttpResponse:
    """Take back an event that was wrong; it stays, with who took it back and why."""
    place: RowPlace[Notice] = request.place
    try:
        notice_events.take_back(
            event,
            because=request.POST.get("because", ""),
            by=request.may.actor(place.here.pk),
            at=request.at,
            key=request.POST.get("key", ""),
        )
        messages.success(request, "Taken back.")
    except NotDone as refusal:
        messages.error(request, str(refusal))
    return redirect("casework:notice", place.row.pk)
