"""Forms of the policy as pages: filled in, shown as they were filled in, filled in anew, and printed (A5)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions.forms import NotFilled, fill_form, form_lacks
from rollcall.casework.forms.filling import FillForm
from rollcall.casework.models import Case, FormFilled
from rollcall.casework.queries.authority import AUTHORITY
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.known import Known
from rollcall.casework.views.places import PupilPlace, RowPlace, SchoolPlace, pupil_place, row_place, school_place
from rollcall.documents.forms import FormPage, form_pdf
from rollcall.documents.letter import CannotSet
from rollcall.journal import actions as journal
from rollcall.rules.filling import kept_form, told
from rollcall.rules.policy import Form, Policy
from rollcall.rules.words import day_words, time_words
from rollcall.schools.queries.facts import LONDON


@allows("form:fill", place=pupil_place)
@never_cache
@require_GET
def forms(request: Request, pupil: int) -> HttpResponse:
    """The forms about a pupil that somebody may fill in or see, each with how it was filled in last."""
    place: PupilPlace = request.place
    case = _open_case(pupil)
    policy = policy_of(case) if case else place.facts.policy_on(request.at.date())
    last = {row.form: row for row in FormFilled.objects.filter(pupil=pupil).select_related("deed").order_by("id")}
    shown = [
        (wanted, last.get(wanted.id), _may_fill(request, place, wanted))
        for wanted in policy.forms
        if wanted.about == "pupil" and (wanted.teachers or _sees(request, place))
    ]
    context = {
        "pupil": place.enrolment.pupil,
        "school": place.here,
        "shown": shown,
        "breadcrumbs": _crumbs(request, place, pupil),
    }
    return render(request, "casework/forms.html", context)


@allows("form:fill", place=pupil_place)
@never_cache
@require_http_methods(["GET", "POST"])
def form(request: Request, pupil: int, form: str) -> HttpResponse:
    """Fill in a form about a pupil, beginning with what was answered before and with what is known."""
    place: PupilPlace = request.place
    case = _open_case(pupil)
    policy = policy_of(case) if case else place.facts.policy_on(request.at.date())
    wanted = _form(policy, form, "pupil")
    _check_may_fill(request, place, wanted)
    known = Known(policy, place.here, place.enrolment, request.at)
    last = FormFilled.objects.filter(pupil=pupil, case=case, form=form).order_by("-id").first()
    return _fill(request, place, wanted, policy, known, last, case, pupil)


@allows("form:fill", place=school_place)
@never_cache
@require_http_methods(["GET", "POST"])
def school_form(request: Request, school: str, form: str) -> HttpResponse:
    """Fill in a form about a school."""
    place: SchoolPlace = request.place
    policy = place.facts.policy_on(request.at.date())
    wanted = _form(policy, form, "school")
    _check_may_fill(request, place, wanted)
    return _fill(request, place, wanted, policy, Known(policy, place.here, None, request.at), None, None, None)


def _fill(
    request: Request,
    place: SchoolPlace,
    wanted: Form,
    policy: Policy,
    known: Known,
    last: FormFilled | None,
    case: Case | None,
    pupil: int | None,
) -> HttpResponse:
    copied = known.copied(wanted)
    page = FillForm(request.POST or None, form=wanted, key=journal.new_key(), last=last.answers if last else None)
    if request.method == "POST" and page.is_valid():
        try:
            done = fill_form(
                wanted, page.answers, copied=copied, policy=policy, school=place.here.pk, pupil=pupil, case=case,
                by=request.may.actor(place.here.pk), at=request.at, key=page.cleaned_data["key"],
            )  # fmt: skip
            messages.success(request, f"“{wanted.name}” is kept.")
            return redirect("casework:filled", filled=done.pk)
        except NotFilled as refusal:
            page.add_error(None, str(refusal))
    context = {
        "form": page,
        "wanted": wanted,
        "lacks": form_lacks(wanted, policy, case),
        "copied": _seen(request, place, copied),
        "last": last,
        "school": place.here,
        "breadcrumbs": _crumbs(request, place, pupil),
    }
    return render(request, "casework/form.html", context)


@allows("form:fill", place=row_place(FormFilled, "filled"))
@never_cache
@require_GET
def filled(request: Request, filled: int) -> HttpResponse:
    """A form as it was filled in, with its other versions."""
    place: RowPlace[FormFilled] = request.place
    row, was = place.row, kept_form(place.row.definition["form"])
    _check_may_see(request, place, was)
    by = request.may.actor(place.here.pk)
    journal.note_look("form", by=by, at=request.at, thing_id=row.pk, detail=was.name)
    others = FormFilled.objects.filter(pupil=row.pupil_id, form=row.form).select_related("deed")
    same = {"school": row.school_id} if row.pupil_id is None else {"case": row.case_id}
    others = others.filter(**same)
    versions = list(others.order_by("-id"))
    context = {
        "row": row,
        "was": was,
        "copied": _seen(request, place, row.definition["copied"]),
        "answers": [(field.label, told(field, row.answers)) for field in was.fields],
        "versions": versions,
        "is_last": versions[0].pk == row.pk,
        "anew": _anew(request, place, row, was),
        "school": place.here,
        "breadcrumbs": _crumbs(request, place, row.pupil_id),
    }
    return render(request, "casework/filled.html", context)


@allows("form:fill", place=row_place(FormFilled, "filled"))
@require_GET
def filled_pdf(request: Request, filled: int) -> HttpResponse:
    """A form as it was filled in, as PDF, with lines to sign on where it is signed."""
    place: RowPlace[FormFilled] = request.place
    row, was = place.row, kept_form(place.row.definition["form"])
    _check_may_see(request, place, was)
    facts = tuple((one["label"], one["text"]) for one in _seen(request, place, row.definition["copied"]))
    page = FormPage(
        school=row.school.name,
        title=was.name,
        purpose=was.purpose,
        by=f"Filled in by {row.deed.name}, {row.deed.position}, {_moment(row.deed.at)}",
        facts=facts,
        answers=tuple((field.label, told(field, row.answers)) for field in was.fields),
        signatures=was.signed_by,
    )
    try:
        content = form_pdf(page, dated=row.deed.at.astimezone(LONDON).date())
    except CannotSet as error:
        messages.error(request, str(error))
        return redirect("casework:filled", filled=filled)
    name = f'inline; filename="{row.form}-{row.pk}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


def _moment(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{day_words(local.date())} {local.year} at {time_words(local)}"


def _form(policy: Policy, wanted: str, about: str) -> Form:
    found = next((one for one in policy.forms if one.id == wanted and one.about == about), None)
    if found is None:
        raise Http404
    return found


def _open_case(pupil: int) -> Case | None:
    return Case.objects.filter(pupil=pupil, path=AUTHORITY, closed__isnull=True).first()


def _row(wanted: Form) -> str:
    """The right that filling in a form needs."""
    if wanted.by_safeguarding_lead:
        return "keywork:refer"
    return "form:fill" if wanted.teachers else "case:see"


def _check_may_fill(request: Request, place: SchoolPlace, wanted: Form) -> None:
    request.may.check_can(_row(wanted), place)


def _may_fill(request: Request, place: SchoolPlace, wanted: Form) -> bool:
    return request.may.can(_row(wanted), place)


def _check_may_see(request: Request, place: SchoolPlace, was: Form) -> None:
    if was.by_safeguarding_lead or not was.teachers:
        request.may.check_can("case:see", place)


def _anew(request: Request, place: SchoolPlace, row: FormFilled, was: Form) -> str:
    """Where it is filled in anew; empty for who may not."""
    if not _may_fill(request, place, was):
        return ""
    if row.pupil_id is None:
        return reverse("casework:school_form", args=[place.here.slug, row.form])
    return reverse("casework:form", args=[row.pupil_id, row.form])


def _seen(request: Request, place: SchoolPlace, copied: list[dict[str, str]]) -> list[dict[str, str]]:
    """The copied facts that somebody may see."""
    return [one for one in copied if not one["row"] or request.may.can(one["row"], place)]


def _crumbs(request: Request, place: SchoolPlace, pupil: int | None) -> list[tuple[str, Any]]:
    if pupil is None:
        return [("Tiers", reverse("casework:tiers", args=[place.here.slug]))] if _sees(request, place) else []
    assert isinstance(place, PupilPlace)
    crumbs = [(place.enrolment.pupil.known_name, reverse("insight:pupil", args=[pupil]))]
    return [*crumbs, ("Casework", reverse("casework:pupil", args=[pupil]))] if _sees(request, place) else crumbs


def _sees(request: Request, place: SchoolPlace) -> bool:
    return request.may.can("case:see", place)
