"""Two addresses as they were typed, and whether a letter to the one is read at the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.places import door_of, same_door

HOME = "12 High Street\nHamsey\nBN8 5TL"


@pytest.mark.policy("4.5-a")
@pytest.mark.parametrize(
    "typed",
    [
        "12 High Street, Hamsey, BN8 5TL",
        "12, high st.\nHamsey bn85tl",
        "No. 12 High St, Lewes",
        "12 HIGH STREET\r\nHamsey\r\nBN8  5TL",
        "12 High Street",
    ],
)
def test_the_same_door_in_other_words(typed: str) -> None:
    assert same_door(HOME, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "13 High Street\nHamsey\nBN8 5TL",
        "12 High Street\nBrighton\nBN1 1AA",
        "12 Mill Lane\nBN8 5TL",
        "",
        "BN8 5TL",
        "12",
    ],
)
def test_another_door(typed: str) -> None:
    assert not same_door(HOME, typed)


def test_flats_of_one_house_are_doors_of_their_own() -> None:
    assert same_door("Flat 2\n12 High Street\nBN8 5TL", "Apt 2, 12 High St, BN8 5TL")
    assert not same_door("Flat 2\n12 High Street\nBN8 5TL", "Flat 3, 12 High Street, BN8 5TL")
    assert same_door("Flat 2 12 High Street BN8 5TL", "Flat 2, 12 High Street, BN8 5TL")


_TEXT = st.text(max_size=60)
_ADDRESS = st.builds(
    lambda n, street, town, code: f"{n} {street}\n{town}\n{code}",
    st.integers(1, 400),
    st.sampled_from(["High Street", "Mill Lane", "St Peter's Close", "Caf\u00e9 Row"]),
    st.sampled_from(["Hamsey", "Lewes"]),
    st.sampled_from(["BN8 5TL", "BN7 1AA", "E1W 3SS"]),
)


@given(_TEXT, _TEXT)
def test_any_two_texts_have_one_answer_from_both_sides(one: str, other: str) -> None:
    assert same_door(one, other) == same_door(other, one)


@given(_TEXT)
def test_what_says_something_is_its_own_door_and_what_says_nothing_is_none(text: str) -> None:
    assert same_door(text, text) == bool(door_of(text).line)


@given(_ADDRESS, st.sampled_from([str.upper, str.lower, str.title]), st.sampled_from([", ", "\r\n", " ;\n "]))
def test_case_commas_and_spaces_make_no_difference(address: str, case, between: str) -> None:
    assert same_door(address, case(address).replace("\n", between).replace("5TL", " 5tl "))


@given(_ADDRESS, _ADDRESS)
def test_two_whole_addresses_are_one_door_only_by_street_and_postcode(one: str, other: str) -> None:
    lines, others = one.split("\n"), other.split("\n")
    assert same_door(one, other) == ((lines[0], lines[2]) == (others[0], others[2]))
