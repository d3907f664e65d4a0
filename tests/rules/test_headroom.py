"""How many sessions to a line, both ways, against counting them one by one; and minutes as days of school."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rollcall.rules.headroom import (
    Boundary,
    boundaries,
    days_lost,
    fall_sentence,
    recover_sentence,
    sessions_to_fall,
    sessions_to_recover,
)
from rollcall.rules.policy import Cut, load

OURS, TEMPLATE = load("federation"), load("national")
LINES = {boundary.name: boundary for boundary in boundaries(OURS)}
ALL = [*boundaries(OURS), *boundaries(TEMPLATE)]


def is_bad(attended: int, possible: int, boundary: Boundary) -> bool:
    """The naive reading: a share held against a line."""
    line = Fraction(boundary.cut.over, boundary.cut.by)
    share = Fraction(attended, possible)
    return share <= line if boundary.cut.plus else share < line


@given(st.data())
def test_it_falls_when_counting_one_by_one_does(data: st.DataObject) -> None:
    possible = data.draw(st.integers(0, 400))
    attended = data.draw(st.integers(0, possible))
    boundary = data.draw(st.sampled_from(ALL))
    missed = 0 if possible else 1
    while not is_bad(attended, possible + missed, boundary):
        missed += 1
    assert sessions_to_fall(attended, possible, boundary) == missed


@given(st.data())
def test_it_recovers_when_counting_one_by_one_does(data: st.DataObject) -> None:
    possible = data.draw(st.integers(1, 400))
    attended = data.draw(st.integers(0, possible))
    boundary = data.draw(st.sampled_from(ALL))
    remaining = data.draw(st.integers(0, 380))
    counted = next((k for k in range(remaining + 1) if not is_bad(attended + k, possible + k, boundary)), None)
    assert sessions_to_recover(attended, possible, boundary, remaining) == counted


@given(st.integers(1, 400), st.integers(0, 400))
def test_a_line_of_all_is_never_regained(possible: int, missed: int) -> None:
    assume(0 < missed <= possible)
    everything = Boundary("all", Cut(1, 1, 0), "one was missed", "none was missed", "setting")
    assert sessions_to_recover(possible - missed, possible, everything, 10_000) is None
    assert sessions_to_fall(possible, possible, everything) == 1


def test_its_lines_are_the_policy_s() -> None:
    assert [(line.name, line.cut) for line in boundaries(OURS)] == [
        ("target", Cut(100, 97, 0)),
        ("stage 1", Cut(20, 19, 0)),
        ("stage 2", Cut(10, 9, 0)),
        ("persistent", Cut(10, 9, 1)),
        ("severe", Cut(2, 1, 1)),
    ]


@pytest.mark.policy("W-b")
def test_persistent_absence_comes_a_session_sooner_than_the_last_stage() -> None:
    assert sessions_to_fall(342, 379, LINES["persistent"]) == 1
    assert sessions_to_fall(342, 379, LINES["stage 2"]) == 2


def test_it_says_so_in_words() -> None:
    assert fall_sentence(370, 380, LINES["target"]) == "2 more sessions missed and attendance is below 97%."
    assert fall_sentence(342, 380, LINES["stage 2"]) == "1 more session missed and attendance is below 90%."
    assert fall_sentence(341, 380, LINES["stage 2"]) == "Attendance is below 90% already."
    assert fall_sentence(90, 90, LINES["persistent"]) == (
        "10 more sessions missed and absence is at 10% or more, which is persistent."
    )
    line, last = LINES["stage 2"], date(2025, 3, 14)
    assert recover_sentence(80, 90, line, 40, until=last) == (
        "10 sessions attended in a row and attendance is at 90% or more: every session until 14 March 2025."
    )
    assert recover_sentence(80, 90, line, 10) == "10 sessions attended in a row and attendance is at 90% or more."
    assert recover_sentence(80, 90, line, 9) == (
        "Even if every remaining session is attended (9), attendance is below 90%."
    )
    assert recover_sentence(90, 100, line, 9) == "Attendance is at 90% or more already."
    assert recover_sentence(0, 0, line, 9) == "No session was possible yet."


def test_it_refuses_what_can_not_be() -> None:
    with pytest.raises(ValueError, match="5 of 4 sessions can't be"):
        sessions_to_fall(5, 4, LINES["target"])
    with pytest.raises(ValueError, match="no figure can fall below it"):
        sessions_to_fall(5, 6, Boundary("nothing", Cut(1, 0, 0), "", "", "setting"))


@pytest.mark.policy("EM-a")
@pytest.mark.parametrize(
    ("minutes", "days"),
    [(0, Fraction(0)), (300, Fraction(1)), (5 * 190, Fraction(19, 6)), (30 * 190, Fraction(19)), (7, Fraction(7, 300))],
)
def test_minutes_become_days_exactly(minutes: int, days: Fraction) -> None:
    assert days_lost(minutes, OURS.year.hours_a_day.value) == days


@pytest.mark.policy("EM-a")
def test_the_printed_table_is_close_to_the_exact_days() -> None:
    """The policy prints rounded days; each lies within half a day of the exact ones."""
    year = OURS.year
    for row in year.minutes_late:
        exact = days_lost(row.late_minutes * year.school_days.value, year.hours_a_day.value)
        assert abs(exact - row.lost_days) <= Fraction(1, 2)
