"""Penalty notices from the prompt to the proposal: who is to be considered, for which parent, and the gate before."""

from datetime import date, timedelta

import pytest

from rollcall.casework.actions import notices as actions
from rollcall.casework.actions.notices import InPublic, NotDone, Wanted, drop, propose
from rollcall.casework.models import Notice, NoticeSession, PromptWord
from rollcall.casework.queries.prompts import prompts_of_school
from rollcall.casework.queries.resting import resting_on
from rollcall.journal import actions as journal
from rollcall.registers.models import Question
from rollcall.schools import actions as schools
from rollcall.schools.models import ClassMembership, Enrolment, PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, phone
from tests.rooms.casework.noticing import (
    AT,
    absent_after,
    add_parent,
    mark,
    offer,
    on_days,
    open_gate,
    parent_of,
    prompts,
    proposed,
    ready,
    wanted,
    warn,
)


@pytest.mark.policy("5.2-c")
@pytest.mark.policy("A3-d")
def test_ten_sessions_after_a_warning_come_up_with_what_they_rest_on(cast: Cast) -> None:
    ready(cast)
    (one,) = prompts_of_school(facts_of(cast.hamsey.pk), AT)
    assert one.name == "Aisha Begum" and one.prompt.kind == "irregular"
    assert len(one.prompt.sessions) == 10 and one.prompt.warned.day == date(2024, 4, 17)
    assert [parent.name for parent in one.parents] == ["Ms Pat Begum"]
    assert one.own[0].warned.message, "the warning is found again by its message"


@pytest.mark.policy("5.2-c")
@pytest.mark.parametrize("state", ["waiting", "stopped", "failed", "held"])
def test_a_warning_that_did_not_go_is_none(cast: Cast, state: str) -> None:
    phone(cast)
    fill(cast, {"Aisha": absent_after(cast)})
    warn(cast, "Aisha", state=state)
    assert prompts(cast, "Aisha") == []


