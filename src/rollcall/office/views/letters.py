"""Wordings of letters: which is in use, edited in plain text, checked as typed, seen with a real pupil (A3-f)."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Request, allows
from rollcall.accounts.queries import FEDERATION
from rollcall.letters import actions as letters
from rollcall.letters.fields import FIELDS, WordingError
from rollcall.letters.queries import check_wording, drafted, has_wording, versions_of, wording_for
from rollcall.office.forms.letters import WordingForm
from rollcall.office.queries import letters as queries
from rollcall.office.views.asking import Asking, ask
from rollcall.office.views.places import of_school
from rollcall.office.views.setup import crumbs
from rollcall.rules.policy import Letter, Policy
from rollcall.schools.queries import facts_of, seats_of_school
from rollcall.schools.queries.letterheads import pdf_of


@allows("letter:edit")
def letters_page(request: Request) -> HttpResponse:
    """The letters of each school one may edit, with the wording in use."""
    found = queries.letters_at(request.may.schools("letter:edit"), request.at)
    return render(request, "office/letters.html", {"schools": found, "breadcrumbs": crumbs()})


def _letter(request: Request, kind: str) -> tuple[Policy, Letter]:
    """The policy in force and its letter; Http404 for one that can't be written."""
    policy = facts_of(request.place.school).policy_on(request.at.date())
    found = next((one for one in policy.letters if one.id == kind), None)
    if found is None or not has_wording(kind):
        raise Http404
    return policy, found


@allows("letter:edit", place=of_school)
def wording(request: Request, school: str, kind: str) -> HttpResponse:
    """Edit a wording: see it with a pupil, or keep it as a new version."""
    policy, letter = _letter(request, kind)
    found, today = request.place.of, request.at.date()
    now = wording_for(kind, found.pk)
    pupils = [(seat.pupil, f"{seat.name}, {seat.class_name}") for seat in seats_of_school(found.pk, today)]
    form = WordingForm(request.POST or None, pupils=pupils, initial={"subject": now.subject, "body": now.body})
    back = reverse("office:letters")
    more = {
        "letter": letter,
        "now": now,
        "fields": FIELDS,
        "check": reverse("office:wording_check", args=[school, kind]),
        "versions": versions_of(kind, found.pk),
        "may_all": request.may.can("letter:edit", FEDERATION),
    }
    way = crumbs(None, ("Wordings of letters", back))
    page = Asking(letter.name, back, crumbs=way, school=found, more=more, template="office/wording.html")
    if request.method == "POST" and request.POST.get("do") in ("see", "pdf") and form.is_valid():
        return _seen(request, form, page, policy, kind)
    return ask(request, form, page, lambda given: _save(request, given, policy, kind))


def _save(request: Request, given: dict[str, Any], policy: Policy, kind: str) -> str:
    """Keep the text as a new version: the school's own, or for all schools."""
    everywhere = request.POST.get("do") == "all"
    school = request.place.of
    if everywhere:
        request.may.check_can("letter:edit", FEDERATION)
    made = letters.save_wording(
        kind,
        school=None if everywhere else school.pk,
        subject=given["subject"],
        body=given["body"],
        policy=policy,
        by=request.may.actor(school.pk),
        at=request.at,
        key=given["key"],
    )
    return f"Version {made.version} is in use {'at every school without its own' if everywhere else f'at {school}'}."


def _seen(request: Request, form: WordingForm, page: Asking, policy: Policy, kind: str) -> HttpResponse:
    """The text as it would read for the chosen pupil, on the page or as PDF; nothing is kept."""
    given, school = form.cleaned_data, request.place.of
    if not given["pupil"]:
        form.add_error("pupil", "Choose the pupil to preview the letter with.")
        return ask(request, form, page, lambda _: "")
    actor = request.may.actor(school.pk)
    try:
        draft = drafted(kind, school.pk, given["subject"], given["body"])
        signed = (actor.name, actor.position)
        composed = queries.seen_with(draft, policy, school, int(given["pupil"]), signed, request.at)
    except WordingError as error:
        form.add_error("body", str(error))
        return ask(request, form, page, lambda _: "")
    if request.POST.get("do") == "pdf":
        made = pdf_of(composed.page, request.at.date())
        return HttpResponse(made, content_type="application/pdf")
    context = {"form": form, "page": page, "breadcrumbs": page.crumbs, "school": school, **page.more}
    return render(request, page.template, {**context, "composed": composed})


@allows("letter:edit", place=of_school)
@require_POST
def check(request: Request, school: str, kind: str) -> HttpResponse:
    """Whether a text can be used as it is typed: an empty sentence, or what is wrong."""
    policy, letter = _letter(request, kind)
    subject, body = request.POST.get("subject", ""), request.POST.get("body", "")
    try:
        check_wording(letter, drafted(kind, request.place.school, subject, body))
    except WordingError as error:
        return JsonResponse({"wrong": str(error)})
    return JsonResponse({"wrong": ""})
