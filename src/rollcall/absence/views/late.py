"""Late arrivals at the office: two letters of a name, the reason by one tap; slip and mark are one act (A2-a)."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.actions import slips as actions
from rollcall.absence.actions.barred import Stopped
from rollcall.absence.actions.slips import MarkedPresent, NotFilled
from rollcall.absence.forms.fields import TIMES
from rollcall.absence.models import Slip
from rollcall.absence.queries.comers import clock_now, comers
from rollcall.absence.queries.slips import SlipLine, slip_line, slips_of
from rollcall.absence.views import desk
from rollcall.absence.views.places import PupilPlace, SchoolPlace, enrolment_place, place_of, school_place
from rollcall.absence.views.stopped import stopped_page
from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Request, allows
from rollcall.accounts.templatetags.words import clock as clock_words
from rollcall.documents.slip import Paper, SlipPaper, slip_pdf
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.rules.words import day_words
from rollcall.schools.queries.facts import LONDON


class SlipForm(forms.Form):
    """A slip as the office fills it in: the button pressed is the reason."""

    key = forms.CharField(max_length=60)
    reason = forms.CharField(max_length=40, error_messages={"required": "Choose the reason they gave."})
    words = forms.CharField(max_length=200, required=False)
    came_at = forms.TimeField(
        required=False, input_formats=TIMES, error_messages={"invalid": "Give the time they came in as 9.20."}
    )
    brought_by = forms.CharField(max_length=120, required=False)
    otherwise = forms.CharField(max_length=300, required=False)
    over_present = forms.BooleanField(required=False)


@dataclass(frozen=True)
class SlipPlace(PupilPlace):
    """A slip of an address."""

    filled: Slip | None = None

    @property
    def slip(self) -> Slip:
        """The slip."""
        assert self.filled is not None
        return self.filled


def slip_place(slip: int, at: datetime, **_: object) -> SlipPlace:
    """The slip of an address, where its pupil is; 404 for one that is not there."""
    related = ("enrolment__pupil", "enrolment__school")
    found = Slip.objects.select_related(*related).filter(pk=slip).first()
    if found is None:
        raise Http404
    at_place = place_of(found.enrolment, at.date())
    return SlipPlace(at_place.school, at_place.classes, found=at_place.found, enrolled=at_place.enrolled, filled=found)


@allows("slip:fill", place=school_place)
@never_cache
@require_GET
def late(request: Request, school: str) -> HttpResponse:
    """Find the child who has come in, and see today's slips."""
    place: SchoolPlace = request.place
    day, words = request.at.date(), request.GET.get("q", "").strip()[:60]
    policy, now = place.facts.policy_on(day), clock_now(place.facts, request.at)
    slips = slips_of(place.here.pk, day)
    context: dict[str, Any] = {
        "tabs": desk.tabs(request.may, place.here, "absence:late"),
        "school": place.here,
        "day": day,
        "q": words,
        "now": now,
        "comers": [(one, new_key()) for one in comers(place.facts, words, now.half, day)],
        "reasons": [reason for reason in policy.reasons if "late" in reason.asked],
        "waiting": [(one, new_key()) for one in slips if one.is_waiting],
        "made": [(one, new_key()) for one in slips if not one.is_waiting and not one.is_withdrawn],
        "settled": [one for one in slips if one.settled],
        "printed": row_asked(request.GET.get("slip", "")),
    }
    return render(request, "absence/late.html", context)


@allows("slip:fill", place=enrolment_place)
@never_cache
@require_POST
def fill(request: Request, enrolment: int) -> HttpResponse:
    """Fill in a slip for a child who stands at the counter; the mark is made with it."""
    place: PupilPlace = request.place
    form = SlipForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"{place.enrolment.pupil}: {_first(form)}")
        return redirect("absence:late", place.here.slug)
    told = form.cleaned_data
    try:
        slip = actions.fill_slip(
            place.enrolment,
            told["reason"],
            arrived_at=_arrived(request.at, told["came_at"]),
            words=told["words"],
            over_present=told["over_present"],
            brought_by=told["brought_by"],
            otherwise=told["otherwise"],
            by=request.may.actor(place.school),
            at=request.at,
            key=f"{request.user.pk}-{told['key']}",
        )
    except AlreadyDone as done:
        again = Slip.objects.filter(deed=done.deed).first()
        return _done(request, place, again) if again else redirect("absence:late", place.here.slug)
    except Stopped as stopped:
        return stopped_page(request, place.here, place, stopped, reverse("absence:late", args=[place.here.slug]))
    except MarkedPresent as present:
        context = {
            "school": place.here,
            "pupil": place.enrolment.pupil,
            "said": present,
            "told": told,
            "key": new_key(),
        }
        return render(request, "absence/late_present.html", {**context, "enrolment": enrolment}, status=409)
    except NotFilled as refused:
        messages.error(request, f"{place.enrolment.pupil}: {refused}")
        return redirect("absence:late", place.here.slug)
    return _done(request, place, slip)


