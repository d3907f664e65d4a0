"""The authority's process: opened by tier, moved by its exits, with gates and evidence; every state is reached."""

from collections import deque
from datetime import date, timedelta

import pytest

from rollcall.casework.actions.authority import BEGIN, NotTaken, open_authority_case, take_back
from rollcall.casework.actions.cases import NotMoved, move_case
from rollcall.casework.actions.forms import NotFilled
from rollcall.casework.models import Case, FormFilled, StepTaken
from rollcall.casework.queries.authority import due_at, process_of, standing_steps
from rollcall.rules.policy import load, shipped_text
from rollcall.schools.actions import adopt_policy
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, missed
from tests.rooms.casework.walking import answered, everything_in, filled, packed, step, supported, weeks_on

AUTUMN = moment(9, 5, date(2023, 10, 10))


@pytest.fixture
def marks(cast: Cast) -> Cast:
    """Ben misses much from the tenth session on; everyone else is always there."""
    fill(cast, {"Ben": missed(60)})
    return cast


def opened(cast: Cast, name: str = "Ben", at=AUTUMN, **more) -> Case:
    given = {"school": cast.hamsey.pk, "by": cast.actor("head"), "at": at, "key": f"open-{name}"} | more
    return open_authority_case(cast.pupil(name).pk, **given)


def where(case: Case) -> str:
    return standing_steps(case.pk)[-1].step


def ways() -> dict[str, list[tuple[str, str]]]:
    """The shortest way from the first state to each state, as (state, answer)."""
    policy = load("federation")
    found, ahead = {"monitoring": []}, deque(["monitoring"])
    while ahead:
        at = ahead.popleft()
        for one in policy.state(at).exits:
            if one.to not in found:
                found[one.to] = [*found[at], (at, one.answer)]
                ahead.append(one.to)
    return found


@pytest.mark.policy("A5-a", "A5-b", "A5-c", "A5-d", "FC-d")
@pytest.mark.parametrize("state", [state.id for state in load("federation").authority_path.steps])
def test_every_state_is_reached(state: str, marks: Cast) -> None:
    case, at = opened(marks, answer=BEGIN, because="to begin at the beginning"), AUTUMN
    supported(marks, case.pupil_id, at)
    packed(marks, case.pupil_id, at)
    for _, answer in ways()[state]:
        at = weeks_on(at, 1)
        if answer == "close":
            at = weeks_on(at, 12)
        everything_in(marks, case, answer, at)
        step(marks, case, answer, at, because="for the walk")
    assert where(case) == state
    shown = process_of(case.pupil_id, (1, 2), at.date())
    assert shown.owners
    assert shown.exits


@pytest.mark.policy("A5-a", "A5-b", "A5-c", "A5-d")
def test_a_child_goes_from_tier_1_to_tier_4_and_back(cast: Cast) -> None:
    fill(cast, {"Ben": missed(12)})
    ben, on = cast.pupil("Ben").pk, lambda month, day, year=2023: moment(9, 5, date(year, month, day))
    case = opened(cast, at=on(9, 11))
    assert where(case) == "monitoring"
    step(cast, case, "fell-to-tier-2", on(9, 12))
    filled(cast, case, "additional-needs", on(9, 12))
    step(cast, case, "looked-into", on(9, 12))
    for form in ("assess-plan-do-review", "pupil-voice"):
        filled(cast, case, form, on(9, 13))
    step(cast, case, "below-80", on(9, 13))
    for form in ("support-plan", "formal-warning"):
        filled(cast, case, form, on(9, 18))
    with pytest.raises(NotTaken, match="not what is proposed"):
        step(cast, case, "no-improvement", on(9, 18))
    step(cast, case, "no-improvement", on(9, 18), because="he has not been in since the plan")
    fell = step(cast, case, "fell-to-tier-4", on(9, 18))
    assert (fell.attended, fell.possible, fell.evidence["tier"]) == (10, 20, 4)
    filled(cast, case, "keywork-criteria", on(9, 18))
    step(cast, case, "met", on(9, 18))
    filled(cast, case, "keywork-referral", on(9, 18), "dsl")
    step(cast, case, "sent", on(9, 18), by=cast.actor("dsl"))
    step(cast, case, "accepted", on(9, 19))
    for form in ("early-help-plan", "early-help-review"):
        filled(cast, case, form, on(11, 28))
    step(cast, case, "reviewed", on(11, 28))
    filled(cast, case, "early-help-review", on(12, 12))
    step(cast, case, "close", on(12, 12))
    filled(cast, case, "hand-back", on(12, 12))
    step(cast, case, "tier-2", on(12, 12))
    back = step(cast, case, "improved", on(2, 6, 2024))
    assert 100 * back.attended >= 93 * back.possible
    assert back.evidence["exit"]["recognises"]
    over = step(cast, case, "holds", on(3, 6, 2024))
    case.refresh_from_db()
    assert (case.end, case.closed_id) == ("improved", over.deed_id)
    assert not StepTaken.objects.filter(case=case).exclude(because="").exclude(answer="no-improvement").exists()
    tiers = [load("federation").state(one.step).tier for one in standing_steps(case.pk)]
    assert tiers[0] == tiers[-1] == 1
    assert max(tiers) == 4
    with pytest.raises(NotTaken, match="is over"):
        step(cast, case, "fell-to-tier-2", on(3, 7, 2024))
    assert opened(cast, at=on(3, 8, 2024), key="again").round == 2
    assert process_of(ben, (1, 1), DAY).case.round == 2


