"""Codes: both editions, one byte each, and the sentences with which an untrue one is refused."""

from datetime import date

import numpy as np
import pytest

from rollcall.rules import codes
from rollcall.rules.codes import (
    BYTE,
    EDITIONS,
    MISSING,
    NO_CODE,
    TEXT,
    WITH_GROUND,
    WITH_LEAVE,
    WITH_MINUTES,
    Circumstances,
    CodeRefused,
    Counts,
    UnknownCode,
    check,
    counts_by_byte,
    day_under,
    edition_on,
    find,
    table,
)

ORDINARY = {
    "half": "AM",
    "year_group": 3,
    "compulsory_age": True,
    "traveller": False,
    "on_roll": True,
    "planned_closure": False,
    "leave_granted": False,
}


def on(**changes: object) -> Circumstances:
    return Circumstances(**{**ORDINARY, **changes})  # type: ignore[arg-type]


@pytest.mark.policy("A1-a")
@pytest.mark.parametrize(
    ("edition", "counts", "expected"),
    [
        ("2006", Counts.ATTENDING, "/ \\ L"),
        ("2006", Counts.EDUCATIONAL, "V P W B J"),
        ("2006", Counts.AUTHORISED, "C E H I M R S T"),
        ("2006", Counts.UNAUTHORISED, "G N O U"),
        ("2006", Counts.NOT_POSSIBLE, "D X Y Z #"),
        ("2024", Counts.ATTENDING, "/ \\ L"),
        ("2024", Counts.EDUCATIONAL, "K V P W B"),
        ("2024", Counts.AUTHORISED, "C C1 C2 E I J1 M R S T"),
        ("2024", Counts.UNAUTHORISED, "G N O U"),
        ("2024", Counts.NOT_POSSIBLE, "D Q X Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z #"),
    ],
)
def test_each_code_counts_as_the_law_has_it(edition: str, counts: Counts, expected: str) -> None:
    assert [code.code for code in table(edition).values() if code.counts_as == counts] == expected.split()


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_code_says_what_it_means_when_and_by_what_source(edition: str) -> None:
    for code in table(edition).values():
        assert code.meaning and code.rule.endswith(".") and code.source, code


def test_the_edition_goes_by_the_day() -> None:
    assert edition_on(date(2024, 8, 18)) == "2006"
    assert edition_on(date(2024, 8, 19)) == "2024"


def test_dated_values_are_asked_for_a_day_on_which_the_edition_held() -> None:
    assert day_under("2006", date(2026, 1, 5)) == date(2024, 8, 18)
    assert day_under("2006", date(2020, 1, 6)) == date(2020, 1, 6)
    assert day_under("2024", date(2020, 1, 6)) == date(2024, 8, 19)


def test_every_code_of_either_edition_has_a_byte_of_its_own() -> None:
    assert set(BYTE) == {MISSING} | set(table("2006")) | set(table("2024"))
    assert len(set(BYTE.values())) == len(BYTE)
    for text, byte in BYTE.items():
        assert 33 <= byte <= 126 and chr(byte) not in ",'\"` "
        assert len(text) == 2 or byte == ord(text)
    two = {byte for text, byte in BYTE.items() if len(text) == 2}
    assert not two & {ord(text) for text in BYTE if len(text) == 1}


def test_a_code_has_the_same_byte_and_class_in_both_editions() -> None:
    for text in set(table("2006")) & set(table("2024")):
        assert table("2006")[text].byte == table("2024")[text].byte
        assert table("2006")[text].counts_as == table("2024")[text].counts_as


def test_bytes_read_back_as_the_text_they_stand_for() -> None:
    assert len(TEXT) == 256
    assert {byte: text for byte, text in enumerate(TEXT) if text} == {byte: text for text, byte in BYTE.items()}


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_array_by_byte_is_the_table(edition: str) -> None:
    counts = counts_by_byte(edition)
    assert counts.shape == (256,) and counts.dtype == np.uint8 and not counts.flags.writeable
    expected = {code.byte: int(code.counts_as) for code in table(edition).values()} | {45: 0}
    assert {byte: int(n) for byte, n in enumerate(counts) if n != NO_CODE} == expected


def test_possible_is_one_span_of_counts() -> None:
    possible = [counts for counts in Counts if Counts.ATTENDING <= counts <= Counts.UNAUTHORISED]
    assert [counts.label for counts in possible] == ["attending", "educational_activity", "authorised", "unauthorised"]
    assert (Counts.MISSING.label, Counts.NOT_POSSIBLE.label) == ("missing", "not_possible")


