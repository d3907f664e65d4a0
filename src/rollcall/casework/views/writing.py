"""A letter by hand about a pupil: choose which, fill in what belongs to it, see it exactly as it goes, send it."""

import hashlib
from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions.letters import NotWritten, write_letter
from rollcall.casework.forms.letters import WriteForm
from rollcall.casework.models import Case
from rollcall.casework.queries.prefill import own_fields, prefilled
from rollcall.casework.queries.written import Ready, preview_letter
from rollcall.casework.views.places import PupilPlace, pupil_place
from rollcall.documents.letter import CannotSet
from rollcall.journal.actions import new_key
from rollcall.letters.queries import has_wording, wording_for
from rollcall.rules.policy import Letter, Policy
from rollcall.rules.school_age import compulsory_age
from rollcall.schools.queries.letterheads import pdf_of


@allows("letter:send", place=pupil_place)
def write(request: Request, pupil: int) -> HttpResponse:
    """Which letters of the policy are written by hand."""
    place: PupilPlace = request.place
    policy = place.facts.policy_on(request.at.date())
    context = {
        "pupil": place.enrolment.pupil,
        "school": place.here,
        "letters": [one for one in policy.letters if one.by_hand and has_wording(one.id)],
        "young": not compulsory_age(place.enrolment.pupil.born, request.at.date()),
        "breadcrumbs": _way(place),
    }
    return render(request, "casework/write.html", context)


def _way(place: PupilPlace) -> list[tuple[str, str]]:
    name, pupil = place.enrolment.pupil.known_name, place.enrolment.pupil_id
    return [(name, reverse("insight:pupil", args=[pupil])), ("Casework", reverse("casework:pupil", args=[pupil]))]


def _letter(policy: Policy, wanted: str) -> Letter:
    found = next((one for one in policy.letters if one.id == wanted and one.by_hand), None)
    if found is None or not has_wording(wanted):
        raise Http404
    return found


@allows("letter:send", place=pupil_place)
def write_one(request: Request, pupil: int, letter: str) -> HttpResponse:
    """Fill in one letter, see it, and send it; nothing is written before "send" is pressed under what was seen."""
    place: PupilPlace = request.place
    found = _letter(place.facts.policy_on(request.at.date()), letter)
    names = own_fields(found, wording_for(letter, place.school))
    known = prefilled(place.enrolment, request.at)
    form = WriteForm(request.POST or None, names=names, known=known, initial={"key": new_key()})
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form, status=422 if form.is_bound else 200)
    ready = _preview(request, letter, form)
    if ready.problem:
        form.add_error(None, ready.problem)
        return _page(request, found, form, status=422)
    if "pdf" in request.POST:
        return _pdf(request, found, form, ready)
    if request.POST.get("do") != "send":
        return _page(request, found, form, ready)
    if request.POST.get("seen") != seen_of(ready):
        return _page(request, found, form, ready, "The letter reads differently by now: look at it once more.")
    return _send(request, found, form, ready)


def _case(pupil: int) -> Case | None:
    return Case.objects.filter(pupil=pupil, closed__isnull=True).order_by("path", "id").first()


def _preview(request: Request, letter: str, form: WriteForm) -> Ready:
    place: PupilPlace = request.place
    by = request.may.actor(place.school)
    return preview_letter(
        place.enrolment.pupil_id,
        letter,
        form.values(),
        school=place.here.pk,
        signed=(by.name, by.position),
        at=request.at,
        case=_case(place.enrolment.pupil_id),
        by_post=form.cleaned_data["by_post"],
    )


def seen_of(ready: Ready) -> str:
    """A short sum of what was shown, so that nothing else is sent."""
    said = "\n".join(f"{one.channel} {one.recipient.contact} {one.composed.text}" for one in ready.letters)
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def _send(request: Request, letter: Letter, form: WriteForm, ready: Ready) -> HttpResponse:
    place: PupilPlace = request.place
    try:
        write_letter(
            place.enrolment.pupil_id,
            letter.id,
            form.values(),
            school=place.here.pk,
            by=request.may.actor(place.school),
            at=request.at,
            key=form.cleaned_data["key"],
            case=_case(place.enrolment.pupil_id),
            by_post=form.cleaned_data["by_post"],
        )
    except NotWritten as refusal:
        return _page(request, letter, form, ready, str(refusal))
    messages.success(request, f"{letter.name}: on the way. E-mails go by themselves, the rest waits to be printed.")
    return redirect("casework:pupil", pupil=place.enrolment.pupil_id)


def _pdf(request: Request, letter: Letter, form: WriteForm, ready: Ready) -> HttpResponse:
    chosen = [one for one in ready.letters if str(one.recipient.contact) == request.POST["pdf"]]
    if not chosen:
        raise Http404
    try:
        made = pdf_of(chosen[0].composed.page, request.at.date())
    except CannotSet as error:
        return _page(request, letter, form, ready, str(error))
    return HttpResponse(made, content_type="application/pdf")


def _page(
    request: Request, letter: Letter, form: WriteForm, ready: Ready | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    place: PupilPlace = request.place
    context: Mapping[str, object] = {
        "pupil": place.enrolment.pupil,
        "school": place.here,
        "letter": letter,
        "form": form,
        "ready": ready,
        "seen": seen_of(ready) if ready else "",
        "refusal": refusal,
        "breadcrumbs": _way(place),
    }
    return render(request, "casework/write_one.html", context, status=422 if refusal else status)
