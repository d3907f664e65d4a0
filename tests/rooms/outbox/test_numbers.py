"""Mobile numbers as families write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.outbox.numbers import NotMobile, mobile


@pytest.mark.parametrize(
    "written",
    ["07700 900123", "07700900123", "+44 7700 900123", "+44 (0)7700 900123", "0044 7700 900 123", "(07700) 900-123"],
)
def test_a_mobile_is_known_however_it_is_written(written: str) -> None:
    assert mobile(written) == "+447700900123"


def test_the_isle_of_man_has_mobiles_among_the_pagers() -> None:
    assert mobile("07624 400123") == "+447624400123"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "mum",
        "01273 555012",
        "07700 90012",
        "07700 9001234",
        "070 1234 5678",
        "07625 400123",
        "0770O 900123",
    ],
)
def test_what_is_no_mobile_is_refused(written: str) -> None:
    with pytest.raises(NotMobile, match="British mobile"):
        mobile(written)


def test_a_number_abroad_is_named_as_one() -> None:
    with pytest.raises(NotMobile, match="abroad"):
        mobile("+353 86 123 4567")


@given(st.from_regex(r"07[1-5789][0-9]{8}", fullmatch=True), st.lists(st.integers(1, 11), max_size=4))
def test_spaces_anywhere_change_nothing(number: str, places: list[int]) -> None:
    written = "".join(f"{' ' if n in places else ''}{digit}" for n, digit in enumerate(number))
    assert mobile(written) == "+44" + number[1:]


@given(st.text(max_size=20))
def test_anything_else_is_refused_in_a_sentence(written: str) -> None:
    try:
        assert mobile(written).startswith("+447")
    except NotMobile as error:
        assert str(error).endswith(".")
