"""The fast figures of a sheet: for any marks, mask and weeks those of the slow judge; and the questions pages ask."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests import slow
from tests.slow import Row

from rollcall.rules import figures as fast
from rollcall.rules.codes import BYTE, TEXT, edition_on, table
from rollcall.rules.figures import NEVER, Figures, UnknownMark, attendance_tenths, figures, kinds_of, lookups, sheets
from rollcall.rules.policy import load
from rollcall.rules.sheet import session_number, session_of

POLICY = load("federation")
MONDAY = date(2024, 6, 3)
CODES = ["/", "\\", "L", "V", "O", "I", "U", "-", "#", "D", "N", "B"]


def axis(n_weeks: int, skip: frozenset[int] = frozenset()) -> NDArray[np.int64]:
    """The sessions of some weeks from a Monday on; skipped weeks are holidays."""
    days = [MONDAY + timedelta(weeks=week, days=day) for week in range(n_weeks) if week not in skip for day in range(5)]
    return np.array([session_number(day, half) for day in days for half in ("AM", "PM")], np.int64)


def weeks(sessions: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique((sessions // 2 - 1) // 7, return_inverse=True)[1]


def drawn(*rows: str) -> NDArray[np.uint8]:
    return np.array([[BYTE[code] for code in row] for row in rows], np.uint8)


def work_out(marks: NDArray[np.uint8], sessions: NDArray[np.int64], **more: object) -> Figures:
    return figures(marks, lookups=lookups(sessions), weeks=weeks(sessions), policy=POLICY, **more)  # type: ignore[arg-type]


@st.composite
def any_sheet(draw: st.DrawFn) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.bool_], NDArray[np.uint8]]:
    """Sessions from before to after the change of editions, marks that can stand there, what is within, and minutes."""
    sessions = axis(draw(st.integers(1, 17)), draw(st.frozensets(st.integers(1, 16), max_size=4)))
    sessions = sessions[draw(st.integers(0, 3)) :]
    n = draw(st.integers(1, 5))
    marks = np.zeros((n, len(sessions)), np.uint8)
    for column, (day, half) in enumerate(map(session_of, sessions)):
        fitting = [code for code in table(edition_on(day)) if code != ("/" if half == "PM" else "\\")]
        often = draw(st.sampled_from([["O", "O", "U", "I"], [*fitting, "-"]]))
        marks[:, column] = [BYTE[code] for code in draw(st.lists(st.sampled_from(often), min_size=n, max_size=n))]
    seed = np.random.default_rng(draw(st.integers(0, 99)))
    within = seed.random(marks.shape) < draw(st.sampled_from([0.5, 0.95, 1.0]))
    return sessions, marks, within, seed.integers(0, 240, marks.shape, np.uint8)


@settings(deadline=None, max_examples=120)
@given(sheet=any_sheet(), block=st.integers(1, 3))
def test_they_are_those_of_the_slow_judge(sheet, block: int) -> None:
    sessions, marks, within, minutes = sheet
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "BLOCK", block)
        found = work_out(marks, sessions, minutes=minutes, within=within)
    mondays = sorted({slow.monday(session_of(session)[0]) for session in sessions})
    for row in range(len(marks)):
        expected = slow.figures_of(rows_of(row, sessions, marks, within, minutes), mondays)
        assert printed(found, row, sessions) == expected


def rows_of(row: int, sessions, marks, within, minutes) -> list[Row]:
    cells = [(column, *session_of(session)) for column, session in enumerate(sessions) if within[row, column]]
    return [Row("p", "", day, half, TEXT[marks[row, column]], int(minutes[row, column])) for column, day, half in cells]


def printed(found: Figures, row: int, sessions: NDArray[np.int64]) -> dict[str, object]:
    """A row of figures as the slow judge gives it."""
    values: dict[str, object] = {
        name: int(getattr(found, name)[row]) for name in slow.COLUMNS[1:] if hasattr(found, name)
    }
    tenths = int(attendance_tenths(found.attended, found.possible)[row])
    reached = int(found.threshold_reached_on[row])
    values["attendance_percent"] = None if tenths < 0 else f"{tenths // 10}.{tenths % 10}"
    values["threshold_reached_on"] = None if reached == NEVER else session_of(sessions[reached])[0].isoformat()
    return {name: None if value == -1 else value for name, value in values.items()}


@pytest.mark.policy("7.4-a")
def test_exactly_a_tenth_missed_is_persistent_and_exactly_half_is_severe() -> None:
    sessions = axis(38)
    marks = np.where(np.arange(380) % 2, BYTE["\\"], BYTE["/"]).astype(np.uint8)[None, :].repeat(4, axis=0)
    for row, missed in enumerate((37, 38, 189, 190)):
        marks[row, :missed] = BYTE["I"]
    found = work_out(marks, sessions)
    assert found.persistent.tolist() == [False, True, True, True]
    assert found.severe.tolist() == [False, False, False, True]


def test_a_run_goes_on_over_what_is_not_possible_and_over_what_is_missing() -> None:
    found = work_out(drawn("/O#-DIO\\/\\", "OO/\\/\\/\\OI", "##########"), axis(1))
    assert found.longest_absence.tolist() == [3, 2, 0]
    assert found.current_absence.tolist() == [0, 2, 0]


@pytest.mark.parametrize("n_weeks", [25, 26, 52, 60])
def test_a_run_may_be_longer_than_a_byte_counts(n_weeks: int) -> None:
    found = work_out(np.full((2, 10 * n_weeks), BYTE["I"], np.uint8), axis(n_weeks))
    assert found.longest_absence.tolist() == [10 * n_weeks] * 2
    assert found.authorised.tolist() == [10 * n_weeks] * 2


def test_the_window_is_ten_school_weeks_wherever_holidays_fall() -> None:
    for holidays, expected in ((frozenset({3}), 10), (frozenset(), 9)):
        sessions = axis(12, holidays)
        marks = np.where(sessions % 2, BYTE["\\"], BYTE["/"]).astype(np.uint8)[None, :].copy()
        day = (sessions // 2) - MONDAY.toordinal()
        marks[0, np.flatnonzero(day < 5)[:9]] = BYTE["O"]
        marks[0, np.flatnonzero(day // 7 == 10)[0]] = BYTE["G"]
        found = work_out(marks, sessions)
        assert found.unauthorised_in_10_weeks.tolist() == [expected]
        assert (found.threshold_reached_on[0] != NEVER) == (expected == 10)


def test_columns_outside_school_weeks_are_in_no_window() -> None:
    sessions = axis(2)
    number = np.array([-1] * 5 + [0] * 5 + [-1] * 5 + [1] * 5)
    found = figures(np.full((1, 20), BYTE["O"], np.uint8), lookups=lookups(sessions), weeks=number, policy=POLICY)
    assert found.unauthorised_in_10_weeks.tolist() == [10]
    assert found.threshold_reached_on.tolist() == [19]
    assert found.unauthorised.tolist() == [20]


def test_weeks_out_of_order_are_refused() -> None:
    sessions = axis(1)
    with pytest.raises(ValueError, match="in the order of the sessions"):
        figures(drawn("O" * 10), lookups=lookups(sessions), weeks=np.arange(10)[::-1], policy=POLICY)


def test_unauthorised_sessions_are_counted_from_a_day_on() -> None:
    sessions = axis(12, frozenset({2}))
    kinds = kinds_of(np.full((1, len(sessions)), BYTE["O"], np.uint8), lookups(sessions))
    number = weeks(sessions)
    assert [int(fast.unauthorised_from(kinds, number, 4, n)[0]) for n in (1, 2, 10, 50)] == [6, 16, 96, 106]
    with pytest.raises(ValueError, match="Column 0 lies outside school weeks"):
        fast.unauthorised_from(kinds, np.where(number == 0, -1, number), 0, 10)


@pytest.mark.parametrize("m", [9, 10])
def test_a_byte_that_can_not_stand_is_named_with_its_place(m: int) -> None:
    sessions = axis(1)[:m]
    for column, byte in ((3, ord("/")), (4, ord("\\")), (8, ord("K")), (0, ord("?")), (1, 0), (7, 255)):
        marks = np.full((3, m), BYTE["I"], np.uint8)
        marks[2, column] = byte
        for block in (1, 2, 100):
            with pytest.MonkeyPatch.context() as patch, pytest.raises(UnknownMark) as refused:
                patch.setattr(sheets, "BLOCK", block)
                work_out(marks, sessions)
            assert (refused.value.row, refused.value.column, refused.value.byte) == (2, column, byte)
        within = np.arange(m) != column
        assert work_out(marks, sessions, within=within).possible.tolist() == [m - 1] * 3


def test_no_pupils_and_no_sessions_are_no_trouble() -> None:
    assert len(work_out(np.zeros((0, 10), np.uint8), axis(1)).possible) == 0
    empty = work_out(np.zeros((2, 0), np.uint8), axis(0))
    assert (empty.possible.tolist(), empty.stage.tolist(), empty.longest_absence.tolist()) == ([0, 0], [-1, -1], [0, 0])


def test_a_percentage_is_rounded_half_up_and_never_in_floats() -> None:
    attended, possible = np.array([1, 353, 19, 0, 1999]), np.array([16, 380, 20, 0, 2000])
    assert attendance_tenths(attended, possible).tolist() == [63, 929, 950, -1, 1000]
