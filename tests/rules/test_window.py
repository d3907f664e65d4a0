"""The window since a day, held against plain loops, and when unclear marks could lift a figure over the line."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.rules.codes import BYTE
from rollcall.rules.improving import Window
from rollcall.rules.overlay import StoredRow, overlay
from rollcall.rules.policy import load
from rollcall.rules.sessions import Calendar, SchoolYear
from rollcall.rules.window import unclear_reason, windows_of

YEAR = SchoolYear(2023)
CALENDAR = Calendar(
    YEAR,
    [(date(2023, 9, 4), date(2023, 10, 20)), (date(2023, 10, 30), date(2023, 12, 15))],
    frozenset({date(2023, 9, 25)}),
)
POLICY = load("federation")
CODES = "/LUIMNOBDCX-"


def row(number: int, text: list[str], admitted: date = date(2023, 9, 4)) -> StoredRow:
    """A year that repeats these codes; a presence in the afternoon is written the afternoon's way."""
    codes = [text[column % len(text)] for column in range(YEAR.n)]
    marks = bytes(BYTE["\\" if code == "/" and column % 2 else code] for column, code in enumerate(codes))
    return StoredRow(number, marks, bytes(YEAR.n), admitted, None)


def naive(marks: bytes, admitted: date, since: date, upto: int, until: date = date(2024, 7, 31)) -> Window:
    """The same by plain loops over the days of the year."""
    n = dict.fromkeys(("attended", "possible", "apart", "unauthorised", "unexplained", "missing"), 0)
    for column in range(upto):
        day, half = YEAR.session(column)
        if not CALENDAR.is_open(day, half) or not max(admitted, since) <= day <= until:
            continue
        code = chr(marks[column])
        n["missing"] += code == "-"
        n["unexplained"] += code == "N"
        n["apart"] += code in "IM"
        n["unauthorised"] += code in "UNO"
        n["attended"] += code in "/\\LB"
        n["possible"] += code in "/\\LBUNOC"
    last = {}
    for column in range(YEAR.n):
        day, half = YEAR.session(column)
        if CALENDAR.is_open(day, half):
            last[day - timedelta(days=day.weekday())] = column
    start = YEAR.column(since, "AM")
    stop = min(upto, YEAR.column(until, "PM") + 1)
    return Window(**n, school_weeks=sum(start <= column < stop for column in last.values()))


@pytest.mark.policy("FC-b")
@settings(deadline=None, max_examples=60)
@given(
    text=st.lists(st.sampled_from(CODES), min_size=20, max_size=60),
    admitted=st.dates(date(2023, 9, 1), date(2023, 11, 30)),
    since=st.dates(date(2023, 8, 1), date(2023, 12, 31)),
    upto=st.integers(0, 300),
    until=st.dates(date(2023, 8, 1), date(2024, 7, 31)),
)
def test_a_window_counts_what_plain_loops_count(
    text: list[str], admitted: date, since: date, upto: int, until: date
) -> None:
    rows = [row(1, text, admitted)]
    found = windows_of(overlay(rows, CALENDAR, upto), ("2006",) * YEAR.n, CALENDAR, [since], upto, POLICY)
    assert found == [naive(rows[0].marks, admitted, since, upto)]
    laid = overlay(rows, CALENDAR, upto)
    found = windows_of(laid, ("2006",) * YEAR.n, CALENDAR, [since], upto, POLICY, [until])
    assert found == [naive(rows[0].marks, admitted, since, upto, until)]


def test_each_pupil_has_a_window_of_their_own() -> None:
    rows = [row(number, ["/"]) for number in (1, 2)]
    upto = YEAR.column(date(2023, 9, 15), "PM") + 1
    since = [date(2023, 9, 4), date(2023, 9, 14)]
    early, late = windows_of(overlay(rows, CALENDAR, upto), ("2006",) * YEAR.n, CALENDAR, since, upto, POLICY)
    assert (early.possible, early.school_weeks) == (20, 2)
    assert (late.possible, late.school_weeks) == (4, 1)


@pytest.mark.parametrize(
    ("counts", "unclear"),
    [
        ((94, 100, 0, 0), False),
        ((94, 100, 1, 0), True),
        ((90, 100, 4, 0), False),
        ((90, 100, 5, 0), True),
        ((94, 100, 0, 19), False),
        ((94, 100, 0, 20), True),
        ((95, 100, 5, 5), False),
    ],
)
def test_unclear_marks_matter_only_where_the_kindest_answer_reaches_the_line(
    counts: tuple[int, int, int, int], unclear: bool
) -> None:
    assert (unclear_reason(*counts, POLICY) is not None) is unclear
