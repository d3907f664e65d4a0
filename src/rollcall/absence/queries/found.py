"""The children missing when the school closed whom no register had: by class, and who was found since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.models import Found
from rollcall.absence.queries.accounted import Missing
from rollcall.rules.sessions import HALVES
from rollcall.schools.queries import SchoolFacts


@dataclass(frozen=True)
class ClosedRoom:
    """A class that was closed before anybody in it was marked: why, and its children of low risk, by name."""

    school_class: int
    name: str
    words: str
    children: tuple[str, ...]


@dataclass(frozen=True)
class FoundLine:
    """One child who was said to be somewhere after the school had closed: who said so and when."""

    id: int
    name: str
    words: str
    by: str
    at: datetime


def closed_rooms(behind: Iterable[Missing]) -> Iterable[ClosedRoom]:
    """The classes of some children of low risk whose class was closed before anybody in it was marked."""
    rooms: dict[int, list[Missing]] = {}
    for one in behind:
        rooms.setdefault(one.standing.school_class, []).append(one)
    for room, those in rooms.items():
        names = tuple(one.standing.name for one in those)
        yield ClosedRoom(room, those[0].standing.class_name, those[0].closed_words, names)


def found_since(facts: SchoolFacts, day: date) -> Iterable[FoundLine]:
    """Who was said to be somewhere on a day that closed after it had begun; no statement on any other."""
    if all(facts.when_begun(day, half) is facts for half in HALVES):
        return
    rows = Found.objects.filter(enrolment__school=facts.school, day=day, withdrawn__isnull=True)
    for row in rows.select_related("deed", "enrolment__pupil").order_by("id"):
        yield FoundLine(row.pk, row.enrolment.pupil.known_name, row.words, row.deed.name, row.deed.at)
