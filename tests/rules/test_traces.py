"""Where a child is, by every kind of trace and their order; what contradicts itself is never taken for safety."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.codes import EDITIONS, MISSING, UNEXPLAINED, table
from rollcall.rules.traces import Because, Gone, Traces, where_is
from rollcall.rules.whereabouts import Where, where

CODES = sorted({code for edition in EDITIONS for code in table(edition)})
NINE, ONE = datetime(2024, 5, 14, 9), datetime(2024, 5, 14, 13)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 5, 14, hour, minute)


def found(morning: str = "-", afternoon: str = "-", **more) -> tuple[Where, Because]:
    return where_is(Traces(morning, afternoon, NINE, ONE, **more))


def test_no_code_says_signed_out_and_only_n_and_no_mark_say_unknown() -> None:
    assert {where(code) for code in CODES} == set(Where) - {Where.SIGNED_OUT}
    assert {code for code in (*CODES, MISSING) if where(code) is Where.UNKNOWN} == {UNEXPLAINED, MISSING}


@pytest.mark.policy("4.4-b")
@pytest.mark.parametrize(
    ("code", "where"),
    [("/", "ON_SITE"), ("L", "ON_SITE"), ("U", "ON_SITE"), ("V", "ELSEWHERE"), ("P", "ELSEWHERE"), ("W", "ELSEWHERE"),
     ("K", "ELSEWHERE"), ("D", "ELSEWHERE"), ("N", "UNKNOWN"), ("I", "AWAY"), ("O", "AWAY"), ("X", "NOT_EXPECTED"),
     ("Y7", "NOT_EXPECTED"), ("-", "UNKNOWN")],
)  # fmt: skip
def test_a_mark_says_where(code: str, where: str) -> None:
    assert found(code)[0] is Where[where]


def test_until_the_afternoon_register_says_the_mornings_mark_stands_and_says_so() -> None:
    assert found("/", afternoon_begun=True) == (Where.ON_SITE, Because.MORNING)
    assert found("/", "\\", afternoon_begun=True) == (Where.ON_SITE, Because.MARK)
    assert found("/", "N", afternoon_begun=True) == (Where.UNKNOWN, Because.MARK)
    assert found("/", afternoon_begun=True, afternoon_is_in=True) == (Where.UNKNOWN, Because.NO_MARK)


@pytest.mark.policy("4.4-c")
def test_who_is_signed_out_is_off_the_site_until_signed_in() -> None:
    assert found("/", outings=[Gone(at(10))]) == (Where.SIGNED_OUT, Because.OUT)
    assert found("/", outings=[Gone(at(10), at(11))]) == (Where.ON_SITE, Because.BACK)
    assert found("/", outings=[Gone(at(10), at(11)), Gone(at(12))]) == (Where.SIGNED_OUT, Because.OUT)
    assert found("/", "C", outings=[Gone(at(10))]) == (Where.SIGNED_OUT, Because.OUT)
    assert found("/", outings=[Gone(at(10))], afternoon_is_in=True) == (Where.SIGNED_OUT, Because.OUT)


def test_who_came_in_during_a_session_is_here_whatever_its_mark() -> None:
    assert found("M", arrivals=[at(10, 30)]) == (Where.ON_SITE, Because.ARRIVED)
    assert found("M", outings=[Gone(at(8, 50), at(10, 30))]) == (Where.ON_SITE, Because.BACK)
    assert found("M", "N", arrivals=[at(10, 30)]) == (Where.UNKNOWN, Because.MARK)


def test_signed_out_and_marked_present_later_is_to_be_looked_for() -> None:
    assert found("/", "\\", outings=[Gone(at(11, 30))]) == (Where.UNKNOWN, Because.CONFLICT)
    assert found("/", outings=[Gone(at(11, 30))], arrivals=[at(12)]) == (Where.ON_SITE, Because.ARRIVED)


def test_a_slip_that_waits_and_a_trip_that_was_missed_are_to_be_looked_for() -> None:
    assert found(at_door=True) == (Where.UNKNOWN, Because.DOOR)
    assert found("N", at_door=True) == (Where.UNKNOWN, Because.DOOR)
    assert found("/", at_door=True) == (Where.ON_SITE, Because.MARK)
    assert found("V", missed=True) == (Where.UNKNOWN, Because.MISSED)
    assert found("/", missed=True) == (Where.ON_SITE, Because.MARK)


MOMENTS = st.integers(0, 8 * 60).map(lambda minutes: at(8) + timedelta(minutes=minutes))
OUTINGS = st.lists(st.tuples(MOMENTS, st.none() | MOMENTS).filter(lambda o: o[1] is None or o[1] >= o[0]), max_size=3)


@given(st.sampled_from([*CODES, "-"]), st.sampled_from([*CODES, "-"]), OUTINGS, st.booleans(), st.booleans())
def test_nobody_is_taken_to_be_on_site_who_was_not_seen_there_last(
    morning: str, afternoon: str, outings: list, is_in: bool, door: bool
) -> None:
    gone = [Gone(*one) for one in outings]
    here, because = found(morning, afternoon, outings=gone, afternoon_is_in=is_in, at_door=door, afternoon_begun=True)
    if here is Where.ON_SITE and because in (Because.MARK, Because.MORNING):
        assert all(one.back_at for one in gone)
        assert Where.ON_SITE in (where(morning), where(afternoon))
    if here is Where.ON_SITE and because is Because.BACK:
        assert max(one.back_at for one in gone if one.back_at) >= max(one.out_at for one in gone)
