"""The school's path: its chart for families, and what a person does with a case besides deciding in a review."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from rollcall.accounts.door import Request, allows, public
from rollcall.casework import actions
from rollcall.casework.actions.keeping import NotKept, keep_step
from rollcall.casework.forms.cases import EndForm, MoveForm, StepForm
from rollcall.casework.models import Case, StepTaken
from rollcall.casework.queries.cases import proposed_end
from rollcall.casework.queries.chart import Chart, chart
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.path import how_of, on_path
from rollcall.casework.views.places import RowPlace, row_place
from rollcall.documents.enclosure import sheet_pdf
from rollcall.journal.actions import new_key
from rollcall.rules import flow
from rollcall.schools.models import School
from rollcall.schools.queries import facts_of

case_place = row_place(Case)


@require_GET
@public
def path_chart(request: Request, school: str) -> HttpResponse:
    """The chart for families (6-b): no names, printable, and as a list."""
    here, found = _public(request, school)
    return render(request, "casework/chart.html", {"here": here, "chart": found})


@require_GET
@public
def path_chart_pdf(request: Request, school: str) -> HttpResponse:
    """The same page as PDF."""
    here, found = _public(request, school)
    named = {"Content-Disposition": f'inline; filename="attendance-{here.slug}.pdf"'}
    return HttpResponse(sheet_pdf(found.sheet, dated=request.at.date()), content_type="application/pdf", headers=named)


def _public(request: Request, school: str) -> tuple[School, Chart]:
    """The school and its chart, where the policy shows it to all; Http404."""
    here = School.objects.filter(slug=school).first()
    if here is None:
        raise Http404
    policy = facts_of(here.pk).policy_on(request.at.date())
    if not policy.promotion.flow_chart_public.value:
        raise Http404
    return here, chart(policy)


@allows("case:move", place=row_place(StepTaken, "step"))
@require_POST
def step_keep(request: Request, step: int) -> HttpResponse:
    """Say that a step stands though marks were amended since, with the reason."""
    place: RowPlace[StepTaken] = request.place
    given = {name: request.POST.get(name, "") for name in ("because", "key", "seen")}
    by = request.may.actor(place.here.pk)
    try:
        keep_step(place.row, school=place.here.pk, by=by, at=request.at, **given)
        messages.success(request, "It stands, and the case keeps why.")
    except NotKept as refusal:
        messages.error(request, str(refusal))
    return redirect("casework:pupil", pupil=place.row.pupil_id)


@allows("case:move", place=case_place)
def step_record(request: Request, case: int, step: str) -> HttpResponse:
    """Record a step that was done outside Rollcall, such as the referral to the authority."""
    place: RowPlace[Case] = request.place
    policy = policy_of(place.row)
    if step not in {one.id for one in flow.steps(policy)} or how_of(policy, policy.step(step)) != "record":
        raise Http404
    form = StepForm(request.POST or None, initial={"key": new_key(), "day": request.at.date()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_step(
                place.row,
                step,
                **form.cleaned_data,
                school=_school(place),
                by=request.may.actor(place.school),
                at=request.at,
            )
            messages.success(request, f"Recorded: {policy.step(step).name}.")
            return redirect("casework:pupil", pupil=place.row.pupil_id)
        except actions.NotTaken as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, f"{policy.step(step).name}: {place.row.pupil.known_name}", "Record it")


@allows("case:move", place=case_place)
def case_move(request: Request, case: int) -> HttpResponse:
    """Judge a case by the version of the policy in force, with its step in both shown."""
    place: RowPlace[Case] = request.place
    found = on_path(_school(place), place.row.pupil_id, request.at)
    facts = facts_of(_school(place))
    policy, version = facts.policy_on(request.at.date()), facts.policy_id_on(request.at.date())
    if found.case != place.row.pk or place.row.policy == version:
        messages.error(request, "This case is judged by the version in force, or is over: there is nothing to move.")
        return redirect("casework:pupil", pupil=place.row.pupil_id)
    steps = [(step.id, step.name) for step in flow.steps(policy)[1:]]
    same = found.step.id if found.step.id in dict(steps) else ""
    form = MoveForm(request.POST or None, steps=steps, initial={"key": new_key(), "step": same})
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            actions.move_case(
                place.row,
                version,
                **told,
                school=_school(place),
                by=request.may.actor(place.school),
                at=request.at,
            )
            messages.success(request, f"The case is judged by {policy.name} from now on.")
            return redirect("casework:pupil", pupil=place.row.pupil_id)
        except actions.NotMoved as refusal:
            form.add_error(None, str(refusal))
    more = {"found": found, "to": policy, "same": dict(steps).get(same, ""), "version": version}
    title = f"Move the case of {place.row.pupil.known_name} to the policy in force"
    return _form(request, form, title, "Move the case", more, "casework/case_move.html")


@allows("case:move", place=case_place)
def case_end(request: Request, case: int) -> HttpResponse:
    """Close a case that no review closes, with how it ends and why."""
    place: RowPlace[Case] = request.place
    proposed = proposed_end(place.row, request.at.date())
    form = EndForm(request.POST or None, initial={"key": new_key(), "end": proposed.end if proposed else ""})
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_case(
                place.row,
                **form.cleaned_data,
                school=_school(place),
                by=request.may.actor(place.school),
                at=request.at,
            )
            messages.success(request, "The case is closed.")
            return redirect("casework:pupil", pupil=place.row.pupil_id)
        except actions.NotMoved as refusal:
            form.add_error(None, str(refusal))
    said = proposed.sentence if proposed else ""
    return _form(request, form, f"Close the case of {place.row.pupil.known_name}", "Close the case", {"said": said})


def _school(place: RowPlace[Case]) -> int:
    return place.here.pk


def _form(
    request: Request,
    form: Any,
    title: str,
    act: str,
    more: dict[str, Any] | None = None,
    template: str = "casework/case_form.html",
) -> HttpResponse:
    place: RowPlace[Case] = request.place
    context = {"form": form, "title": title, "act": act, "pupil": place.row.pupil, "school": place.here, **(more or {})}
    return render(request, template, context)
