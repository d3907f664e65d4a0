"""The authority's process as the policy has it, and what a figure proposes on it: by whole percent, with reasons."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.spec.process_drawn import PAGE, page

from rollcall.rules import authority
from rollcall.rules.authority import Filled, Position
from rollcall.rules.policy import Policy, PolicyError, load, loads, names, restore, shipped_text
from rollcall.rules.stages import tier_of

DAY = date(2024, 5, 14)
HERE = Filled(here=True, all_yes=True)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load("federation")


def at(state: str, attended: int, possible: int = 100, **more) -> Position:
    more = {"entered": DAY - timedelta(weeks=12), "then": (attended, possible)} | more
    return Position(state, attended=attended, possible=possible, day=DAY, **more)


def proposed(policy: Policy, where: Position) -> str:
    now = authority.state_now(policy, where)
    return now.proposal.what if now.proposal else "wait"


@pytest.mark.parametrize("name", names())
def test_every_state_has_an_owner_an_exit_and_a_tier_and_comes_back_from_a_snapshot(name: str) -> None:
    policy = load(name)
    assert authority.states(policy)
    for state in authority.states(policy):
        assert state.owners
        assert state.exits
        assert state.tier in {tier.number for tier in policy.tiers}
    assert restore(policy.snapshot(), "kept") == policy


def test_a_policy_kept_before_there_was_a_process_can_still_be_read(policy: Policy) -> None:
    kept = {name: value for name, value in policy.snapshot().items() if name not in ("authority_path", "forms")}
    assert authority.first_state(restore(kept, "kept")) is None
    assert authority.entry(restore(kept, "kept"), 1, 2) is None


@pytest.mark.policy("A5-a", "A5-b", "A5-c", "A5-d")
def test_every_action_of_the_tiers_is_done_in_some_state_of_its_tier(policy: Policy) -> None:
    done = {action: state.tier for state in authority.states(policy) for action in state.does}
    wanted = {action.id: tier.number for tier in policy.tiers for action in tier.actions}
    assert done == wanted


def test_the_table_and_the_tiers_name_the_same_lines(policy: Policy) -> None:
    tiers = {tier.number: tier for tier in policy.tiers}
    first = {one.answer: one.below_percent for one in policy.state("monitoring").exits}
    assert first["fell-to-tier-2"] == tiers[1].from_percent
    assert first["fell-to-tier-3"] == tiers[2].from_percent == policy.action("support-plan").below_percent
    assert first["fell-to-tier-4"] == tiers[3].from_percent
    assert policy.state("keywork-second").exit("close").at_least_percent == policy.action(
        "keywork-close").closes_at_percent  # fmt: skip
    plan, weeks = policy.state("support-plan"), policy.action("support-plan")
    assert (plan.review_least_weeks.value, plan.review_most_weeks.value) == (weeks.least_weeks, weeks.most_weeks)
    assert policy.state("keywork").review_most_weeks.value == policy.action("early-help-plan").review_at_weeks
    closing = [policy.state("keywork-second").exit(one).least_weeks for one in ("close", "not-reached")]
    assert closing == [policy.action("keywork").least_weeks, policy.action("keywork").most_weeks]


@pytest.mark.policy("A5-f")
@given(st.integers(0, 400), st.integers(1, 400))
def test_a_pupil_comes_in_by_the_tier_of_the_figure(attended: int, possible: int) -> None:
    policy, attended = load("federation"), min(attended, possible)
    way = authority.entry(policy, attended, possible)
    share = Fraction(100 * attended, possible)
    naive = None if share >= 93 else "needs" if share >= 80 else "support-plan" if share >= 51 else "keywork-criteria"
    assert (way.to if way else None) == naive
    assert (way is None) == (tier_of(attended, possible, policy) == 1)


def test_no_figure_brings_nobody_in(policy: Policy) -> None:
    assert authority.entry(policy, 0, 0) is None
    assert "No session was possible" in authority.entry_reason(policy, 0, 0).text
    assert authority.state_now(policy, at("needs", 0, 0)).proposal.what == "looked-into"


@pytest.mark.policy("A5-b")
def test_a_support_plan_waits_for_its_review_unless_attendance_improves(policy: Policy) -> None:
    new = at("support-plan", 70, entered=DAY - timedelta(weeks=2))
    assert proposed(policy, new) == "wait"
    now = authority.state_now(policy, new)
    assert (now.review_from, now.review_by) == (DAY + timedelta(weeks=1), DAY + timedelta(weeks=2))
    assert proposed(policy, replace(new, attended=80)) == "improved"
    ripe = replace(new, entered=DAY - timedelta(weeks=3))
    assert authority.state_now(policy, ripe).is_due
    assert proposed(policy, ripe) == "no-improvement"
    assert proposed(policy, replace(ripe, then=(69, 100))) == "goes-on"
    assert authority.state_now(policy, replace(ripe, entered=DAY - timedelta(weeks=4, days=1))).is_overdue


@pytest.mark.policy("A5-b")
def test_forms_of_the_state_count_since_it_was_entered(policy: Policy) -> None:
    where = at("assess", 75)
    exits = {one.exit.answer: one for one in authority.state_now(policy, where).exits}
    assert len(exits["below-80"].lacks) == 2
    old = {"assess-plan-do-review": Filled(here=False, all_yes=True), "pupil-voice": HERE}
    exits = {one.exit.answer: one for one in authority.state_now(policy, replace(where, filled=old)).exits}
    assert [said.startswith("Fill in “Assess, plan, do, review” anew") for said in exits["below-80"].lacks] == [True]
    assert exits["improved"].lacks == ()


@pytest.mark.policy("A5-c")
def test_a_contract_needs_support_on_record_and_no_improvement(policy: Policy) -> None:
    where = at("targeted", 70, lacking={"support": "Record the support that was offered first."})
    now = authority.state_now(policy, where)
    assert now.proposal.what == "exhausted"
    assert now.proposed.lacks == ("Record the support that was offered first.",)
    assert authority.state_now(policy, replace(where, lacking={})).proposed.lacks == ()
    assert proposed(policy, replace(where, then=(69, 100))) == "goes-on"


@pytest.mark.policy("A5-d")
def test_keywork_needs_every_criterion(policy: Policy) -> None:
    where = at("keywork-criteria", 40)
    assert authority.state_now(policy, where).proposed.lacks
    no = replace(where, filled={"keywork-criteria": Filled(here=True, all_yes=False)})
    assert proposed(policy, no) == "not-met"
    exits = {one.exit.answer: one for one in authority.state_now(policy, no).exits}
    assert "Not every answer" in exits["met"].lacks[0]
    yes = replace(where, filled={"keywork-criteria": HERE})
    assert authority.state_now(policy, yes).proposed.lacks == ()
    assert proposed(policy, yes) == "met"


@pytest.mark.policy("A5-d")
@pytest.mark.parametrize(
    ("attended", "possible", "weeks", "what"),
    [(55, 100, 12, "close"), (549, 1000, 12, "wait"), (549, 1000, 20, "not-reached"), (55, 100, 11, "wait")],
)
def test_keywork_closes_at_55_once_twelve_weeks_are_over(
    policy: Policy, attended: int, possible: int, weeks: int, what: str
) -> None:
    began = DAY - timedelta(weeks=weeks)
    where = at("keywork-second", attended, possible, then=(50, 100), last_entered={"keywork": began})
    assert proposed(policy, replace(where, filled={"early-help-review": HERE})) == what


def test_keywork_does_not_close_while_change_has_not_lasted(policy: Policy) -> None:
    where = at("keywork-second", 60, last_entered={"keywork": DAY - timedelta(weeks=13)})
    no = replace(where, filled={"early-help-review": Filled(here=True, all_yes=False)})
    assert proposed(policy, no) == "wait"
    stale = replace(where, filled={"early-help-review": Filled(here=False, all_yes=False)})
    assert proposed(policy, stale) == "close"
    assert "anew" in authority.state_now(policy, stale).proposed.lacks[0]
    early = replace(where, last_entered={"keywork": DAY - timedelta(weeks=11)})
    exits = {one.exit.answer: one for one in authority.state_now(policy, early).exits}
    assert "Not before Tuesday 21 May: 12 weeks from the start." in exits["close"].lacks


def test_a_proposal_says_its_figures_and_where_they_stand(policy: Policy) -> None:
    found = authority.state_now(policy, at("assess", 929, 1000, then=(900, 1000)))
    assert found.proposal.what == "goes-on"
    improved = authority.state_now(policy, at("assess", 930, 1000, then=(900, 1000))).proposal
    said = [reason.text for reason in improved.why]
    assert said[0] == (
        "930 of 1000 possible sessions attended is 93% in whole percents, rounded down, which is 93% or more."
    )
    assert "It was 90.0% (900 of 1000) on Tuesday 20 February, and is higher now." in said
    assert improved.numbers["tier"] == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('to = "support-plan", below_percent = 80 }', 'to = "nowhere", below_percent = 80 }', "exits[1] is 'nowhere'"),
        ('does = ["tier-1-monitor",', 'does = ["tier-9-monitor",', "the id of one of the actions of the tiers"),
        ('forms = ["additional-needs"]', 'forms = ["needs"]', "expected the id of one of the forms of this policy"),
        ('needs_forms = ["additional-needs"]', 'needs_forms = ["x"]', "exits[1] is 'x'; expected the id"),
        ('id = "needs"\ntier = 2', 'id = "needs"\ntier = 7', "tier is 7; expected the number of one of the tiers"),
        ('owners = ["early_help", "dsl"]', "owners = []", "expected at least one entry"),
        ('to = "legal-referral", choice', 'to = "targeted", choice', "is 'legal-referral'; expected a state"),
        ('from 0 to 10", kind = "number"', 'from 0 to 10", kind = "choice"', "choices for a choice"),
        ('id = "wish", label', 'id = "hard", label', "an id that no other field of the form has"),
        ("review_least_weeks = { value = 3,", "review_least_weeks = { value = 5,", "5 or more, its review_least_weeks"),
        ('answer = "looked-into"', 'answer = "improved"', "an answer that no other exit of the state has"),
    ],
)
def test_a_table_that_leads_nowhere_is_refused_with_its_place(old: str, new: str, said: str) -> None:
    text = shipped_text("federation")
    assert old in text
    with pytest.raises(PolicyError) as error:
        loads(text.replace(old, new), "own.toml")
    assert said in str(error.value)


def test_the_drawing_in_the_docs_is_the_table(policy: Policy) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(policy), "write it anew: python -m tests.spec.process_drawn"
    assert page(load("national")) != page(policy)


def test_an_answer_that_a_state_has_not_is_named(policy: Policy) -> None:
    with pytest.raises(LookupError, match="'x' is no way out of Additional needs; there are improved, looked-into"):
        policy.state("needs").exit("x")
