"""Wordings of letters: which is in use, edited in plain text, checked as typed, seen with a real pupil (A3-f)."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Request, allows
from rollcall.accounts.queries import FEDERATION
from rollcall.documents.letter import CannotSet
from rollcall.journal import actions as journal
from rollcall.letters import actions as letters
from rollcall.letters.fields import FIELDS, WordingError
from rollcall.letters.languages import CODES, language_name
from rollcall.letters.queries import (
    Version,
    check_wording,
    drafted,
    fields_for,
    has_wording,
    languages_of,
    versions_of,
    wording_for,
)
from rollcall.letters.wordings import WordingText, base_of
from rollcall.office.forms.letters import PARTS, WordingForm
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
    """Edit a wording: see it with a pupil, or keep it as a new version, which may be an earlier one once more."""
    policy, letter = _letter(request, kind)
    language = language_name(request.GET.get("language", "")[:40])
    form, page = _editor(request, letter, language)
    if request.method == "POST" and request.POST.get("do") in ("see", "pdf") and form.is_valid():
        return _seen(request, form, page, policy, kind, language)
    return ask(request, form, page, lambda given: _save(request, form, policy, kind, language))


def _editor(request: Request, letter: Letter, language: str) -> tuple[WordingForm, Asking]:
    """The form of a wording in a language, and its page."""
    found, here = request.place.of, request.get_full_path()
    now = wording_for(letter.id, found.pk, language)
    pupils = [(seat.pupil, f"{seat.name}, {seat.class_name}") for seat in seats_of_school(found.pk, request.at.date())]
    versions = versions_of(letter.id, found.pk, language)
    form = WordingForm(
        request.POST or None, letter=letter, now=_earlier(request, now, versions, language), pupils=pupils
    )
    back = reverse("office:letters")
    more = {
        "letter": letter,
        "now": now,
        "fields": {name: FIELDS[name] for name in fields_for(letter)},
        "check": f"{reverse('office:wording_check', args=[found.slug, letter.id])}?{urlencode({'language': language})}",
        "versions": versions,
        "language": language,
        "is_new": bool(language) and not now.language,
        "translated": languages_of(letter.id, found.pk),
        "languages": sorted(CODES),
        "may_all": request.may.can("letter:edit", FEDERATION),
    }
    way = crumbs(None, ("Wordings of letters", back))
    title = f"{letter.name} in {language}" if language else letter.name
    template = "office/wording.html"
    return form, Asking(title, here if language else back, crumbs=way, school=found, more=more, template=template)


def _save(request: Request, form: WordingForm, policy: Policy, kind: str, language: str) -> str:
    """Keep the text as a new version: the school's own, or for all schools."""
    everywhere, school, given = request.POST.get("do") == "all", request.place.of, form.cleaned_data
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
        **form.parts(),
        language=language,
    )
    return f"Version {made.version} is in use {'at every school without its own' if everywhere else f'at {school}'}."


def _earlier(request: Request, now: WordingText, versions: Sequence[Version], language: str) -> WordingText:
    """The version that the address names, 0 for the wording that is shipped, to be kept again; else the one in use."""
    asked = request.GET.get("version", "")
    if asked == "0" and not language:
        return base_of(now.kind)
    return next((one.text for one in versions if str(one.id) == asked), now)


def _seen(request: Request, form: WordingForm, page: Asking, policy: Policy, kind: str, language: str) -> HttpResponse:
    """The text as it would read for the chosen pupil, on the page or as PDF; nothing is kept."""
    given, school = form.cleaned_data, request.place.of
    if not given["pupil"]:
        form.add_error("pupil", "Choose the pupil to preview the letter with.")
        return ask(request, form, page, lambda _: "")
    actor = request.may.actor(school.pk)
    journal.note_look("pupil", by=actor, at=request.at, thing_id=int(given["pupil"]), detail="a letter's preview")
    try:
        draft = drafted(kind, school.pk, given["subject"], given["body"], **form.parts(), language=language)
        signed = (actor.name, actor.position)
        composed = queries.seen_with(draft, policy, school, int(given["pupil"]), signed, request.at)
        made = pdf_of(composed.page, request.at.date())
    except (WordingError, CannotSet) as error:
        form.add_error("body", str(error))
        return ask(request, form, page, lambda _: "")
    if request.POST.get("do") == "pdf":
        return HttpResponse(made, content_type="application/pdf")
    context = {"form": form, "page": page, "breadcrumbs": page.crumbs, "school": school, **page.more}
    return render(request, page.template, {**context, "composed": composed})


@allows("letter:edit", place=of_school)
@require_POST
def check(request: Request, school: str, kind: str) -> HttpResponse:
    """Whether a text can be used as it is typed: an empty sentence, or what is wrong."""
    policy, letter = _letter(request, kind)
    typed = {part: request.POST[part] for part in PARTS if part in request.POST}
    subject, body = request.POST.get("subject", ""), request.POST.get("body", "")
    language = language_name(request.GET.get("language", "")[:40])
    try:
        check_wording(letter, drafted(kind, request.place.school, subject, body, **typed, language=language))
    except WordingError as error:
        return JsonResponse({"wrong": str(error)})
    return JsonResponse({"wrong": ""})