def _done(request: Request, place: PupilPlace, slip: Slip) -> HttpResponse:
    late_by = f", {slip.minutes} minutes late" if slip.minutes else ""
    messages.success(request, f"{place.enrolment.pupil} is marked {slip.code}{late_by}.")
    answer = redirect("absence:late", place.here.slug)
    answer["Location"] += f"?slip={slip.pk}"
    return answer


def _arrived(at: datetime, came_at: time | None) -> datetime:
    return datetime.combine(at.astimezone(LONDON).date(), came_at, LONDON) if came_at else at


def _first(form: forms.Form) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


@allows("slip:fill", place=slip_place)
@never_cache
@require_POST
def confirm(request: Request, slip: int) -> HttpResponse:
    """Confirm that the child of a slip from the door was seen."""
    place: SlipPlace = request.place
    key = f"{request.user.pk}-{request.POST.get('key') or new_key()}"
    over = bool(request.POST.get("over_present"))
    try:
        by = request.may.actor(place.school)
        done = actions.confirm_slip(place.slip, by=by, at=request.at, key=key, over_present=over)
    except AlreadyDone:
        return redirect("absence:late", place.here.slug)
    except MarkedPresent as present:
        context = {
            "school": place.here,
            "pupil": place.enrolment.pupil,
            "said": present,
            "slip": slip,
            "key": new_key(),
        }
        return render(request, "absence/late_present.html", context, status=409)
    except NotFilled as refused:
        messages.error(request, str(refused))
        return redirect("absence:late", place.here.slug)
    return _done(request, place, done)


@allows("slip:fill", place=slip_place)
@never_cache
@require_POST
def undo(request: Request, slip: int) -> HttpResponse:
    """Take a slip back, with its mark."""
    place: SlipPlace = request.place
    reason = request.POST.get("reason", "").strip() or "Filled in by mistake"
    key = f"{request.user.pk}-{request.POST.get('key') or new_key()}"
    try:
        actions.withdraw_slip(place.slip, by=request.may.actor(place.school), at=request.at, reason=reason, key=key)
        messages.success(request, f"{place.enrolment.pupil}'s slip is taken back, and its mark with it.")
    except AlreadyDone:
        pass
    except NotFilled as refused:
        messages.error(request, str(refused))
    return redirect("absence:late", place.here.slug)


@allows("slip:fill", place=slip_place)
@never_cache
@require_GET
def slip_paper(request: Request, slip: int, paper: Paper) -> HttpResponse:
    """The slip as PDF, for a receipt printer or on A4."""
    place: SlipPlace = request.place
    line = slip_line(slip)
    pdf = slip_pdf(_on_paper(line, place), dated=line.day, paper=paper)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{slugify(f"late slip {line.name} {line.day}")}.pdf"'
    return answer


def _on_paper(line: SlipLine, place: SlipPlace) -> SlipPaper:
    late_by = f", {line.minutes} minutes late" if line.minutes else ""
    return SlipPaper(
        school=place.here.name,
        name=line.name,
        class_name=line.class_name,
        year_group="Reception" if line.year_group == 0 else f"Year {line.year_group}",
        day=day_words(line.day),
        time=clock_words(line.arrived_at.astimezone(LONDON)),
        reason=f"{line.reason}: {line.words}" if line.words else line.reason,
        mark=f"{line.code}{late_by}" if line.code else "waits to be confirmed",
        confirmed=f"{line.by}, {line.position}" if not line.is_waiting else "nobody yet",
    )
