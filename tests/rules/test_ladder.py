"""The ladder: when each step is due, who is called next, and when all were tried in vain (4.5-a)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cast import moment

from rollcall.rules.ladder import Adult, Attempt, Ladder, Times, ladder, next_call
from rollcall.rules.policy import load

GREEN, RED = Times(15, 45, 75), Times(0, 15, 30)
MUM, DAD, GRAN = Adult(1, ("07700 900001",)), Adult(2, ("07700 900002", "01273 555002")), Adult(3, ("01273 555003",))
BARRED = Adult(9, ("07700 900009",), barred=True)
SUMMER_TIME = datetime(2024, 3, 31).date()


def climb(times: Times, at: datetime, attempts: list[Attempt] | None = None, told: datetime | None = None) -> Ladder:
    return ladder(
        times,
        began=moment(9, 15),
        calls_from=moment(9, 30),
        adults=[BARRED, MUM, DAD],
        attempts=attempts or [],
        told_at=told,
        at=at,
    )


def tried(adult: Adult, outcome: str, minute: int, number: int = 0) -> Attempt:
    return Attempt(adult.link, adult.numbers[number], outcome, moment(9, minute))  # type: ignore[arg-type]


def states(found: Ladder) -> list[str]:
    return [step.state for step in found.steps]


@pytest.mark.policy("4.5-a")
def test_a_child_at_red_risk_does_not_wait_for_half_past_nine() -> None:
    assert climb(RED, moment(9, 15)).is_open
    assert not climb(GREEN, moment(9, 29)).is_open
    assert climb(GREEN, moment(9, 30)).is_open


def test_steps_turn_from_ahead_to_due_to_overdue_by_the_clock_alone() -> None:
    assert states(climb(GREEN, moment(9, 20))) == ["ahead", "ahead", "ahead"]
    assert states(climb(GREEN, moment(9, 30))) == ["due", "due", "ahead"]
    assert states(climb(GREEN, moment(9, 31))) == ["overdue", "due", "ahead"]
    assert states(climb(GREEN, moment(10, 30))) == ["overdue", "overdue", "due"]
    assert states(climb(GREEN, moment(10, 31))) == ["overdue", "overdue", "overdue"]


def test_the_steps_that_were_taken_are_done() -> None:
    calls = [tried(MUM, "no_answer", 31), tried(DAD, "message", 34)]
    found = climb(GREEN, moment(9, 40), calls)
    assert states(found) == ["done", "done", "ahead"]
    assert found.steps[1].done_at == moment(9, 34)
    assert found.in_vain
    assert found.next_step is not None and found.next_step.due_at == moment(10, 30)
    assert states(climb(GREEN, moment(9, 40), calls, told=moment(9, 35))) == ["done", "done", "done"]


@pytest.mark.policy("4.5-a")
def test_a_barred_contact_is_never_next_and_never_waited_for() -> None:
    assert climb(GREEN, moment(9, 30)).next_call == (MUM.link, MUM.numbers[0])
    calls = [tried(MUM, "no_answer", 31), tried(DAD, "no_answer", 32)]
    assert climb(GREEN, moment(9, 33), calls).in_vain


def test_a_message_left_is_not_somebody_reached() -> None:
    assert climb(GREEN, moment(9, 40), [tried(MUM, "message", 31), tried(DAD, "message", 32)]).in_vain
    reached = climb(GREEN, moment(9, 40), [tried(MUM, "message", 31), tried(DAD, "reached", 32)])
    assert reached.reached
    assert not reached.in_vain


def test_a_wrong_number_leads_to_the_same_contacts_next_one() -> None:
    calls = [tried(MUM, "no_answer", 31), tried(DAD, "wrong_number", 32)]
    found = climb(GREEN, moment(9, 33), calls)
    assert not found.in_vain
    assert found.next_call == (DAD.link, DAD.numbers[1])
    calls.append(tried(DAD, "wrong_number", 34, number=1))
    found = climb(GREEN, moment(9, 35), calls)
    assert found.in_vain
    assert found.next_call == (MUM.link, MUM.numbers[0])


def test_everybody_is_called_once_before_anybodys_second_number() -> None:
    adults = [DAD, GRAN]
    assert next_call(adults, [tried(DAD, "no_answer", 31)]) == (GRAN.link, GRAN.numbers[0])
    calls = [tried(DAD, "no_answer", 31), tried(GRAN, "no_answer", 32)]
    assert next_call(adults, calls) == (DAD.link, DAD.numbers[1])


def test_where_nobody_may_be_called_it_is_in_vain_at_once() -> None:
    found = ladder(
        GREEN, began=moment(9, 15), calls_from=None, adults=[BARRED], attempts=[], told_at=None, at=moment(9, 16)
    )
    assert found.in_vain
    assert found.next_call is None


def test_the_minutes_run_on_the_day_the_clocks_change() -> None:
    began = moment(9, 15, SUMMER_TIME)
    found = ladder(
        RED, began=began, calls_from=None, adults=[MUM], attempts=[], told_at=None, at=moment(9, 45, SUMMER_TIME)
    )
    assert found.minutes == 30
    assert found.steps[2].due_at == moment(9, 45, SUMMER_TIME)


def test_the_policys_times_follow_each_other() -> None:
    for name in ("federation", "national"):
        for one in load(name).risk:
            assert one.first_call_after_minutes <= one.all_contacts_after_minutes <= one.dsl_told_after_minutes


ADULTS = st.lists(
    st.builds(
        Adult,
        link=st.integers(1, 4),
        numbers=st.lists(st.sampled_from("abcdef"), max_size=3, unique=True).map(tuple),
        barred=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda adult: adult.link,
)
OUTCOMES = st.sampled_from(["no_answer", "message", "wrong_number"])


@settings(deadline=None)
@given(adults=ADULTS, outcomes=st.lists(OUTCOMES, min_size=40, max_size=40))
def test_calling_whoever_is_next_comes_to_an_end_with_everybody_tried(adults: list[Adult], outcomes: list[str]) -> None:
    """However calls end, no barred adult is called, no wrong number again, and all are tried before it is in vain."""
    calls: list[Attempt] = []
    numbers = {number for adult in adults if not adult.barred for number in adult.numbers}
    barred_only = {number for adult in adults if adult.barred for number in adult.numbers} - numbers
    for n, outcome in enumerate(outcomes):
        found = ladder(
            GREEN,
            began=moment(9, 15),
            calls_from=None,
            adults=adults,
            attempts=calls,
            told_at=None,
            at=moment(9, 30) + timedelta(minutes=n),
        )
        tried_numbers = {call.number for call in calls}
        wrong = {call.number for call in calls if call.outcome == "wrong_number"}
        for adult in adults:
            if found.in_vain and adult.numbers and not adult.barred:
                assert set(adult.numbers) & (tried_numbers - wrong) or set(adult.numbers) <= wrong
        if found.next_call is None:
            assert numbers <= wrong
            break
        link, number = found.next_call
        assert number not in wrong
        assert number not in barred_only
        calls.append(Attempt(link, number, outcome, moment(9, 30) + timedelta(minutes=n)))  # type: ignore[arg-type]
    if len(calls) == len(outcomes):
        assert found.in_vain
