"""Attendance that has risen: exact at the line, over whole school weeks, and never on too few sessions."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.policy import load
from rollcall.rules.recognising import risen, share, spans
from rollcall.rules.sessions import Calendar, SchoolYear

SETTINGS = load("federation").recognition
assert SETTINGS is not None
YEAR = Calendar(SchoolYear(2023), [(date(2023, 9, 4), date(2023, 10, 20)), (date(2023, 10, 30), date(2023, 12, 15))])


@pytest.mark.policy("A5-a")
def test_a_rise_of_exactly_the_line_is_recognised_and_a_hair_less_is_not() -> None:
    assert risen((36, 40), (38, 40), SETTINGS)
    assert not risen((901, 1000), (951, 1001), SETTINGS)
    (reason,) = risen((36, 40), (39, 40), SETTINGS)
    assert "97.5% (39 of 40 sessions)" in reason.text
    assert "90.0% (36 of 40 sessions)" in reason.text


def test_who_was_not_below_the_line_or_has_too_few_sessions_is_not() -> None:
    assert not risen((38, 40), (40, 40), SETTINGS)
    assert not risen((10, 29), (29, 29), SETTINGS)
    assert not risen((10, 30), (29, 29), SETTINGS)


def test_the_spans_are_whole_school_weeks_before_the_week_of_the_day() -> None:
    found = spans(YEAR, date(2023, 11, 29), SETTINGS)
    assert found is not None
    assert found.after == (date(2023, 10, 16), date(2023, 11, 26))
    assert found.before == (date(2023, 9, 11), date(2023, 10, 15))
    assert spans(YEAR, date(2023, 10, 20), SETTINGS) is None


counts = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_as_a_naive_reading_has_it(before: tuple[int, int], after: tuple[int, int]) -> None:
    expected = (
        before[1] >= 30
        and after[1] >= 30
        and Fraction(*before) < Fraction(95, 100)
        and Fraction(*after) - Fraction(*before) >= Fraction(5, 100)
    )
    assert bool(risen(before, after, SETTINGS)) == expected


def test_a_share_is_rounded_down_with_its_counts() -> None:
    assert share((2, 3)) == "66.6% (2 of 3 sessions)"
