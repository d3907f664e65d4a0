"""Whom an update is kept from and past what a person may let it go; the last week of a term; unclear marks in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.policy import load
from rollcall.rules.sessions import Calendar, SchoolYear
from rollcall.rules.unclear import Unclear, unclear_words
from rollcall.rules.updates import MAY_GO, Situation, is_last_week, kept_back, may_go

POLICY = load("federation")
FULL = 200
TERMS = [(date(2024, 4, 15), date(2024, 5, 24)), (date(2024, 6, 3), date(2024, 7, 23))]


def kinds(**facts) -> list[str]:
    return [one.kind for one in kept_back(Situation(**({"possible": FULL} | facts)), POLICY)]


def test_nothing_keeps_an_ordinary_update_back() -> None:
    assert kinds() == []
    assert may_go(())


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"held": "Nothing is sent for now."}, ["hold"]),
        ({"barred_only": True, "nobody": "Nobody"}, ["barred"]),
        ({"nobody": "Nobody"}, ["no_contact"]),
        ({"unaddressed": "No address"}, ["no_address"]),
        ({"possible": 0}, ["none"]),
        ({"possible": 39}, ["few"]),
        ({"possible": 40}, []),
        ({"in_care": True, "condition": "Asthma"}, ["care", "condition"]),
        ({"step": "Letter 2"}, ["path"]),
        ({"letter": "Letter 1 on Tuesday 7 May"}, ["path"]),
        ({"unclear": (Unclear(date(2024, 5, 9), "AM", "N"),)}, ["unclear"]),
    ],
)
def test_each_reason_by_itself(facts, expected) -> None:
    assert kinds(**facts) == expected


@given(
    st.fixed_dictionaries(
        {
            "possible": st.integers(0, 300),
            "held": st.sampled_from(["", "Held."]),
            "barred_only": st.booleans(),
            "nobody": st.sampled_from(["", "Nobody."]),
            "unaddressed": st.sampled_from(["", "No address."]),
            "in_care": st.booleans(),
            "condition": st.sampled_from(["", "Asthma"]),
            "step": st.sampled_from(["", "Letter 1"]),
        }
    )
)
def test_no_person_lets_one_go_past_a_hold_a_bar_or_a_missing_address(facts) -> None:
    found = kept_back(Situation(**facts), POLICY)
    stopped = facts["held"] or facts["barred_only"] or facts["nobody"] or facts["unaddressed"] or not facts["possible"]
    assert may_go(found) == (not stopped)
    assert len({one.kind for one in found}) == len(found)
    assert all(one.why and one.do for one in found)
    assert {one.kind for one in found if not stopped} <= MAY_GO


@pytest.mark.policy("A3-c")
@pytest.mark.parametrize(
    ("day", "closed", "expected"),
    [
        (date(2024, 5, 17), (), False),
        (date(2024, 5, 20), (), True),
        (date(2024, 5, 24), (), True),
        (date(2024, 7, 19), (), False),
        (date(2024, 7, 22), (), True),
        (date(2024, 7, 19), (date(2024, 7, 22), date(2024, 7, 23)), True),
        (date(2024, 5, 29), (), False),
        (date(2024, 8, 1), (), False),
    ],
)
def test_the_last_week_in_which_school_is_held(day, closed, expected) -> None:
    assert is_last_week(Calendar(SchoolYear(2023), TERMS, frozenset(closed)), day) is expected


def test_unclear_sessions_in_words() -> None:
    def one(day: int, half: str, code: str) -> Unclear:
        return Unclear(date(2024, 5, day), half, code)

    assert unclear_words([]) == ""
    assert unclear_words([one(9, "AM", "-"), one(9, "PM", "-"), one(10, "PM", "N")]) == (
        "no mark on Thursday 9 May and N on Friday 10 May (afternoon)"
    )
    many = [one(day, half, "-") for day in range(1, 10) for half in ("AM", "PM")]
    assert unclear_words(many, 2).endswith("no mark on Thursday 2 May and 7 more days")
