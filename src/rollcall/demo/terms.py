"""When the demo's schools are open in any school year: terms as an East Sussex village school has them, and closures.

Worked out from the year alone, so that the demo can stand on any day. Terms, training days and closures are made up;
bank holidays are England's.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from rollcall.rules.sessions import Calendar, Half, SchoolYear, bank_holidays

DAYS = 195  # 190 for pupils and 5 training days, as teachers' conditions have it
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Shut:
    """Days, or one half-day, on which a school or one of its classes did not meet."""

    first: date
    last: date
    kind: str
    code: str
    ground: str
    half: str = ""
    class_name: str = ""


@dataclass(frozen=True)
class Terms:
    """A school year: six terms as (name, first day, last day), and the breaks between them."""

    spans: tuple[tuple[str, date, date], ...]

    @property
    def breaks(self) -> list[date]:
        """The first Monday of each half-term and holiday inside the year."""
        return [last + timedelta(days=7 - last.weekday()) for _, _, last in self.spans[:-1]]


def _monday_of_last(month: int, year: int) -> date:
    """The last Monday of a month of 31 days."""
    last = date(year, month, 31)
    return last - timedelta(days=last.weekday())


def _weekday_from(day: date) -> date:
    """The day itself, or the Monday after it where the week is nearly over."""
    return day if day.weekday() <= 3 else day + timedelta(days=7 - day.weekday())


@cache
def terms_of(start: int) -> Terms:
    """The terms of the school year that begins in `start`, ending so that there are 195 days with training days."""
    first = _weekday_from(date(start, 9, 1))
    autumn_half = _monday_of_last(10, start)
    christmas = date(start, 12, 20)
    christmas -= timedelta(days=(christmas.weekday() - 4) % 7)
    january = _weekday_from(date(start + 1, 1, 3))
    february = date(start + 1, 2, 15)
    february += timedelta(days=-february.weekday() % 7)
    easter = next(day for day, name in bank_holidays(SchoolYear(start)).items() if name == "Good Friday") - WEEK
    may = _monday_of_last(5, start + 1)
    friday = timedelta(days=3)
    spans = [
        ("Autumn 1", first, autumn_half - friday),
        ("Autumn 2", autumn_half + WEEK, christmas),
        ("Spring 1", january, february - friday),
        ("Spring 2", february + WEEK, easter),
        ("Summer 1", easter + timedelta(days=17), may - friday),
    ]
    summer = may + WEEK
    return Terms((*spans, ("Summer 2", summer, _last_day(start, spans, summer))))


def _last_day(start: int, spans: list[tuple[str, date, date]], summer: date) -> date:
    shut = bank_holidays(SchoolYear(start))
    before = sum(
        1
        for _, first, last in spans
        for n in range((last - first).days + 1)
        if (day := first + timedelta(days=n)).weekday() < 5 and day not in shut
    )
    left, day = DAYS - before, summer - timedelta(days=1)
    while left and day < date(start + 1, 7, 30):
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def training_days(start: int) -> list[date]:
    """The five days on which only the staff are in: the first of four terms and the last of the year."""
    spans = terms_of(start).spans
    return [spans[0][1], spans[1][1], spans[2][1], spans[5][1], spans[5][2]]


def closures_of(start: int, slug: str) -> list[Shut]:
    """Everything that shuts a school in a year, in date order: law, training, and what went wrong there."""
    spans = terms_of(start).spans
    shut = [Shut(day, day, "inset", "#", "Staff training day") for day in training_days(start)]
    shut += [
        Shut(day, day, "bank_holiday", "#", name)
        for day, name in bank_holidays(SchoolYear(start)).items()
        if any(first <= day <= last for _, first, last in spans)
    ]
    return sorted(shut + _of_its_own(start, slug), key=lambda s: s.first)


def _of_its_own(start: int, slug: str) -> list[Shut]:
    spring, autumn, summer = (terms_of(start).spans[n][1] for n in (2, 1, 4))
    match slug:
        case "plumpton":
            day = spring + timedelta(days=9)
            return [Shut(day, day, "unplanned", "Y", "No heating: the boiler failed")]
        case "barcombe":
            day = autumn + timedelta(days=10)
            return [Shut(day, day, "unplanned", "Y", "Flooded classroom", "PM", "Kingfishers")]
        case "iford-and-kingston":
            day = date(start + 1, 5, 1)
            day += timedelta(days=(3 - day.weekday()) % 7)
            return [Shut(day, day, "planned", "#", "The school is a polling station")] if day > summer else []
    return []


@cache
def calendar_of(start: int, slug: str) -> Calendar:
    """A school's calendar for a year, without what shuts only one class."""
    closed: set[date | tuple[date, Half]] = {s.first for s in closures_of(start, slug) if not s.class_name}
    return Calendar(SchoolYear(start), [(a, b) for _, a, b in terms_of(start).spans], frozenset(closed))


@cache
def school_days(start: int, slug: str) -> tuple[date, ...]:
    """The days on which a school is open in a year, in order."""
    return tuple(calendar_of(start, slug).school_days())


def latest_school_day(today: date) -> date:
    """The latest day up to `today` on which all the demo's schools are open, in this school year or the one before."""
    start = SchoolYear.of(today).start
    days = {*school_days(start - 1, "hamsey"), *school_days(start, "hamsey")}
    for slug in ("plumpton", "barcombe", "iford-and-kingston"):
        days &= {*school_days(start - 1, slug), *school_days(start, slug)}
    return max(day for day in days if day <= today)
