"""Lateness: raised in person first, warned of after that; held against a naive reading of the policy's words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.policy import load
from rollcall.rules.punctuality import LateMark, late_words, lateness

SETTINGS = load("federation").punctuality
assert SETTINGS is not None
MONDAY = date(2024, 4, 15)


def marks(*days: int, code: str = "L") -> list[LateMark]:
    return [LateMark(MONDAY + timedelta(days=n), "AM", code, 12) for n in days]


@pytest.mark.policy("A3-d")
def test_five_late_marks_are_raised_in_person_and_never_warned_of_at_once() -> None:
    assert lateness(marks(*range(4)), None, None, SETTINGS).what == ""
    found = lateness(marks(*range(5)), None, None, SETTINGS)
    assert found.what == "raise"
    assert found.why[0].text == "5 late marks in the last 6 school weeks: it is raised in person first."


@pytest.mark.policy("A3-d")
def test_the_warning_counts_the_marks_after_the_day_of_the_talk_alone() -> None:
    raised = MONDAY + timedelta(days=4)
    assert lateness(marks(0, 1, 2, 3, 4, 7, 8), raised, None, SETTINGS).what == "watch"
    found = lateness(marks(0, 1, 2, 3, 4, 7, 8, 9), raised, None, SETTINGS)
    assert found.what == "warn"
    assert [mark.day.day for mark in found.marks] == [22, 23, 24]


def test_after_a_warning_it_begins_anew() -> None:
    raised, warned = MONDAY + timedelta(days=4), MONDAY + timedelta(days=9)
    assert lateness(marks(7, 8, 9, 10, 11), raised, warned, SETTINGS).what == ""
    assert lateness(marks(9, 10, 11, 14, 15, 16), raised, warned, SETTINGS).what == "raise"


def test_a_mark_is_told_with_its_minutes() -> None:
    assert late_words(LateMark(date(2024, 6, 3), "AM", "L", 12)) == "Monday 3 June: 12 minutes late"
    assert late_words(LateMark(date(2024, 6, 3), "PM", "L", 1)) == "Monday 3 June, afternoon: 1 minute late"
    told = late_words(LateMark(date(2024, 6, 3), "AM", "U", 0))
    assert told == "Monday 3 June: late, after the register had closed"


days = st.lists(st.integers(0, 40), max_size=12, unique=True).map(sorted)
moments = st.none() | st.integers(0, 40).map(lambda n: MONDAY + timedelta(days=n))


@given(days, moments, moments)
def test_as_a_naive_reading_has_it(at: list[int], raised: date | None, warned: date | None) -> None:
    found = lateness(marks(*at), raised, warned, SETTINGS)
    begins = max((one for one in (raised, warned) if one), default=None)
    counted = [n for n in at if begins is None or MONDAY + timedelta(days=n) > begins]
    talked = raised is not None and (warned is None or raised > warned)
    if talked:
        assert found.what == ("warn" if len(counted) >= 3 else "watch")
    else:
        assert found.what == ("raise" if len(counted) >= 5 else "")
    assert len(found.marks) == len(counted)