@pytest.mark.policy("5.2-a")
def test_each_parent_stands_by_the_warning_that_they_had(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Aisha": absent_after(cast)})
    warn(cast, "Aisha")
    add_parent(cast, "Aisha", "Sam")
    (one,) = prompts(cast, "Aisha")
    assert [parent.name for parent in one.parents] == ["Ms Pat Begum"], "Sam was never warned"


@pytest.mark.policy("5.2-a")
def test_who_is_barred_or_has_no_care_of_the_child_is_not_offered_and_why(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Aisha": absent_after(cast)})
    add_parent(cast, "Aisha", "Sam", barred=True)
    aunt = add_parent(cast, "Aisha", "Ada", "Aunt", responsible=False)
    warn(cast, "Aisha")
    (one,) = prompts(cast, "Aisha")
    assert [(parent.name, parent.why_not[:6]) for parent in one.not_offered] == [
        ("Mr Sam Begum", "Barred"),
        ("Mr Ada Begum", "Neithe"),
    ]
    with pytest.raises(NotDone, match="Neither parental responsibility nor care"):
        propose(
            cast.pupil("Aisha").pk, wanted(cast, "Aisha", contacts=[aunt.pk]), school=cast.hamsey.pk,
            by=cast.actor("head"), at=AT, key="x",
        )  # fmt: skip


@pytest.mark.policy("5.2-e")
def test_never_for_a_child_outside_compulsory_school_age(cast: Cast) -> None:
    ready(cast)
    pupil = cast.pupil("Aisha")
    pupil.born = date(2019, 4, 2)
    pupil.save()
    assert prompts(cast, "Aisha") == [], "five on 2 April, of age from 31 August"


@pytest.mark.policy("5.2-c")
def test_marks_at_the_school_before_count_on(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Aisha": absent_after(cast, 5)}, last=date(2024, 5, 13))
    warn(cast, "Aisha")
    old = cast.enrolments["Aisha"]
    old.left = date(2024, 5, 10)
    old.save()
    _move(cast)
    found = prompts_of_school(facts_of(cast.barcombe.pk), AT)
    assert [(one.name, len(one.prompt.sessions)) for one in found] == [("Aisha Begum", 10)]
    assert prompts_of_school(facts_of(cast.hamsey.pk), AT) == []


def _move(cast: Cast) -> None:
    row = Enrolment.objects.create(pupil=cast.pupil("Aisha"), school=cast.barcombe, admitted=date(2024, 5, 11))
    ClassMembership.objects.create(
        enrolment=row, school_class=cast.classes["Otters"], year_group=4, begins=date(2024, 5, 11)
    )


@pytest.mark.policy("5.2-c")
def test_an_n_in_its_five_days_and_evidence_that_is_asked_for_may_still_change(cast: Cast) -> None:
    phone(cast)
    days = [date(2024, 5, n) for n in (7, 8, 9, 10)]
    fill(cast, {"Aisha": on_days(cast, days) | on_days(cast, [date(2024, 5, 13)], "N")})
    warn(cast, "Aisha")
    (one,) = prompts(cast, "Aisha")
    assert [seen.day for seen in one.prompt.open] == [date(2024, 5, 13)] * 2
    assert "without them 8 remain" in one.prompt.caution
    with pytest.raises(NotDone, match="Settle those marks first"):
        proposed(cast)
    for half in ("AM", "PM"):
        mark(cast, "Aisha", date(2024, 5, 13), half, "O")
    (one,) = prompts(cast, "Aisha")
    assert one.prompt.open == ()
    deed = journal.begin("doubt.opened", by=cast.actor("head"), at=AT, school=cast.hamsey.pk)
    span = {"first_day": days[0], "first_half": "PM", "last_day": days[1], "last_half": "AM"}
    Question.objects.create(enrolment=cast.enrolments["Aisha"], deed=deed, **span)
    (one,) = prompts(cast, "Aisha")
    assert [seen.session for seen in one.prompt.open] == [(days[0], "PM"), (days[1], "AM")]


@pytest.mark.policy("5.2-c")
def test_a_holiday_without_leave_comes_up_without_a_warning(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Ben": absent_after(cast, 5, "G")})
    (one,) = prompts_of_school(facts_of(cast.hamsey.pk), AT)
    assert (one.name, one.prompt.kind, len(one.prompt.sessions)) == ("Ben Carter", "leave", 10)


@pytest.mark.policy("5.2-a")
@pytest.mark.policy("W-c")
def test_a_notice_is_proposed_for_each_parent_with_copies_of_what_it_rests_on(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Aisha": absent_after(cast)})
    sam = add_parent(cast, "Aisha", "Sam")
    warn(cast, "Aisha")
    help_ = offer(cast, "Aisha")
    contacts = [parent_of(cast, "Aisha"), sam.pk]
    gate = open_gate(cast, support=(help_.pk,), not_apt="")
    found = propose(
        cast.pupil("Aisha").pk, wanted(cast, "Aisha", contacts=contacts, gate=gate), school=cast.hamsey.pk,
        by=cast.actor("head"), at=AT, key="p",
    )  # fmt: skip
    assert [one.to_name for one in found] == ["Ms Pat Begum", "Mr Sam Begum"]
    kept = found[0]
    assert kept.gate["support"][0]["words"] == "Breakfast club, offered Tuesday 16 April 2024: Refused"
    assert kept.gate["warning"]["letter"] == "letter-3" and kept.gate["warning"]["message"]
    assert all(point["answer"] == "Yes" for point in kept.gate["checklist"])
    first = kept.evidence["prompt"]["sessions"][0]
    assert first["code"] == "O" and first["history"][0].startswith("O, ")
    assert kept.sessions.count() == 10 and found[1].sessions.count() == 10
    assert kept.issued is None, "nothing has gone"
    again = propose(
        cast.pupil("Aisha").pk, wanted_again(), school=cast.hamsey.pk, by=cast.actor("head"), at=AT, key="p"
    )  # fmt: skip
    assert [one.pk for one in again] == [one.pk for one in found], "pressed twice is done once"
    assert prompts(cast, "Aisha") == [], "its sessions count once"


def wanted_again() -> Wanted:
    return Wanted([], "irregular")


@pytest.mark.policy("5.2-c")
def test_the_gate_stays_shut_until_all_is_answered(cast: Cast) -> None:
    ready(cast)
    for gate, said in (
        (open_gate(cast, not_apt=""), "which support was offered, or why"),
        (open_gate(cast, answers={}), "Answer this point: Each session"),
        (open_gate(cast, support=(offer(cast, "Aisha", "").pk,)), "Record first what became of this: Breakfast club"),
        (open_gate(cast, support=(offer(cast, "Ben").pk,)), "support that was offered to this family"),
        (
            open_gate(cast, answers=dict(open_gate(cast).answers) | {"reasons-heard": "no"}),
            "can't be proposed while this is not so",
        ),
    ):
        with pytest.raises(NotDone, match=said):
            proposed(cast, gate=gate)
    not_needed = dict(open_gate(cast).answers) | {"social-care": "none"}
    assert proposed(cast, gate=open_gate(cast, answers=not_needed)).pk


@pytest.mark.policy("5.2-c")
def test_marks_changed_since_the_page_was_shown_stop_the_proposal(cast: Cast) -> None:
    ready(cast, Aisha=absent_after(cast, 6))
    shown = wanted(cast, "Aisha")
    mark(cast, "Aisha", shown.sessions[0][0], "AM", "I")
    with pytest.raises(NotDone, match="not as it was shown"):
        propose(cast.pupil("Aisha").pk, shown, school=cast.hamsey.pk, by=cast.actor("head"), at=AT, key="p")
    assert not Notice.objects.exists()


@pytest.mark.policy("5.2-c")
def test_two_at_once_propose_on_the_same_sessions_and_one_is_told(cast: Cast) -> None:
    ready(cast)
    shown = wanted(cast, "Aisha")
    propose(cast.pupil("Aisha").pk, shown, school=cast.hamsey.pk, by=cast.actor("head"), at=AT, key="p1")
    with pytest.raises(NotDone, match="a notice rests on some of the sessions already"):
        propose(cast.pupil("Aisha").pk, shown, school=cast.hamsey.pk, by=cast.actor("exec"), at=AT, key="p2")
    assert Notice.objects.count() == 1


@pytest.mark.policy("5.2-a")
def test_twins_with_one_parent_have_notices_of_their_own(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Aisha": absent_after(cast), "Ben": absent_after(cast)})
    shared = parent_of(cast, "Aisha")
    PupilContact.objects.create(
        pupil=cast.pupil("Ben"), contact_id=shared, order=2, relationship="Mother", parental_responsibility=True
    )
    warn(cast, "Aisha")
    warn(cast, "Ben")
    one = proposed(cast, "Aisha")
    other = proposed(cast, "Ben", key="p2", contacts=[shared])
    assert one.contact_id == other.contact_id
    assert {row.enrolment_id for row in one.sessions.all()} == {cast.enrolments["Aisha"].pk}
    assert {row.enrolment_id for row in other.sessions.all()} == {cast.enrolments["Ben"].pk}


@pytest.mark.policy("5.2-c")
def test_sessions_of_a_notice_given_up_count_again(cast: Cast) -> None:
    ready(cast)
    notice = proposed(cast)
    with pytest.raises(NotDone, match="Say why"):
        actions.drop(notice.pk, because=" ", by=cast.actor("head"), at=AT, key="d0")
    actions.drop(notice.pk, because="The family is being helped now", by=cast.actor("head"), at=AT, key="d1")
    assert len(prompts(cast, "Aisha")) == 1
    assert proposed(cast, key="p2").pk
    with pytest.raises(NotDone, match="given up before"):
        actions.drop(notice.pk, because="Once more", by=cast.actor("head"), at=AT, key="d2")


@pytest.mark.policy("W-c")
def test_the_executive_headteachers_authority_is_recorded_once(cast: Cast) -> None:
    ready(cast)
    notice = proposed(cast)
    actions.authorise(notice.pk, because="", by=cast.actor("exec"), at=AT, key="a1")
    actions.authorise(notice.pk, because="", by=cast.actor("exec"), at=AT, key="a1")
    with pytest.raises(NotDone, match="somebody was quicker"):
        actions.authorise(notice.pk, because="", by=cast.actor("exec"), at=AT, key="a2")
    notice.refresh_from_db()
    assert notice.authorised.name == "Eve Executive"


@pytest.mark.policy("3.4-a")
def test_the_secretary_puts_a_prompt_before_the_head_who_may_say_not_now(cast: Cast) -> None:
    ready(cast)
    (one,) = prompts(cast, "Aisha")
    kept = {"kind": one.prompt.kind, "sessions": one.sessions}
    more = {"school": cast.hamsey.pk, "at": AT}
    pupil = cast.pupil("Aisha").pk
    advice = {"because": "Ten since letter 3", "by": cast.actor("secretary"), "key": "w1"}
    actions.answer_prompt(pupil, kept, "advised", **advice, **more)
    (one,) = prompts(cast, "Aisha")
    assert one.word.kind == "advised" and one.is_open
    answer = {"because": "Breakfast club begins on Monday", "by": cast.actor("head"), "key": "w2"}
    actions.answer_prompt(pupil, kept, "not_now", **answer, **more)
    (one,) = prompts(cast, "Aisha")
    assert not one.is_open and one.word.because == "Breakfast club begins on Monday"
    mark(cast, "Aisha", date(2024, 5, 13), "AM", "O")
    (one,) = prompts(cast, "Aisha")
    assert one.is_open and one.word is None, "another session puts it again"
    assert PromptWord.objects.count() == 2


def _suspended(cast: Cast, first: date, last: date):
    span = {"begins": first, "ends": last, "permanent": False, "provision_from": None}
    return schools.record_exclusion(cast.enrolments["Finn"], **span, by=cast.actor("head"), at=AT)


def _public(cast: Cast, seen: InPublic) -> Wanted:
    return Wanted([parent_of(cast, "Finn")], "public", in_public=seen, gate=open_gate(cast, "public", not_apt=""))


@pytest.mark.policy("5.2-c")
def test_an_excluded_child_in_a_public_place_is_a_notice_of_another_act(cast: Cast) -> None:
    phone(cast)
    exclusion = _suspended(cast, date(2024, 5, 1), date(2024, 5, 10))
    seen = InPublic(exclusion.pk, date(2024, 5, 2), moment(10, 20).time(), "High Street, Lewes", "PC Jones", "None")
    more = {"school": cast.hamsey.pk, "by": cast.actor("head"), "at": AT}
    pupil = cast.pupil("Finn").pk
    (notice,) = propose(pupil, _public(cast, seen), key="p1", **more)
    assert notice.kind == "public" and notice.evidence["in_public"]["place"] == "High Street, Lewes"
    assert not NoticeSession.objects.filter(notice=notice).exists()
    for wrong, said in (
        ({"day": date(2024, 5, 9)}, "Only the first 5 school days"),
        ({"day": date(2024, 4, 30)}, "not a day of this exclusion"),
        ({"day": date(2024, 5, 4)}, "was no school day"),
        ({"at": moment(7, 0).time()}, "School hours"),
        ({"place": " "}, "Say where"),
        ({}, "has a notice about Thursday 2 May already"),
    ):
        with pytest.raises(NotDone, match=said):
            propose(pupil, _public(cast, InPublic(**(seen.__dict__ | wrong))), key=f"p{said}", **more)


def test_a_prompt_looks_back_no_further_than_the_policy(cast: Cast) -> None:
    ready(cast)
    assert prompts(cast, "Aisha", moment(9, 5, DAY + timedelta(days=330)))
    assert prompts(cast, "Aisha", moment(9, 5, DAY + timedelta(days=365))) == []


@pytest.mark.policy("4.1-e")
def test_marks_that_a_notice_rests_on_are_kept_as_long_as_notices_are(cast: Cast) -> None:
    ready(cast)
    assert resting_on(cast.hamsey.pk, DAY) == set()
    proposed(cast)
    assert resting_on(cast.hamsey.pk, DAY) == {cast.enrolments["Aisha"].pk}
    later = DAY.replace(year=2034)
    assert resting_on(cast.hamsey.pk, later) == {cast.enrolments["Aisha"].pk}, "it is still to be decided"
    notice = Notice.objects.get()
    drop(notice.pk, because="Support is taken up", by=cast.actor("head"), at=AT, key="dropped")
    assert resting_on(cast.hamsey.pk, later) == set()
