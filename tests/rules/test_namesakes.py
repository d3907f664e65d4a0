"""Names as they are typed at the counter, and whom they may mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.namesakes import after_with, may_mean, without


@pytest.mark.parametrize(
    "typed",
    [
        "Drew Other", "drew  OTHER", "Mr Drew Other, dad", "Mr Other", "Drew", "Other, Drew", "his father", "Dad",
        "D Other", "D. Other", "Drew-Other", "Dr\u00e9w Other",
    ],
)  # fmt: skip
def test_a_name_may_mean_somebody_however_it_is_typed(typed: str) -> None:
    assert may_mean(typed, "Drew", "Other", "Father")


@pytest.mark.parametrize(
    "typed", ["Pat Other", "P Other", "Mrs Pat Carter", "her mother", "goes alone", "Nan", "", "Mr", "grandfather"]
)
def test_somebody_else_is_somebody_else(typed: str) -> None:
    assert not may_mean(typed, "Drew", "Other", "Father")


def test_names_of_several_words_and_apostrophes_are_found() -> None:
    assert may_mean("mr oneill", "Mary Jane", "O'Neill", "Aunt")
    assert may_mean("Jane O\u2019Neill", "Mary Jane", "O'Neill", "Aunt")
    assert may_mean("Van der Berg", "Jan", "van der Berg", "Uncle")


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_text_has_an_answer(typed: str, first: str, last: str, relationship: str) -> None:
    assert may_mean(typed, first, last, relationship) in (True, False)


@given(st.text(max_size=40), st.text(max_size=20))
def test_the_childs_own_name_is_left_out_and_something_always_stays(typed: str, child: str) -> None:
    assert without("Ben's dad", "Ben") == "dad" and without("Ben", "Ben") == "Ben"
    assert bool(without(typed, child)) == bool(typed)


@pytest.mark.parametrize(
    ("said", "adult"),
    [
        ("Handed to Drew Other at the gate", "Drew Other at the gate"),
        ("At home with his dad", "his dad"),
        ("Went to town, collected by Mr Other", "Mr Other"),
        ("Mr Other", "Mr Other"),
        ("with", "with"),
    ],
)
def test_the_adult_in_where_a_child_is_said_to_be(said: str, adult: str) -> None:
    assert after_with(said) == adult
