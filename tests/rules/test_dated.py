"""Dated values: the one in force on a day, with its source; a missing one names itself and the day."""

from datetime import date

import pytest

from rollcall.rules.dated import Dated, NotInForce, Series, law, series

FEE = Series("fee", (Dated(60, date(2013, 9, 1), "an order"), Dated(80, date(2024, 8, 19), "another", sure=False)))


def test_a_value_holds_from_its_day_to_the_eve_of_the_next() -> None:
    assert FEE.value(date(2013, 9, 1)) == FEE.value(date(2024, 8, 18)) == 60
    assert FEE.on(date(2024, 8, 19)) == Dated(80, date(2024, 8, 19), "another", sure=False)


def test_before_the_first_it_names_itself_and_the_day() -> None:
    with pytest.raises(NotInForce) as refused:
        FEE.value(date(2013, 8, 31))
    assert str(refused.value) == "No value of fee is known for 31 August 2013; the first begins on 1 September 2013."


def test_nothing_known_is_said_as_well() -> None:
    with pytest.raises(NotInForce, match="No value of fee is known for 1 May 2025."):
        Series("fee", ()).value(date(2025, 5, 1))


def test_values_out_of_order_or_on_one_day_are_refused() -> None:
    for days in [(date(2024, 1, 1), date(2023, 1, 1)), (date(2024, 1, 1), date(2024, 1, 1))]:
        with pytest.raises(ValueError, match="not in the order of their days"):
            Series("fee", tuple(Dated(1, day, "") for day in days))


def test_a_row_without_its_source_is_refused() -> None:
    with pytest.raises(ValueError, match="A value of fee lacks source"):
        series("fee", [{"value": 1, "from": date(2024, 1, 1)}])


def test_a_name_that_the_law_has_not_is_said() -> None:
    with pytest.raises(NotInForce, match="The law's file retention.toml has no value named fee"):
        law("retention", "fee")
