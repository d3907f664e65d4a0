"""The law's files: every value with its day and source; penalties, retention and school age as they were on a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.dated import NotInForce, law
from rollcall.rules.law import read_law
from rollcall.rules.penalties import NoFurtherNotice, NoticeTerms, counted_notices, notice_terms
from rollcall.rules.school_age import birthday, compulsory_age, compulsory_from, compulsory_until

FILES = ("absence", "exclusions", "penalties", "retention", "school_age")
EVE, NEW = date(2024, 8, 18), date(2024, 8, 19)


def terms(notice: NoticeTerms) -> tuple[int | None, int | None, int, int]:
    return notice.reduced, notice.reduced_days, notice.full, notice.full_days


@pytest.mark.parametrize("file", FILES)
def test_every_value_can_be_read_and_says_where_it_is_from(file: str) -> None:
    for key in read_law(file):
        for step in law(file, key).steps:
            assert step.source, (file, key)
            assert step.sure or "recalled" in step.source, (file, key)
            assert not step.source.startswith("recalled") or not step.sure, (file, key)


@pytest.mark.policy("5.2-a")
def test_a_notice_under_the_2006_edition() -> None:
    assert terms(notice_terms("2006", EVE)) == (60, 21, 120, 28)


def test_an_older_policy_keeps_its_amounts_and_counts_no_notices() -> None:
    earlier = [date(2025, 1, 6), date(2025, 3, 3), date(2025, 6, 2)]
    assert terms(notice_terms("2006", date(2026, 1, 5), earlier)) == (60, 21, 120, 28)


def test_the_national_framework_goes_up_and_then_ends() -> None:
    first, second = date(2025, 1, 6), date(2025, 6, 2)
    assert terms(notice_terms("2024", first)) == (80, 21, 160, 28)
    assert terms(notice_terms("2024", second, [first])) == (None, None, 160, 28)
    with pytest.raises(NoFurtherNotice, match="consider another step"):
        notice_terms("2024", date(2025, 9, 8), [second, first])


def test_the_three_years_run_from_the_first_notice() -> None:
    first, second = date(2025, 1, 6), date(2027, 12, 6)
    assert counted_notices("2024", date(2028, 1, 5), [first, second]) == [first, second]
    assert counted_notices("2024", date(2028, 1, 6), [first, second]) == []
    assert terms(notice_terms("2024", date(2028, 1, 6), [first, second])) == (80, 21, 160, 28)


def test_notices_of_the_older_scheme_are_not_counted() -> None:
    assert terms(notice_terms("2024", date(2024, 9, 9), [date(2024, 5, 6)])) == (80, 21, 160, 28)


def test_before_any_amount_is_known_it_says_so() -> None:
    with pytest.raises(NotInForce, match="penalties.first_notice is known for 1 May 2012"):
        notice_terms("2006", date(2012, 5, 1))


@pytest.mark.policy("4.1-e")
def test_entries_are_kept_three_years_and_since_the_new_regulations_six() -> None:
    years = law("retention", "register_entry_years")
    assert (years.value(EVE), years.value(NEW)) == (3, 6)


def test_the_other_periods() -> None:
    assert law("absence", "no_reason_days").on(EVE).sure is False
    assert law("absence", "no_reason_days").on(NEW).value == 5
    assert law("absence", "unauthorised_return_days").value(EVE) == 10
    assert law("absence", "persistent").value(NEW) == {"absent": 1, "possible": 10}
    assert law("absence", "severe").value(NEW) == {"absent": 1, "possible": 2}
    assert law("penalties", "threshold_sessions").value(NEW) == 10
    with pytest.raises(NotInForce):
        law("penalties", "threshold_sessions").value(EVE)


@pytest.mark.parametrize(
    ("born", "first"),
    [
        (date(2019, 2, 10), date(2024, 3, 31)),
        (date(2019, 3, 31), date(2024, 3, 31)),
        (date(2019, 4, 1), date(2024, 8, 31)),
        (date(2019, 8, 31), date(2024, 8, 31)),
        (date(2019, 9, 1), date(2024, 12, 31)),
        (date(2018, 12, 31), date(2023, 12, 31)),
        (date(2020, 2, 29), date(2025, 3, 31)),
    ],
)
def test_compulsory_age_begins_on_the_prescribed_day(born: date, first: date) -> None:
    assert compulsory_from(born) == first
    assert not compulsory_age(born, date.fromordinal(first.toordinal() - 1))
    assert compulsory_age(born, first)


@pytest.mark.parametrize(
    ("born", "last"),
    [
        (date(2007, 9, 23), date(2024, 6, 28)),
        (date(2007, 9, 1), date(2024, 6, 28)),
        (date(2008, 8, 31), date(2024, 6, 28)),
        (date(2008, 9, 1), date(2025, 6, 27)),
        (date(2009, 1, 2), date(2025, 6, 27)),
    ],
)
def test_compulsory_age_ends_on_the_last_friday_in_june(born: date, last: date) -> None:
    assert compulsory_until(born) == last
    assert compulsory_age(born, last)
    assert not compulsory_age(born, date.fromordinal(last.toordinal() + 1))


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_compulsory_age_is_one_span_of_about_eleven_years(born: date) -> None:
    first, last = compulsory_from(born), compulsory_until(born)
    assert birthday(born, 5) <= first and (first.month, first.day) in {(3, 31), (8, 31), (12, 31)}
    assert last.weekday() == 4 and last.month == 6 and last.day >= 24
    assert 10 <= last.year - first.year <= 12
