"""A school's letters by kind and what became of them: what went, who still waits, and what did not go."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from rollcall.accounts.door import Request, allows
from rollcall.casework.queries.punctuality import late_pupils
from rollcall.casework.queries.recognition import risen_pupils
from rollcall.casework.queries.sent import MOST, kinds_of_letters, letters_of_kind, waiting_letters
from rollcall.casework.views import desk
from rollcall.casework.views.places import SchoolPlace, school_place
from rollcall.outbox.kinds import KINDS
from rollcall.schools.queries import year_of


@allows("letter:see", place=school_place)
def letters(request: Request, school: str) -> HttpResponse:
    """The letters of a school since the year began."""
    place: SchoolPlace = request.place
    since, kind = date(year_of(request.at.date()), 8, 1), request.GET.get("kind", "")
    lines = letters_of_kind(place.here.pk, kind, since) if kind in KINDS else waiting_letters(place.here.pk, since)
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:letters"),
        "since": since,
        "kinds": kinds_of_letters(place.here.pk, since),
        "chosen": KINDS[kind].words if kind in KINDS else "",
        "lines": lines,
        "most": MOST,
        "late": sum(line.lateness.what in ("warn", "raise") for line in late_pupils(place.here.pk, request.at)),
        "risen": len(risen_pupils(place.here.pk, request.at)),
        "may_edit": request.may.can("letter:edit", place),
    }
    return render(request, "casework/letters.html", context)
