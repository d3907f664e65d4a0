"""What is left to pay for a notice on a day: the law's days and amounts, to the last midnight."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.penalties import (
    NoFurtherNotice,
    Payment,
    Standing,
    Superseded,
    check_edition,
    last_day,
    notice_terms,
    pounds,
    public_place_terms,
    received_by_post,
    standing,
    standing_words,
)

OLD = notice_terms("2006", date(2024, 5, 14))
NEW = notice_terms("2024", date(2024, 9, 2))
RECEIVED = date(2024, 4, 10)


@pytest.mark.policy("5.2-a")
def test_60_pounds_settle_it_up_to_midnight_of_day_21() -> None:
    day_21 = date(2024, 5, 1)
    assert last_day(RECEIVED, 21) == day_21
    for paid_on, state in ((day_21, "paid"), (day_21 + timedelta(days=1), "full")):
        now = standing(OLD, RECEIVED, [Payment(paid_on, 6000)], paid_on)
        assert now.state == state
    assert standing(OLD, RECEIVED, [], day_21).due == 6000
    assert standing(OLD, RECEIVED, [], day_21).days_left(day_21) == 0


@pytest.mark.policy("5.2-a")
def test_what_came_in_part_leaves_the_rest_and_after_day_21_the_rest_of_the_full_amount() -> None:
    part = [Payment(date(2024, 4, 20), 2500)]
    assert standing(OLD, RECEIVED, part, date(2024, 4, 20)).due == 3500
    later = standing(OLD, RECEIVED, part, date(2024, 5, 2))
    assert (later.state, later.due, later.until) == ("full", 9500, date(2024, 5, 8))
    assert standing_words(later, date(2024, 5, 2)) == "£95 due until Wednesday 8 May (6 days left), £25 paid in part"
    both = [*part, Payment(date(2024, 5, 8), 9500)]
    settled = standing(OLD, RECEIVED, both, date(2024, 5, 9))
    assert (settled.state, settled.settled_at, settled.settled_on) == ("paid", 12000, date(2024, 5, 8))


@pytest.mark.policy("5.2-d")
def test_after_day_28_it_is_unpaid_and_later_money_is_the_authoritys_question() -> None:
    after = date(2024, 5, 9)
    assert standing(OLD, RECEIVED, [], after).state == "unpaid"
    late = standing(OLD, RECEIVED, [Payment(after, 12000)], after)
    assert (late.state, late.late, late.due) == ("unpaid", 12000, 0)


@pytest.mark.policy("5.2-a")
def test_a_bank_holiday_is_a_day_like_any_other_but_no_day_of_the_post() -> None:
    assert last_day(date(2024, 4, 15), 21) == date(2024, 5, 6), "the early May bank holiday"
    assert standing(OLD, date(2024, 4, 15), [Payment(date(2024, 5, 6), 6000)], date(2024, 5, 6)).state == "paid"
    assert received_by_post(date(2024, 5, 2)) == date(2024, 5, 7), "Friday, then Tuesday after the bank holiday"


def test_the_second_notice_in_three_years_has_nothing_off_and_there_is_no_third() -> None:
    first = date(2024, 9, 2)
    assert (NEW.reduced, NEW.full) == (80, 160)
    second = notice_terms("2024", date(2026, 9, 1), [first])
    assert (second.reduced, second.full, second.full_days) == (None, 160, 28)
    assert standing(second, first, [], first).due == 16000
    with pytest.raises(NoFurtherNotice):
        notice_terms("2024", date(2026, 9, 1), [first, date(2025, 9, 1)])
    assert notice_terms("2024", date(2027, 9, 2), [first, date(2025, 9, 1)]) == notice_terms("2024", date(2027, 9, 2))


def test_another_acts_notice_keeps_its_amounts_under_both_editions() -> None:
    assert (public_place_terms(date(2025, 1, 7)).reduced, public_place_terms(date(2025, 1, 7)).full) == (60, 120)


def test_an_edition_that_is_not_in_force_is_refused() -> None:
    check_edition("2006", date(2024, 8, 18))
    with pytest.raises(Superseded, match="of 2024 is in force"):
        check_edition("2006", date(2024, 8, 19))


def test_before_receipt_nothing_runs() -> None:
    assert standing(OLD, None, [], date(2030, 1, 1)).state == "not received"
    assert standing(OLD, None, [Payment(date(2024, 4, 1), 6000)], date(2024, 4, 2)).state == "paid"


def test_pence_are_said_as_people_say_them() -> None:
    assert [pounds(6000), pounds(1250), pounds(123456)] == ["£60", "£12.50", "£1,234.56"]


def naive(payments: list[Payment], today: date) -> str:
    """Day by day with a running total."""
    total, day, state = 0, RECEIVED, "reduced"
    while day <= today:
        total += sum(one.pence for one in payments if one.day == day)
        n = (day - RECEIVED).days
        if state not in ("paid", "unpaid"):
            if n <= 21 and total >= 6000 or n <= 28 and total >= 12000:
                state = "paid"
            else:
                state = "reduced" if n <= 21 else "full" if n <= 28 else "unpaid"
        day += timedelta(days=1)
    return state


paid_days = st.integers(0, 35).map(lambda n: RECEIVED + timedelta(days=n))
payments = st.lists(st.builds(Payment, paid_days, st.sampled_from([1, 2000, 3000, 6000, 12000])), max_size=4)


@given(payments, st.integers(0, 40))
def test_it_agrees_with_counting_day_by_day(paid: list[Payment], n: int) -> None:
    today = RECEIVED + timedelta(days=n)
    found: Standing = standing(OLD, RECEIVED, paid, today)
    assert found.state == naive(paid, today)
    assert found.paid == sum(one.pence for one in paid if one.day <= today)
