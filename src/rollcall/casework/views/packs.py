"""Evidence packs: what is missing before one is made, making and certifying it, one as it was made, and as PDF."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from rollcall.accounts.door import Request, allows
from rollcall.accounts.queries import Place
from rollcall.casework.actions.packs import NotMade, make_pack
from rollcall.casework.forms.packs import PackForm
from rollcall.casework.models import Case, Notice, Pack
from rollcall.casework.queries.packing import Certified, Subject, digest_of, gaps, left_out, subject_of
from rollcall.casework.views.places import PupilPlace, RowPlace, pupil_place, row_place
from rollcall.documents import pack as documents
from rollcall.journal import actions as journal

MAKE, CERTIFY = "pack:make", "pack:certify"


@allows(MAKE, place=pupil_place)
@never_cache
@require_http_methods(["GET", "POST"])
def pack_make(request: Request, pupil: int) -> HttpResponse:
    """Make the evidence pack about a pupil: what is missing stands first, and why the period is as it is."""
    place: PupilPlace = request.place
    wanted = _notice(pupil, request.GET.get("notice", ""))
    about = subject_of(pupil, place.here.pk, request.at, notice=wanted)
    form = _form(request, place, about)
    if request.method == "POST" and form.is_valid() and (made := _made(request, place, form)):
        return redirect("casework:pack", made.pk)
    status = 422 if form.errors else 200
    return render(request, "casework/pack_make.html", _context(about, form), status=status)


def _form(request: Request, place: PupilPlace, about: Subject) -> PackForm:
    rows = about.pupil.notices.order_by("-id")
    return PackForm(
        request.POST or None,
        notices=[(str(one.pk), f"Notice to {one.to_name}: {one.get_kind_display().lower()}") for one in rows],
        may_certify=bool(_certifiable(request, about)),
        today=request.at.date(),
        initial={
            "key": journal.new_key(),
            "since": about.since,
            "notice": str(about.notice.pk) if about.notice else "",
        },
    )


def _certifiable(request: Request, about: Subject) -> tuple[int, ...]:
    """The schools (by id) whose extracts somebody may certify."""
    schools = dict.fromkeys(one.school.pk for one in about.enrolled)
    return tuple(school for school in schools if request.may.can(CERTIFY, Place(school)))


def _made(request: Request, place: PupilPlace, form: PackForm) -> Pack | None:
    pupil, by = place.enrolment.pupil_id, request.may.actor(place.here.pk)
    notice = _notice(pupil, str(form.notice_id or ""))
    certified = None
    if form.is_certified:
        about = subject_of(pupil, place.here.pk, request.at)
        certified = Certified(by.name, by.position, _certifiable(request, about))
    open_case = Case.objects.filter(pupil=pupil, closed__isnull=True).order_by("path", "id").first()
    try:
        made = make_pack(
            pupil,
            school=place.here.pk,
            case=notice.case if notice else open_case,
            notice=notice,
            certified=certified,
            since=form.cleaned_data["since"],
            by=by,
            at=request.at,
            key=form.cleaned_data["key"],
        )
    except NotMade as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, "The pack is made, and stays as it is.")
    return made


def _notice(pupil: int, asked: str) -> Notice | None:
    """The notice of an address or a form, which must be about this pupil."""
    if not asked:
        return None
    found = Notice.objects.filter(pupil=pupil, pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    if found is None:
        raise Http404
    return found


def _context(about: Subject, form: PackForm) -> dict[str, Any]:
    return {
        "form": form,
        "pupil": about.pupil,
        "school": about.school,
        "about": about,
        "gaps": [one for one in gaps(about) if not one.endswith("is not certified.")],
        "left_out": left_out(about),
        "may_certify": "certify" in form.fields,
        "breadcrumbs": _crumbs(about.pupil.pk, about.pupil.known_name),
    }


def _crumbs(pupil: int, name: str) -> list[tuple[str, str]]:
    return [(name, reverse("insight:pupil", args=[pupil])), ("Casework", reverse("casework:pupil", args=[pupil]))]


@allows(MAKE, place=row_place(Pack))
@never_cache
@require_GET
def pack(request: Request, pack: int) -> HttpResponse:
    """A pack as it was made: its cover, what was missing then, its exhibits, its digest."""
    place: RowPlace[Pack] = request.place
    row = place.row
    journal.note_look("pack", by=request.may.actor(place.here.pk), at=request.at, thing_id=row.pk)
    context = {
        "pack": row,
        "contents": row.contents,
        "digest": " ".join(row.digest[start : start + 8] for start in range(0, len(row.digest), 8)),
        "pupil": row.pupil,
        "school": place.here,
        "breadcrumbs": _crumbs(row.pupil_id, row.pupil.known_name),
    }
    return render(request, "casework/pack.html", context)


@allows(MAKE, place=row_place(Pack))
@never_cache
@require_GET
def pack_pdf(request: Request, pack: int) -> HttpResponse:
    """A pack as PDF, set from its own copy; a warning goes with one that this version of the program sets otherwise."""
    place: RowPlace[Pack] = request.place
    row = place.row
    by = request.may.actor(place.here.pk)
    journal.note_look("pack", by=by, at=request.at, thing_id=row.pk, detail="PDF")
    content = documents.pack_pdf(row.contents)
    if digest_of(content) != row.digest:
        messages.warning(request, "This PDF is set by another version of the program: its digest is another one.")
    name = f'inline; filename="evidence-{row.pk}.pdf"'
    headers = {"Content-Disposition": name, "X-Content-Digest": digest_of(content)}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
