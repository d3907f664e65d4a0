"""Logging a call: two letters of a name, brothers and sisters at once, who rang, and the reason, which saves it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rollcall.absence.actions import reports as actions
from rollcall.absence.actions import withdrawing
from rollcall.absence.actions.barred import Stopped
from rollcall.absence.actions.reports import Logged, PerhapsKnown
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.forms.reports import ELSE, BecauseForm, ReportForm, WithdrawForm
from rollcall.absence.models import Report, Word
from rollcall.absence.queries.callers import CallerChoice, callers_of, siblings_elsewhere, siblings_here, who_rang
from rollcall.absence.queries.finding import children_called, children_of_number
from rollcall.absence.queries.reports import appointments_in_hours, day_to_report, reports_of_word
from rollcall.absence.views import desk
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.absence.views.stopped import stopped_page
from rollcall.absence.views.told_places import ReportPlace, WordPlace, report_place, word_place
from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Place, Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.rules.appointments import MEDICAL
from rollcall.schools.models import Enrolment
from rollcall.schools.queries.roll import Seat, seats_of_school

UNDONE = "Undone at once by who entered it"


@allows("word:log", place=school_place)
@never_cache
@require_http_methods(["GET", "POST"])
def report_add(request: Request, school: str) -> HttpResponse:
    """Find the child (`q`), then log what was said of them (`pupil`); `word` is the one in the inbox it clears."""
    place: SchoolPlace = request.place
    word = Word.objects.filter(school=place.here, pk=row_asked(request.GET.get("word", ""))).first()
    chosen = row_asked(request.GET.get("pupil", ""))
    if not chosen:
        return _find(request, place, word)
    enrolment = Enrolment.objects.select_related("pupil").filter(school=place.here, pk=chosen).first()
    family = _family(enrolment, request) if enrolment else []
    if enrolment is None or not family:
        raise Http404
    callers = callers_of(enrolment.pupil_id)
    initial = _initial(request, place, enrolment, callers, word)
    form = ReportForm(request.POST or None, children=family, callers=callers, initial=initial)
    if request.method == "POST" and form.is_valid() and (answer := _save(request, place, form, word)):
        return answer
    return _show(request, place, form, enrolment, family, callers, word)


def _find(request: Request, place: SchoolPlace, word: Word | None) -> HttpResponse:
    """The first step: two letters, or the children of the number that left word."""
    day, words = request.at.date(), request.GET.get("q", "").strip()[:60]
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:inbox"),
        "school": place.here.name,
        "slug": place.here.slug,
        "q": words,
        "word": word,
        "found": children_called(place.here.pk, words, day),
        "offered": children_of_number(place.here.pk, word.number, day) if word else [],
    }
    return render(request, "absence/report_find.html", context)


def _family(enrolment: Enrolment, request: Request) -> list[Seat]:
    """The child first, then brothers and sisters at this school; none where the child is in no class today."""
    seats = {seat.pupil: seat for seat in seats_of_school(enrolment.school_id, request.at.date())}
    own = seats.get(enrolment.pupil_id)
    return [own, *siblings_here(enrolment, request.at.date())] if own else []


def _initial(
    request: Request, place: SchoolPlace, enrolment: Enrolment, callers: Sequence[CallerChoice], word: Word | None
) -> dict[str, Any]:
    rang = who_rang(callers, word.number if word else "")
    unknown = word is not None and rang is None
    return {
        "key": new_key(),
        "children": [enrolment.pk],
        "caller": rang.value if rang else ELSE if unknown else "",
        "caller_name": word.caller if word and unknown else "",
        "caller_number": word.number if word and unknown else "",
        "note": word.words[:200] if word else "",
        "day": day_to_report(place.facts, request.at),
        "channel": word.channel if word else "phone",
    }


def _save(request: Request, place: SchoolPlace, form: ReportForm, word: Word | None) -> HttpResponse | None:
    told = form.cleaned_data
    pupils = list(Enrolment.objects.select_related("pupil").filter(pk__in=told["children"]))
    try:
        made = actions.log_report(
            place.facts,
            pupils,
            form.absence(),
            form.who(),
            word=word,
            by=request.may.actor(place.school),
            at=request.at,
            key=f"{request.user.pk}-{told['key']}",
            may_amend=request.may.can("register:amend", place),
            beside=told["beside"],
        )
    except AlreadyDone as done:
        first = Report.objects.filter(deed=done.deed).first()
        return _inbox(place, first.word_id if first else None)
    except Stopped as stopped:
        return stopped_page(request, place.here, place, stopped, reverse("absence:inbox", args=[place.here.slug]))
    except NotLogged as refused:
        form.add_error("beside" if isinstance(refused, PerhapsKnown) else None, str(refused))
        return None
    _say(request, made)
    return _inbox(place, made.word if made.reports else None)


def _say(request: Request, made: Logged) -> None:
    for sentence in made.said:
        messages.warning(request, sentence)


def _inbox(place: SchoolPlace, saved: int | None) -> HttpResponse:
    url = reverse("absence:inbox", args=[place.here.slug])
    return HttpResponseRedirect(f"{url}?{urlencode({'saved': saved})}" if saved else url)


def _show(
    request: Request,
    place: SchoolPlace,
    form: ReportForm,
    enrolment: Enrolment,
    family: Sequence[Seat],
    callers: Sequence[CallerChoice],
    word: Word | None,
) -> HttpResponse:
    day = request.at.date()
    reasons = [one for one in place.facts.policy_on(day).reasons if "absence" in one.asked]
    counted = appointments_in_hours(place.here.pk, [enrolment.pk], day)
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:inbox"),
        "school": place.here.name,
        "slug": place.here.slug,
        "form": form,
        "pupil": enrolment.pupil,
        "child": family[0],
        "has_siblings": len(family) > 1,
        "elsewhere": [
            (one, request.may.can("word:log", Place(one.school))) for one in siblings_elsewhere(enrolment, day)
        ],
        "barred": [one for one in callers if one.warning],
        "word": word,
        "reasons": [one for one in reasons if one.code != MEDICAL],
        "appointment": next((one for one in reasons if one.code == MEDICAL), None),
        "n_appointments": counted.get(enrolment.pk, 0),
        "about": day_to_report(place.facts, request.at),
        "today": day,
        "asks_beside": "beside" in form.errors,
    }
    return render(request, "absence/report_add.html", context, status=409 if form.errors and form.is_bound else 200)


@allows("word:log", place=report_place)
@never_cache
@require_http_methods(["GET", "POST"])
def report_withdraw(request: Request, report: int) -> HttpResponse:
    """Withdraw a report, alone or with those of the same call, with a reason; it stays on record."""
    place: ReportPlace = request.place
    same_call = [one for one in reports_of_word(place.report.word_id) if not one.withdrawn_at]
    initial = {"key": new_key(), "reports": [report], "because": request.GET.get("because", "")[:200]}
    form = WithdrawForm(request.POST or None, initial=initial)
    form.fields["reports"].choices = [(one.id, f"{one.name}, {one.span}") for one in same_call]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        wanted = list(_reports().filter(pk__in=form.cleaned_data["reports"]))
        if answer := _withdraw(request, place, form, wanted):
            return answer
    context = {
        "form": form,
        "school": place.here.name,
        "report": next((one for one in same_call if one.id == report), None),
        "may_amend": request.may.can("register:amend", place),
        "back": reverse("absence:inbox", args=[place.here.slug]),
        "tabs": desk.tabs(request.may, place.here, "absence:inbox"),
    }
    return render(request, "absence/report_withdraw.html", context)


def _reports() -> Any:
    return Report.objects.select_related("enrolment__pupil", "expectation")


def _withdraw(request: Request, place: ReportPlace, form: WithdrawForm, wanted: list[Report]) -> HttpResponse | None:
    told = form.cleaned_data
    try:
        said = withdrawing.withdraw_reports(
            wanted,
            reason=told["because"],
            by=request.may.actor(place.school),
            at=request.at,
            key=f"{request.user.pk}-{told['key']}",
            may_amend=request.may.can("register:amend", place),
        )
    except NotLogged as refused:
        form.add_error(None, str(refused))
        return None
    except AlreadyDone:
        said = ()
    for sentence in said:
        messages.warning(request, sentence)
    messages.success(request, f"Withdrawn: {', '.join(str(one.enrolment.pupil) for one in wanted)}.")
    if told["again"]:
        url = reverse("absence:report_add", args=[place.here.slug])
        return HttpResponseRedirect(f"{url}?{urlencode({'word': place.report.word_id})}")
    return redirect("absence:inbox", place.here.slug)


@allows("word:log", place=word_place)
@require_POST
def report_undo(request: Request, word: int) -> HttpResponse:
    """Undo a call that was just entered: every report of it is withdrawn, and the word waits again."""
    place: WordPlace = request.place
    form = BecauseForm(request.POST)
    standing = list(_reports().filter(word=word, withdrawn__isnull=True))
    if form.is_valid() and standing:
        try:
            said = withdrawing.withdraw_reports(
                standing,
                reason=UNDONE,
                by=request.may.actor(place.school),
                at=request.at,
                key=f"{request.user.pk}-{form.cleaned_data['key']}",
                may_amend=request.may.can("register:amend", place),
            )
            for sentence in said:
                messages.warning(request, sentence)
            messages.success(request, "Undone. The call waits in the inbox until it is entered or cleared.")
        except NotLogged as refused:
            messages.error(request, str(refused))
        except AlreadyDone:
            pass
    return redirect("absence:inbox", place.here.slug)
