"""The files page, and what goes out of it."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import cast

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from rollcall.accounts.door import Place, Request, allows
from rollcall.exchange.forms import ExportForm
from rollcall.exchange.layouts import shipped
from rollcall.exchange.queries.going_out import (
    FIGURE_HEADINGS,
    MARK_HEADINGS,
    Sight,
    figure_rows,
    lines,
    mark_rows,
    pupil_rows,
)
from rollcall.exchange.queries.page import past_intakes, saved_presets, school_choices, years_of
from rollcall.exchange.writing import write_parquet
from rollcall.journal import actions as journal
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import School


@allows("files:see")
def files(request: Request) -> HttpResponse:
    """What can come in and go out, and what has come in."""
    may_bring, may_take = request.may.can_somewhere("import:run"), request.may.can_somewhere("export:run")
    context = {
        "may_bring": may_bring,
        "may_take": may_take,
        "intakes": past_intakes(request.may.schools("import:run")) if may_bring else [],
        "presets": saved_presets() if may_bring else [],
        "shipped": sorted({(one.name, one.source) for one in shipped()}),
    }
    return render(request, "exchange/files.html", context)


@allows("export:run")
def take_out(request: Request) -> HttpResponse:
    """Choose what is to go out."""
    context = {"form": _form(request), "breadcrumbs": [("Files", reverse("exchange:files"))]}
    return render(request, "exchange/export.html", context)


@allows("export:run")
def download(request: Request) -> HttpResponse:
    """The file that was chosen; the journal keeps who took it."""
    form = _form(request, sent=True)
    if not form.is_valid():
        context = {"form": form, "breadcrumbs": [("Files", reverse("exchange:files"))]}
        return render(request, "exchange/export.html", context, status=400)
    school = get_object_or_404(School, pk=form.cleaned_data["school"])
    year, what = form.cleaned_data["year"], form.cleaned_data["what"]
    by = request.may.actor(school.pk)
    journal.note_look("export", by=by, at=request.at, detail=f"{what} of {school.name} {SchoolYear(year).label}")
    name = f"{school.slug}-{year}-{what}"
    if form.cleaned_data["form"] == "parquet":
        return _parquet(school, year, request.at, f"{name}.parquet")
    answer = StreamingHttpResponse(
        _told(request, school, year, what, request.at), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return cast(HttpResponse, answer)


def _parquet(school: School, year: int, at: datetime, name: str) -> HttpResponse:
    """Marks as Parquet, written to the end before the first byte goes out: half of such a file is none."""
    whole = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_parquet(mark_rows(school, year, at), whole)
    whole.seek(0)
    answer = FileResponse(whole, as_attachment=True, filename=name, content_type="application/vnd.apache.parquet")
    return cast(HttpResponse, answer)


def _form(request: Request, sent: bool = False) -> ExportForm:
    schools = school_choices(request.may.schools("export:run"))
    years = years_of([pk for pk, _ in schools])
    now = SchoolYear.of(request.at.date()).start
    initial = {"year": now if now in years else (years or [now])[-1], "what": "marks"}
    return ExportForm(request.GET if sent else None, schools=schools, years=years or [now], initial=initial)


def _told(request: Request, school: School, year: int, what: str, at: datetime) -> Iterator[str]:
    if what == "marks":
        return lines(MARK_HEADINGS, mark_rows(school, year, at))
    if what == "figures":
        return lines(FIGURE_HEADINGS, figure_rows(school, year, at))
    here = Place(school=school.pk)
    may = request.may
    sight = Sight(*(may.can(row, here) for row in ("pupil:sensitive", "pupil:contacts", "pupil:record")))
    return lines([one.label for one in sight.fields()], pupil_rows(school, year, sight))
