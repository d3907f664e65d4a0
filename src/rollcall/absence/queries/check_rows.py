"""What the checks of the morning read: the last school days' marks, expectations, who saved registers, who left.

A fixed number of statements; the last ten school days may lie on both sides of a summer, and each year has its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import BinaryField, FilteredRelation, Q
from django.db.models.functions import Substr

from rollcall.journal.models import Deed
from rollcall.registers.models import Entry, Expectation, SheetRow
from rollcall.registers.queries.standing import TAKEN
from rollcall.rules.codes import BYTE, MISSING
from rollcall.rules.sessions import HALVES, Half, SchoolYear, half_of, order_of
from rollcall.schools.models import ClassMembership
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON

DAYS = 10
"""How many school days the checks look back."""

Session = tuple[date, Half]
_BLANK = bytes([BYTE[MISSING]])


@dataclass(frozen=True)
class Window:
    """Some days of one school year, from `first` to `last`, and their half-days in order."""

    year: SchoolYear
    first: date
    last: date

    @cached_property
    def sessions(self) -> list[Session]:
        """Every half-day, weekends too."""
        n = (self.last - self.first).days + 1
        return [(self.first + timedelta(days=day), half) for day in range(n) for half in HALVES]

    @property
    def n(self) -> int:
        """How many half-days."""
        return len(self.sessions)

    def place(self, session: Session) -> int:
        """Where a session stands on a strip of these days."""
        return 2 * (session[0] - self.first).days + HALVES.index(session[1])

    def places_of(self, seat: "Seat") -> range:
        """The places on a strip on whose days somebody is in their class."""
        return range(self.place((seat.first, "AM")), self.place((seat.last, "PM")) + 1)

    def holds(self, day: date) -> bool:
        """Whether a day is among them."""
        return self.first <= day <= self.last


def windows_before(facts: SchoolFacts, day: date) -> list[Window]:
    """The last ten school days before a day, and the day itself, as one window for each school year they lie in."""
    found, left, year, upto = [], DAYS, SchoolYear.of(day), day
    while left > 0 and facts.years and year.start >= facts.years[0]:
        before = day if upto == day else upto + timedelta(days=1)
        days = sorted({on for on, _ in facts.calendar(year.start).last_sessions(before, 2 * left)})[-left:]
        if days or upto == day:
            found.append(Window(year, days[0] if days else day, upto))
        left -= len(days)
        year = SchoolYear(year.start - 1)
        upto = year.last
    return found


@dataclass(frozen=True)
class Seat:
    """One pupil in one class for some days, with the marks of a window as a strip."""

    enrolment: int
    pupil: int
    name: str
    school_class: int
    class_name: str
    first: date
    last: date
    strip: bytes


_SEAT = (
    "enrolment_id",
    "enrolment__pupil_id",
    "enrolment__pupil__known_first",
    "enrolment__pupil__known_last",
    "school_class_id",
    "school_class__name",
    "begins",
    "ends",
    "enrolment__admitted",
    "enrolment__left",
    "strip",
)


def seats_between(window: Window, *, school: int | None = None, pupils: Iterable[int] | None = None) -> list[Seat]:
    """Everybody in a class on some day of a window, at a school (by id) or of some pupils anywhere: one statement."""
    rows: Any = ClassMembership.objects.filter(begins__lte=window.last, enrolment__admitted__lte=window.last)
    rows = rows.exclude(ends__lt=window.first).exclude(enrolment__left__lt=window.first)
    if school is not None:
        rows = rows.filter(school_class__school=school)
    if pupils is not None:
        rows = rows.filter(enrolment__pupil__in=list(pupils))
    rows = rows.annotate(
        row=FilteredRelation("enrolment__rows", condition=Q(enrolment__rows__year_start=window.year.start)),
        strip=Substr("row__marks", window.year.column(window.first, "AM") + 1, window.n, output_field=BinaryField()),
    )
    in_order = ("school_class__name", "enrolment__pupil__known_first", "enrolment__pupil__known_last", "id")
    return [_seat(window, *row) for row in rows.order_by(*in_order).values_list(*_SEAT)]


def _seat(
    window: Window,
    enrolment: int,
    pupil: int,
    known_first: str,
    known_last: str,
    room: int,
    named: str,
    begins: date,
    ends: date | None,
    admitted: date,
    left: date | None,
    strip: bytes | memoryview | None,
) -> Seat:
    first = max(begins, admitted, window.first)
    last = min(ends or window.last, left or window.last, window.last)
    marks = bytes(strip) if strip else _BLANK * window.n
    return Seat(enrolment, pupil, f"{known_first} {known_last}", room, named, first, last, marks)


@dataclass(frozen=True)
class Expected:
    """What is expected of somebody between two sessions."""

    enrolment: int
    pupil: int
    code: str
    first: Session
    last: Session
    ground: str
    told_by: str

    def covers(self, session: Session) -> bool:
        """Whether a session lies within it."""
        return order_of(self.first) <= order_of(session) <= order_of(self.last)


def expected_between(
    first: date, last: date, *, school: int | None = None, pupils: Iterable[int] | None = None
) -> list[Expected]:
    """What stands expected of a school's pupils (by id), or of some pupils anywhere, between two days."""
    rows = Expectation.objects.filter(withdrawn__isnull=True, first_day__lte=last, last_day__gte=first)
    if school is not None:
        rows = rows.filter(enrolment__school=school)
    if pupils is not None:
        rows = rows.filter(enrolment__pupil__in=list(pupils))
    found = rows.order_by("id").values_list(
        "enrolment_id",
        "enrolment__pupil_id",
        "code",
        "first_day",
        "first_half",
        "last_day",
        "last_half",
        "ground",
        "told_by",
    )
    return [
        Expected(one, pupil, code, (begins, half_of(half)), (ends, half_of(other)), ground, by)
        for one, pupil, code, begins, half, ends, other, ground, by in found
    ]


def takers_since(school: int, day: date) -> dict[str, list[str]]:
    """Who saved marks while a register was taken, from a day on, by what their deeds were about: names in order."""
    since = datetime.combine(day, time(0), LONDON)
    rows = Deed.objects.filter(school=school, kind=TAKEN, at__gte=since).order_by("id")
    found: dict[str, dict[str, str]] = {}
    for about, actor, name in rows.values_list("about", "actor", "name"):
        found.setdefault(about, {}).setdefault(actor, name)
    return {about: list(people.values()) for about, people in found.items()}


def first_entry_on(school: int) -> date | None:
    """The day of a school's first mark of all: what lies before it was never taken here."""
    return Entry.objects.filter(school=school).order_by("number").values_list("day", flat=True).first()


@dataclass(frozen=True)
class Leaver:
    """Somebody whose last day lies behind, with the year's marks."""

    enrolment: int
    pupil: int
    name: str
    left: date
    marks: bytes


def leavers_of(school: int, year: SchoolYear, day: date) -> list[Leaver]:
    """Who left a school in a year before a day, with that year's marks, in one statement."""
    rows = SheetRow.objects.filter(
        enrolment__school=school, year_start=year.start, enrolment__left__gte=year.first, enrolment__left__lt=day
    ).order_by("enrolment__pupil__known_last", "enrolment_id")
    found: Any = rows.values_list(
        "enrolment_id",
        "enrolment__pupil_id",
        "enrolment__pupil__known_first",
        "enrolment__pupil__known_last",
        "enrolment__left",
        "marks",
    )
    return [Leaver(pk, pupil, f"{first} {last}", left, bytes(marks)) for pk, pupil, first, last, left, marks in found]
