"""Numbers that name pupils, schools and authorities: form and check letter, never a list that grows old."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.identifiers import (
    UPN_LETTERS,
    BadIdentifier,
    check_authority,
    check_establishment,
    check_school_number,
    check_upn,
    check_urn,
    is_temporary_upn,
    upn_letter,
)


def test_the_worked_check_letters() -> None:
    assert upn_letter("207000016049") == "P"
    assert check_upn("B801200005001") == "B801200005001"
    assert check_upn(" b8012 0000 5001 ") == "B801200005001"


@pytest.mark.parametrize("authority", ["838", "839", "940", "941", "001", "660", "845"])
def test_no_authority_is_refused(authority: str) -> None:
    rest = f"{authority}400012345"
    assert check_upn(upn_letter(rest) + rest) == upn_letter(rest) + rest


def test_a_temporary_number_ends_in_a_letter() -> None:
    rest = "84540002501X"
    upn = check_upn(upn_letter(rest) + rest)
    assert is_temporary_upn(upn) and not is_temporary_upn("B801200005001")


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_one_mistyped_digit_is_found(rest: str, place: int, step: int) -> None:
    upn = upn_letter(rest) + rest
    wrong = upn[: place + 1] + str((int(upn[place + 1]) + step) % 10) + upn[place + 2 :]
    with pytest.raises(BadIdentifier, match="does not agree with its check letter"):
        check_upn(wrong)


@pytest.mark.parametrize(
    "text", ["", "B80120000500", "B8012000050011", "I801200005001", "B80120000500S", "Ｂ801200005001"]
)
def test_what_has_not_the_form_is_refused(text: str) -> None:
    with pytest.raises(BadIdentifier, match="is not a UPN"):
        check_upn(text)


def test_the_letters_leave_out_those_that_look_like_figures() -> None:
    assert len(UPN_LETTERS) == 23 and not set("IOS") & set(UPN_LETTERS)


def test_numbers_of_schools_and_authorities() -> None:
    assert check_urn(" 114433 ") == "114433"
    assert check_authority("845") == "845"
    assert check_establishment("0123") == "0123"
    for text in ("845/4000", "845-4000", "8454000"):
        assert check_school_number(text) == ("845", "4000")


@pytest.mark.parametrize(
    ("check", "text", "sentence"),
    [
        (check_urn, "014433", "'014433' is not a school's URN, which has six digits"),
        (check_urn, "１１４４３３", "which has six digits"),
        (check_authority, "84", "is not a local authority's number"),
        (check_establishment, "40000", "is not an establishment number"),
        (check_school_number, "845 4000", "is not a school's number, such as 845/4000"),
    ],
)
def test_wrong_numbers_are_named(check: object, text: str, sentence: str) -> None:
    with pytest.raises(BadIdentifier, match=sentence):
        check(text)  # type: ignore[operator]
