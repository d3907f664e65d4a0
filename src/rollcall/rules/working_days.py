"""Working days: Monday to Friday without England's bank holidays; a school's own holidays are working days.

By them the time runs in which a mark without a reason must get its code (4.5-b): a half-term between makes no
difference. Reads England's bank holidays through `sessions.bank_holidays`.
"""

from datetime import date, timedelta
from functools import lru_cache

from rollcall.rules.sessions import SchoolYear, bank_holidays

_ONE = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Whether a day is a Monday to Friday and no bank holiday of England."""
    return day.weekday() < 5 and day not in _holidays(SchoolYear.of(day).start)


def working_day_after(day: date, n: int) -> date:
    """The `n`th working day after a day, which itself does not count; the day itself for 0. ValueError below 0."""
    if n < 0:
        raise ValueError(f"A number of working days is 0 or more, not {n}.")
    while n:
        day += _ONE
        n -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and with `last`; below 0 where `last` lies before `first`."""
    if last < first:
        return -working_days_between(last, first)
    weeks, rest = divmod((last - first).days, 7)
    whole = first + timedelta(days=7 * weeks)
    weekdays = 5 * weeks + sum((whole + timedelta(days=n)).weekday() < 5 for n in range(1, rest + 1))
    return weekdays - sum(first < day <= last for day in _weekday_holidays(first, last))


def days_left(session: date, today: date, within: int) -> int:
    """Working days left until a session's code must be entered, `within` working days after it (4.5-b).

    0 on the last day and on the days off that follow it; below 0 once a working day has passed after the last.
    """
    return within - working_days_between(session, today)


def _weekday_holidays(first: date, last: date) -> list[date]:
    years = range(SchoolYear.of(first).start, SchoolYear.of(last).start + 1)
    return [day for year in years for day in _holidays(year) if day.weekday() < 5]


@lru_cache(maxsize=32)
def _holidays(start: int) -> frozenset[date]:
    return frozenset(bank_holidays(SchoolYear(start)))
