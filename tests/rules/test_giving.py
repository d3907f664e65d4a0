"""Which codes a register may be given: seen, recorded or decided; what the table says of each (4.2-c, 4.5-b)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.codes import COUNTS, DECISIONS, EDITIONS, Counts, table
from rollcall.rules.giving import Footing, Giver, why_not, why_not_late, withheld

TEACHER, OFFICE, AMENDS = Giver(False, False), Giver(True, False), Giver(True, True)
CODES = sorted({code for edition in EDITIONS for code in table(edition)})
GIVERS = st.sampled_from([TEACHER, OFFICE, AMENDS])


@pytest.mark.policy("A1-d")
@pytest.mark.parametrize("edition", EDITIONS)
def test_decisions_are_the_unauthorised_codes_but_those_that_a_register_gives(edition: str) -> None:
    unauthorised = {code for code, one in table(edition).items() if one.counts_as is Counts.UNAUTHORISED}
    assert unauthorised - DECISIONS == {"N", "U"}
    assert unauthorised >= DECISIONS
    assert {one.rests_on for one in table(edition).values()} == {"", "record", "decision"}


@pytest.mark.policy("4.5-b")
def test_the_sentence_says_what_to_do_and_whom_to_ask() -> None:
    assert withheld("E", "2006", TEACHER) == (
        "E (Suspended or permanently excluded) rests on what the office has recorded: mark N, and tell the office what "
        "you know."
    )
    assert "is decided by the head of school" in withheld("O", "2024", TEACHER)
    assert "is not given in a register" in withheld("O", "2024", OFFICE)
    assert withheld("O", "2024", AMENDS) == withheld("E", "2006", OFFICE) == withheld("I", "2006", TEACHER) == ""
    assert withheld("Q", "2006", TEACHER) == "", "no code of that edition: `codes.check` says so"


@pytest.mark.policy("4.2-c")
@given(
    code=st.sampled_from(sorted(DECISIONS)), edition=st.sampled_from(EDITIONS), giver=GIVERS,
    standing=st.sampled_from(["-", *CODES]), expected=st.sampled_from(["", *CODES]),
    recorded=st.frozensets(st.sampled_from(CODES)), in_question=st.booleans(),
)  # fmt: skip
def test_nothing_authorised_or_in_question_turns_unauthorised(
    code: str, edition: str, giver: Giver, standing: str, expected: str, recorded: frozenset[str], in_question: bool
) -> None:
    why = why_not(code, edition, giver, Footing(standing, expected, recorded, in_question))
    authorised = Counts.AUTHORISED in (COUNTS.get(standing), COUNTS.get(expected))
    if in_question or authorised:
        assert "once the parents have been told" in why
    elif code in recorded:
        assert why == ""
    else:
        assert (why == "") == (giver == AMENDS and standing in DECISIONS)


@pytest.mark.policy("4.4-b")
def test_u_is_late_after_closing() -> None:
    assert why_not_late("L", None, closed=False, closes="9.15") == ""
    assert "open until 9.15" in why_not_late("U", 40, closed=False, closes="9.15")
    assert "give the minutes late" in why_not_late("U", None, closed=True, closes="9.15")
    assert why_not_late("U", 40, closed=True, closes="9.15") == ""
