"""What can't be right: the fast comparisons of bytes against the plain words of each rule, for any marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.codes import BYTE, TEXT
from rollcall.rules.phones import dialled
from rollcall.rules.soundness import (
    FAMILY_AWAY,
    OWN_REASON,
    contradict,
    contradicting_at,
    has_reason,
    marked_closed_at,
    marks_from,
    present_at,
    unmarked_at,
    working_numbers,
)

CODES = st.sampled_from(sorted(BYTE))
MARKS = st.lists(CODES, min_size=1, max_size=30)


def strip(codes: list[str]) -> bytes:
    return bytes(BYTE[code] for code in codes)


@given(MARKS)
def test_each_place_is_what_its_own_code_says(codes: list[str]) -> None:
    places = range(len(codes))
    assert unmarked_at(strip(codes), places) == [n for n in places if codes[n] == "-"]
    assert present_at(strip(codes), places) == [n for n in places if codes[n] in ("/", "\\", "L", "U")]
    closed = [n for n in places if codes[n] not in ("-", "#") and not codes[n].startswith("Y")]
    assert marked_closed_at(strip(codes), places) == closed


@given(MARKS, st.integers(-5, 40))
def test_marks_from_a_place_on_are_counted(codes: list[str], place: int) -> None:
    assert marks_from(strip(codes), place) == sum(code != "-" for code in codes[max(place, 0) :])


@given(st.lists(st.tuples(CODES, CODES), min_size=1, max_size=30))
def test_siblings_contradict_each_other_either_way_round_or_not_at_all(pairs: list[tuple[str, str]]) -> None:
    one, other = (strip([pair[n] for pair in pairs]) for n in (0, 1))
    places = range(len(pairs))
    found = contradicting_at(one, other, places)
    assert found == contradicting_at(other, one, places)
    assert found == [n for n in places if contradict(*pairs[n])]
    if found:
        assert has_reason(one)
        assert has_reason(other)


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [("I", "H", True), ("G", "M", True), ("T", "I", True), ("R", "G", True), ("I", "I", False), ("G", "H", False),
     ("I", "R", False), ("I", "/", False), ("G", "-", False), ("C", "I", False)],
)  # fmt: skip
def test_one_ill_and_one_on_holiday_cannot_both_be_true(one: str, other: str, wrong: bool) -> None:
    assert contradict(one, other) is wrong


def test_no_reason_is_of_both_kinds() -> None:
    assert not FAMILY_AWAY & OWN_REASON
    assert all(TEXT[BYTE[code]] == code for code in FAMILY_AWAY | OWN_REASON)


@pytest.mark.policy("3.7-b")
@pytest.mark.parametrize(
    "written", ["07700 900123", "07700-900123", "+44 7700 900123", "+44 (0)7700 900123", "00447700900123"]
)
def test_a_number_is_one_however_it_is_written(written: str) -> None:
    assert dialled(written) == "07700900123"
    assert working_numbers(["07700 900123", written]) == ["07700 900123"]


@pytest.mark.policy("3.7-b")
def test_numbers_that_were_wrong_and_words_are_none() -> None:
    assert working_numbers(["07700 900123", "01273 555010", "ask grandma"], {"07700900123"}) == ["01273 555010"]