def test_a_case_is_opened_where_the_figure_says_once(marks: Cast) -> None:
    case = opened(marks)
    assert where(case) == "keywork-criteria", "45% on 10 October"
    assert opened(marks) == case
    with pytest.raises(NotTaken, match="open for this pupil already"):
        opened(marks, key="another")
    kept = standing_steps(case.pk)[0].evidence
    assert kept["proposal"]["what"] == "fell-to-tier-4"
    assert kept["policy"]["name"] == load("federation").name
    assert where(opened(marks, "Chloe")) == "monitoring"


def test_another_way_in_needs_a_reason_and_must_be_one(marks: Cast) -> None:
    with pytest.raises(NotTaken, match="Say why"):
        opened(marks, answer="fell-to-tier-2")
    for answer in ("nonsense", "holds"):
        with pytest.raises(NotTaken, match="Choose one of the ways in"):
            opened(marks, answer=answer, because="a reason", key=answer)
    assert where(opened(marks, answer="fell-to-tier-2", because="new here, nothing was tried")) == "needs"


def test_what_an_exit_needs_can_not_be_reasoned_away(marks: Cast) -> None:
    case = opened(marks, answer="fell-to-tier-2", because="nothing was tried")
    with pytest.raises(NotTaken, match="Fill in “Entry in the additional needs plan” first"):
        step(marks, case, "looked-into", AUTUMN, because="we know them well")
    filled(marks, case, "additional-needs", AUTUMN)
    taken = step(marks, case, "looked-into", AUTUMN, key="k")
    assert step(marks, case, "looked-into", AUTUMN, key="k") == taken
    assert [one["form"] for one in taken.evidence["forms"]] == ["additional-needs"]
    assert taken.evidence["window"]["since"] == "2023-10-11"
    with pytest.raises(NotTaken, match="Choose one of the ways on"):
        step(marks, case, "looked-into", AUTUMN)


@pytest.mark.policy("A5-c")
def test_a_contract_waits_until_support_is_recorded_and_answered(marks: Cast) -> None:
    case = opened(marks, answer="fell-to-tier-3", because="a plan was made before")
    everything_in(marks, case, "no-improvement", AUTUMN)
    step(marks, case, "no-improvement", AUTUMN, because="he is not in")
    later = weeks_on(AUTUMN, 6)
    with pytest.raises(NotTaken, match="Record the support that was offered"):
        step(marks, case, "exhausted", later)
    offer = supported(marks, case.pupil_id, later, answer="")
    with pytest.raises(NotTaken, match="1 offer has no answer yet"):
        step(marks, case, "exhausted", later)
    answered(marks, offer, later, "refused")
    step(marks, case, "exhausted", later, because="he comes in again, the parents ask for it in writing")
    assert where(case) == "contract"


@pytest.mark.policy("A5-d")
def test_a_referral_can_not_be_written_while_a_criterion_is_not_met(marks: Cast) -> None:
    case = opened(marks)
    with pytest.raises(NotFilled, match="every criterion must be met"):
        filled(marks, case, "keywork-referral", AUTUMN, "dsl")
    filled(marks, case, "keywork-criteria", AUTUMN, consent="no")
    with pytest.raises(NotFilled, match="Not every answer"):
        filled(marks, case, "keywork-referral", AUTUMN, "dsl")
    with pytest.raises(NotTaken, match="Not every answer"):
        step(marks, case, "met", AUTUMN, because="they will agree soon")
    step(marks, case, "not-met", AUTUMN)
    assert where(case) == "targeted"


