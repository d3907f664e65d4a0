"""The pack for a targeting support meeting: made by one press, shown as it was made, and as PDF. It holds names."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions.targeting import make_targeting_pack
from rollcall.casework.models import TargetingPack
from rollcall.casework.queries.targeting_drawn import drawn
from rollcall.casework.views.places import RowPlace, SchoolPlace, row_place, school_place
from rollcall.documents.letter import CannotSet
from rollcall.documents.tables import TablesPage, tables_pdf
from rollcall.journal import actions as journal
from rollcall.journal.actions import new_key
from rollcall.rules.words import day_words, time_words
from rollcall.schools.queries.facts import LONDON

targeting_place = row_place(TargetingPack, "targeting")


@allows("authority:meet", place=school_place)
@require_POST
def targeting_make(request: Request, school: str) -> HttpResponse:
    """Make the pack: one press."""
    place: SchoolPlace = request.place
    key = request.POST.get("key", "")[:40] or new_key()
    made = make_targeting_pack(place.facts, by=request.may.actor(place.here.pk), at=request.at, key=key)
    messages.success(request, "The pack is made, and is kept as it is.")
    return redirect("casework:targeting", targeting=made.pk)


@allows("authority:meet", place=targeting_place)
@never_cache
@require_GET
def targeting(request: Request, targeting: int) -> HttpResponse:
    """A pack as it was made."""
    place: RowPlace[TargetingPack] = request.place
    _note(request, "page")
    crumbs = [("The authority", reverse("casework:authority", args=[place.here.slug]))]
    context = {"pack": place.row, "page": _page(place.row), "school": place.here, "breadcrumbs": crumbs}
    return render(request, "casework/targeting.html", context)


@allows("authority:meet", place=targeting_place)
@never_cache
@require_GET
def targeting_pdf(request: Request, targeting: int) -> HttpResponse:
    """The same as PDF, the same bytes each time."""
    place: RowPlace[TargetingPack] = request.place
    try:
        content = tables_pdf(_page(place.row), dated=place.row.day)
    except CannotSet as error:
        messages.error(request, str(error))
        return redirect("casework:targeting", targeting=targeting)
    _note(request, "PDF")
    name = f'inline; filename="targeting-{place.here.slug}-{place.row.day}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


def _page(row: TargetingPack) -> TablesPage:
    at = row.deed.at.astimezone(LONDON)
    made = f"Made by {row.deed.name}, {row.deed.position}, {day_words(at.date())} {at.year} at {time_words(at)}."
    return drawn(row.contents, made)


def _note(request: Request, detail: str) -> None:
    """Who looked at it stands in the journal, for it holds the names of many children."""
    place: RowPlace[TargetingPack] = request.place
    by = request.may.actor(place.here.pk)
    journal.note_look("targeting", by=by, at=request.at, thing_id=place.row.pk, detail=detail)
