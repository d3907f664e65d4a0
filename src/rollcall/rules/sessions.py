"""The half-days of a school year in order: dates to columns, school weeks, terms.

The axis is every half-day from 1 August to 31 July, weekends too, whatever any calendar says, so that a column never
moves. A calendar is laid over it and says which are school sessions. A date outside the year is an error that names it.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, get_args

import holidays
import numpy as np
from numpy.typing import NDArray

Half = Literal["AM", "PM"]
HALVES: tuple[Half, ...] = get_args(Half)


def half_of(text: str) -> Half:
    """AM or PM, as a database or a form gives it; whatever is not AM is PM."""
    return "AM" if text == "AM" else "PM"


def order_of(session: tuple[date, Half]) -> tuple[date, int]:
    """What sessions are put in order by, the morning before the afternoon."""
    return session[0], HALVES.index(session[1])


class OutsideYear(ValueError):
    """A date or a column that the school year does not have."""


@dataclass(frozen=True, order=True)
class SchoolYear:
    """The axis of one school year; `SchoolYear(2025)` runs from 1 August 2025 to 31 July 2026."""

    start: int

    @classmethod
    def of(cls, day: date) -> "SchoolYear":
        """The school year that a day lies in."""
        return cls(day.year if day.month >= 8 else day.year - 1)

    @property
    def first(self) -> date:
        """1 August."""
        return date(self.start, 8, 1)

    @property
    def last(self) -> date:
        """31 July of the next year."""
        return date(self.start + 1, 7, 31)

    @property
    def n(self) -> int:
        """How many columns: 730, or 732 where the year has a 29 February."""
        return 2 * ((self.last - self.first).days + 1)

    @property
    def label(self) -> str:
        """As people write it: 2025/26."""
        return f"{self.start}/{(self.start + 1) % 100:02d}"

    def __str__(self) -> str:
        return self.label

    def column(self, day: date, half: Half) -> int:
        """The column of a session, from 0. Raises OutsideYear naming the date, ValueError for another half."""
        if not self.first <= day <= self.last:
            raise OutsideYear(f"{day:%-d %B %Y} is outside the school year {self.label}.")
        if half not in HALVES:
            raise ValueError(f"A session is AM or PM, not {half!r} ({day:%-d %B %Y}).")
        return 2 * (day - self.first).days + HALVES.index(half)

    def session(self, column: int) -> tuple[date, Half]:
        """The day and half of a column; raises OutsideYear for one that the year does not have."""
        if not 0 <= column < self.n:
            raise OutsideYear(f"The school year {self.label} has columns 0 to {self.n - 1}, not {column}.")
        return self.first + timedelta(days=int(column) // 2), HALVES[column % 2]

    def days(self) -> Iterable[date]:
        """Every day of the year in order, weekends too."""
        return (self.first + timedelta(days=n) for n in range(self.n // 2))

    @property
    def ordinals(self) -> NDArray[np.int64]:
        """int64[n]: the proleptic ordinal (`date.toordinal`) of each column's day."""
        return np.repeat(np.arange(self.first.toordinal(), self.last.toordinal() + 1, dtype=np.int64), 2)

    @property
    def mondays(self) -> NDArray[np.int64]:
        """int64[n]: the ordinal of the Monday of each column's week."""
        return self.ordinals - (self.ordinals - 1) % 7


def monday(day: date) -> date:
    """The Monday on or before a day: a school week runs from Monday to Sunday."""
    return day - timedelta(days=day.weekday())


def bank_holidays(year: SchoolYear) -> dict[date, str]:
    """England's bank holidays in a school year by day, with the package's English names (they differ from GOV.UK's)."""
    known = holidays.country_holidays("GB", subdiv="ENG", years=[year.start, year.start + 1], language="en_GB")
    return {day: name for day, name in sorted(known.items()) if year.first <= day <= year.last}