def test_a_step_is_taken_on_what_somebody_saw(marks: Cast) -> None:
    case = opened(marks)
    seen = standing_steps(case.pk)[-1].pk
    filled(marks, case, "keywork-criteria", AUTUMN)
    step(marks, case, "met", AUTUMN, seen=seen)
    with pytest.raises(NotTaken, match="Somebody else took a step"):
        step(marks, case, "not-sent", AUTUMN, seen=seen)


def test_a_wrong_step_is_taken_back_and_stays_on_record(marks: Cast) -> None:
    case = opened(marks)
    filled(marks, case, "keywork-criteria", AUTUMN)
    wrong = step(marks, case, "met", AUTUMN)
    given = {"school": marks.hamsey.pk, "by": marks.actor("head"), "at": AUTUMN}
    with pytest.raises(NotTaken, match="Say why it is taken back"):
        take_back(wrong, because="", key="b1", **given)
    take_back(wrong, because="pressed for another child", key="b2", **given)
    take_back(wrong, because="pressed for another child", key="b2", **given)
    assert where(case) == "keywork-criteria"
    with pytest.raises(NotTaken, match="Only the last step"):
        take_back(wrong, because="once more", key="b3", **given)
    take_back(standing_steps(case.pk)[0], because="the wrong Ben", key="b4", **given)
    case.refresh_from_db()
    assert case.end == "mistake"
    assert StepTaken.objects.filter(case=case).count() == 2


def test_forms_hold_the_state_and_the_day_they_are_looked_at_again(marks: Cast) -> None:
    case = opened(marks, answer="fell-to-tier-3", because="a plan is wanted")
    row = filled(marks, case, "support-plan", AUTUMN)
    assert row.step == standing_steps(case.pk)[-1]
    assert row.review_due == date(2024, 6, 4)
    assert row.definition["form"]["name"] == "Attendance support plan"
    again = filled(marks, case, "support-plan", AUTUMN, found="Better")
    assert FormFilled.objects.filter(case=case).count() == 2
    assert row.answers != again.answers


def test_what_waits_is_counted_by_school(marks: Cast) -> None:
    case = opened(marks, answer="fell-to-tier-3", because="a plan is wanted")
    school, other = marks.hamsey.pk, marks.barcombe.pk
    days = [AUTUMN.date() + timedelta(weeks=weeks, days=1) for weeks in (2, 3, 4)]
    assert [(due_at([school], day)[0].reviews, due_at([school], day)[0].overdue) for day in days] == [
        (0, 0),
        (1, 0),
        (1, 1),
    ]
    assert due_at([other], days[2])[0].reviews == 0
    assert case.path == "authority"


def test_a_policy_with_another_process_runs_with_no_change_of_code(marks: Cast, django_assert_max_num_queries) -> None:
    case = opened(marks)
    Case.objects.filter(pk=case.pk).update(policy=0, policy_kept=load("national").snapshot())
    StepTaken.objects.filter(case=case).update(step="targeted")
    case.refresh_from_db()
    with django_assert_max_num_queries(12):
        shown = process_of(case.pupil_id, (80, 100), AUTUMN.date() + timedelta(weeks=4))
    assert shown.current.proposal.what == "goes-on", "the figure is better than it was"
    filled(marks, case, "conversation", AUTUMN)
    later = weeks_on(AUTUMN, 4)
    step(marks, case, "more", later, because="the family asks for a plan")
    assert where(case) == "intensive"


def test_a_case_moved_to_another_policy_stands_in_a_state_of_it(marks: Cast) -> None:
    case = opened(marks)
    version = adopt_policy(
        marks.federation,
        document=shipped_text("national"),
        effective=date(2023, 11, 1),
        approved=date(2023, 10, 1),
        review=date(2025, 7, 1),
        by=marks.by,
        at=AUTUMN,
    )
    given = {"school": marks.hamsey.pk, "by": marks.actor("head"), "because": "the new policy is in force"}
    later = weeks_on(AUTUMN, 5)
    with pytest.raises(NotMoved, match="no step of this name"):
        move_case(case, version.pk, at=later, key="m1", **given)
    move_case(case, version.pk, at=later, key="m2", step="intensive", **given)
    last = standing_steps(case.pk)[-1]
    assert (last.step, last.path, last.answer) == ("intensive", "authority", "moved")
    assert last.evidence["review"]["from"] == "2023-11-21"
    case.refresh_from_db()
    assert (
        process_of(case.pupil_id, (80, 100), later.date()).current.state.name
        == "Plan with the family and the authority"
    )
