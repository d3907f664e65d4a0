"""The test behind "improved?", held against a naive reading, with the numbers that it tells."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.flow import Place, improvement
from rollcall.rules.improving import Agreed, Window, improved, stated
from rollcall.rules.policy import PolicyError, load, loads, shipped_text

OURS, TEMPLATE = load("federation"), load("national")
WINDOW = Window(attended=18, possible=20, apart=4, unauthorised=0, unexplained=0, missing=0, school_weeks=2)
UNTIL = date(2024, 6, 14)

windows = st.builds(
    lambda possible, missed, unauthorised, apart, weeks: Window(
        attended=possible - min(missed, possible),
        possible=possible,
        apart=apart,
        unauthorised=min(unauthorised, missed, possible),
        unexplained=0,
        missing=0,
        school_weeks=weeks,
    ),
    possible=st.integers(0, 40),
    missed=st.integers(0, 40),
    unauthorised=st.integers(0, 3),
    apart=st.integers(0, 10),
    weeks=st.integers(0, 5),
)
counts = st.integers(0, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
targets = st.builds(
    Agreed,
    percent=st.none() | st.sampled_from([Fraction(90), Fraction(97), Fraction(185, 2)]),
    ends=st.just(UNTIL),
    is_over=st.booleans(),
    seen=windows,
)


def naive(window: Window, at_step: tuple[int, int] | None, agreed: list[Agreed] | None) -> bool | None:
    """The federation's test as its policy file says it in words, with exact fractions."""
    if agreed:
        if window.school_weeks < 2 or not all(one.is_over and one.seen.possible for one in agreed):
            return None
        shares = [(Fraction(one.seen.attended, one.seen.possible), one.percent) for one in agreed]
        return all(share >= (1 if wanted is None else wanted / 100) for share, wanted in shares)
    if window.school_weeks < 2 or window.possible < 10:
        return None
    if window.attended == window.possible:
        return True
    if window.unauthorised:
        return False
    if at_step is None or not at_step[1]:
        return None
    return Fraction(window.attended, window.possible) > Fraction(*at_step)


@pytest.mark.policy("FC-b")
@given(window=windows, at_step=st.none() | counts, agreed=st.none() | st.lists(targets, max_size=2))
def test_it_answers_as_the_policy_says_in_words(
    window: Window, at_step: tuple[int, int] | None, agreed: list[Agreed] | None
) -> None:
    found = improved(window, OURS, at_step, agreed)
    assert found.answer == naive(window, at_step, agreed)
    assert found.reasons and all(reason.text and reason.section for reason in found.reasons)


@pytest.mark.policy("FC-b")
def test_it_is_shown_with_the_numbers_it_used() -> None:
    found = improved(WINDOW, OURS, (170, 200))
    assert found.answer is True
    assert [reason.text for reason in found.reasons] == [
        "18 of 20 sessions attended since, 4 set apart: 90.0%, above the 85.0% at the step (170 of 200).",
        "No unauthorised session since.",
    ]
    missed = improved(replace(WINDOW, unauthorised=1), OURS, (170, 200))
    assert missed.answer is False
    assert missed.reasons[1].text == "1 unauthorised session since."


@pytest.mark.policy("FC-b")
@pytest.mark.parametrize(("at_step", "answer"), [((179, 200), True), ((180, 200), False), ((9, 10), False)])
def test_the_same_share_as_at_the_step_is_no_improvement(at_step: tuple[int, int], answer: bool) -> None:
    assert improved(WINDOW, OURS, at_step).answer is answer


def test_every_session_attended_is_an_improvement_though_nothing_can_be_above() -> None:
    assert improved(replace(WINDOW, attended=20), OURS, (200, 200)).answer is True
    assert improved(replace(WINDOW, attended=20), OURS, None).answer is True


@pytest.mark.policy("FC-b")
def test_a_target_agreed_takes_the_place_of_the_test_for_steps_that_set_them() -> None:
    seen = replace(WINDOW, attended=19, unauthorised=1)
    met = Agreed(Fraction(95), UNTIL, True, seen)
    assert improved(seen, OURS, (200, 200), [met]).answer is True
    assert improved(seen, OURS, (1, 2), [replace(met, percent=None)]).answer is False
    assert improved(seen, OURS, (1, 2), [replace(met, is_over=False)]).answer is None
    assert improved(replace(seen, school_weeks=1), OURS, (1, 2), [met]).answer is None
    said = improved(seen, OURS, None, [met]).reasons[0].text
    counted = "19 of 20 sessions attended in its days, 4 set apart: 95.0%"
    assert said == f"{counted}; the target agreed, 95% by 14 June 2024, was met."


@pytest.mark.policy("FC-b")
def test_where_no_target_was_agreed_the_default_test_is_used_and_that_is_said() -> None:
    place = Place("teacher-meeting", at_step=(170, 200))
    found = improvement(OURS, place, WINDOW)
    assert found.answer is True
    assert found.reasons[0].text == "No target was agreed: the test for all steps is used."
    assert improvement(OURS, replace(place, step="letter-1"), WINDOW).reasons[0].text.startswith("18 of 20")


def test_another_policy_may_ask_for_a_share_of_its_own() -> None:
    longer = replace(WINDOW, school_weeks=4, unauthorised=1)
    assert improved(replace(longer, attended=19), TEMPLATE).answer is True
    assert improved(longer, TEMPLATE).answer is False
    assert improved(replace(longer, school_weeks=3), TEMPLATE).answer is None


def test_the_policy_can_be_read_by_families() -> None:
    said = " ".join(stated(OURS))
    assert "2 school weeks" in said and "(I);" in said and "(M)." in said and "target was met" in said
    assert "at least 95%" in " ".join(stated(TEMPLATE))


def test_a_policy_that_asks_for_no_share_at_all_is_refused() -> None:
    text = shipped_text("federation").replace(
        "above_that_at_step = { value = true", "above_that_at_step = { value = false"
    )
    with pytest.raises(PolicyError, match="path.improved.at_least_percent is missing; expected a share to reach"):
        loads(text, "own.toml")


def test_a_policy_written_before_still_loads_and_judges_as_it_did() -> None:
    lines = shipped_text("federation").splitlines()
    newer = ("above_that_at_step", "no_unauthorised", "targets = ", "refers_to", "issues_notice")
    kept = [line for line in lines if not line.startswith(newer)]
    older = "\n".join(kept).replace(
        "[path.improved]", '[path.improved]\nat_least_percent = { value = 95, section = "setting" }'
    )
    assert improved(replace(WINDOW, attended=19, unauthorised=1), loads(older, "older.toml")).answer is True
