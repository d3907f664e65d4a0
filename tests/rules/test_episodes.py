"""Absences that last: what counts as a day of a run, what breaks it, and what leaves it as it is (4.5-c, 4.5-d)."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.rules.episodes import DayOfOne, stopped_run, unauthorised_run, unexplained_run

FIRST = date(2024, 4, 15)


def days(drawn: str) -> list[DayOfOne]:
    """Days drawn as "// OO N-"."""
    return [DayOfOne(FIRST + timedelta(days=n), tuple(one)) for n, one in enumerate(drawn.split())]


@pytest.mark.policy("4.5-d")
@pytest.mark.parametrize(
    ("drawn", "n"),
    [
        ("OO GG NN OU", 4),
        ("OO /O OO", 1),
        ("OO II OO", 1),
        ("OO OI OO", 1),
        # A day closed to the pupil, and one without a mark, neither break it nor lengthen it.
        ("OO ## OO", 2),
        ("OO -- OO", 2),
        ("OO -O OO", 3),
        ("OO XX OO", 2),
        ("O\\ //", 0),
        ("", 0),
    ],
)
def test_a_run_of_unauthorised_days(drawn: str, n: int) -> None:
    assert unauthorised_run(days(drawn)).n == n


def test_a_run_knows_its_first_day() -> None:
    run = unauthorised_run(days("// OO -- OO"))
    assert run.since == FIRST + timedelta(days=1)
    assert run.days == (FIRST + timedelta(days=1), FIRST + timedelta(days=3))


@pytest.mark.policy("4.5-c")
@pytest.mark.parametrize(("drawn", "n"), [("NN NN N", 3), ("NN OO NN", 1), ("NN N\\ NN", 1), ("NN N- NN", 3)])
def test_a_run_of_unexplained_days(drawn: str, n: int) -> None:
    assert unexplained_run(days(drawn)).n == n


@pytest.mark.policy("4.5-d")
@pytest.mark.parametrize(
    ("drawn", "n"),
    [
        ("OO II OO", 3),
        ("II II II", 0),
        ("II II IN", 3),
        ("OO /O OO", 1),
        # U is absent in law, and the child came.
        ("OO UO OO", 1),
    ],
)
def test_a_pupil_who_stops_attending(drawn: str, n: int) -> None:
    assert stopped_run(days(drawn)).n == n


CODES = st.sampled_from(["/", "L", "I", "O", "N", "U", "G", "-", "#", "X"])


@settings(deadline=None)
@given(st.lists(st.tuples(CODES, CODES), max_size=30))
def test_it_counts_as_a_plain_loop_does(codes: list[tuple[str, str]]) -> None:
    drawn = [DayOfOne(FIRST + timedelta(days=n), one) for n, one in enumerate(codes)]
    count = 0
    for one in reversed(codes):
        asked = [code for code in one if code in "/LIONUG"]
        if any(code in "/LI" for code in asked):
            break
        count += bool(asked)
    assert unauthorised_run(drawn).n == count