@dataclass(frozen=True)
class Calendar:
    """When a school is open: weekdays within `terms`, without `closed`.

    `terms` are (first day, last day), both school days or not; `closed` holds whole days or (day, half): half-terms,
    bank holidays, training days, unplanned closures. Bank holidays are closed only where they are named. Raises
    OutsideYear for a term outside the year and ValueError for one that ends before it begins or overlaps another;
    a closed day outside the year is passed over, so that one list of closures may serve several years.
    """

    year: SchoolYear
    terms: Sequence[tuple[date, date]]
    closed: AbstractSet[date | tuple[date, Half]] = frozenset()

    def __post_init__(self) -> None:
        latest = None
        for first, last in sorted(self.terms):
            if last < first:
                raise ValueError(f"A term cannot end on {last:%-d %B %Y}, before it begins on {first:%-d %B %Y}.")
            if latest and first <= latest:
                raise ValueError(f"Two terms share {first:%-d %B %Y}; terms may not overlap.")
            self.year.column(first, "AM")
            latest = self.year.session(self.year.column(last, "PM"))[0]

    @cached_property
    def open(self) -> NDArray[np.bool_]:
        """bool[n]: whether each column is a school session."""
        opened = np.zeros(self.year.n, np.bool_)
        for first, last in self.terms:
            opened[self.year.column(first, "AM") : self.year.column(last, "PM") + 1] = True
        opened[self.year.ordinals - self.year.mondays >= 5] = False
        for shut in self.closed:
            for day, half in [shut] if isinstance(shut, tuple) else [(shut, half) for half in HALVES]:
                if self.year.first <= day <= self.year.last:
                    opened[self.year.column(day, half)] = False
        opened.setflags(write=False)
        return opened

    @cached_property
    def week(self) -> NDArray[np.int64]:
        """int64[n]: the number of each column's school week from 0, its closed days too; -1 outside school weeks."""
        return number_weeks([self])[0]

    def is_open(self, day: date, half: Half) -> bool:
        """Whether a session is a school session; raises OutsideYear."""
        return bool(self.open[self.year.column(day, half)])

    def is_school_day(self, day: date) -> bool:
        """Whether a day has at least one school session; a day outside the year has none."""
        return self.year.first <= day <= self.year.last and (self.is_open(day, "AM") or self.is_open(day, "PM"))

    def columns_from(self, column: int) -> list[int]:
        """The columns of the school sessions from one on, in order."""
        opened: list[int] = (np.flatnonzero(self.open[column:]) + column).tolist()
        return opened

    def school_days(self) -> list[date]:
        """Every day with at least one school session, in order."""
        return [date.fromordinal(int(day)) for day in np.unique(self.year.ordinals[self.open])]

    def last_sessions(self, before: date, n: int) -> list[tuple[date, Half]]:
        """The last `n` school sessions before a day (not on it), oldest first; fewer where the year has fewer."""
        columns = np.flatnonzero(self.open & (self.year.ordinals < before.toordinal()))
        return [self.year.session(int(column)) for column in columns[len(columns) - min(n, len(columns)) :]]


def number_weeks(calendars: Sequence[Calendar]) -> list[NDArray[np.int64]]:
    """School weeks numbered through several years of one school: one int64[n] for each calendar, as `Calendar.week`.

    A school week is a Monday-to-Sunday week with at least one school session, so the last week of July and the first of
    September may be neighbours. Calendars may come in any order; a week that two years share has one number.
    """
    opened = [calendar.year.mondays[calendar.open] for calendar in calendars]
    weeks = np.unique(np.concatenate(opened)) if opened else np.zeros(0, np.int64)
    return [_number(calendar.year.mondays, weeks) for calendar in calendars]


def _number(mondays: NDArray[np.int64], weeks: NDArray[np.int64]) -> NDArray[np.int64]:
    numbers = np.where(np.isin(mondays, weeks), np.searchsorted(weeks, mondays), -1)
    numbers.setflags(write=False)
    return numbers


def school_mondays(calendars: Sequence[Calendar]) -> list[date]:
    """The Mondays of the school weeks of some calendars of one school, in order."""
    opened = {int(day) for one in calendars for day in one.year.mondays[one.open]}
    return [date.fromordinal(day) for day in sorted(opened)]


def school_weeks(calendars: Sequence[Calendar], start: date, n: int) -> tuple[date, date] | None:
    """First and last day of the `n` school weeks that begin with the first one starting after `start`.

    "The next ten school weeks" after a warning: from the Monday after `start`. The last day is a Sunday. None where the
    calendars known do not reach that far. Raises ValueError for n below 1.
    """
    if n < 1:
        raise ValueError(f"A window has at least one school week, not {n}.")
    opened = sorted({int(day) for calendar in calendars for day in calendar.year.mondays[calendar.open]})
    ahead = [day for day in opened if day > start.toordinal()]
    if len(ahead) < n:
        return None
    return date.fromordinal(ahead[0]), date.fromordinal(ahead[n - 1] + 6)
