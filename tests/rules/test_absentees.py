"""Who belongs into the absentee report, and what is still to do about each: every combination gives an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.absentees import Case, Where, still_to_do, where_of
from rollcall.rules.codes import BYTE, UnknownCode

OUTCOMES = ("", "reached", "no_answer", "message", "wrong_number")
CASES = st.builds(
    Case,
    where=st.sampled_from(Where),
    told=st.booleans(),
    word=st.sampled_from(("", "the voicemail from 07700 900123")),
    handed_on=st.sampled_from(("", "Mr Dunn")),
    slip=st.sampled_from(("", "9.12am")),
    called=st.sampled_from(OUTCOMES),
    called_words=st.just("Pat Dunn, 9.40am"),
    alert=st.sampled_from(("", "Designated safeguarding lead")),
    evidence=st.sampled_from(("", "Friday 17 May")),
    answered=st.booleans(),
    must_tell=st.booleans(),
    question=st.sampled_from(("", "a holiday?")),
    confirms=st.sampled_from(("", "Tom Teacher")),
)


@pytest.mark.parametrize(
    ("codes", "where"),
    [
        (("/", "\\", "L", "U"), Where.HERE),
        (("V", "P", "W", "B", "D", "K"), Where.ELSEWHERE),
        (("I", "M", "C", "H", "R", "E", "G", "O", "X", "Y", "#"), Where.AWAY),
        (("N",), Where.UNEXPLAINED),
        (("-",), Where.UNKNOWN),
    ],
)
@pytest.mark.policy("A6-b")
def test_a_mark_says_where_a_pupil_is(codes: tuple[str, ...], where: Where) -> None:
    assert {where_of(code) for code in codes} == {where}


def test_every_code_says_something_and_no_other_text_does() -> None:
    assert {where_of(code) for code in BYTE} == set(Where)
    with pytest.raises(UnknownCode):
        where_of("?")


@pytest.mark.policy("A6-b")
@given(CASES)
def test_nobody_without_a_reason_is_left_with_nothing_to_do(case: Case) -> None:
    if case.where in (Where.UNEXPLAINED, Where.UNKNOWN):
        assert still_to_do(case)


@given(CASES)
def test_an_open_alert_comes_first_and_nothing_is_said_twice(case: Case) -> None:
    found = still_to_do(case)
    assert len(set(found)) == len(found)
    if case.alert:
        assert found[0].startswith("Alert open: Designated safeguarding lead")


@given(CASES)
def test_nobody_is_rung_who_left_word_or_stands_at_the_door(case: Case) -> None:
    calls = [words for words in still_to_do(case) if words.startswith("Call")]
    if case.word or case.slip or case.told:
        assert calls == []


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("", "Call"),
        ("no_answer", "Call the next contact (Pat Dunn, 9.40am)"),
        ("message", "Call again (Pat Dunn, 9.40am)"),
        ("wrong_number", "Call another number (Pat Dunn, 9.40am)"),
        ("reached", "Enter the reason (Pat Dunn, 9.40am)"),
    ],
)
def test_the_last_call_says_what_comes_next(outcome: str, words: str) -> None:
    case = Case(Where.UNEXPLAINED, called=outcome, called_words="Pat Dunn, 9.40am" if outcome else "")
    assert still_to_do(case) == (words,)
