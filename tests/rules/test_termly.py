"""Meetings wanted so many times a year: held, next, overdue, against a reading day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.policy import load
from rollcall.rules.termly import KINDS, termly, wanted_meeting

FIRST = date(2023, 9, 4)
YEAR = [FIRST + timedelta(days=n) for n in range(190)]
days = st.lists(st.integers(0, 200).map(lambda n: FIRST + timedelta(days=n)), max_size=6)


@pytest.mark.policy("A5-e")
@given(st.integers(1, 6), days, days, st.integers(0, 220))
def test_a_meeting_is_due_once_its_part_of_the_year_is_over(wanted: int, held, planned, n: int) -> None:
    today = FIRST + timedelta(days=n)
    found = termly(wanted, held, planned, YEAR, today)
    gone = len([day for day in YEAR if day < today])
    parts = [part for part in range(1, wanted + 1) if gone * wanted >= part * len(YEAR)]
    assert found.due == len(parts) and found.is_late == (len(held) < len(parts))
    assert found.next == min([day for day in planned if day >= today], default=None)


def test_what_is_held_and_what_is_next_in_words() -> None:
    found = termly(3, [FIRST, YEAR[70]], [YEAR[150]], YEAR, YEAR[100])
    assert found.words == "2 of 3 held, next on Thursday 1 February 2024"
    late = termly(3, [], [], YEAR, YEAR[-1])
    assert late.words == "0 of 3 held, the next one is not planned; 2 meetings are overdue"
    with pytest.raises(ValueError, match="At least one"):
        termly(0, [], [], YEAR, FIRST)


@pytest.mark.policy("A5-e")
@pytest.mark.parametrize("name", ["federation", "national"])
def test_both_policies_want_three_meetings_a_year_of_a_kind_of_ours(name: str) -> None:
    wanted = wanted_meeting(load(name))
    assert wanted is not None and wanted.times_a_year == 3 and wanted.id in KINDS
