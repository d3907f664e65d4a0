"""Working days: a half-term between makes no difference, a bank holiday does, and the sum is that of a plain loop."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.rules.sessions import SchoolYear, bank_holidays
from rollcall.rules.working_days import days_left, is_working_day, working_day_after, working_days_between

HOLIDAYS = {day for start in range(2018, 2034) for day in bank_holidays(SchoolYear(start))}
DAYS = st.dates(date(2019, 8, 1), date(2031, 7, 31))


def plainly(first: date, last: date) -> int:
    """Day after day."""
    count = 0
    while first < last:
        first += timedelta(days=1)
        if first.weekday() < 5 and first not in HOLIDAYS:
            count += 1
    return count


@settings(deadline=None)
@given(first=DAYS, n=st.integers(0, 500))
def test_it_counts_as_a_plain_loop_does(first: date, n: int) -> None:
    last = first + timedelta(days=n)
    assert working_days_between(first, last) == plainly(first, last)
    assert working_days_between(last, first) == -plainly(first, last)


@settings(deadline=None)
@given(day=DAYS, n=st.integers(0, 60))
def test_the_nth_day_after_is_n_working_days_away(day: date, n: int) -> None:
    after = working_day_after(day, n)
    assert working_days_between(day, after) == n
    assert n == 0 or is_working_day(after)


@settings(deadline=None)
@given(day=DAYS, within=st.integers(1, 10))
def test_nothing_is_left_on_the_last_day_and_less_on_the_next_working_day(day: date, within: int) -> None:
    last = working_day_after(day, within)
    assert days_left(day, last, within) == 0
    assert days_left(day, working_day_after(last, 1), within) == -1


@pytest.mark.policy("4.5-b")
@pytest.mark.parametrize(
    ("session", "last"),
    [
        (date(2024, 5, 14), date(2024, 5, 21)),
        # Half-term from 27 to 31 May: only its bank holiday, the Monday, is no working day.
        (date(2024, 5, 24), date(2024, 6, 3)),
        # Good Friday and Easter Monday.
        (date(2024, 3, 28), date(2024, 4, 8)),
        # Over the change to summer time.
        (date(2025, 3, 28), date(2025, 4, 4)),
    ],
)
def test_the_last_day_for_a_code(session: date, last: date) -> None:
    assert working_day_after(session, 5) == last


def test_no_number_below_none() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        working_day_after(date(2024, 5, 14), -1)
