"""How long an entry is kept: never less than any edition in force since it was made asks for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.retention import kept_through, may_go

DAYS = st.dates(date(2010, 1, 1), date(2035, 12, 31))


@pytest.mark.policy("4.1-e")
def test_an_entry_is_kept_for_three_years_after_the_day_it_was_made() -> None:
    made = date(2019, 5, 14)
    assert not may_go(made, date(2022, 5, 14), 3)
    assert may_go(made, date(2022, 5, 15), 3)


def test_the_law_of_2024_keeps_what_was_still_there_for_six_years() -> None:
    assert kept_through(date(2022, 1, 10), date(2026, 1, 1), 3) == date(2028, 1, 10)
    assert kept_through(date(2022, 1, 10), date(2024, 8, 18), 3) == date(2025, 1, 10)


def test_a_policy_may_keep_longer_than_the_law() -> None:
    assert kept_through(date(2019, 1, 1), date(2022, 6, 1), 7) == date(2026, 1, 1)


@given(made=DAYS, later=st.integers(0, 365 * 3))
def test_nothing_goes_within_three_years(made: date, later: int) -> None:
    assert not may_go(made, made + timedelta(days=later), 3)
