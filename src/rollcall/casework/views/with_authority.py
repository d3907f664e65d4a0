"""Working with the authority: its point of contact, the meetings of the year, what each side does, what is asked."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions import with_authority as actions
from rollcall.casework.actions.meetings import NotPlanned
from rollcall.casework.forms.with_authority import AskForm, AuthorityOutcomeForm, AuthorityPlanForm, ContactForm
from rollcall.casework.models import AuthorityContact, Meeting
from rollcall.casework.queries import meetings as meetings_queries
from rollcall.casework.queries import with_authority as queries
from rollcall.casework.queries.invitations import invitation_of
from rollcall.casework.views import desk
from rollcall.casework.views.places import PupilPlace, RowPlace, SchoolPlace, pupil_place, row_place, school_place
from rollcall.journal import actions as journal
from rollcall.journal.actions import new_key
from rollcall.schools.queries.roll import seats_of_school

MEET, SENSITIVE = "authority:meet", "pupil:sensitive"
meeting_place = row_place(Meeting)


@allows(MEET, place=school_place)
@never_cache
@require_GET
def authority(request: Request, school: str) -> HttpResponse:
    """The point of contact, meetings held and planned this school year, what is to be done, the packs made."""
    place: SchoolPlace = request.place
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:authority"),
        "page": queries.authority_page(place.facts, request.at),
        "policy": place.facts.policy_on(request.at.date()),
        "today": request.at.date(),
        "key": new_key(),
    }
    return render(request, "casework/authority.html", context)


@allows(MEET, place=school_place)
@never_cache
@require_http_methods(["GET", "POST"])
def authority_contact(request: Request, school: str) -> HttpResponse:
    """Write down the point of contact; the one before stays on the page as an earlier one."""
    place: SchoolPlace = request.place
    last = queries.contact_of(place.here.pk)
    initial = {"key": new_key(), **({name: getattr(last, name) for name in _CONTACT} if last else {})}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_contact(
                place.here.pk, form.contact, by=request.may.actor(place.here.pk), at=request.at,
                key=form.cleaned_data["key"],
            )  # fmt: skip
        except NotPlanned as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The point of contact is written down.")
            return redirect("casework:authority", school=school)
    return _form(request, place, form, "The authority’s point of contact", "Write it down")


_CONTACT = ("name", "email", "phone", "helpline")


@allows(MEET, place=school_place)
@never_cache
@require_http_methods(["GET", "POST"])
def authority_plan(request: Request, school: str) -> HttpResponse:
    """Plan a meeting with the authority; where its point of contact is asked, the invitation is the next page."""
    place: SchoolPlace = request.place
    kinds = queries.kinds_of(place.facts.policy_on(request.at.date()))
    form = _plan_form(request, place, kinds)
    if made := _planned(request, place, form, None):
        return _after_plan(request, form, made)
    return _form(request, place, form, "Plan a meeting with the authority", "Plan it")


@allows(SENSITIVE, place=pupil_place)
@never_cache
@require_http_methods(["GET", "POST"])
def agency_plan(request: Request, pupil: int) -> HttpResponse:
    """Plan a meeting of several agencies about a pupil (CIN, CP, YJS, CLA), for who may know that they meet."""
    place: PupilPlace = request.place
    form = _plan_form(request, place, ())
    if made := _planned(request, place, form, pupil):
        return _after_plan(request, form, made)
    name = place.enrolment.pupil.known_name
    crumbs = [(f"{name}: casework", reverse("casework:pupil", args=[pupil]))]
    return _form(request, place, form, f"A meeting of several agencies about {name}", "Plan it", crumbs)


def _plan_form(request: Request, place: SchoolPlace, kinds: Any) -> AuthorityPlanForm:
    day = request.at.date()
    me = f"user:{request.may.user_id}"
    return AuthorityPlanForm(
        request.POST or None,
        kinds=kinds,
        staff=meetings_queries.staff_of(place.here.pk, day),
        contact=queries.contact_of(place.here.pk),
        as_=place.facts.policy_on(day).authority.contact,
        initial={"key": new_key(), "kind": kinds[0][0] if kinds else "", "staff": [me], "contact": True},
    )


def _planned(request: Request, place: SchoolPlace, form: AuthorityPlanForm, pupil: int | None) -> Meeting | None:
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return actions.plan_with_authority(
            form.plan, school=place.here.pk, pupil=pupil, by=request.may.actor(place.here.pk), at=request.at,
            key=form.cleaned_data["key"],
        )  # fmt: skip
    except NotPlanned as refusal:
        form.add_error(None, str(refusal))
        return None


def _after_plan(request: Request, form: AuthorityPlanForm, made: Meeting) -> HttpResponse:
    messages.success(request, "The meeting is planned.")
    asked = form.spoc is not None and form.cleaned_data["contact"] and made.at > request.at
    return redirect("casework:authority_invite" if asked else "casework:authority_meeting", meeting=made.pk)


@allows(MEET, place=meeting_place)
@never_cache
@require_http_methods(["GET", "POST"])
def authority_meeting(request: Request, meeting: int) -> HttpResponse:
    """One meeting with the authority: who is asked; how it went, what each side does, when the next one is."""
    place = _of_authority(request)
    row = place.row
    outcome = getattr(row, "outcome", None)
    seats = () if row.pupil_id else seats_of_school(place.here.pk, request.at.date())
    asked = meetings_queries.from_kept(row.asked)
    form = AuthorityOutcomeForm(request.POST or None, asked=asked, seats=seats, initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.record_with_authority(
                row, form.outcome(request.at.date()), next_at=form.next_at, why_none=form.cleaned_data["why_none"],
                by=request.may.actor(place.here.pk), at=request.at, key=form.cleaned_data["key"],
            )  # fmt: skip
        except NotPlanned as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Written down.")
            return redirect("casework:authority_meeting", meeting=done.moved_to_id or meeting)
    context = {
        "meeting": row,
        "asked": asked,
        "outcome": outcome,
        "came": meetings_queries.from_kept(outcome.came) if outcome else (),
        "actions": row.actions.select_related("done", "pupil"),
        "form": form if outcome is None or form.is_bound else None,
        "needs_next": row.kind in queries.WITH_SCHOOL
        and not queries.has_next(place.here.pk, row.kind, request.at, row.pk),
        "invitation": invitation_of(row, request.may.actor(place.here.pk), request.at),
        "school": place.here,
        "today": request.at.date(),
        "key": new_key(),
        "breadcrumbs": _crumbs(request, row, place),
    }
    return render(request, "casework/authority_meeting.html", context)


@allows(MEET, place=meeting_place)
@never_cache
@require_http_methods(["GET", "POST"])
def authority_invite(request: Request, meeting: int) -> HttpResponse:
    """The invitation of the point of contact, exactly as it would go; confirmed, it goes by e-mail."""
    place = _of_authority(request)
    by, refusal = request.may.actor(place.here.pk), ""
    if request.method == "POST":
        try:
            actions.invite_contact(place.row, by=by, at=request.at, key=request.POST.get("key", "")[:40])
        except NotPlanned as error:
            refusal = str(error)
        else:
            messages.success(request, "The invitation is on its way.")
            return redirect("casework:authority_meeting", meeting=meeting)
    context = {
        "meeting": place.row,
        "ready": invitation_of(place.row, by, request.at),
        "refusal": refusal,
        "school": place.here,
        "key": new_key(),
        "breadcrumbs": _crumbs(request, place.row, place),
    }
    return render(request, "casework/authority_invite.html", context)


@allows(MEET, place=school_place)
@never_cache
@require_http_methods(["GET", "POST"])
def authority_ask(request: Request, school: str) -> HttpResponse:
    """Write down advice, guidance or training that the authority is asked for."""
    place: SchoolPlace = request.place
    form = AskForm(request.POST or None, initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        contact: AuthorityContact | None = queries.contact_of(place.here.pk)
        owner = contact.name if contact else place.facts.policy_on(request.at.date()).authority.contact
        told = form.cleaned_data
        try:
            actions.ask_authority(
                told["what"], owner=owner, due=told["due"], school=place.here.pk,
                by=request.may.actor(place.here.pk), at=request.at, key=told["key"],
            )  # fmt: skip
        except NotPlanned as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Written down. Tick it off once it has come.")
            return redirect("casework:authority", school=school)
    return _form(request, place, form, "Ask the authority for advice or training", "Write it down")


def _of_authority(request: Request) -> RowPlace[Meeting]:
    """The meeting of the address, one with the authority that who asks may know of; 404 for one with a family."""
    place: RowPlace[Meeting] = request.place
    if place.row.kind not in queries.WITH_AUTHORITY:
        raise Http404
    if place.row.kind == queries.AGENCY:
        request.may.check_can(SENSITIVE, place)
        by = request.may.actor(place.here.pk)
        journal.note_look("meeting", by=by, at=request.at, thing_id=place.row.pk, detail="agencies")
    return place


def _form(
    request: Request, place: SchoolPlace, form: Any, title: str, act: str, crumbs: list[tuple[str, str]] | None = None
) -> HttpResponse:
    back = crumbs[0][1] if crumbs else reverse("casework:authority", args=[place.here.slug])
    trail = crumbs or [("The authority", back)]
    context = {"form": form, "title": title, "act": act, "back": back, "school": place.here, "breadcrumbs": trail}
    return render(request, "casework/authority_form.html", context)


def _crumbs(request: Request, row: Meeting, place: SchoolPlace) -> list[tuple[str, str]]:
    if row.pupil is not None:
        return [(f"{row.pupil.known_name}: casework", reverse("casework:pupil", args=[row.pupil_id]))]
    return [("The authority", reverse("casework:authority", args=[place.here.slug]))]
