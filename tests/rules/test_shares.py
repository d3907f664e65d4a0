"""Groups counted together and one pupil's row, against loops that count on their fingers."""

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.rules import shares
from rollcall.rules.codes import BYTE
from rollcall.rules.figures import figures_of_kinds
from rollcall.rules.overlay import Overlay, StoredRow, cut, figures_of, kinds_laid, overlay, session_columns
from rollcall.rules.policy import load
from rollcall.rules.pupil_year import Part, one_row
from rollcall.rules.sessions import Calendar, SchoolYear
from rollcall.rules.shares import Share

POLICY = load("federation")
YEAR = SchoolYear(2023)
FIRST = date(2023, 9, 4)
CALENDAR = Calendar(YEAR, [(FIRST, date(2023, 10, 20)), (date(2023, 10, 30), date(2023, 11, 24))], {date(2023, 9, 15)})
EDITIONS = ["2006"] * YEAR.n
COLUMNS = CALENDAR.columns_from(0)
ATTENDED, AUTHORISED, UNAUTHORISED = "/LV", "IM", "OUN"


def row_of(enrolment: int, line: str, admitted: date = FIRST, left: date | None = None) -> StoredRow:
    """A stored year with a line of codes in its first sessions; `/` stands for both halves."""
    marks = bytearray(b"-" * YEAR.n)
    for column, code in zip(COLUMNS, line, strict=False):
        marks[column] = BYTE["\\"] if code == "/" and column % 2 else BYTE[code]
    return StoredRow(enrolment, bytes(marks), bytes(YEAR.n), admitted, left)


def laid_of(lines: list[str]) -> tuple[Overlay, np.ndarray]:
    n = max(len(line) for line in lines)
    laid = overlay([row_of(k, line) for k, line in enumerate(lines)], CALENDAR, COLUMNS[n - 1] + 1)
    columns = session_columns(laid)
    laid = cut(laid, columns)
    return laid, kinds_laid(laid, [EDITIONS[column] for column in columns])


def counted(cells: list[str]) -> Share:
    """The share of some codes, one by one."""
    total = Share()
    for code in cells:
        total += Share(
            attended=code in ATTENDED,
            authorised=code in AUTHORISED,
            unauthorised=code in UNAUTHORISED,
            missing=code == "-",
            late=code == "L",
            late_after_close=code == "U",
        )
    return total


lines = st.integers(1, 40).flatmap(
    lambda n: st.lists(st.text("//////LVIMOUND-", min_size=n, max_size=n), min_size=1, max_size=5)
)


@given(lines)
@settings(max_examples=80, deadline=None)
def test_shares_are_what_a_finger_counts(drawn: list[str]) -> None:
    laid, kinds = laid_of(drawn)
    sessions = [YEAR.session(column) for column in COLUMNS[: len(drawn[0])]]
    assert shares.whole_share(kinds) == counted([code for line in drawn for code in line])
    groups = [n % 2 for n in range(len(drawn))]
    by_row = shares.shares_by_row(kinds, groups)
    for group in set(groups):
        assert by_row[group] == counted([c for n, line in enumerate(drawn) if n % 2 == group for c in line])
    for weekday, share in enumerate(shares.shares_by_weekday(laid, kinds)):
        own = [line[n] for line in drawn for n, (day, _) in enumerate(sessions) if day.weekday() == weekday]
        assert share == counted(own)
    for monday, share in shares.shares_by_week(laid, kinds):
        inside = [n for n, (day, _) in enumerate(sessions) if 0 <= (day - monday).days < 7]
        assert share == counted([line[n] for line in drawn for n in inside])
        assert shares.whole_share(shares.kinds_of_week(laid, kinds, monday)) == share


@given(lines)
@settings(max_examples=80, deadline=None)
def test_codes_are_counted_by_the_session(drawn: list[str]) -> None:
    laid, kinds = laid_of(drawn)
    found = shares.sessions_by_code(laid, kinds)
    everything = "".join(drawn)
    merged = {code: n for code, n in found.items() if code not in "/\\"}
    assert merged == {code: everything.count(code) for code in set(everything) - {"/"}}
    assert found.get("/", 0) + found.get("\\", 0) == everything.count("/")
    assert list(found.values()) == sorted(found.values(), reverse=True)


