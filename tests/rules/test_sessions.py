"""The axis of a school year, and a calendar laid over it: columns, school weeks, the last sessions."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.sessions import (
    Calendar,
    Half,
    OutsideYear,
    SchoolYear,
    bank_holidays,
    monday,
    number_weeks,
    school_weeks,
)

Y23 = SchoolYear(2023)
AUTUMN = [(date(2023, 9, 4), date(2023, 10, 20)), (date(2023, 10, 30), date(2023, 12, 20))]
NEXT_AUTUMN = [(date(2024, 9, 2), date(2024, 10, 25))]
halves = st.sampled_from(["AM", "PM"])


@pytest.mark.parametrize(
    ("start", "n", "label"), [(2025, 730, "2025/26"), (2023, 732, "2023/24"), (1999, 732, "1999/00")]
)
def test_a_year_runs_from_august_to_july(start: int, n: int, label: str) -> None:
    year = SchoolYear(start)
    assert (year.n, year.label, str(year)) == (n, label, label)
    assert (year.first, year.last) == (date(start, 8, 1), date(start + 1, 7, 31))
    assert len(list(year.days())) * 2 == n


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), halves)
def test_a_session_and_its_column_are_two_names_of_one_thing(day: date, half: Half) -> None:
    year = SchoolYear.of(day)
    column = year.column(day, half)
    assert 0 <= column < year.n
    assert year.session(column) == (day, half)
    assert year.ordinals[column] == day.toordinal()
    assert year.mondays[column] == monday(day).toordinal()


def test_outside_the_year_the_error_names_the_day_and_the_year() -> None:
    for day, name in [(date(2023, 7, 31), "31 July 2023"), (date(2024, 8, 1), "1 August 2024")]:
        with pytest.raises(OutsideYear) as refused:
            Y23.column(day, "AM")
        assert str(refused.value) == f"{name} is outside the school year 2023/24."
    for column in (-1, 732):
        with pytest.raises(OutsideYear, match="has columns 0 to 731, not"):
            Y23.session(column)


def test_a_session_is_am_or_pm() -> None:
    with pytest.raises(ValueError, match="A session is AM or PM, not 'am'"):
        Y23.column(date(2023, 9, 4), "am")  # type: ignore[arg-type]


def test_bank_holidays_are_those_of_england_within_the_year() -> None:
    found = bank_holidays(SchoolYear(2022))
    assert {date(2022, 8, 29), date(2022, 9, 19), date(2022, 12, 27), date(2023, 5, 8)} <= found.keys()
    assert all(SchoolYear.of(day) == SchoolYear(2022) for day in found)
    assert date(2022, 11, 30) not in found


def test_only_weekdays_within_terms_are_open() -> None:
    calendar = Calendar(Y23, AUTUMN)
    assert calendar.open.sum() == 2 * (35 + 38)
    assert calendar.is_open(date(2023, 9, 4), "AM") and calendar.is_open(date(2023, 12, 20), "PM")
    assert not calendar.is_open(date(2023, 9, 9), "AM")
    assert not calendar.is_open(date(2023, 10, 23), "AM")
    with pytest.raises(OutsideYear):
        calendar.is_open(date(2024, 9, 2), "AM")


def test_closures_take_days_and_halves_away() -> None:
    calendar = Calendar(Y23, AUTUMN, {date(2023, 9, 4), (date(2023, 9, 5), "PM"), date(2031, 1, 1)})
    assert not calendar.is_school_day(date(2023, 9, 4))
    assert calendar.is_open(date(2023, 9, 5), "AM") and not calendar.is_open(date(2023, 9, 5), "PM")
    assert calendar.is_school_day(date(2023, 9, 5)) and calendar.school_days()[0] == date(2023, 9, 5)
    assert not calendar.is_school_day(date(2024, 9, 5))


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ([(date(2023, 9, 4), date(2023, 9, 1))], "cannot end on 1 September 2023, before it begins on 4 September"),
        ([AUTUMN[0], (date(2023, 10, 20), date(2023, 12, 20))], "Two terms share 20 October 2023"),
        ([(date(2023, 9, 4), date(2024, 9, 4))], "4 September 2024 is outside the school year 2023/24"),
    ],
)
def test_terms_that_cannot_be_are_refused(terms: list[tuple[date, date]], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Calendar(Y23, terms)


def test_weeks_are_numbered_where_there_is_a_session() -> None:
    calendar = Calendar(Y23, AUTUMN)
    week = {day: calendar.week[Y23.column(day, "AM")] for day in Y23.days()}
    assert week[date(2023, 9, 3)] == -1
    assert week[date(2023, 9, 4)] == week[date(2023, 9, 10)] == 0
    assert week[date(2023, 10, 16)] == 6
    assert week[date(2023, 10, 25)] == -1
    assert week[date(2023, 10, 30)] == 7
    assert week[date(2023, 12, 24)] == 14 == calendar.week.max()
    assert week[date(2024, 1, 8)] == -1


def test_a_week_with_one_session_is_a_school_week() -> None:
    shut = {date(2023, 9, 11) + timedelta(days=n) for n in range(4)} | {(date(2023, 9, 15), "AM")}
    calendar = Calendar(Y23, AUTUMN, shut)
    assert calendar.week[Y23.column(date(2023, 9, 11), "AM")] == 1
    without = Calendar(Y23, AUTUMN, shut | {date(2023, 9, 15)})
    assert without.week[Y23.column(date(2023, 9, 11), "AM")] == -1
    assert without.week[Y23.column(date(2023, 9, 18), "AM")] == 1


def test_weeks_are_numbered_on_across_years() -> None:
    summer = Calendar(Y23, [(date(2024, 7, 8), date(2024, 7, 24))])
    autumn = Calendar(SchoolYear(2024), NEXT_AUTUMN)
    for weeks in (number_weeks([summer, autumn]), number_weeks([autumn, summer])[::-1]):
        assert weeks[0][Y23.column(date(2024, 7, 22), "AM")] == 2
        assert weeks[1][autumn.year.column(date(2024, 9, 2), "AM")] == 3
    assert number_weeks([]) == []


def test_a_week_over_the_turn_of_the_year_is_one_week() -> None:
    old = Calendar(Y23, [(date(2024, 7, 29), date(2024, 7, 31))])
    new = Calendar(SchoolYear(2024), [(date(2024, 8, 1), date(2024, 8, 9))])
    before, after = number_weeks([old, new])
    assert before[-1] == after[0] == 0
    assert after[new.year.column(date(2024, 8, 5), "AM")] == 1


def test_the_last_sessions_before_a_day() -> None:
    calendar = Calendar(Y23, AUTUMN)
    assert calendar.last_sessions(date(2023, 10, 31), 3) == [
        (date(2023, 10, 20), "PM"),
        (date(2023, 10, 30), "AM"),
        (date(2023, 10, 30), "PM"),
    ]
    assert calendar.last_sessions(date(2023, 9, 5), 10) == [(date(2023, 9, 4), "AM"), (date(2023, 9, 4), "PM")]
    assert calendar.last_sessions(date(2023, 9, 4), 10) == []
    assert calendar.last_sessions(date(2023, 10, 31), 0) == []


def test_the_next_ten_school_weeks_begin_on_the_monday_after() -> None:
    calendar = Calendar(Y23, AUTUMN)
    assert school_weeks([calendar], date(2023, 9, 6), 10) == (date(2023, 9, 11), date(2023, 11, 26))
    assert school_weeks([calendar], date(2023, 10, 20), 1) == (date(2023, 10, 30), date(2023, 11, 5))
    assert school_weeks([calendar], date(2023, 12, 1), 10) is None
    over = school_weeks([calendar, Calendar(SchoolYear(2024), NEXT_AUTUMN)], date(2023, 12, 12), 2)
    assert over == (date(2023, 12, 18), date(2024, 9, 8))
    with pytest.raises(ValueError, match="at least one school week"):
        school_weeks([calendar], date(2023, 9, 6), 0)


@given(st.sets(st.dates(date(2023, 9, 4), date(2023, 12, 20)), max_size=60))
def test_the_open_sessions_are_those_a_plain_loop_finds(closed: set[date]) -> None:
    calendar = Calendar(Y23, AUTUMN, frozenset(closed))
    expected = [
        any(first <= day <= last for first, last in AUTUMN) and day.weekday() < 5 and day not in closed
        for day in Y23.days()
        for _ in ("AM", "PM")
    ]
    assert calendar.open.tolist() == expected
    mondays = sorted({monday(day) for day, is_open in zip(Y23.days(), expected[::2], strict=True) if is_open})
    numbers = [mondays.index(monday(day)) if monday(day) in mondays else -1 for day in Y23.days()]
    assert np.array_equal(calendar.week, np.repeat(numbers, 2))
