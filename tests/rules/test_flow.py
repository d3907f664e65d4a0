"""The flow chart is walked from the policy's table, and each proposal carries its reasons and numbers."""

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from rollcall.rules.flow import (
    CHECK_FIRST,
    WAIT,
    WATCH,
    Place,
    edges,
    first_step,
    next_step,
    steps,
    unclear_text,
)
from rollcall.rules.improving import Window
from rollcall.rules.policy import load
from rollcall.rules.proposal import Proposal, Reason, propose
from rollcall.rules.stages import Conclusion, conclude

OURS, TEMPLATE = load("federation"), load("national")
NEW = Place("monitoring")
GOOD = Window(attended=20, possible=20, apart=0, unauthorised=0, unexplained=0, missing=0, school_weeks=2)
BAD = replace(GOOD, attended=17, unauthorised=3)


def figure(attended: int, possible: int = 200) -> Conclusion:
    return conclude(SimpleNamespace(attended=attended, possible=possible), OURS)


def what(place: Place, attended: int, window: Window, possible: int = 200) -> str | None:
    proposal = next_step(OURS, place, figure(attended, possible), window)
    return proposal and proposal.what


@pytest.mark.policy("7.1-a")
def test_it_proposes_nothing_for_a_pupil_on_target() -> None:
    assert what(NEW, 194, BAD) is None


@pytest.mark.policy("A4-a")
def test_it_goes_on_monitoring_at_stage_1() -> None:
    assert what(NEW, 193, BAD) == WATCH
    assert what(replace(NEW, below_before=True), 193, GOOD) == WATCH


@pytest.mark.policy("W-e")
def test_no_improvement_at_stage_1_and_a_fall_below_95_start_letter_1_alike() -> None:
    assert what(replace(NEW, below_before=True), 193, BAD) == "letter-1"
    assert what(replace(NEW, below_before=True), 190, BAD) == "letter-1"
    assert what(NEW, 190, GOOD) == WATCH
    assert what(NEW, 189, GOOD) == "letter-1"


@pytest.mark.parametrize("unclear", [replace(BAD, unexplained=1), replace(BAD, missing=2)])
@pytest.mark.parametrize("place", [NEW, Place("letter-1")])
def test_it_checks_first_where_marks_are_unexplained_or_missing(place: Place, unclear: Window) -> None:
    proposal = next_step(OURS, place, figure(150), unclear)
    assert proposal and proposal.what == CHECK_FIRST
    assert proposal.why[0].section == "4.5"
    assert proposal.numbers["window_unexplained"] == unclear.unexplained


def test_it_goes_on_monitoring_where_few_sessions_were_possible() -> None:
    assert what(NEW, 30, BAD, possible=39) == WATCH
    assert what(NEW, 30, BAD, possible=40) == "letter-1"


@pytest.mark.policy("FC-d")
def test_without_improvement_it_walks_the_whole_chain() -> None:
    walked, place = [], NEW
    for _ in range(6):
        found = what(place, 150, BAD)
        assert found
        walked.append(found)
        place = Place(found, since=date(2024, 1, 8))
    assert walked == ["letter-1", "teacher-meeting", "head-meeting", "referral", "penalty-notice", "monitoring"]


@pytest.mark.policy("FC-b")
@pytest.mark.parametrize("step", [step.id for step in OURS.path.steps[1:]])
def test_each_yes_leads_back_to_monitoring(step: str) -> None:
    assert what(Place(step), 150, GOOD) == "monitoring"
    assert what(Place(step), 199, GOOD) == "monitoring"


def test_it_waits_until_the_window_is_over() -> None:
    assert what(Place("letter-1"), 150, replace(BAD, school_weeks=1)) == WAIT
    assert what(Place("letter-1"), 150, replace(BAD, attended=0, possible=9, apart=11)) == WAIT


@pytest.mark.policy("FC-b")
def test_who_came_back_starts_again_only_by_a_fresh_fall() -> None:
    back = replace(NEW, returned_at=(180, 200))
    assert what(back, 180, BAD) == WATCH
    assert what(back, 181, BAD) == WATCH
    assert what(back, 179, GOOD) == WATCH
    assert what(back, 179, BAD) == "letter-1"
    assert what(back, 359, BAD, possible=400) == "letter-1"
    assert what(replace(back, below_before=True), 193, BAD) == WATCH


@pytest.mark.policy("FC-a")
def test_every_step_has_an_owner_a_question_and_a_way_out() -> None:
    for policy in (OURS, TEMPLATE):
        names = {step.id for step in steps(policy)}
        for step in steps(policy):
            assert step.owners and step.question and {step.yes, step.no} <= names
            assert all(policy.role(owner).name for owner in step.owners)
            if step.letter:
                assert policy.letter(step.letter).kind in ("warning", "notice")
        assert set(edges(policy)) == {
            (s.id, answer, getattr(s, answer)) for s in steps(policy) for answer in ("yes", "no")
        }
        assert first_step(policy).id == "monitoring"


def test_another_policy_leads_another_way() -> None:
    said = conclude(SimpleNamespace(attended=150, possible=200), TEMPLATE)
    proposal = next_step(TEMPLATE, NEW, said, BAD)
    assert proposal and proposal.what == "offer"
    long = replace(BAD, school_weeks=4)
    assert [p.what for p in [next_step(TEMPLATE, Place("offer"), said, long)] if p] == ["plan"]


def test_it_refuses_a_place_that_the_policy_does_not_know() -> None:
    with pytest.raises(LookupError, match="'attic' is no step of the policy; there are monitoring, letter-1,"):
        next_step(OURS, Place("attic"), figure(150), BAD)


@pytest.mark.policy("FC-c")
def test_a_proposal_gives_its_reasons_and_comes_back_from_json_the_same() -> None:
    proposal = next_step(OURS, NEW, figure(170), BAD)
    assert proposal
    assert [reason.text for reason in proposal.why] == [
        "Attendance is below 95%.",
        "170 of 200 possible sessions attended is 85.0%, under the target of 97%.",
        "170 of 200 possible sessions attended is 85.0%, which is below 90%: stage 3, Persistent absentee.",
        "30 of 200 possible sessions missed; with 20 or more it is persistent absence (10%).",
    ]
    assert proposal.sources[:3] == ("FC", "A4", "7.4")
    assert Proposal.from_json(json.loads(json.dumps(proposal.to_json()))) == proposal


def test_a_proposal_keeps_whole_numbers_and_is_not_changed() -> None:
    with pytest.raises(TypeError, match="give a whole number or text"):
        propose("look", (Reason("because"),), {"share": 0.1})  # type: ignore[dict-item]
    numbers = {"attended": 3}
    proposal = propose("look", (Reason("because", section="A4"), Reason("and", section="A4", source="an Act")), numbers)
    numbers["attended"] = 4
    assert proposal.numbers["attended"] == 3
    assert proposal.sources == ("A4", "an Act")
    with pytest.raises(TypeError):
        proposal.numbers["attended"] = 5  # type: ignore[index]


@pytest.mark.parametrize(
    ("unexplained", "missing", "said"),
    [
        (1, 0, "1 absence has no reason yet"),
        (3, 1, "3 absences have no reason yet and 1 session has no mark"),
        (0, 2, "2 sessions have no mark"),
    ],
)
def test_what_is_unclear_is_said_in_whole_words(unexplained: int, missing: int, said: str) -> None:
    assert unclear_text(unexplained, missing) == said
