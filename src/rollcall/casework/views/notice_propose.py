"""Considering a penalty notice: the sessions with their history, the gate before it, and proposing it to parents."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions import notices as actions
from rollcall.casework.actions.notices import PUBLIC, NotDone, Wanted
from rollcall.casework.forms.notices import GateForm, PublicForm
from rollcall.casework.queries.gate import checklist_of, offers_of
from rollcall.casework.queries.liable import parents_of
from rollcall.casework.queries.prompts import ForParents
from rollcall.casework.views.notices import prompt_of, superseded, with_history
from rollcall.casework.views.places import PupilPlace, pupil_place
from rollcall.journal.actions import new_key
from rollcall.rules.policy import Policy
from rollcall.rules.words import day_words
from rollcall.schools.models import Exclusion


@allows("notice:propose", place=pupil_place)
@require_http_methods(["GET", "POST"])
def notice_propose(request: Request, pupil: int) -> HttpResponse:
    """Propose notices to a pupil's parents; `?about=` names the prompt, or "public" for an excluded child."""
    place: PupilPlace = request.place
    about = request.GET.get("about", "")
    one = None if about == PUBLIC else prompt_of(place, about, request)
    policy = place.facts.policy_on(request.at.date())
    form = _form(request, place, one, policy)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose(
                pupil,
                _wanted(form, one),
                school=place.here.pk,
                by=request.may.actor(place.here.pk),
                at=request.at,
                key=form.cleaned_data["key"],
            )
        except NotDone as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, "Proposed. Nothing has gone to the family.")
            return redirect("casework:notice", made[0].pk) if made else redirect("casework:pupil", pupil)
    context = {
        "form": form,
        "pupil": place.enrolment.pupil,
        "school": place.here,
        "prompt": one,
        "warning": policy.letter(one.prompt.warned.letter).name if one and one.prompt.warned else "",
        "shown": with_history([one])[0][1] if one else (),
        "others": [who for who in parents_of([pupil])[pupil] if not who.is_liable],
        "superseded": superseded(policy.edition, request) if one else "",
        "breadcrumbs": [("Penalty notices", reverse("casework:notices", args=[place.here.slug]))],
    }
    return render(request, "casework/notice_propose.html", context, status=422 if form.errors else 200)


def _form(request: Request, place: PupilPlace, one: ForParents | None, policy: Policy) -> GateForm:
    pupil = place.enrolment.pupil_id
    kind = one.prompt.kind if one else PUBLIC
    shown = " ".join(f"{seen.day}/{seen.half}" for seen in one.prompt.sessions) if one else ""
    parents = list(one.parents) if one else parents_of([pupil])[pupil]
    given: dict[str, Any] = {
        "parents": parents,
        "offers": offers_of(pupil),
        "points": checklist_of(policy, kind),
        "initial": {"key": new_key(), "sessions": shown, "contacts": [who.contact for who in parents]},
    }
    if one:
        return GateForm(request.POST or None, **given)
    rows = Exclusion.objects.filter(enrolment__pupil=pupil, withdrawn__isnull=True).order_by("-begins")
    exclusions = [(row.pk, f"From {day_words(row.begins)} {row.begins.year}") for row in rows]
    return PublicForm(request.POST or None, exclusions=exclusions, **given)


def _wanted(form: GateForm, one: ForParents | None) -> Wanted:
    contacts = form.cleaned_data["contacts"]
    if isinstance(form, PublicForm):
        return Wanted(contacts, PUBLIC, (), form.seen(), form.gate())
    assert one is not None
    return Wanted(contacts, one.prompt.kind, form.shown(), gate=form.gate())
