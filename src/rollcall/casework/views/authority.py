"""The authority's process: a school's pupils by tier, the process drawn, and a pupil's steps on it (A5)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions.authority import BEGIN, NotTaken, open_authority_case, take, take_back
from rollcall.casework.forms.authority import ExitForm
from rollcall.casework.models import Case, StepTaken
from rollcall.casework.queries.authority import AUTHORITY, Process, process_of, school_forms
from rollcall.casework.queries.counts import counts_now
from rollcall.casework.queries.tiers import tiers_page
from rollcall.casework.queries.with_authority import contact_of
from rollcall.casework.views import desk
from rollcall.casework.views.places import PupilPlace, RowPlace, SchoolPlace, pupil_place, row_place, school_place
from rollcall.journal.actions import new_key
from rollcall.rules import authority as rules
from rollcall.rules.authority import ExitNow
from rollcall.rules.policy import Policy

MOVE, REFER = "case:move", "keywork:refer"


@allows("case:see", place=school_place)
@never_cache
@require_GET
def tiers(request: Request, school: str) -> HttpResponse:
    """A school's pupils by tier, with what is proposed and what is due."""
    place: SchoolPlace = request.place
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:tiers"),
        "page": tiers_page(place.facts, request.at),
        "policy": place.facts.policy_on(request.at.date()),
        "filled": school_forms(place.here.pk),
        "may_fill": request.may.can("form:fill", place),
        "contact": contact_of(place.here.pk),
    }
    return render(request, "casework/tiers.html", context)


@allows("case:see", place=school_place)
@require_GET
def process(request: Request, school: str) -> HttpResponse:
    """The authority's process drawn from the policy's own table, tier by tier."""
    place: SchoolPlace = request.place
    policy = place.facts.policy_on(request.at.date())
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:process"),
        "policy": policy,
        "tiers": drawn(policy),
        "here": request.GET.get("here", ""),
    }
    return render(request, "casework/process.html", context)


def drawn(policy: Policy) -> list[dict[str, Any]]:
    """The process as a page draws it: each tier with its states, each state with where its exits lead."""
    names = {state.id: state.name for state in rules.states(policy)}
    roles = {role.id: role.name for role in policy.roles}
    states: list[dict[str, Any]] = [
        {
            "state": state,
            "owners": [roles[one] for one in state.owners],
            "does": [policy.action(one).text for one in state.does],
            "forms": [policy.form(one).name for one in state.forms],
            "exits": [(one, names[one.to]) for one in state.exits],
        }
        for state in rules.states(policy)
    ]
    return [
        {"tier": tier, "states": [one for one in states if one["state"].tier == tier.number]} for tier in policy.tiers
    ]


@allows("case:move", place=pupil_place)
@never_cache
@require_http_methods(["GET", "POST"])
def process_open(request: Request, pupil: int) -> HttpResponse:
    """Open a case on the process: where the figure says, or elsewhere with a reason."""
    place: PupilPlace = request.place
    policy = place.facts.policy_on(request.at.date())
    counts = counts_now(pupil, policy, request.at)
    way, first = rules.entry(policy, counts.attended, counts.possible), rules.first_state(policy)
    if first is None:
        raise Http404
    ways = [(one.answer, one.words) for one in first.exits if not one.ends] + [(BEGIN, f"Begin with: {first.name}")]
    form = ExitForm(request.POST or None, ways=ways, initial={"key": new_key(), "answer": way.answer if way else BEGIN})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            open_authority_case(
                pupil, school=place.here.pk, answer=told["answer"], because=told["because"],
                by=request.may.actor(place.here.pk), at=request.at, key=told["key"],
            )  # fmt: skip
            messages.success(request, "The case is open.")
            return _hub(pupil)
        except NotTaken as refusal:
            _refuse(form, refusal)
    why = rules.entry_reason(policy, counts.attended, counts.possible)
    return render(request, "casework/process_take.html", _deciding(place, form, [why], []) | {"opens": True})


