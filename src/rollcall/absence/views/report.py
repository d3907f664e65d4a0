"""The absentee report: as it is now, which renews itself, and as it was at its time; on screen and as a PDF (A6-b)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from rollcall.absence.queries import report_sheet as words
from rollcall.absence.queries.kept import kept_at, kept_days, kept_report
from rollcall.absence.queries.report import absentee_report, report_due
from rollcall.absence.queries.report_values import AbsenteeReport
from rollcall.absence.views import desk
from rollcall.absence.views.live import LivePlace, live_page, live_place
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.absence.views.report_lines import draw_class
from rollcall.accounts.asked import day_asked
from rollcall.accounts.door import Request, allows
from rollcall.documents.absentees import absentees_pdf
from rollcall.documents.letter import CannotSet
from rollcall.journal.actions import note_look

PART = "absence/_partials/absentees.html"


def _shown(report: AbsenteeReport) -> dict[str, Any]:
    """What the page's list needs, from the report alone."""
    return {
        "report": report,
        "numbers": words.numbers_of(report)[1:],
        "warnings": words.warnings_of(report),
        "parts": [draw_class(part, report.day, report.half) for part in report.classes if not part.is_quiet],
    }


@allows("day:report", place=live_place)
@never_cache
@require_GET
def report(request: Request, school: str) -> HttpResponse:
    """Who is not in, now; it renews itself as registers and marks come in."""
    place: LivePlace = request.place
    day = request.at.date()

    def frame() -> dict[str, Any]:
        here, due = place.here, report_due(place.facts, day)
        return {
            "tabs": desk.tabs(request.may, here, "absence:report"),
            "school": here,
            "day": day,
            "due": due,
            "is_ahead": due is not None and request.at < due,
            "kept_at": kept_at(here.pk, day),
        }

    return live_page(
        request, "absence/report.html", PART, lambda: _shown(absentee_report(place.facts, day, request.at)), frame=frame
    )


@allows("day:report", place=school_place)
@never_cache
@require_GET
def report_pdf(request: Request, school: str) -> HttpResponse:
    """The same in print, as it stands now."""
    place: SchoolPlace = request.place
    found = absentee_report(place.facts, request.at.date(), request.at)
    return _pdf(request, found, reverse("absence:report", args=[school]))


@allows("day:report", place=school_place)
@never_cache
@require_GET
def reports(request: Request, school: str) -> HttpResponse:
    """The days whose report was kept, and those on which none was; `?before=` goes further back."""
    place: SchoolPlace = request.place
    lines = kept_days(place.facts, request.at, day_asked(request.GET.get("before", "")))
    context = {
        "tabs": desk.tabs(request.may, place.here, "absence:reports"),
        "school": place.here,
        "lines": lines,
        "before": lines[-1].day if lines else None,
    }
    return render(request, "absence/reports.html", context)


@allows("day:report", place=school_place)
@never_cache
@require_GET
def report_kept(request: Request, school: str, day: date) -> HttpResponse:
    """What the report of a day said at its time, from what was kept alone; that somebody looked is kept too."""
    place: SchoolPlace = request.place
    found = _kept(place, day)
    if day != request.at.date():
        note_look("absentee report", by=request.may.actor(place.school), at=request.at, detail=f"{place.here}, {day}")
    context = {
        **_shown(found),
        "tabs": desk.tabs(request.may, place.here, "absence:report_kept"),
        "school": place.here,
        "day": day,
        "when": words.when(found),
        "is_today": day == request.at.date(),
    }
    return render(request, "absence/report_kept.html", context)


@allows("day:report", place=school_place)
@never_cache
@require_GET
def report_kept_pdf(request: Request, school: str, day: date) -> HttpResponse:
    """The same in print: the PDF that the head of school was sent."""
    return _pdf(request, _kept(request.place, day), reverse("absence:report_kept", args=[school, day]))


def _kept(place: SchoolPlace, day: date) -> AbsenteeReport:
    found = kept_report(place.here.pk, day)
    if found is None:
        raise Http404
    return found


def _pdf(request: Request, found: AbsenteeReport, back: str) -> HttpResponse:
    try:
        content = absentees_pdf(words.sheet_of(found), dated=found.day)
    except CannotSet as error:
        messages.error(request, str(error))
        return redirect(back)
    name = f"absentees-{found.slug}-{found.day}.pdf"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
