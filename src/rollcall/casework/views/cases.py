"""The open cases of a school on both paths: at which step, what is due, by whom and by when; what is to be closed."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from rollcall.accounts.door import Request, allows
from rollcall.casework.models import Case
from rollcall.casework.queries.cases import CaseLine, ends_at, open_cases, state_names
from rollcall.casework.queries.path import Due, dues, spoken
from rollcall.casework.queries.taken import Standing
from rollcall.casework.views import desk
from rollcall.casework.views.places import SchoolPlace, school_place
from rollcall.schools.queries.roll import Seat, seats_of_school


@dataclass(frozen=True)
class Line:
    """A case in the list: the path and the step in words, what is due."""

    case: CaseLine
    seat: Seat
    path: str
    step: str
    due: Due | None
    owners: str


@allows("case:see", place=school_place)
def cases(request: Request, school: str) -> HttpResponse:
    """Who is on which path, at which step, since when, and what is due."""
    place: SchoolPlace = request.place
    seats = {seat.pupil: seat for seat in seats_of_school(place.here.pk, request.at.date())}
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:cases"),
        "cases": _lines(place.here.pk, seats, request.at),
        "ends": ends_at(place.here.pk, request.at.date()),
        "may_close": request.may.can("case:move", place),
    }
    return render(request, "casework/cases.html", context)


def _lines(school: int, seats: dict[int, Seat], at: datetime) -> list[Line]:
    cases = open_cases(seats)
    due = dues(school, (line.pupil for line in cases if line.path == "school"), at)
    names = state_names(line for line in cases if line.path == "authority")
    return [_line(line, seats[line.pupil], due.get(line.pupil), names) for line in cases]


def _line(line: CaseLine, seat: Seat, found: tuple[Standing, Due] | None, names: dict[int, str]) -> Line:
    path = dict(Case.PATHS)[line.path]
    if line.path == "authority" or found is None:
        return Line(line, seat, path, names.get(line.id, line.step), None, "")
    standing, due = found
    named = standing.policy.step(standing.step).name if standing.case else "Nothing has reached the family yet"
    return Line(line, seat, path, named, due, spoken(due.owners))
