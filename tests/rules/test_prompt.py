"""When a penalty notice is to be considered, against a naive reading with plain loops, one pupil and many at once."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.rules.codes import BYTE
from rollcall.rules.figures import NEVER, lookup
from rollcall.rules.policy import Policy, load
from rollcall.rules.prompt import Prompt, Seen, Warned, consider, counted_from
from rollcall.rules.prompt_sheet import prompted
from rollcall.rules.sessions import HALVES, monday

FEDERATION, NATIONAL = load("federation"), load("national")
BORN = date(2015, 1, 1)
START = date(2024, 1, 8)
TODAY = date(2024, 7, 1)
LETTER = Warned("letter-3", date(2024, 1, 17), 7)


def weekdays(n: int, first: date = START) -> list[date]:
    days = (first + timedelta(days=k) for k in range(2 * n + 9))
    return [day for day in days if day.weekday() < 5][:n]


def seen(codes: dict[date, str], n: int = 60) -> list[Seen]:
    """In every day for n school days, both sessions as the codes of a day say."""
    return [
        Seen(day, half, codes.get(day, "/\\")[at if len(codes.get(day, "/\\")) > 1 else 0])
        for day in weekdays(n)
        for at, half in enumerate(HALVES)
    ]


def weeks(sessions: list[Seen]) -> list[date]:
    return sorted({monday(one.day) for one in sessions})


def ask(sessions: list[Seen], warnings=(LETTER,), **more) -> tuple[Prompt, ...]:
    given_ = {"born": BORN, "today": TODAY, "policy": FEDERATION} | more
    return consider(sessions, weeks(sessions), warnings, **given_)


def absent(n_days: int, code: str = "O", first: date = date(2024, 1, 18)) -> dict[date, str]:
    return dict.fromkeys(weekdays(n_days, first), code)


@pytest.mark.policy("5.2-c")
@pytest.mark.policy("A3-d")
def test_ten_sessions_after_the_warning_are_to_be_considered_with_the_sessions_and_the_weeks() -> None:
    (found,) = ask(seen(absent(5)))
    assert found.kind == "irregular" and len(found.sessions) == 10 and found.stands
    assert found.warned == LETTER
    assert [week.monday for week in found.weeks][0] == date(2024, 1, 15)
    assert len(found.weeks) == 10
    assert [len(week.sessions) for week in found.weeks][:3] == [4, 6, 0]
    assert "consider" in found.sentence and "will" not in found.sentence


@pytest.mark.policy("A3-d")
def test_nothing_counts_up_to_the_day_of_the_warning_or_without_one() -> None:
    assert ask(seen(absent(5, first=date(2024, 1, 10)))) == ()
    assert ask(seen(absent(5)), warnings=()) == ()


@pytest.mark.policy("A3-d")
def test_late_is_never_counted_and_late_after_closing_is() -> None:
    assert ask(seen(absent(6, "L"))) == ()
    (found,) = ask(seen(absent(5, "U")))
    assert {one.code for one in found.sessions} == {"U"}


@pytest.mark.policy("A4-c")
def test_the_ten_school_weeks_leave_out_weeks_without_school() -> None:
    sessions = [
        one for one in seen(absent(4) | absent(1, first=date(2024, 3, 27))) if monday(one.day) != date(2024, 2, 12)
    ]
    (found,) = ask(sessions)
    assert date(2024, 2, 12) not in [week.monday for week in found.weeks]
    assert found.weeks[-1].monday == date(2024, 3, 25)
    with_all = seen(absent(4) | absent(1, first=date(2024, 3, 27)))
    assert ask(with_all) == (), "with that week open, the last two sessions lie in the eleventh"


@pytest.mark.policy("5.2-c")
def test_a_session_counts_once() -> None:
    used = frozenset({(date(2024, 1, 18), "AM")})
    assert ask(seen(absent(5)), used=used) == ()


@pytest.mark.policy("5.2-c")
def test_an_n_that_may_still_change_is_marked_and_what_remains_is_said() -> None:
    codes = absent(4) | {date(2024, 1, 24): "N"}
    (found,) = ask(seen(codes, 13), today=date(2024, 1, 25))
    assert [one.day for one in found.open] == [date(2024, 1, 24)] * 2
    assert not found.stands
    assert found.caution == (
        "2 sessions may still get another code; without them 8 remain, fewer than the 10 that are looked for."
    )
    (later,) = ask(seen(codes, 13), today=date(2024, 2, 1))
    assert later.open == () and later.stands, "its five working days are over"


@pytest.mark.policy("5.2-e")
def test_no_session_counts_outside_compulsory_school_age() -> None:
    assert ask(seen(absent(5)), born=date(2019, 1, 20)) == (), "five on 20 January, of age from 31 March"
    assert ask(seen(absent(5)), born=date(2018, 12, 20)) != (), "of age since 31 December"
    assert ask(seen(absent(5)), born=date(2007, 6, 20)) == (), "sixteen last June"


@pytest.mark.policy("5.2-c")
def test_one_leave_without_permission_is_to_be_considered_without_a_warning() -> None:
    (found,) = ask(seen(absent(5, "G")), warnings=())
    assert found.kind == "leave" and len(found.sessions) == 10
    assert "leave without permission" in found.sentence
    broken = absent(5, "G") | {date(2024, 1, 22): "/\\"}
    assert ask(seen(broken), warnings=()) == (), "a day at school parts it into two shorter ones"


def test_without_letters_that_warn_any_ten_school_weeks_count() -> None:
    first, day = date(2024, 9, 2), date(2024, 12, 2)
    sessions = [Seen(d, half, "O" if n < 5 else "/") for n, d in enumerate(weekdays(40, first)) for half in HALVES]
    (found,) = ask(sessions, warnings=(), policy=NATIONAL, today=day)
    assert found.warned is None and len(found.sessions) == 10
    old = [Seen(d, half, "O") for d in weekdays(5, date(2024, 6, 3)) for half in HALVES]
    assert ask(old, warnings=(), policy=NATIONAL, today=day) == (), "what was before the framework goes by the old code"


def naive(sessions: list[Seen], mondays: list[date], letters: list[date], policy: Policy, used: set) -> set:
    """(kind, sessions) as a reader of the policy would find them with a pencil: windows, then runs."""
    live = [one for one in sessions if (one.day, one.half) not in used]
    bad = [one for one in live if one.code in "GNOU"]
    found = set()
    best: tuple = ()
    windows = []
    if policy.slug == FEDERATION.slug:
        for letter in sorted(letters):
            first = letter + timedelta(days=1)
            while first.weekday() > 4:
                first += timedelta(days=1)
            ten = [m for m in mondays if m + timedelta(days=6) >= first][:10]
            windows.append(tuple(one for one in bad if one.day >= first and monday(one.day) in ten))
    else:
        for n in range(len(mondays)):
            windows.append(tuple(one for one in bad if monday(one.day) in mondays[n : n + 10]))
    for window in windows:
        if len(window) >= max(10, len(best)):
            best = window
    if best:
        found.add(("irregular", best))
    run: list[Seen] = []
    for one in [*live, Seen(TODAY, "PM", "/")]:
        if one.code == "G":
            run.append(one)
        else:
            if len(run) >= 10:
                found.add(("leave", tuple(run)))
            run = []
    return found


def cells(n_days: int) -> st.SearchStrategy[str]:
    return st.lists(
        st.sampled_from("..........GGGGOONUIL"), min_size=2 * n_days, max_size=2 * n_days
    ).map("".join)  # fmt: skip


shut = st.sets(st.integers(0, 23), max_size=8)
letters = st.lists(st.integers(0, 160), max_size=3)


def build(marks: str, closed: set[int], first: date) -> list[Seen]:
    out = []
    for n, day in enumerate(weekdays(len(marks) // 2, first)):
        if n // 5 in closed:
            continue
        for at, half in enumerate(HALVES):
            mark = marks[2 * n + at]
            out.append(Seen(day, half, ("/", "\\")[at] if mark == "." else mark))
    return out


@settings(max_examples=150, deadline=None)
@given(cells(110), shut, letters, st.sets(st.integers(0, 219), max_size=4), st.booleans())
def test_it_agrees_with_a_naive_reading(marks, closed, sent, gone, warned) -> None:
    policy = FEDERATION if warned else NATIONAL
    first = START if warned else date(2024, 9, 2)
    sessions = build(marks, closed, first)
    mondays = sorted({monday(one.day) for one in sessions})
    used = {sessions[n].session for n in gone if n < len(sessions)}
    posted = [first + timedelta(days=n) for n in sent]
    found = consider(
        sessions,
        mondays,
        [Warned("letter-3", day) for day in posted],
        born=BORN,
        today=first + timedelta(days=180),
        policy=policy,
        used=used,
    )
    assert {(one.kind, one.sessions) for one in found} == naive(sessions, mondays, posted, policy, used)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(cells(60), st.integers(-1, 100)), min_size=1, max_size=4), shut, st.booleans())
def test_the_sheet_agrees_with_the_single_pupil(rows, closed, warned) -> None:
    policy = FEDERATION if warned else NATIONAL
    first = START if warned else date(2024, 9, 2)
    days = [first + timedelta(days=n) for n in range(90)]
    columns = [(day, half) for day in days for half in HALVES]
    sheets = [build(marks, closed, first) for marks, _ in rows]
    mondays = sorted({monday(one.day) for one in sheets[0]})
    numbers = {week: n for n, week in enumerate(mondays)}
    grid = np.full((len(rows), len(columns)), ord("-"), np.uint8)
    within = np.zeros(grid.shape, bool)
    for n, sessions in enumerate(sheets):
        for one in sessions:
            at = columns.index(one.session)
            grid[n, at], within[n, at] = BYTE[one.code], True
    sent = [None if n < 0 else first + timedelta(days=n) for _, n in rows]
    since = np.array([NEVER if d is None else 2 * min((counted_from(d) - first).days, 90) for d in sent])
    since = np.where(since >= len(columns), NEVER, since)
    found = prompted(
        grid,
        lookups=[lookup(policy.edition, half) for _, half in columns],
        weeks=np.array([numbers.get(monday(day), -1) for day, _ in columns]),
        policy=policy,
        since=since if warned else None,
        within=within,
    )
    for n, sessions in enumerate(sheets):
        warnings = [Warned("letter-3", sent[n])] if sent[n] else []
        one = consider(sessions, mondays, warnings, born=BORN, today=first + timedelta(days=180), policy=policy)
        assert bool(found.to_consider[n]) == bool(one)
        if irregular := [prompt for prompt in one if prompt.kind == "irregular"]:
            assert found.unauthorised[n] == len(irregular[0].sessions)
            if warned:
                assert columns[found.reached[n]] == irregular[0].sessions[9].session
