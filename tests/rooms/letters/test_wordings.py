"""Wordings: what they must say and may not, what is wrong with one in a sentence, and versions that are kept."""

from dataclasses import replace

import pytest

from rollcall.letters import actions, queries
from rollcall.letters.fields import FIELDS, WordingError, fields_in, fill, threat_in
from rollcall.letters.models import Wording
from rollcall.letters.queries import check_wording, wording_for
from rollcall.letters.wordings import shipped
from rollcall.rules.policy import Letter, load
from tests.cast import Cast, moment

POLICY = load("federation")


LETTERS = [(name, letter) for name in ("federation", "national") for letter in load(name).letters]


@pytest.mark.policy("A3-a")
@pytest.mark.policy("A3-b")
@pytest.mark.policy("A3-c")
@pytest.mark.policy("A3-d")
@pytest.mark.policy("A3-e")
@pytest.mark.parametrize(("name", "letter"), LETTERS, ids=lambda one: getattr(one, "id", one))
def test_each_letter_of_both_policies_has_a_wording_that_says_all_it_must(name: str, letter: Letter) -> None:
    check_wording(letter, shipped()[letter.id])


def test_no_wording_is_shipped_that_no_policy_has() -> None:
    assert set(shipped()) == {letter.id for _, letter in LETTERS}


@pytest.mark.policy("5.2-e")
@pytest.mark.parametrize(("name", "letter"), LETTERS, ids=lambda one: getattr(one, "id", one))
def test_what_goes_to_families_of_younger_children_speaks_of_no_fine_or_offence(name: str, letter: Letter) -> None:
    wording = shipped()[letter.id]
    assert letter.compulsory_age_only or threat_in(replace(wording, law="").whole) == ""
    assert letter.cites or threat_in(wording.whole) == ""


@pytest.mark.policy("A3-d")
def test_the_punctuality_warning_says_what_the_policy_asks_of_it() -> None:
    body = shipped()["punctuality"].body
    for needed in ("Education Act 1996", "offence", "{threshold_sessions}", "{threshold_school_weeks}", "{raised_on}"):
        assert needed in body
    letter = POLICY.letter("punctuality")
    assert letter.only_after_raised_in_person
    assert letter.compulsory_age_only


@pytest.mark.policy("W-e")
def test_the_three_letters_of_the_chart_are_the_ones_counted() -> None:
    assert [step.letter for step in POLICY.path.steps if step.letter] == ["letter-1", "letter-2", "letter-3"]
    assert queries.has_wording("letter-1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dear {child_name}", "Line 1: {child_name} is no field"),
        ("Dear\n{child_first_name", "Line 2: there is a single {"),
        ("Dear }", "Line 1: there is a single }"),
        ("{{child_first_name}}", "Line 1: there is a single {"),
        ("{}", "{} is no field"),
        ("{contact.__class__}", "is no field"),
        ("{contact!r}", "is no field"),
    ],
)
def test_a_wrong_wording_is_named_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(WordingError) as caught:
        fields_in(text)
    assert said in str(caught.value)


def test_a_missing_value_is_named_with_what_it_stands_for() -> None:
    with pytest.raises(WordingError, match=r"no value for \{contact\} \(whom to ring"):
        fill("Ring {contact}.", {"contact": ""})


def test_a_value_is_text_even_when_it_looks_like_a_field() -> None:
    assert fill("Dear {child_first_name}", {"child_first_name": "{contact}"}) == "Dear {contact}"


def test_every_field_says_what_it_stands_for() -> None:
    assert all(FIELDS.values())


def save(cast: Cast, body: str, school=None, key="k", **more):
    given = {"subject": "About {child_first_name}", "policy": POLICY, "by": cast.actor("head"), "at": moment(9, 0)}
    return actions.save_wording("letter-1", school=school, body=body, key=key, **{**given, **more})


BODY = (
    "{child_first_name} was at school for {attendance_figure} up to {figure_day}; we aim at {target}. Ring {contact}. "
    "{recipients_first_names}, thank you."
)


@pytest.mark.policy("A3-f")
def test_a_school_edits_its_own_wording_and_every_version_is_kept(cast: Cast) -> None:
    save(cast, BODY, school=None, key="all")
    save(cast, BODY + " One.", school=cast.hamsey.pk, key="one")
    save(cast, BODY + " Two.", school=cast.hamsey.pk, key="two")
    assert wording_for("letter-1", cast.hamsey.pk).body.endswith("Two.")
    assert wording_for("letter-1", cast.barcombe.pk).body.endswith("thank you.")
    assert Wording.objects.count() == 3
    assert wording_for("letter-1", cast.hamsey.pk).version == 2
    assert wording_for("letter-1", cast.hamsey.pk).greeting == "Dear {recipients_first_names},"


@pytest.mark.policy("A3-f")
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BODY.replace("{target}", "97%"), "must say {target}"),
        (BODY.replace("{attendance_figure}", "90%"), "must say {attendance_figure}"),
        (BODY + " You may get a fine.", "leave out the word 'fine'"),
        (BODY + " It is an offence.", "leave out the word 'offence'"),
        (BODY + " {x}", "{x} is no field"),
        (BODY + " {notice_law}", "can't say {notice_law} (the Act that a penalty notice is issued under)"),
    ],
)
def test_an_edit_that_would_break_the_letter_is_refused(cast: Cast, body: str, said: str) -> None:
    with pytest.raises(WordingError) as caught:
        save(cast, body)
    assert said in str(caught.value)
    assert not Wording.objects.exists()


def test_a_letter_of_a_schools_own_policy_starts_with_a_greeting_and_a_close_for_the_school_to_fill(cast: Cast) -> None:
    found = wording_for("letter-9", cast.hamsey.pk)
    assert (found.subject, found.body) == ("Letter 9", "")
    assert found.greeting == "Dear {recipients_first_names},"
