"""The open cases of a school on both paths."""

from django.http import HttpResponse
from django.shortcuts import render

from rollcall.accounts.door import Request, allows
from rollcall.casework.queries.cases import open_cases
from rollcall.casework.views import desk
from rollcall.casework.views.places import SchoolPlace, school_place
from rollcall.schools.queries.roll import seats_of_school


@allows("case:see", place=school_place)
def cases(request: Request, school: str) -> HttpResponse:
    """Who is on which path, at which step, since when."""
    place: SchoolPlace = request.place
    seats = {seat.pupil: seat for seat in seats_of_school(place.here.pk, request.at.date())}
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:cases"),
        "cases": [(line, seats[line.pupil]) for line in open_cases(seats)],
    }
    return render(request, "casework/cases.html", context)