@allows("case:see", place=row_place(Case))
@never_cache
@require_http_methods(["GET", "POST"])
def process_take(request: Request, case: int) -> HttpResponse:
    """Take an exit of the state in which a case is: the one proposed, or another with a reason."""
    place: RowPlace[Case] = request.place
    found = _process(place, request)
    ways = [one for one in found.exits if _may(request, place, one)]
    if not ways:
        request.may.check_can(MOVE, place)
    open_ways = [one for one in ways if not one.lacks]
    proposed = found.current.proposed if found.current else None
    begin_with = request.GET.get("answer") or (proposed.exit.answer if proposed in open_ways else None)
    form = ExitForm(
        request.POST or None,
        ways=[(one.exit.answer, one.exit.words) for one in open_ways],
        initial={"key": new_key(), "seen": found.last.pk, "answer": begin_with},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            take(
                found.case, told["answer"], because=told["because"], seen=told["seen"], school=place.here.pk,
                by=request.may.actor(place.here.pk), at=request.at, key=told["key"],
            )  # fmt: skip
            messages.success(request, "The step is taken.")
            return _hub(found.case.pupil_id)
        except NotTaken as refusal:
            _refuse(form, refusal)
    elif request.method == "POST" and (said := _lacking(found, request.POST.get("answer", ""))):
        form.add_error(None, said)
    why = list(found.current.proposal.why) if found.current and found.current.proposal else []
    shut = [one for one in found.exits if one not in open_ways]
    return render(request, "casework/process_take.html", _deciding(place, form, why, shut) | {"process": found})


@allows("case:move", place=row_place(StepTaken, "step"))
@require_POST
def process_back(request: Request, step: int) -> HttpResponse:
    """Take back the last step, with a reason."""
    place: RowPlace[StepTaken] = request.place
    by = request.may.actor(place.here.pk)
    try:
        take_back(
            place.row, because=request.POST.get("because", ""), school=place.here.pk, by=by, at=request.at,
            key=request.POST.get("key", ""),
        )  # fmt: skip
        messages.success(request, "The step is taken back, and stays on record.")
    except NotTaken as refusal:
        messages.error(request, str(refusal))
    return _hub(place.row.pupil_id)


def _process(place: RowPlace[Case], request: Request) -> Process:
    case = place.row
    if case.path != AUTHORITY or case.closed_id is not None:
        raise Http404
    counts = counts_now(case.pupil_id, place.facts.policy_on(request.at.date()), request.at)
    found = process_of(case.pupil_id, (counts.attended, counts.possible), request.at.date())
    if found is None:
        raise Http404
    return found


def _may(request: Request, place: PupilPlace, one: ExitNow) -> bool:
    return request.may.can(REFER if one.exit.by_safeguarding_lead else MOVE, place)


def _lacking(found: Process, answer: str) -> str:
    return next((" ".join(one.lacks) for one in found.exits if one.exit.answer == answer and one.lacks), "")


def _refuse(form: ExitForm, refusal: NotTaken) -> None:
    """A missing reason is said beside its field, all else at the head of the page."""
    form.add_error("because" if str(refusal).startswith("Say why") else None, str(refusal))


def _deciding(place: PupilPlace, form: ExitForm, why: list[Any], shut: list[ExitNow]) -> dict[str, Any]:
    pupil = place.enrolment.pupil
    return {
        "form": form,
        "pupil": pupil,
        "school": place.here,
        "why": why,
        "shut": shut,
        "breadcrumbs": [
            (pupil.known_name, reverse("insight:pupil", args=[pupil.pk])),
            ("Casework", reverse("casework:pupil", args=[pupil.pk])),
        ],
    }


def _hub(pupil: int) -> HttpResponse:
    return redirect(reverse("casework:pupil", args=[pupil]) + "#authority")
