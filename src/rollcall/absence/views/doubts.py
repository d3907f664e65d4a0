"""Reasons in doubt: asking for evidence, the chain of what was said and sent, telling the parents, deciding (4.2)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rollcall.absence.actions import doubts as actions
from rollcall.absence.actions.doubt_deciding import UNAUTHORISED, decide
from rollcall.absence.actions.doubt_sending import NotDone, addressees, notice_for
from rollcall.absence.actions.doubts import Asking
from rollcall.absence.forms.doubts import AnswerForm, AskForm, DecisionForm, SaidForm
from rollcall.absence.forms.reports import BecauseForm
from rollcall.absence.models import Doubt, LeaveRequest, Report
from rollcall.absence.queries import doubts as queries
from rollcall.absence.queries.callers import BARRED
from rollcall.absence.views import desk
from rollcall.absence.views.places import PupilPlace, SchoolPlace, enrolment_place, school_place
from rollcall.absence.views.told_places import DoubtPlace, doubt_place
from rollcall.accounts.asked import day_asked, row_asked
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.rules.appointments import MEDICAL
from rollcall.rules.codes import find
from rollcall.rules.doubting import may_turn_unauthorised
from rollcall.rules.sessions import Half
from rollcall.rules.words import day_words
from rollcall.schools.queries.families import ContactFact, contacts_of

ENDED = timedelta(days=28)
KINDS = {"I": "illness", MEDICAL: "appointment"}


@allows("doubt:ask", place=school_place)
@never_cache
@require_GET
def doubts(request: Request, school: str) -> HttpResponse:
    """The doubts that are open, by the day an answer is due, and those that ended lately."""
    place: SchoolPlace = request.place
    here = [place.here.pk]
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:doubts"),
        "school": place.here.name,
        "open": queries.doubts(here, request.at),
        "ended": queries.doubts(here, request.at, ended_since=request.at.date() - ENDED),
    }
    return render(request, "absence/doubts.html", context)


@allows("doubt:ask", place=enrolment_place)
@never_cache
@require_http_methods(["GET", "POST"])
def doubt_ask(request: Request, enrolment: int) -> HttpResponse:
    """Ask for evidence of a reason (`report` or `leave` says which); what goes to the family is shown first."""
    place: PupilPlace = request.place
    report = Report.objects.filter(
        pk=row_asked(request.GET.get("report", "")), enrolment=enrolment, withdrawn__isnull=True
    ).first()
    leave = LeaveRequest.objects.filter(pk=row_asked(request.GET.get("leave", "")), enrolment=enrolment).first()
    contacts = contacts_of(place.enrolment.pupil_id)
    policy = place.facts.policy_on(request.at.date())
    form = AskForm(
        request.POST or None,
        evidence=policy.absence.illness_evidence.value,
        adults=_adults(contacts),
        initial=_initial(request, place, report, leave),
    )
    shown = None
    if request.method == "POST" and form.is_valid():
        asking = _asking(form, report, leave)
        answer, shown = _ask_or_show(request, place, form, asking)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "shown": shown,
        "pupil": place.enrolment.pupil,
        "school": place.here.name,
        "barred": [(one, BARRED) for one in contacts if one.barred],
        "tabs": desk.tabs(request.may, place.here, "absence:doubts"),
        "back": reverse("absence:doubts", args=[place.here.slug]),
    }
    return render(request, "absence/doubt_ask.html", context)


def _adults(contacts: list[ContactFact]) -> list[tuple[int, str]]:
    return [(one.link, f"{one.name} ({one.relationship.lower()})") for one in contacts if not one.barred]


def _initial(request: Request, place: PupilPlace, report: Report | None, leave: LeaveRequest | None) -> dict[str, Any]:
    day = request.at.date()
    about = report or leave
    asked = {name: day_asked(request.GET.get(name, "")) for name in ("first", "last")}
    kind = KINDS.get(report.code, "reason") if report else "holiday"
    return {
        "key": new_key(),
        "kind": request.GET.get("kind") or kind,
        "first_day": asked["first"] or (about.first_day if about else day),
        "last_day": asked["last"] or (min(about.last_day, max(day, about.first_day)) if about else day),
        "contact": report.contact_id if report else None,
        "due": queries.default_due(place.facts, day),
    }


def _asking(form: AskForm, report: Report | None, leave: LeaveRequest | None) -> Asking:
    told = form.cleaned_data
    first: Half = "PM" if report and report.first_half == "PM" and report.first_day == told["first_day"] else "AM"
    last: Half = "AM" if report and report.last_half == "AM" and report.last_day == told["last_day"] else "PM"
    return Asking(
        kind=told["kind"],
        first=(told["first_day"], first),
        last=(told["last_day"], last),
        why=told["why"],
        would_do=form.evidence(),
        contact=told["contact"],
        how=told["how"],
        due=told["due"],
        report=report,
        leave=leave,
    )


def _ask_or_show(request: Request, place: PupilPlace, form: AskForm, asking: Asking) -> tuple[HttpResponse | None, Any]:
    """The page of the doubt once it is asked; before that, for what goes out, exactly what will go."""
    by = request.may.actor(place.school)
    try:
        if asking.how in actions.SENT_BY_US and "send" not in request.POST:
            return None, actions.preview_request(place.enrolment, asking, by=by, at=request.at)
        key = f"{request.user.pk}-{form.cleaned_data['key']}"
        made = actions.open_doubt(place.enrolment, asking, by=by, at=request.at, key=key)
    except NotDone as refused:
        form.add_error(None, str(refused))
        return None, None
    except AlreadyDone as done:
        first = Doubt.objects.filter(deed=done.deed).first()
        back = redirect("absence:doubt", first.pk) if first else redirect("absence:doubts", place.here.slug)
        return back, None
    messages.success(request, f"Evidence is asked for; an answer is due by {day_words(made.due)}.")
    return redirect("absence:doubt", made.pk), None


@allows("doubt:ask", place=doubt_place)
@never_cache
@require_GET
def doubt(request: Request, doubt: int) -> HttpResponse:
    """One doubt: the chain of what was said and sent, and what may be done next."""
    place: DoubtPlace = request.place
    one = queries.doubt(doubt, request.at)
    contacts = contacts_of(one.pupil)
    edition = place.facts.edition_on(one.first[0])
    unauthorised = UNAUTHORISED.get(one.kind, "O")
    context = {
        "d": one,
        "school": place.here.name,
        "tabs": desk.tabs(request.may, place.here, "absence:doubts"),
        "ended": not one.owner,
        "marks": queries.marks_of(place.doubt, place.facts, request.at),
        "may_tell": one.state in ("overdue", "unsatisfied", "telling", "untold", "told") or one.kind in actions.EARLY,
        "may_turn": may_turn_unauthorised(one.state),
        "may_decide": request.may.can("doubt:decide", place),
        "unauthorised": find(unauthorised, edition),
        "authorised": [find(code, edition) for code in ("I", "M")],
        "answer": AnswerForm(initial={"key": new_key()}, auto_id="answer_%s"),
        "said": SaidForm(adults=_adults(contacts), initial={"key": new_key()}, auto_id="said_%s"),
        "decision": DecisionForm(initial={"key": new_key()}, auto_id="decision_%s"),
        "withdrawal": BecauseForm(initial={"key": new_key()}, auto_id="withdraw_%s"),
        "barred": [(one, BARRED) for one in contacts if one.barred],
    }
    return render(request, "absence/doubt.html", context)


def _do(request: Request, act: Callable[[], Any], done: str) -> HttpResponse:
    """Do a step, say what came of it, and show the doubt again."""
    try:
        act()
        messages.success(request, done)
    except NotDone as refused:
        messages.error(request, str(refused))
    except AlreadyDone:
        pass
    return redirect("absence:doubt", request.place.doubt.pk)


def _told(request: Request, form: Any) -> dict[str, Any]:
    """What was typed, with who did it and when. Raises NotDone with the first sentence for what can't be read."""
    if not form.is_valid():
        raise NotDone(next(str(error) for errors in form.errors.values() for error in errors))
    key = f"{request.user.pk}-{form.cleaned_data.pop('key')}"
    return {**form.cleaned_data, "by": request.may.actor(request.place.school), "at": request.at, "key": key}


