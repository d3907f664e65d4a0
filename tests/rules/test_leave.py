"""Leave in days and codes: runs of the same answer cover every day once, and only codes of the edition are offered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules import leave
from rollcall.rules.codes import table

ASKED = date(2024, 5, 13)
ANSWERS = st.dictionaries(
    st.integers(0, 60).map(lambda n: ASKED + timedelta(days=n)), st.sampled_from(["", "C", "H"]), min_size=1
)


@given(ANSWERS)
def test_every_day_lies_in_one_span_with_its_own_answer(answers: dict[date, str]) -> None:
    spans = leave.spans_of(answers)
    for day, code in answers.items():
        assert [span.code for span in spans if span.first <= day <= span.last] == [code]


@given(ANSWERS)
def test_spans_follow_one_another_and_change_at_each_border(answers: dict[date, str]) -> None:
    spans = leave.spans_of(answers)
    assert all(span.first in answers and span.last in answers and span.first <= span.last for span in spans)
    for one, other in zip(spans, spans[1:], strict=False):
        assert one.last < other.first and one.code != other.code
    assert (spans[0].first, spans[-1].last) == (min(answers), max(answers))


@given(ANSWERS)
def test_the_outcome_is_that_of_its_days(answers: dict[date, str]) -> None:
    granted = [bool(code) for code in answers.values()]
    expected = "granted" if all(granted) else "partly" if any(granted) else "refused"
    assert leave.outcome_of(leave.spans_of(answers)) == expected


@pytest.mark.policy("5.1-b")
@pytest.mark.parametrize(("asked", "days", "late"), [(date(2024, 5, 1), 14, False), (date(2024, 5, 2), 13, True)])
def test_notice_is_counted_in_whole_days(asked: date, days: int, late: bool) -> None:
    notice = leave.notice_days(asked, date(2024, 5, 15))
    assert (notice, leave.is_late(notice, 14)) == (days, late)


@pytest.mark.policy("A1-d")
def test_only_codes_of_the_edition_are_offered() -> None:
    assert leave.grantable("2006", "holiday", "") == ("H", "C")
    assert leave.grantable("2006", "wedding", "") == ("C",)
    assert leave.grantable("2024", "holiday", "") == ("C", "C1", "J1")
    assert leave.grantable("2006", "religious", "R")[0] == "R"
    assert leave.grantable("2024", "traveller", "T")[0] == "T"
    for edition in ("2006", "2024"):
        assert set(leave.grantable(edition, "holiday", "")) <= set(table(edition))


@pytest.mark.policy("5.1-c")
def test_a_refused_holiday_is_g_and_anything_else_o() -> None:
    assert leave.refused_code("2006", "holiday") == leave.refused_code("2024", "holiday") == "G"
    assert leave.refused_code("2006", "wedding") == "O"


@given(st.integers(0, 380), st.integers(0, 380), st.integers(0, 60), st.integers(0, 60))
def test_a_leave_costs_its_own_sessions_and_no_other(attended: int, more: int, cost: int, rest: int) -> None:
    possible = attended + more
    after = leave.figure_after(attended, possible, cost + rest, cost)
    assert after == (attended + rest, possible + cost + rest)


def test_a_leave_longer_than_what_lies_ahead_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        leave.figure_after(10, 10, 3, 4)


SCHOOL_DAYS = [date(2024, 5, 13) + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 21, 22, 23, 24, 25, 28)]


@pytest.mark.policy("5.1-a")
def test_leave_beside_a_school_holiday_is_tacked_on() -> None:
    assert leave.is_tacked_on(date(2024, 5, 23), date(2024, 5, 24), SCHOOL_DAYS)  # half-term follows
    assert leave.is_tacked_on(date(2024, 6, 3), date(2024, 6, 3), SCHOOL_DAYS)
    assert not leave.is_tacked_on(date(2024, 5, 17), date(2024, 5, 20), SCHOOL_DAYS)  # a weekend between


@pytest.mark.policy("5.1-a")
def test_it_warns_of_holidays_length_and_lateness_in_sentences() -> None:
    usual = {"most_days": 2, "holidays_attached": False, "tacked_on": False, "late_by": 0}
    assert leave.cautions(reason="wedding", n_days=2, **usual) == ()
    (holiday,) = leave.cautions(reason="holiday", n_days=2, **usual)
    assert "a holiday is refused" in holiday
    tacked, long, late = leave.cautions(reason="wedding", n_days=5, **{**usual, "tacked_on": True, "late_by": 1})
    assert "beside a school holiday" in tacked and "5 school days" in long and "1 day later" in late


def test_days_that_cannot_be_are_refused_with_a_sentence() -> None:
    for first, last, asked, sentence in (
        (date(2024, 6, 4), date(2024, 6, 3), ASKED, "before the first"),
        (date(2024, 6, 3), date(2025, 6, 30), ASKED, "more than a year"),
        (date(2024, 6, 3), date(2024, 6, 3), date(2024, 5, 14), "still to come"),
    ):
        with pytest.raises(ValueError, match=sentence):
            leave.check_days(first, last, asked, ASKED)


def test_who_may_ask_is_the_parent_with_whom_the_pupil_lives() -> None:
    assert leave.why_not_asker(barred=False, lives_with=True, responsible=True) == ""
    assert "normally live" in leave.why_not_asker(barred=False, lives_with=False, responsible=True)
    assert "responsibility" in leave.why_not_asker(barred=False, lives_with=True, responsible=False)
    assert "do not tell" in leave.why_not_asker(barred=True, lives_with=True, responsible=True)
