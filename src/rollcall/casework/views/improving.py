"""A notice to improve: giving a family a last chance, and saying at its end what came of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions.improving import LETTER, end_chance, give_chance, weeks_of
from rollcall.casework.actions.notices import NotDone
from rollcall.casework.forms.notices import ImproveForm, OutcomeForm
from rollcall.casework.models import NoticeToImprove
from rollcall.casework.queries.gate import offers_of
from rollcall.casework.queries.written import Ready, preview_letter
from rollcall.casework.views.places import PupilPlace, RowPlace, pupil_place, row_place
from rollcall.journal.actions import new_key
from rollcall.rules.words import day_words


@allows("notice:propose", place=pupil_place)
@require_http_methods(["GET", "POST"])
def improve(request: Request, pupil: int) -> HttpResponse:
    """Write a notice to improve; what goes to the family is shown first."""
    place: PupilPlace = request.place
    span = weeks_of(place.facts.policy_on(request.at.date()))
    if span is None:
        raise Http404
    first = {"key": new_key(), "begins": request.at.date(), "weeks": span[1]}
    offered = "\n".join(f"- {one.words}" for one in offers_of(pupil))
    form = ImproveForm(request.POST or None, initial=first | {"support": offered})
    shown = None
    if request.method == "POST" and form.is_valid():
        if "send" not in request.POST:
            shown = _preview(request, form)
        elif answer := _give(request, pupil, form):
            return answer
    context = {
        "form": form,
        "shown": shown,
        "span": span,
        "pupil": place.enrolment.pupil,
        "school": place.here,
        "breadcrumbs": [("Penalty notices", reverse("casework:notices", args=[place.here.slug]))],
    }
    return render(request, "casework/improve.html", context, status=422 if form.errors else 200)


def _give(request: Request, pupil: int, form: ImproveForm) -> HttpResponse | None:
    place: PupilPlace = request.place
    try:
        made = give_chance(
            pupil,
            form.chance(),
            school=place.here.pk,
            by=request.may.actor(place.here.pk),
            at=request.at,
            key=form.cleaned_data["key"],
        )
    except NotDone as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None
    messages.success(request, f"On the way: it runs until {day_words(made.ends)}.")
    return redirect("casework:improve_end", made.pk)


def _preview(request: Request, form: ImproveForm) -> Ready:
    place: PupilPlace = request.place
    chance, by = form.chance(), request.may.actor(place.here.pk)
    more: dict[str, Any] = {
        "support_given": chance.support.strip(),
        "agreed_targets": chance.enough.strip(),
        "improve_until": f"{day_words(chance.ends)} {chance.ends.year}",
    }
    return preview_letter(
        place.enrolment.pupil_id,
        LETTER,
        more,
        school=place.here.pk,
        signed=(by.name, by.position),
        at=request.at,
    )


@allows("notice:see", place=row_place(NoticeToImprove, "improvement"))
@require_http_methods(["GET", "POST"])
def improve_end(request: Request, improvement: int) -> HttpResponse:
    """One notice to improve, and what came of it: a named person says."""
    place: RowPlace[NoticeToImprove] = request.place
    may_end = request.may.can("notice:propose", place) and place.row.outcome_deed_id is None
    form = OutcomeForm(request.POST or None, initial={"key": new_key()})
    if request.method == "POST":
        request.may.check_can("notice:propose", place)
        if form.is_valid() and _ended(request, form):
            return redirect("casework:improve_end", improvement)
    context = {
        "one": place.row,
        "form": form if may_end or form.errors else None,
        "pupil": place.enrolment.pupil,
        "school": place.here,
        "today": request.at.date(),
        "breadcrumbs": [("Penalty notices", reverse("casework:notices", args=[place.here.slug]))],
    }
    return render(request, "casework/improve_end.html", context, status=422 if form.errors else 200)


def _ended(request: Request, form: OutcomeForm) -> bool:
    place: RowPlace[NoticeToImprove] = request.place
    given = form.cleaned_data
    try:
        end_chance(
            place.row.pk,
            given["outcome"],
            words=given["words"],
            by=request.may.actor(place.here.pk),
            at=request.at,
            key=given["key"],
        )
    except NotDone as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    messages.success(request, "Recorded.")
    return True
