"""The codes of an activity under each edition, and the mark that confirming it makes."""

import pytest

from rollcall.rules.activities import activity_codes, mark_of


@pytest.mark.policy("A1-b")
def test_the_codes_are_the_editions_own() -> None:
    assert set(activity_codes("2006")) == {"V", "P", "W", "B", "J", "D"}
    assert set(activity_codes("2024")) == {"K", "V", "P", "W", "B", "D"}


@pytest.mark.parametrize(
    ("standing", "there", "mark"),
    [("-", True, "V"), ("N", True, "V"), ("V", True, None), ("/", True, "V"),
     ("-", False, "N"), ("V", False, "N"), ("P", False, None), ("N", False, None), ("/", False, None),
     ("I", False, None)],
)  # fmt: skip
def test_who_is_there_has_the_code_and_who_is_not_is_looked_for(standing: str, there: bool, mark: str | None) -> None:
    assert mark_of(standing, "V", there=there) == mark
