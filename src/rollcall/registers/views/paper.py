"""A register on paper: a class for a day or a week, blank boxes, to be typed in later with the time it was taken."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from rollcall.accounts.asked import day_asked
from rollcall.accounts.door import Request, allows
from rollcall.registers.queries.known_ahead import expected_between
from rollcall.registers.views.places import ClassPlace, class_place
from rollcall.rules.sessions import HALVES, Half, monday
from rollcall.schools.queries import seats_in_class, year_of


@dataclass(frozen=True)
class Column:
    """One session of a sheet of paper."""

    day: date
    half: Half
    is_open: bool


@allows("register:print", place=class_place)
@never_cache
@require_GET
def paper(request: Request, school_class: int) -> HttpResponse:
    """The sheet for `?day=`, or with `&span=week` for its week."""
    place: ClassPlace = request.place
    day, week = _day(request), request.GET.get("span") == "week"
    days = [monday(day) + timedelta(days=n) for n in range(5)] if week else [day]
    columns = [Column(d, half, _is_open(place, d, half)) for d in days for half in HALVES]
    seats = seats_in_class(place.room.pk, day)
    expected = expected_between([seat.enrolment for seat in seats], days[0], days[-1], place.facts)
    rows = [
        (n, seat.name, [(c, expected.get((seat.enrolment, c.day, c.half), "")) for c in columns])
        for n, seat in enumerate(seats, 1)
    ]
    context = {
        "room": place.room,
        "school": place.facts.name,
        "day": day,
        "days": days,
        "week": week,
        "columns": columns,
        "rows": rows,
        "times": place.facts.times_on(day),
        "printed": request.at,
        "before": day - timedelta(days=7 if week else 1),
        "after": day + timedelta(days=7 if week else 1),
    }
    return render(request, "registers/paper.html", context)


def _day(request: Request) -> date:
    """The day asked for, within the class's own school year; else today."""
    room = request.place.room
    day = day_asked(request.GET.get("day", "")) or request.at.date()
    return day if year_of(day) == room.year_start else date(room.year_start, 9, 1)


def _is_open(place: ClassPlace, day: date, half: Half) -> bool:
    return year_of(day) in place.facts.years and place.facts.is_open(day, half, place.room.pk)