@given(lines, st.integers(1, 4))
@settings(max_examples=80, deadline=None)
def test_a_running_absence_goes_back_to_the_last_presence(drawn: list[str], least: int) -> None:
    laid, kinds = laid_of(drawn)
    found = {run.row: run for run in shares.running_absences(laid, kinds, least)}
    for n, line in enumerate(drawn):
        since = max((k + 1 for k, code in enumerate(line) if code in ATTENDED), default=0)
        missed = [k for k in range(since, len(line)) if line[k] in AUTHORISED + UNAUTHORISED]
        if len(missed) < least:
            assert n not in found
            continue
        run = found[n]
        days = [YEAR.session(COLUMNS[k])[0] for k in missed]
        assert (run.sessions, run.since, run.latest) == (len(missed), days[0], days[-1])
        assert list(run.codes) == list(dict.fromkeys(line[k] for k in missed))


@pytest.mark.policy("6-a")
def test_the_best_class_is_the_best_share_and_a_tie_is_a_tie() -> None:
    found = {"large": Share(attended=290, authorised=10), "small": Share(attended=29, authorised=1), "new": Share()}
    assert shares.best(found) == ["large", "small"]
    assert shares.best({**found, "best": Share(attended=30, authorised=1)}) == ["best"]
    assert shares.best({"new": Share()}) == []
    shares_of = {name: Fraction(s.attended, s.possible) for name, s in found.items() if s.possible}
    assert max(shares_of.values()) == shares_of["small"]


@given(lines)
@settings(max_examples=60, deadline=None)
def test_one_row_has_the_figures_of_the_sheet(drawn: list[str]) -> None:
    stored = row_of(7, drawn[0])
    laid = overlay([stored], CALENDAR, COLUMNS[len(drawn[0]) - 1] + 1)
    row = one_row([[Part(laid, CALENDAR, EDITIONS, FIRST)]])
    mine, sheet = row.figures(POLICY), figures_of(laid, EDITIONS, POLICY)
    for name in ("possible", "attended", "authorised", "unauthorised", "missing", "late", "longest_absence", "stage"):
        assert getattr(mine, name)[0] == getattr(sheet, name)[0], name
    greatest, reached = row.windows(POLICY)
    column = int(sheet.threshold_reached_on[0])
    assert greatest == sheet.unauthorised_in_10_weeks[0]
    assert reached == (None if column < 0 else YEAR.session(column)[0])
    inside = [cell for cell in row.cells() if cell.counted]
    assert "".join("/" if cell.code == "\\" else cell.code for cell in inside) == drawn[0]
    assert sum(cell.is_absent for cell in inside) == mine.authorised[0] + mine.unauthorised[0]


@given(lines, st.integers(1, 39))
@settings(max_examples=60, deadline=None)
def test_a_move_between_schools_changes_no_sum(drawn: list[str], at: int) -> None:
    line = (drawn[0] * 40)[:40]
    moved = YEAR.session(COLUMNS[at])[0]
    left = moved - timedelta(days=1)
    before, after = row_of(1, line, left=left), row_of(2, line, admitted=moved)
    upto = COLUMNS[39] + 1
    parts = [
        Part(overlay([stored], CALENDAR, upto), CALENDAR, EDITIONS, begins)
        for stored, begins in ((before, FIRST), (after, moved))
    ]
    whole = one_row([[Part(overlay([row_of(3, line)], CALENDAR, upto), CALENDAR, EDITIONS, FIRST)]])
    both = one_row([parts])
    for name in ("possible", "attended", "unauthorised", "missing", "longest_absence", "unauthorised_in_10_weeks"):
        assert getattr(both.figures(POLICY), name)[0] == getattr(whole.figures(POLICY), name)[0], name
    assert {cell.enrolment for cell in both.cells() if cell.counted} <= {1, 2}


def test_years_of_a_row_need_a_school_and_an_order() -> None:
    part = Part(overlay([row_of(1, "/")], CALENDAR, 0), CALENDAR, EDITIONS, FIRST)
    with pytest.raises(ValueError, match="at least one school"):
        one_row([[], [part]])
    with pytest.raises(ValueError, match="in order"):
        one_row([[part], [part]])


@given(lines)
@settings(max_examples=40, deadline=None)
def test_few_pupils_and_many_have_the_same_runs_and_windows(drawn: list[str]) -> None:
    laid, kinds = laid_of(drawn)
    few = figures_of_kinds(kinds, weeks=laid.weeks, policy=POLICY)
    many = figures_of_kinds(np.tile(kinds, 100), weeks=laid.weeks, policy=POLICY)
    for name in ("longest_absence", "current_absence", "unauthorised_in_10_weeks", "threshold_reached_on"):
        assert (np.tile(getattr(few, name), 100) == getattr(many, name)).all()
