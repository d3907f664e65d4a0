"""The absentee report at a quarter past nine: about one pupil in fourteen is away, one class is not in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse

from bench.asking import Cost, Person, many
from bench.school import BenchSchool
from rollcall.absence.views.live import forget_drawn
from rollcall.accounts.roles import Role
from rollcall.demo import middleware
from rollcall.journal.actor import INSTALLER
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.schools import actions as schools
from rollcall.schools.models import Enrolment, PupilContact
from rollcall.schools.queries import facts_of
from rollcall.wsgi import application

DRAWN = 40
CODES = {3: "I", 17: "N", 25: "M"}
"""The code of one pupil in 28 each by their place in the class; one in 56 is O."""

Row = dict[str, Any]


def report_rows(made: BenchSchool, n_pupils: int, n: int, scale: float) -> Iterator[Row]:
    """The page drawn anew each time and out of memory, and what can't be right; the print has no promise."""
    at = _quarter_past(made)
    middleware.time_shown = lambda row, wall: at
    office = Person(made.people[Role.SECRETARY], application)
    path, printed, checks = (
        reverse(f"absence:{route}", args=[made.school.slug]) for route in ("report", "report_pdf", "checks")
    )
    who = f"absentee report, {n_pupils:,} pupils"
    yield _row(f"{who}, drawn", many(n, lambda: office.ask(path), before=forget_drawn), DRAWN, scale)
    yield _row(f"{who}, from memory", many(n, lambda: office.ask(path)), DRAWN, scale)
    yield _row(f"{who}, as a PDF", many(n, lambda: office.ask(printed)), None, scale)
    yield _row(f"what can't be right, {n_pupils:,} pupils", many(n, lambda: office.ask(checks)), None, scale)
    middleware.time_shown = lambda row, wall: made.at


def _row(name: str, cost: Cost, limit: float | None, scale: float) -> Row:
    about = f"best {cost.best:.1f}, p95 {cost.p95:.1f}, own work {cost.work:.1f}, {cost.n_statements} statements"
    kept = limit if scale >= 1 else None
    return {"name": name, "value": round(cost.median, 1), "unit": "ms", "limit": kept, "note": about}


def _quarter_past(made: BenchSchool) -> datetime:
    """Mark every class but the last, and expect the ill, some of whom have a brother or sister; gives 9.15."""
    by: dict[str, Any] = {"by": INSTALLER, "at": made.at}
    away: list[int] = []
    for number, room in enumerate(made.classes[:-1]):
        own = made.places[room.pk]
        codes = {e: CODES.get((place + number) % 28, "/") for place, e in enumerate(own)}
        registers.record_marks(
            room, made.today, "AM", [NewMark(e, code) for e, code in codes.items()], key=f"report-{number}", **by
        )
        away += [e for e, code in codes.items() if code != "/"]
        for enrolment in (e for e, code in codes.items() if code == "I"):
            place = Enrolment.objects.select_related("pupil").get(pk=enrolment)
            day = made.today
            registers.expect(place, first=(day, "AM"), last=(day, "PM"), code="I", ground="A cold", told_by="Pat", **by)
    _brothers_and_sisters(made, away, by)
    facts = facts_of(made.school.pk)
    return facts.moment(made.today, facts.times_on(made.today).am_closes)


def _brothers_and_sisters(made: BenchSchool, away: list[int], by: dict[str, Any]) -> None:
    """Every third pupil who is away lives with the family of one who is here."""
    here = [e for own in made.places.values() for e in own if e not in set(away)]
    for enrolment, other in zip(away[::3], here, strict=False):
        home = PupilContact.objects.filter(pupil__enrolments=other).get().contact
        pupil = Enrolment.objects.get(pk=enrolment).pupil
        link = PupilContact(pupil=pupil, contact=home, relationship="Aunt", lives_with=True, order=2)
        schools.link_contact(link, school=made.school, **by)