@allows("doubt:ask", place=doubt_place)
@require_POST
def doubt_answer(request: Request, doubt: int) -> HttpResponse:
    """Record the family's answer."""

    def act() -> None:
        told = _told(request, AnswerForm(request.POST))
        actions.answer(request.place.doubt, **{**told, "satisfied": told["satisfied"] == "yes"})

    return _do(request, act, "The answer is recorded.")


@allows("doubt:decide", place=doubt_place)
@never_cache
@require_http_methods(["GET", "POST"])
def doubt_tell(request: Request, doubt: int) -> HttpResponse:
    """Show what goes to the parents before it turns unauthorised, and to whom; then send it."""
    place: DoubtPlace = request.place
    by, how = request.may.actor(place.school), "post" if request.GET.get("how") == "post" else "message"
    if request.method == "POST":
        key = f"{request.user.pk}-{request.POST.get('key', '')[:40]}"
        return _do(
            request,
            lambda: actions.tell(place.doubt, how=how, by=by, at=request.at, key=key),
            "The parents are being told; the decision can follow once it is accepted or posted.",
        )
    try:
        ways = addressees(place.doubt, how, request.at.date())
        letters = [(way, notice_for(place.doubt, way, by=by, at=request.at)) for way in ways]
    except NotDone as refused:
        messages.error(request, str(refused))
        return redirect("absence:doubt", doubt)
    context = {
        "letters": letters,
        "d": queries.doubt(doubt, request.at),
        "how": how,
        "key": new_key(),
        "school": place.here.name,
        "tabs": desk.tabs(request.may, place.here, "absence:doubts"),
    }
    return render(request, "absence/doubt_tell.html", context)


@allows("doubt:decide", place=doubt_place)
@require_POST
def doubt_said(request: Request, doubt: int) -> HttpResponse:
    """Record that the parents were told by phone or in person."""

    def act() -> None:
        contacts = contacts_of(request.place.enrolment.pupil_id)
        actions.tell(request.place.doubt, **_told(request, SaidForm(request.POST, adults=_adults(contacts))))

    return _do(request, act, "It is recorded that the parents were told.")


@allows("doubt:decide", place=doubt_place)
@require_POST
def doubt_decide(request: Request, doubt: int) -> HttpResponse:
    """Decide: the marks stay, or are written with the code of the button."""
    return _do(
        request, lambda: decide(request.place.doubt, **_told(request, DecisionForm(request.POST))), "It is decided."
    )


@allows("doubt:decide", place=doubt_place)
@require_POST
def doubt_withdraw(request: Request, doubt: int) -> HttpResponse:
    """Withdraw a doubt, with a reason."""
    return _do(
        request,
        lambda: actions.withdraw_doubt(request.place.doubt, **_told(request, BecauseForm(request.POST))),
        "Withdrawn; the marks stay as they are.",
    )
