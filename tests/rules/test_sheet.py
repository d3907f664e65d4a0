"""A sheet: both axes named, and cut by pupils or by span without a copy."""

from datetime import date

import numpy as np
import pytest

from rollcall.rules.sheet import Sheet, session_number, session_of

MONDAY, TUESDAY, WEDNESDAY = (date(2025, 9, day) for day in (1, 2, 3))
SESSIONS = np.array([session_number(day, half) for day in (MONDAY, TUESDAY) for half in ("AM", "PM")], np.int64)


def sheet(minutes: bool = True) -> Sheet:
    marks = np.frombuffer(b"/\\/\\IIIILO/V", np.uint8).reshape(3, 4)
    return Sheet(("ada", "bo", "cy"), SESSIONS, marks, np.arange(12, dtype=np.uint8).reshape(3, 4) if minutes else None)


def test_a_session_is_a_number_that_grows_with_time() -> None:
    assert list(SESSIONS) == sorted(set(SESSIONS))
    assert session_of(session_number(MONDAY, "PM")) == (MONDAY, "PM")
    assert session_number(TUESDAY, "AM") == session_number(MONDAY, "PM") + 1
    with pytest.raises(ValueError, match="AM or PM, not 'noon' \\(1 September 2025\\)"):
        session_number(MONDAY, "noon")


def test_its_columns_know_their_day_and_half() -> None:
    assert [date.fromordinal(day) for day in sheet().days] == [MONDAY, MONDAY, TUESDAY, TUESDAY]
    assert sheet().afternoons.tolist() == [False, True, False, True]


def test_it_is_cut_by_pupils_in_its_own_order() -> None:
    cut = sheet().of(["cy", "ada"])
    assert cut.pupils == ("ada", "cy")
    assert cut.marks.tobytes() == b"/\\/\\LO/V"
    assert cut.minutes is not None and cut.minutes.tolist() == [[0, 1, 2, 3], [8, 9, 10, 11]]


def test_a_stranger_is_named() -> None:
    with pytest.raises(KeyError, match="dee is not on this sheet"):
        sheet().of(["ada", "dee"])


def test_it_is_cut_by_span_and_shares_its_marks() -> None:
    whole = sheet()
    cut = whole.between(TUESDAY, WEDNESDAY)
    assert cut.sessions.tolist() == SESSIONS[2:].tolist()
    assert cut.marks.tobytes() == b"/\\II/V"
    assert np.shares_memory(cut.marks, whole.marks)
    assert sheet(minutes=False).between(MONDAY, MONDAY).minutes is None


def test_a_span_outside_it_or_backwards_is_empty() -> None:
    assert sheet().between(WEDNESDAY, WEDNESDAY).marks.shape == (3, 0)
    assert sheet().between(TUESDAY, MONDAY).marks.shape == (3, 0)


def test_what_is_no_sheet_is_refused() -> None:
    marks = np.zeros((2, 4), np.uint8)
    with pytest.raises(ValueError, match=r"The marks are uint8\[2, 4\]; this sheet needs uint8\[3, 4\]"):
        Sheet(("a", "b", "c"), SESSIONS, marks)
    with pytest.raises(ValueError, match="The minutes are int64"):
        Sheet(("a", "b"), SESSIONS, marks, np.zeros((2, 4), np.int64))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="two rows"):
        Sheet(("a", "a"), SESSIONS, marks)
    with pytest.raises(ValueError, match="in the order of time"):
        Sheet(("a", "b"), SESSIONS[::-1], marks)
