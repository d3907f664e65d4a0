"""Looking: where people land, lists of pupils, a pupil's, class's and school's pages, the schools side by side."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from rollcall.accounts.door import allows
from rollcall.insight.drawing import Link, year_table
from rollcall.insight.queries import pupil as pupils
from rollcall.insight.queries.who import KnownPupil, NoSuchPupil, known_pupil
from rollcall.journal import actions as journal
from rollcall.rules.pupil_year import Cell
from rollcall.schools.queries import year_of
from rollcall.schools.queries.families import contacts_of, holds_of


@allows("pupil:see")
def pupil(request: Any, pupil: int) -> HttpResponse:
    """A pupil's year: the picture, the figures with what is behind them, what happened. Looking is noted."""
    known = _known(request, pupil)
    page = pupils.pupil_page(known, _year(request, known), request.at)
    journal.note_look("pupil", by=request.may.actor(known.place.school), at=request.at, thing_id=pupil)
    link = _history(request, known)
    context = {
        "known": known,
        "page": page,
        "picture": year_table(page.weeks, f"{known.pupil.known_name} in {page.year.label}", link) if page else "",
        "happened": _happened(request, known),
        "sees_history": link is not None,
    }
    return render(request, "insight/pupil.html", {**context, **_standing_facts(request, known)})


def _known(request: Any, pupil: int) -> KnownPupil:
    try:
        return known_pupil(request.may, pupil, request.at.date())
    except NoSuchPupil:
        raise Http404 from None


def _year(request: HttpRequest, known: KnownPupil) -> int:
    """The year asked for, else this one, else the last in which the pupil was on roll."""
    asked = request.GET.get("year", "")
    years = known.years
    if asked:
        if not asked.isdecimal() or int(asked) not in years:
            raise Http404
        return int(asked)
    this = year_of(request.at.date())  # type: ignore[attr-defined]
    return this if this in years or not years else years[0]


def _history(request: Any, known: KnownPupil) -> Link | None:
    """The address of a mark's history; worked out once, for four hundred of them."""
    if not request.may.can("mark:history", known.place):
        return None
    try:
        somewhere = reverse("registers:history", kwargs={"enrolment": 0, "day": date(2000, 1, 1), "half": "AM"})
    except NoReverseMatch:
        return None
    pattern = somewhere.replace("/0/", "/{}/").replace("2000-01-01", "{}").replace("/am/", "/{}/")

    def link(cell: Cell) -> str:
        return pattern.format(cell.enrolment, cell.day, cell.half.lower())

    return link


def _happened(request: Any, known: KnownPupil) -> list[pupils.Happened]:
    may, here = request.may, known.place
    return pupils.happened(
        known,
        with_steps=known.is_here_now and may.can("review:see", here),
        with_letters=known.is_here_now and may.can("letter:see", here),
    )


def _standing_facts(request: Any, known: KnownPupil) -> dict[str, Any]:
    """What stands of the pupil, each part only for who may see it where the pupil is now."""
    may, here = request.may, known.place
    sees_contacts = may.can("pupil:contacts", here)
    return {
        "contacts": contacts_of(known.pupil.pk) if sees_contacts else None,
        "holds": holds_of(known.pupil) if sees_contacts else [],
        "sees_sensitive": may.can("pupil:sensitive", here),
        "sees_barred_why": may.can("pupil:barred_why", here),
    }
