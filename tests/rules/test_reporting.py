"""What a report stands for, which registers an appointment misses, and by when an answer is due."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.appointments import RegisterTime, check_times, in_school_hours, is_ahead, sessions_missed
from rollcall.rules.reporting import due_on, minutes_in_words, stands_for

TUESDAY = date(2024, 5, 14)
REGISTERS = (RegisterTime("AM", time(9), time(9, 15)), RegisterTime("PM", time(13), time(13, 15)))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.policy("3.7-a")
def test_a_report_stands_for_its_own_day_whatever_return_was_named() -> None:
    assert stands_for(TUESDAY, "day", None, False) == ((TUESDAY, "AM"), (TUESDAY, "PM"))
    assert stands_for(TUESDAY, "day", date(2024, 5, 17), False) == ((TUESDAY, "AM"), (TUESDAY, "PM"))
    assert stands_for(TUESDAY, "AM", None, False) == ((TUESDAY, "AM"), (TUESDAY, "AM"))
    assert stands_for(TUESDAY, "PM", None, False) == ((TUESDAY, "PM"), (TUESDAY, "PM"))


@pytest.mark.policy("3.7-a")
def test_an_agreed_span_lasts_until_the_day_before_the_return() -> None:
    assert stands_for(TUESDAY, "day", date(2024, 5, 17), True) == ((TUESDAY, "AM"), (date(2024, 5, 16), "PM"))
    assert stands_for(TUESDAY, "AM", date(2024, 5, 15), True) == ((TUESDAY, "AM"), (TUESDAY, "AM"))


@pytest.mark.parametrize("back_on", [date(2024, 5, 13), TUESDAY])
def test_a_return_that_is_not_after_the_day_is_refused_in_a_sentence(back_on) -> None:
    with pytest.raises(ValueError, match="does not lie after the day away, Tuesday 14 May"):
        stands_for(TUESDAY, "day", back_on, False)


@pytest.mark.policy("4.3-a")
@pytest.mark.parametrize(
    ("out_at", "back_at", "missed"),
    [
        (None, None, ("AM", "PM")),
        (None, time(10, 30), ("AM",)),
        (time(9), time(10), ("AM",)),
        (time(9, 1), time(12), ()),  # there when the register was due
        (None, time(9, 14), ()),  # in while it is open
        (None, time(9, 15), ("AM",)),
        (time(10), time(12), ()),
        (time(12), time(13, 10), ()),
        (time(12), time(14), ("PM",)),
        (time(14), None, ()),
        (time(8), time(15), ("AM", "PM")),
    ],
)
def test_only_the_sessions_whose_register_is_taken_meanwhile_are_missed(out_at, back_at, missed) -> None:
    assert sessions_missed(out_at, back_at, REGISTERS) == missed


@given(TIMES, TIMES, TIMES, TIMES)
def test_a_longer_appointment_misses_no_fewer_sessions(a, b, c, d) -> None:
    first, out, back, last = sorted((a, b, c, d))
    if out == back or first == last:
        return
    assert set(sessions_missed(out, back, REGISTERS)) <= set(sessions_missed(first, last, REGISTERS))


def test_nobody_is_back_before_they_go() -> None:
    with pytest.raises(ValueError, match="in their order"):
        check_times(time(10), time(9))


@pytest.mark.policy("3.7-d")
def test_an_appointment_outside_the_school_day_is_none_of_its_hours() -> None:
    day = (time(9), time(15, 30))
    assert in_school_hours(time(10), time(11), *day)
    assert in_school_hours(None, None, *day)
    assert not in_school_hours(None, time(9), *day)
    assert not in_school_hours(time(15, 30), None, *day)


@pytest.mark.policy("4.3-a")
def test_told_ahead_is_before_the_child_is_away() -> None:
    at = datetime(2024, 5, 14, 9)
    assert is_ahead(at - timedelta(minutes=1), at)
    assert not is_ahead(at, at)


@given(st.sets(st.dates(date(2024, 1, 1), date(2024, 7, 31)), max_size=60), st.integers(1, 20))
def test_an_answer_is_due_after_that_many_days(days, within) -> None:
    due = due_on(days, TUESDAY, within)
    known = sorted(day for day in days if day > TUESDAY)
    if len(known) >= within:
        assert due in days and sum(TUESDAY < day <= due for day in days) == within
    else:
        assert due > (known[-1] if known else TUESDAY) and due.weekday() < 5
    assert due > TUESDAY


def test_waits_are_said_in_words() -> None:
    said = [minutes_in_words(n) for n in (0, 1, 35, 60, 125, 24 * 60 * 3 + 5)]
    assert said == ["less than a minute", "1 minute", "35 minutes", "1 hour", "2 hours 5 minutes", "3 days"]
    assert all(a != b for a, b in pairwise(said))
