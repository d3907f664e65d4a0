"""What is closed at a school from a day on, and what was opened again on it."""

from dataclasses import dataclass
from datetime import date, datetime, time

from rollcall.rules.codes import find
from rollcall.schools.models import Closure, SchoolClass
from rollcall.schools.queries import SchoolFacts, year_of
from rollcall.schools.queries.facts import LONDON

_HALVES = {"": "the whole day", "AM": "the morning", "PM": "the afternoon"}


@dataclass(frozen=True)
class ClosureLine:
    """One closure: for whom and when in words, its ground and code, who closed it and who opened it again."""

    id: int
    first: date
    last: date
    sessions: str
    whom: str
    ground: str
    code: str
    meaning: str
    by: str
    at: datetime
    lifted_by: str
    lifted_at: datetime | None

    def is_on(self, day: date) -> bool:
        """Whether it is about a day."""
        return self.first <= day <= self.last


def closures_from(facts: SchoolFacts, day: date) -> list[ClosureLine]:
    """The closures of a school that reach a day or lie after it, and those lifted on the day; two statements."""
    midnight = datetime.combine(day, time(0), LONDON)
    rows = Closure.objects.filter(school=facts.school, last__gte=day).select_related("deed", "lifted")
    rows = rows.prefetch_related("classes").order_by("first", "id")
    return [_line(one, facts) for one in rows if one.lifted is None or one.lifted.at >= midnight]


def _line(one: Closure, facts: SchoolFacts) -> ClosureLine:
    names = sorted(room.name for room in one.classes.all())
    return ClosureLine(
        id=one.pk,
        first=one.first,
        last=one.last,
        sessions=_HALVES[one.half],
        whom=", ".join(names) or "The whole school",
        ground=one.ground,
        code=one.code,
        meaning=_meaning(one.code, facts.edition_on(one.first)),
        by=one.deed.name,
        at=one.deed.at,
        lifted_by=one.lifted.name if one.lifted else "",
        lifted_at=one.lifted.at if one.lifted else None,
    )


def _meaning(code: str, edition: str) -> str:
    try:
        return find(code, edition).meaning
    except ValueError:
        return ""


def rooms_of(school: int, day: date) -> list[SchoolClass]:
    """A school's classes (by id) of a day's school year, by name."""
    return list(SchoolClass.objects.filter(school=school, year_start=year_of(day)).order_by("name"))
