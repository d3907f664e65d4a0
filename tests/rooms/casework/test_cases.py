"""Cases: opened by the first step, joined by later ones, closed by the way back; judged by their own policy."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError

from rollcall.casework import actions, queries
from rollcall.casework.models import Case, StepTaken, Target
from rollcall.casework.queries.cases import cases_of, open_cases
from rollcall.casework.queries.counts import Counts
from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.rules.policy import shipped_text
from rollcall.schools import actions as schools
from rollcall.schools.models import PolicyVersion
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, missed, phone
from tests.rooms.casework.on_path import BEGAN, begin_case, take

LATER = date(2024, 6, 11)
BY = {"by": INSTALLER, "at": moment(8, 0, date(2024, 4, 2))}


def proposed(cast: Cast, name: str, day: date = DAY) -> str:
    rows = queries.place(cast.hamsey.pk, moment(9, 5, day), pupils=[cast.pupil(name).pk]).rows
    return rows[0].proposal.what


def own_policy(cast: Cast, effective: date, **changes: str) -> PolicyVersion:
    document = shipped_text("federation")
    for old, new in changes.values():
        assert old in document
        document = document.replace(old, new)
    return schools.adopt_policy(
        cast.federation,
        document=document,
        effective=effective,
        approved=date(2024, 4, 1),
        review=date(2027, 4, 1),
        **BY,
    )


LONGER = {"weeks": ("over_school_weeks = { value = 2", "over_school_weeks = { value = 20")}
RENAMED = {"id": ('"letter-1"\nname = "Letter 1"\nowners', '"first-word"\nname = "First word"\nowners')}


@pytest.mark.policy("FC-a")
def test_the_first_step_opens_a_case_and_the_way_back_closes_it(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Aisha": missed(20)}, last=date(2024, 6, 10))
    head = cast.actor("head")
    first = actions.open_review(cast.hamsey, by=head, at=moment(9, 5), key="r1")
    actions.decide([first.rows.get().pk], "agree", by=head, at=moment(9, 30), key="d1")
    case = Case.objects.get()
    step = StepTaken.objects.get()
    assert (case.round, case.closed, step.case, step.round) == (1, None, case, 1)
    assert case.policy_kept == first.policy_kept
    assert step.evidence["apart"] == {"attended": step.attended, "possible": step.possible}
    actions.close_review(first, by=head, at=moment(9, 40))
    second = actions.open_review(cast.hamsey, by=head, at=moment(9, 5, LATER))
    actions.decide([second.rows.get().pk], "agree", by=head, at=moment(9, 30, LATER), key="d2")
    case.refresh_from_db()
    assert (case.end, case.closed.kind) == ("improved", "review.decided")
    assert [line.end for line in cases_of(cast.pupil("Aisha").pk)] == ["improved"]


@pytest.mark.policy("FC-b")
def test_illness_and_appointments_are_set_apart_in_what_a_step_keeps(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Aisha": {**missed(20), **missed(7, "I", 60), **missed(3, "M", 80)}})
    head = cast.actor("head")
    review = actions.open_review(cast.hamsey, by=head, at=moment(9, 5))
    actions.decide([review.rows.get().pk], "agree", by=head, at=moment(9, 30), key="d")
    step = StepTaken.objects.get()
    assert step.evidence["apart"] == {"attended": step.attended, "possible": step.possible - 10}


@pytest.mark.policy("FC-d")
def test_the_whole_chain_is_walked_and_every_step_is_reached(cast: Cast) -> None:
    """Letters by decisions, meetings and the notice by the acts that take them, the referral as it was recorded."""
    fill(cast, {"Ben": missed(60)})
    case, head = begin_case(cast, "Ben"), cast.actor("head")
    take(cast, case, "teacher-meeting", because="Held.", evidence={"meeting": 1})
    take(cast, case, "head-meeting", because="Held.")
    more = {"to_whom": "Ann Lead, attendance lead", "words": "Sent by e-mail.", "school": cast.hamsey.pk, "by": head}
    actions.record_step(case, "referral", **more, day=date(2024, 5, 10), at=moment(9, 0), key="ref")
    take(cast, case, "penalty-notice", at=moment(10, 0))
    assert [s.step for s in case.steps.order_by("day", "id")] == [
        "letter-1",
        "teacher-meeting",
        "head-meeting",
        "referral",
        "penalty-notice",
    ]
    kept = case.steps.get(step="referral")
    assert kept.evidence["done"] == {
        "to_whom": "Ann Lead, attendance lead",
        "words": "Sent by e-mail.",
        "day": "2024-05-10",
    }
    take(cast, case, "monitoring", at=moment(11, 0), improved=False)
    case.refresh_from_db()
    assert case.end == "done"


@pytest.mark.parametrize(
    ("step", "change", "said"),
    [
        ("teacher-meeting", {}, "by its meeting or its notice"),
        ("penalty-notice", {}, "by its meeting or its notice"),
        ("attic", {}, "by its meeting or its notice"),
        ("referral", {"to_whom": " "}, "Say to whom"),
        ("referral", {"words": ""}, "what was done"),
        ("referral", {"day": date(2024, 5, 15)}, "still to come"),
        ("referral", {"day": date(2024, 4, 1)}, "The step before it was taken on Tuesday 16 April"),
    ],
)
def test_a_step_recorded_wrongly_is_refused_in_a_sentence(cast: Cast, step: str, change: dict, said: str) -> None:
    case = begin_case(cast, "Ben")
    given = {"to_whom": "Ann", "words": "Sent.", "day": DAY, "school": cast.hamsey.pk, "by": cast.actor("head")}
    with pytest.raises(actions.NotTaken, match=said):
        actions.record_step(case, step, **{**given, **change}, at=moment(9, 0), key="k")


def test_a_step_recorded_twice_is_one_and_a_case_that_is_over_takes_none(cast: Cast) -> None:
    case = begin_case(cast, "Ben")
    given = {"to_whom": "Ann", "words": "Sent.", "day": DAY, "school": cast.hamsey.pk, "by": cast.actor("head")}
    once = actions.record_step(case, "referral", **given, at=moment(9, 0), key="k")
    assert actions.record_step(case, "referral", **given, at=moment(9, 0), key="k") == once
    with pytest.raises(actions.NotTaken, match="was taken on 14 May 2024 already"):
        actions.record_step(case, "referral", **given, at=moment(9, 1), key="k2")
    take(cast, case, "monitoring", at=moment(10, 0))
    with pytest.raises(actions.NotTaken, match="over"):
        take(cast, case, "teacher-meeting", at=moment(11, 0))


def test_one_case_is_open_at_a_time(cast: Cast) -> None:
    case = begin_case(cast, "Ben")
    with pytest.raises(IntegrityError):
        Case.objects.create(
            pupil=case.pupil, path="school", round=2, school=case.school, policy=1, opened=case.opened, policy_kept={}
        )


@pytest.mark.policy("FC-b")
def test_a_target_agreed_at_the_meeting_decides_whether_it_improved(cast: Cast) -> None:
    """Ben misses one of the sessions after the meeting: 95% is met, every day is not."""
    fill(cast, {"Ben": {**missed(60), -5: "O"}}, last=date(2024, 6, 10))
    case = begin_case(cast, "Ben")
    met = take(cast, case, "teacher-meeting", at=moment(9, 30, date(2024, 5, 7)))
    assert proposed(cast, "Ben", LATER) == "head-meeting", "an unauthorised session, and no target was agreed"
    target = {"pupil": case.pupil, "school": cast.hamsey, "case": case, "deed": met.deed, "begins": date(2024, 5, 8)}
    percent = Target.objects.create(kind="percent", percent=Decimal("95"), ends=date(2024, 6, 7), **target)
    assert proposed(cast, "Ben", LATER) == "monitoring"
    every = Target.objects.create(kind="every_day", ends=date(2024, 6, 7), **target)
    assert proposed(cast, "Ben", LATER) == "head-meeting"
    Target.objects.filter(pk=every.pk).update(withdrawn=met.deed)
    Target.objects.filter(pk=percent.pk).update(ends=date(2024, 6, 14))
    assert proposed(cast, "Ben", LATER) == "wait for the window"


@pytest.mark.policy("8-b")
def test_a_policy_adopted_on_the_way_changes_nothing_until_a_person_moves_the_case(cast: Cast) -> None:
    fill(cast, {"Ben": missed(60), "Dev": missed(60)})
    case, head = begin_case(cast, "Ben"), cast.actor("head")
    version = own_policy(cast, date(2024, 5, 13), **LONGER)
    assert proposed(cast, "Ben") == "monitoring"
    review = actions.open_review(cast.hamsey, by=head, at=moment(9, 5), key="r")
    ben, dev = (review.rows.get(pupil=cast.pupil(name)) for name in ("Ben", "Dev"))
    assert ben.evidence["policy"]["id"] == case.policy != dev.evidence["policy"]["id"] == version.pk
    given = {"because": "as the board wishes", "school": cast.hamsey.pk, "by": head}
    actions.move_case(case, version.pk, **given, at=moment(9, 10), key="m")
    actions.move_case(case, version.pk, **given, at=moment(9, 10), key="m")
    assert proposed(cast, "Ben") == "wait for the window"
    with pytest.raises(actions.NotDecided, match="Ben Carter: the case was moved to another version"):
        actions.decide([ben.pk], "agree", by=head, at=moment(9, 30), key="d")
    with pytest.raises(actions.NotMoved, match="by this version already"):
        actions.move_case(case, version.pk, **given, at=moment(9, 20), key="m2")
    with pytest.raises(actions.NotMoved, match="no such version"):
        actions.move_case(case, 99999, **given, at=moment(9, 20), key="m3")


@pytest.mark.policy("8-b")
def test_a_step_that_the_new_policy_does_not_have_is_mapped_by_the_person(cast: Cast) -> None:
    fill(cast, {"Ben": missed(60)})
    case = begin_case(cast, "Ben")
    document = shipped_text("federation").replace('yes = "letter-1"', 'yes = "first-word"')
    for old, new in RENAMED.values():
        document = document.replace(old, new)
    version = schools.adopt_policy(
        cast.federation, document=document, effective=DAY, approved=date(2024, 4, 1), review=date(2027, 4, 1), **BY
    )
    given = {"because": "new names", "school": cast.hamsey.pk, "by": cast.actor("head"), "at": moment(9, 10)}
    with pytest.raises(actions.NotMoved, match="no step of this name: choose"):
        actions.move_case(case, version.pk, **given, key="m1")
    actions.move_case(case, version.pk, step="first-word", **given, key="m2")
    last = case.steps.order_by("id").last()
    assert (last.step, last.answer, last.because, last.day) == ("first-word", "moved", "Stands for: Letter 1", BEGAN)
    assert last.evidence["apart"] == {"attended": 180, "possible": 200}
    assert proposed(cast, "Ben") == "monitoring"


@pytest.mark.policy("FC-b")
@pytest.mark.parametrize(("back", "expected"), [(date(2023, 7, 5), "letter-1"), (date(2024, 5, 7), "keep monitoring")])
def test_only_this_years_return_to_monitoring_asks_for_a_fresh_fall(cast: Cast, back: date, expected: str) -> None:
    """A figure begins anew each September: below the line in the new year is a fall of its own."""
    fill(cast, {"Ben": missed(60)})
    case = begin_case(cast, "Ben", day=date(back.year, back.month, 1))
    low = Counts(100, 200, (100, 200))
    take(cast, case, "monitoring", at=moment(9, 30, back), counts=low, improved=True)
    assert proposed(cast, "Ben") == expected


@pytest.mark.policy("FC-a")
def test_a_pupil_who_moves_between_our_schools_keeps_the_case(cast: Cast) -> None:
    begin_case(cast, "Ben")
    schools.move_school(
        cast.enrolments["Ben"],
        cast.classes["Otters"],
        begins=date(2024, 5, 13),
        year_group=4,
        by=INSTALLER,
        at=moment(8, 0),
    )
    found = queries.place(cast.barcombe.pk, moment(9, 5), pupils=[cast.pupil("Ben").pk]).rows
    assert [row.place.step for row in found] == ["letter-1"]
    assert [line.step for line in open_cases([cast.pupil("Ben").pk])] == ["letter-1"]


def test_a_person_closes_a_case_with_a_reason(cast: Cast) -> None:
    case = begin_case(cast, "Ben")
    given = {"school": cast.hamsey.pk, "by": cast.actor("head"), "at": moment(9, 10)}
    with pytest.raises(actions.NotMoved, match="Say why"):
        actions.close_case(case, "left", because="", **given, key="c")
    with pytest.raises(actions.NotMoved, match="how the case ends"):
        actions.close_case(case, "bored", because="enough", **given, key="c")
    actions.close_case(case, "left", because="moved to Kent", **given, key="c1")
    actions.close_case(case, "left", because="moved to Kent", **given, key="c1")
    with pytest.raises(actions.NotMoved, match="over already"):
        actions.close_case(case, "age", because="sixteen", **given, key="c2")
    case.refresh_from_db()
    assert (case.end, case.closed.reason) == ("left", "moved to Kent")


def test_steps_taken_before_there_were_cases_are_given_theirs(cast: Cast) -> None:
    ben, dev = begin_case(cast, "Ben"), begin_case(cast, "Dev")
    take(cast, dev, "monitoring")
    esme = begin_case(cast, "Esme")
    actions.withdraw(esme.steps.get(), because="rang instead", by=cast.actor("head"), at=moment(9, 40), key="w")
    before = list(Case.objects.order_by("pupil").values("pupil", "round", "end"))
    migration = import_module("rollcall.casework.migrations.0004_cases_of_steps")
    migration.take_cases(apps, None)
    Case.objects.all().delete()
    migration.give_cases(apps, None)
    assert list(Case.objects.order_by("pupil").values("pupil", "round", "end")) == before
    assert not StepTaken.objects.filter(case=None).exists()
    assert Case.objects.get(pupil=ben.pupil).closed is None


def test_a_withdrawn_first_step_ends_the_case_and_the_next_round_begins_anew(cast: Cast) -> None:
    case = begin_case(cast, "Ben")
    actions.withdraw(case.steps.get(), because="rang instead", by=cast.actor("head"), at=moment(9, 40), key="w")
    case.refresh_from_db()
    assert case.end == "mistake"
    assert begin_case(cast, "Ben", day=DAY).round == 2
    assert journal.Deed.objects.filter(kind="step.withdrawn").count() == 1
