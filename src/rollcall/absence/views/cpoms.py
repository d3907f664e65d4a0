"""Calls, incidents and actions for the school's safeguarding record: a file of lines, a PDF of records (A6-c)."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from rollcall.absence.actions.cpoms import take_out
from rollcall.absence.models import CpomsTake
from rollcall.absence.queries import cpoms as queries
from rollcall.absence.queries.reserved import ROW
from rollcall.absence.views import desk
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.accounts.door import Request, allows
from rollcall.documents.records import records_pdf
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.schools.queries.facts import LONDON

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SpanForm(forms.Form):
    """The days to take out."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    first = forms.DateField(label="From", widget=DATE, error_messages={"required": "Say from which day."})
    last = forms.DateField(label="To", widget=DATE, error_messages={"required": "Say to which day."})


@dataclass(frozen=True)
class TakePlace(SchoolPlace):
    """A file that was taken out."""

    taken: CpomsTake | None = None

    @property
    def take(self) -> CpomsTake:
        """The file."""
        assert self.taken is not None
        return self.taken


def take_place(take: int, **_: object) -> TakePlace:
    """The file of an address; 404 for one that is not there."""
    found = CpomsTake.objects.select_related("school", "deed").filter(pk=take).first()
    if found is None:
        raise Http404
    return TakePlace(found.school_id, found=found.school, taken=found)


@allows("cpoms:take", place=school_place)
@never_cache
@require_http_methods(["GET", "POST"])
def cpoms(request: Request, school: str) -> HttpResponse:
    """What has not gone out yet, and what was taken out before."""
    place: SchoolPlace = request.place
    today = request.at.date()
    asked: Any = request.POST or request.GET
    given = {"key": new_key(), "first": asked.get("first") or today, "last": asked.get("last") or today}
    form = SpanForm(request.POST if request.method == "POST" else given)
    form.is_valid()
    if request.method == "POST" and (take := _taken(request, form, place)):
        return redirect("absence:cpoms_take", take.pk)
    span = form.cleaned_data
    lines = (
        queries.lines(place.here.pk, span["first"], span["last"], sees=_sees(request))
        if {"first", "last"} <= set(span)
        else []
    )
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:cpoms"),
        "school": place.here,
        "form": form,
        "lines": lines,
        "takes": queries.takes(place.here.pk),
    }
    return render(request, "absence/cpoms.html", context, status=422 if form.errors else 200)


def _sees(request: Request) -> bool:
    """Whether who asks may know which child has a social worker."""
    return request.may.can(ROW, request.place)


def _taken(request: Request, form: SpanForm, place: SchoolPlace) -> CpomsTake | None:
    """The file that this press makes, or made when it was pressed before."""
    if not form.is_valid():
        return None
    key = f"{request.user.pk}-{form.cleaned_data['key']}"
    span = form.cleaned_data["first"], form.cleaned_data["last"]
    try:
        return take_out(
            place.here, *span, sees=_sees(request), by=request.may.actor(place.school), at=request.at, key=key
        )
    except AlreadyDone as done:
        return CpomsTake.objects.filter(deed=done.deed).first()
    except ValueError as refused:
        form.add_error(None, str(refused))
        return None


@allows("cpoms:take", place=take_place)
@never_cache
@require_GET
def cpoms_take(request: Request, take: int) -> HttpResponse:
    """A file as it was taken out, to look at and to fetch."""
    place: TakePlace = request.place
    items = queries.items_of(place.take, sees=_sees(request))
    tabs = desk.tabs(request.may, place.here, "absence:cpoms")
    context = {"tabs": tabs, "school": place.here, "take": place.take, "items": items}
    return render(request, "absence/cpoms_take.html", context)


@allows("cpoms:take", place=take_place)
@never_cache
@require_GET
def cpoms_csv(request: Request, take: int) -> HttpResponse:
    """The file as CSV, UTF-8 with a mark that spreadsheets look for."""
    place: TakePlace = request.place
    answer = HttpResponse(
        "\ufeff" + queries.as_csv(place.take, sees=_sees(request)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{_name(place)}.csv"'
    return answer


@allows("cpoms:take", place=take_place)
@never_cache
@require_GET
def cpoms_pdf(request: Request, take: int) -> HttpResponse:
    """The file as a PDF, a record for each pupil; messages and letters go to no family from here."""
    place: TakePlace = request.place
    pages = queries.as_pages(place.take, place.here.name, sees=_sees(request))
    if not pages:
        raise Http404  # All of it is for safeguarding alone.
    day = place.take.deed.at.astimezone(LONDON).date()
    pdf = records_pdf(pages, dated=day, title=f"Attendance records, {place.here.name}")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{_name(place)}.pdf"'
    return answer


def _name(place: TakePlace) -> str:
    return slugify(f"cpoms {place.here.slug} {place.take.first:%Y-%m-%d} {place.take.last:%Y-%m-%d} {place.take.pk}")