@pytest.mark.policy("A1-a")
@pytest.mark.parametrize(
    ("text", "edition", "sentence"),
    [
        ("F", "2006", "'F' is not an attendance code under the 2006 codes"),
        ("l", "2006", "'l' is not an attendance code"),
        ("", "2006", "'' is not an attendance code"),
        ("K", "2006", "Code K is one of the 2024 codes; this session is under those of 2006 (before 19 August 2024)"),
        ("H", "2024", "Code H is one of the 2006 codes; this session is under those of 2024 (from 19 August 2024)"),
        ("-", "2024", "'-' is no attendance code: it stands for a session without a mark"),
    ],
)
def test_an_unknown_code_is_named(text: str, edition: str, sentence: str) -> None:
    with pytest.raises(UnknownCode) as refused:
        find(text, edition)
    assert str(refused.value).startswith(sentence)


def test_an_unknown_edition_is_named() -> None:
    with pytest.raises(ValueError, match="There is no edition '1996'"):
        table("1996")


@pytest.mark.policy("A1-b")
@pytest.mark.parametrize(
    ("code", "refused_on", "allowed_on", "sentence"),
    [
        ("/", {"half": "PM"}, {"half": "AM"}, "is for mornings only; in the afternoon use \\"),
        ("\\", {"half": "AM"}, {"half": "PM"}, "is for afternoons only; in the morning use /"),
        ("S", {"year_group": 10}, {"year_group": 11}, "is for pupils in year 11 only"),
        ("T", {}, {"traveller": True}, "whose family is recorded as travelling"),
        ("X", {}, {"compulsory_age": False}, "not of compulsory school age on this day"),
        ("Z", {}, {"on_roll": False}, "before the pupil has joined the school"),
        ("#", {}, {"planned_closure": True}, "on which the school is closed as planned"),
        ("H", {}, {"leave_granted": True}, "needs leave that was granted before the absence"),
        ("C", {}, {"leave_granted": True}, "needs leave that was granted before the absence"),
    ],
)
def test_a_code_is_refused_where_it_cannot_be_true(
    code: str, refused_on: dict[str, object], allowed_on: dict[str, object], sentence: str
) -> None:
    with pytest.raises(CodeRefused) as refused:
        check(code, "2006", on(**refused_on))
    assert str(refused.value).startswith(f"Code {code} (") and sentence in str(refused.value)
    assert str(refused.value).endswith(".")
    check(code, "2006", on(**allowed_on))


@pytest.mark.parametrize("code", ["C1", "C2", "J1"])
def test_leave_under_the_2024_codes_is_granted_ahead(code: str) -> None:
    with pytest.raises(CodeRefused, match="needs leave"):
        check(code, "2024", on())
    check(code, "2024", on(leave_granted=True))


@pytest.mark.parametrize("edition", EDITIONS)
def test_other_codes_stand_in_ordinary_circumstances(edition: str) -> None:
    for code in table(edition).values():
        if not code.only:
            check(code.code, edition, on())


def test_every_circumstance_named_in_the_file_is_known() -> None:
    named = {code.only for edition in EDITIONS for code in table(edition).values()} - {""}
    assert named == set(codes._HOLDS) == set(codes._REFUSALS)


def test_a_code_of_another_edition_is_refused_before_its_circumstances() -> None:
    with pytest.raises(UnknownCode):
        check("H", "2024", on(leave_granted=True))


def test_what_goes_with_a_code_is_known_for_both_editions() -> None:
    assert {"L", "U"} == WITH_MINUTES
    assert {"K", "Y", "Y7"} == WITH_GROUND
    assert {"C", "C1", "C2", "H", "J1"} == WITH_LEAVE
    assert {edition: [c for c in table(edition) if codes.needs_ground(c, edition)] for edition in EDITIONS} == {
        "2006": ["Y"],
        "2024": ["K", "B", "Y7"],
    }
    assert not codes.needs_ground("-", "2024")
    assert {codes.LATE, codes.LATE_AFTER_CLOSING} == WITH_MINUTES
    assert [c.code for c in table("2006").values() if c.grounds] == ["Y"]


@pytest.mark.policy("A1-e")
@pytest.mark.parametrize(("text", "says"), [("/", False), ("//// 7", False), ("ab", False), ("", False), ("ice", True)])
def test_a_ground_is_words(text: str, says: bool) -> None:
    assert codes.says_ground(text) is says
