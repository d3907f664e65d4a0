"""The day's list from the policy and a school's own times: what is due, what is late, and from when."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.day_list import AFTERNOON, CALLS, REGISTERS, REPORT, day_list, times_of_day
from rollcall.rules.policy import load

FEDERATION, NATIONAL = load("federation"), load("national")
OWN = st.sampled_from(["gate", "morning_opens", "morning_closes", "afternoon_opens", "friendly_call"])


def lines(policy=FEDERATION, school="hamsey", **own: time) -> dict:
    return {line.id: line for line in day_list(policy, times_of_day(policy, school, own))}


@pytest.mark.policy("A6-a")
def test_the_list_is_the_appendix_with_the_afternoons_register_in_its_place() -> None:
    found = lines()
    assert list(found) == [
        "gate", "bell", "late-slips", "registers", "close", "absentee-report", "calls", AFTERNOON, "friendly-call"
    ]  # fmt: skip
    assert [line.at for line in found.values()] == [
        time(8, 40), time(8, 40), time(8, 40), time(9), time(9, 15), time(9, 15), time(9, 30), time(13), time(15, 30)
    ]  # fmt: skip
    assert found["gate"].owners == ("Head of school",)
    assert not found["bell"].is_seen
    assert found[CALLS].is_seen


@pytest.mark.policy("4.1-f")
def test_each_school_has_its_own_times_and_those_it_keeps_for_itself_win() -> None:
    assert lines(school="barcombe")["gate"].at == time(8, 45)
    assert lines(school="hamsey", gate=time(8, 50))["gate"].at == time(8, 50)
    assert lines(school="a-school-that-the-policy-names-not")["registers"].at == time(9)
    assert "gate" not in lines(school="a-school-that-the-policy-names-not")
    assert list(lines(NATIONAL, "any"))[0] == "gate"


def test_what_is_due_turns_late() -> None:
    found = lines()
    registers, report, calls = found[REGISTERS], found[REPORT], found[CALLS]
    assert [registers.state(time(*at), False) for at in ((8, 59), (9, 0), (9, 14), (9, 15))] == [
        "ahead", "due", "due", "late"
    ]  # fmt: skip
    assert report.state(time(9, 15), False) == "due"
    assert report.state(time(9, 16), False) == "late"
    assert calls.state(time(9, 59), False) == "due"
    assert calls.state(time(10, 0), False) == "late"
    assert found["gate"].state(time(9, 0), False) == "late"
    assert found["gate"].state(time(8, 0), True) == "done"


@given(st.dictionaries(OWN, st.times().map(lambda t: t.replace(second=0, microsecond=0, tzinfo=None))), st.times())
def test_no_line_is_late_before_it_is_due_whatever_times_a_school_has(own: dict, clock: time) -> None:
    found = day_list(FEDERATION, times_of_day(FEDERATION, "plumpton", own))
    assert [line.at for line in found] == sorted(line.at for line in found)
    for line in found:
        assert line.at <= line.late_at
        assert line.state(clock, True) == "done"
        assert (line.state(clock, False) == "ahead") == (clock < line.at)
