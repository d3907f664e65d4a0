"""The mark that stands: the last entry's, an original always kept, the ledger as it was at any moment."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.ledger import Entry, Mark, settle

NINE = datetime(2025, 9, 8, 9, 0, tzinfo=UTC)


def entry(number: int, code: str, *, minutes: int | None = None, reason: str = "") -> Entry:
    return Entry(number, code, minutes, NINE + timedelta(minutes=number), "Mrs Ash", "class teacher", reason)


FIRST = entry(4, "N")
THEN = entry(9, "L", minutes=20, reason="came late")
CLEARED = entry(12, "-", reason="wrong pupil")


def test_without_an_entry_the_session_is_missing() -> None:
    assert settle([]) == Mark("-", None, ())
    assert settle([]).is_missing and settle([]).original is None


@pytest.mark.policy("4.1-e")
def test_the_last_entry_stands_and_the_original_stays_visible() -> None:
    mark = settle([THEN, FIRST])
    assert (mark.code, mark.minutes_late, mark.history) == ("L", 20, (FIRST, THEN))
    assert mark.original == FIRST and mark.is_amended
    assert not settle([FIRST]).is_amended


def test_an_entry_of_a_dash_clears_the_mark_and_keeps_its_history() -> None:
    mark = settle([FIRST, THEN, CLEARED])
    assert (mark.code, mark.minutes_late, mark.is_missing) == ("-", None, True)
    assert mark.history == (FIRST, THEN, CLEARED) and mark.is_amended
    assert settle([*mark.history, entry(15, "/")]).code == "/"


def test_clearing_what_never_stood_is_no_amendment() -> None:
    mark = settle([CLEARED, entry(13, "/")])
    assert not mark.is_amended
    assert mark.original == entry(13, "/")


def test_it_reads_the_ledger_as_it_was_after_an_entry_or_at_a_moment() -> None:
    entries = [FIRST, THEN, CLEARED]
    assert settle(entries, 3).is_missing
    assert settle(entries, 4).code == settle(entries, 8).code == "N"
    assert settle(entries, FIRST.at).code == "N"
    assert settle(entries, THEN.at).code == "L"
    assert settle(entries, THEN.at - timedelta(seconds=1)).code == "N"


def test_two_entries_under_one_number_are_damage() -> None:
    with pytest.raises(ValueError, match="carry the number 4; the ledger is damaged"):
        settle([FIRST, entry(4, "O")])


@given(st.permutations([FIRST, THEN, CLEARED, entry(20, "M")]), st.integers(0, 25))
def test_the_order_in_which_entries_arrive_does_not_matter(entries: list[Entry], number: int) -> None:
    assert settle(entries, number) == settle(sorted(entries, key=lambda e: e.number), number)
