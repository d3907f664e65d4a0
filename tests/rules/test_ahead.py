"""Exclusions and part-time timetables as codes to expect: the days, the sixth school day, what outweighs what."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.ahead import Exclusion, excluded_on, gives_way, is_away, part_time_on, school_days

MONDAY = date(2024, 5, 13)


def weekday(day: date) -> bool:
    return day.weekday() < 5


def on(day: date, *spans: Exclusion, edition: str = "2006", elsewhere: bool = False):
    return excluded_on(spans, day, edition, elsewhere, weekday)


@given(n=st.integers(0, 60), length=st.integers(0, 60))
def test_it_is_e_on_each_day_of_a_suspension_and_nothing_else(n: int, length: int) -> None:
    span = Exclusion(MONDAY, MONDAY + timedelta(days=length), False, None)
    found = on(MONDAY + timedelta(days=n), span)
    assert (found is not None) == (n <= length)
    assert found is None or found.code == "E"


@given(n=st.integers(0, 60), first=st.integers(0, 6))
def test_the_question_stands_from_the_sixth_school_day(n: int, first: int) -> None:
    begins = MONDAY + timedelta(days=first)
    day = begins + timedelta(days=n)
    passed = sum(weekday(begins + timedelta(days=k)) for k in range(n + 1))
    assert bool(on(day, Exclusion(begins, None, True, None)).question) == (passed >= 6)


@given(n=st.integers(0, 40), from_n=st.integers(0, 40))
def test_provision_takes_the_place_of_e_from_its_day(n: int, from_n: int) -> None:
    span = Exclusion(MONDAY, MONDAY + timedelta(days=40), False, MONDAY + timedelta(days=from_n))
    found = on(MONDAY + timedelta(days=n), span)
    assert found.code == ("B" if n >= from_n else "E")
    assert not (found.code == "B" and found.question)


def test_arranged_too_late_is_said() -> None:
    span = Exclusion(MONDAY, MONDAY + timedelta(days=20), False, MONDAY + timedelta(days=9))
    assert on(MONDAY + timedelta(days=7), span).question == "Sixth school day: education is arranged only from 22 May."


@pytest.mark.parametrize(
    ("permanent", "edition", "elsewhere", "code"),
    [(False, "2006", False, "B"), (False, "2024", False, "B"), (True, "2006", False, "B"), (True, "2024", False, "K"),
     (True, "2024", True, "D"), (False, "2006", True, "D")],
)  # fmt: skip
def test_who_provides_decides_the_code(permanent: bool, edition: str, elsewhere: bool, code: str) -> None:
    span = Exclusion(MONDAY, None if permanent else MONDAY, permanent, MONDAY)
    assert on(MONDAY, span, edition=edition, elsewhere=elsewhere).code == code


def test_a_weekend_between_two_suspensions_does_not_begin_the_count_again() -> None:
    one = Exclusion(date(2024, 5, 8), date(2024, 5, 10), False, None)
    two = Exclusion(MONDAY, date(2024, 5, 17), False, None)
    apart = Exclusion(date(2024, 5, 14), date(2024, 5, 22), False, None)
    assert on(date(2024, 5, 15), one, two).question
    assert not on(date(2024, 5, 15), one, apart).question


@given(st.dates(date(2024, 1, 1), date(2025, 12, 31)), st.sampled_from(["AM", "PM"]))
def test_a_pattern_is_away_on_its_sessions_alone(day: date, half: str) -> None:
    assert is_away("WedPM Fri", day, half) == (day.weekday() == 4 or (day.weekday(), half) == (2, "PM"))


@pytest.mark.parametrize(
    ("edition", "compulsory", "code"), [("2006", True, "C"), ("2024", True, "C2"), ("2024", False, "X")]
)
def test_the_code_of_a_session_not_attended(edition: str, compulsory: bool, code: str) -> None:
    assert part_time_on("Mon", MONDAY, MONDAY, "AM", edition, compulsory).code == code
    assert part_time_on("Tue", MONDAY, MONDAY, "AM", edition, compulsory) is None


@pytest.mark.policy("A1-b")
def test_what_was_entered_outweighs_a_fact_only_where_both_can_be_true() -> None:
    assert gives_way("E", "B") and gives_way("E", "D") and not gives_way("E", "V") and not gives_way("E", "I")
    assert gives_way("C2", "V") and gives_way("X", "D") and not gives_way("C2", "I") and not gives_way("X", "C")


def test_counting_stops_where_it_is_asked_to() -> None:
    assert school_days(MONDAY, MONDAY + timedelta(days=400), weekday, 7) == 7
    assert school_days(MONDAY, MONDAY - timedelta(days=1), weekday, 7) == 0
