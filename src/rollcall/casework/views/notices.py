"""Penalty notices of a school: who is to be considered with the working, the notices by state, what waits for whom."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions.notices import NotDone, answer_prompt
from rollcall.casework.forms.notices import BecauseForm
from rollcall.casework.models import PromptWord
from rollcall.casework.queries import notices as queries
from rollcall.casework.queries.gate import improvements_running
from rollcall.casework.queries.marks_shown import histories
from rollcall.casework.queries.notice_waits import waits
from rollcall.casework.queries.prompts import ForParents, prompts_of_pupil, prompts_of_school
from rollcall.casework.views import desk
from rollcall.casework.views.places import PupilPlace, SchoolPlace, pupil_place, school_place
from rollcall.journal.actions import new_key
from rollcall.rules.notice_path import TABLE
from rollcall.rules.penalties import Superseded, check_edition


@allows("notice:see", place=school_place)
@require_GET
def notices(request: Request, school: str) -> HttpResponse:
    """Prompts with their working, then the notices by state."""
    place: SchoolPlace = request.place
    found = prompts_of_school(place.facts, request.at)
    lines = queries.notices_of_school(place.here.pk, request.at)
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:notices"),
        "prompts": with_history([one for one in found if one.is_open]),
        "left": [one for one in found if not one.is_open],
        "groups": [(state, own) for state in TABLE if (own := [one for one in lines if one.state.id == state.id])],
        "changed": queries.changed(lines),
        "waits": [one for one in waits(request.may, request.at) if one.school == place.here.pk],
        "improving": improvements_running([one.pupil for one in found], place.here.pk),
        "superseded": superseded(place.facts.edition_on(request.at.date()), request),
        "policy": place.facts.policy_on(request.at.date()),
        "may": {row for row in ("notice:propose", "notice:authorise") if request.may.can(row, place)},
        "key": new_key(),
    }
    return render(request, "casework/notices.html", context)


def with_history(prompts: list[ForParents]) -> list[tuple[ForParents, list[tuple[object, object]]]]:
    """Each prompt with its sessions and how each mark came to stand, in one query."""
    said = histories((seen.enrolment, seen.day, seen.half) for one in prompts for seen in one.prompt.sessions)
    return [
        (one, [(seen, said[(seen.enrolment, seen.day, seen.half)]) for seen in one.prompt.sessions]) for one in prompts
    ]


def superseded(edition: str, request: Request) -> str:
    """Why no notice may be issued by the policy in force, outside the demo; empty where it may."""
    try:
        check_edition(edition, request.at.date())
    except Superseded as refusal:
        return str(refusal)
    return ""


def prompt_of(place: PupilPlace, key: str, request: Request) -> ForParents:
    """The prompt about a pupil that an address names; 404 where it is not there any more."""
    found = prompts_of_pupil(place.enrolment.pupil_id, place.facts, request.at)
    one = next((one for one in found if one.key == key), None)
    if one is None:
        raise Http404
    return one


@allows("notice:see", place=pupil_place)
@require_POST
def prompt_word(request: Request, pupil: int) -> HttpResponse:
    """Say something to a prompt: the secretary puts it before the head, who may say that there is none now."""
    place: PupilPlace = request.place
    kind = request.POST.get("kind", "")
    if kind == "not_now":
        request.may.check_can("notice:propose", place)
    form = BecauseForm(request.POST)
    one = prompt_of(place, request.POST.get("prompt", ""), request)
    if not form.is_valid():
        messages.error(request, "Nothing was recorded: say why, in a few words.")
        return redirect("casework:notices", place.here.slug)
    try:
        answer_prompt(
            pupil,
            {"kind": one.prompt.kind, "sessions": one.sessions},
            kind,
            because=form.cleaned_data["because"],
            school=place.here.pk,
            by=request.may.actor(place.here.pk),
            at=request.at,
            key=form.cleaned_data["key"],
        )
        messages.success(request, f"{one.name}: {dict(PromptWord.KINDS)[kind].lower()}.")
    except NotDone as refusal:
        messages.error(request, str(refusal))
    return redirect("casework:notices", place.here.slug)
