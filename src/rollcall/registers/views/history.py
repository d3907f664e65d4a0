"""A mark's history on one page that can be printed: every entry, who, which position, when, why (4.1-c)."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from rollcall.accounts.door import Request, allows
from rollcall.registers.queries.history import grounds_of, mark_history
from rollcall.registers.queries.page import around_mark
from rollcall.registers.views.faces import face, meaning
from rollcall.registers.views.places import SeatPlace, seat_place
from rollcall.rules.sessions import Half
from rollcall.schools.queries import facts_of


@allows("mark:history", place=seat_place)
@never_cache
@require_GET
def history(request: Request, enrolment: int, day: date, half: Half) -> HttpResponse:
    """How a mark came to stand."""
    place: SeatPlace = request.place
    assert place.enrolment is not None and place.school is not None
    mark = mark_history(enrolment, day, half)
    facts = facts_of(place.school)
    edition = facts.edition_on(day)
    grounds = grounds_of(enrolment, day, half)
    entries = [
        {
            "entry": entry,
            "face": face(entry.code, meaning(entry.code, edition)),
            "meaning": meaning(entry.code, edition) or "no mark (cleared)",
            "ground": grounds.get(entry.number, ""),
            "before": before.code if before else "",
        }
        for before, entry in zip([None, *mark.history], mark.history, strict=False)
    ]
    expected, wish = around_mark(enrolment, day, half, facts)
    context = {
        "name": place.enrolment.pupil.known_name,
        "school": place.enrolment.school.name,
        "day": day,
        "half": half,
        "mark": mark,
        "standing": face(mark.code, meaning(mark.code, edition)),
        "standing_meaning": meaning(mark.code, edition) or "no mark",
        "original": mark.original,
        "entries": entries,
        "expected": expected,
        "wish": wish,
        "printed": request.at,
    }
    return render(request, "registers/history.html", context)
