"""The way of a doubted reason: each state has an owner and a way out, and nothing is unauthorised before it is told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.doubting import STATES, how_told, may_turn_unauthorised, state_of

DUE = date(2024, 5, 21)


def test_every_state_has_words_and_an_owner_with_a_way_out_or_is_an_end() -> None:
    for name, state in STATES.items():
        assert state.words and bool(state.owner) == bool(state.exits), name
        assert set(state.exits) <= set(STATES), name


def test_every_state_is_reached_from_the_first() -> None:
    reached, ahead = set(), ["asked"]
    while ahead:
        if (name := ahead.pop()) not in reached:
            reached.add(name)
            ahead += STATES[name].exits
    assert reached == set(STATES)


@pytest.mark.policy("4.2-c")
@given(
    st.dates(date(2024, 5, 14), date(2024, 6, 14)),
    st.sampled_from([None, True, False]),
    st.lists(st.sampled_from(["held", "off", "waiting", "sending", "sent", "failed", "stopped", "unsure"]), max_size=4),
    st.booleans(),
)
def test_it_turns_unauthorised_only_once_the_parents_are_told(today, satisfied, states, was_said) -> None:
    told = how_told(tuple(states), was_said)
    state = state_of(today=today, due=DUE, satisfied=satisfied, told=told)
    assert state in STATES
    if may_turn_unauthorised(state):
        assert was_said or "sent" in states
        assert satisfied is not True


@pytest.mark.policy("4.2-b")
def test_the_day_passes_without_an_answer() -> None:
    assert state_of(today=DUE, due=DUE, satisfied=None) == "asked"
    assert state_of(today=date(2024, 5, 22), due=DUE, satisfied=None) == "overdue"


def test_a_message_that_may_have_gone_is_not_told() -> None:
    assert how_told(("unsure",), False) == how_told(("off",), False) == "untold"
    assert how_told(("sent", "waiting"), False) == "telling"
    assert how_told(("sent", "failed"), False) == "told"
    assert how_told((), True) == "told"
    assert how_told((), False) == ""
