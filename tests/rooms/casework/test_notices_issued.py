"""A notice from its issue to its end: by whom, at which amounts, what stops it, what is recorded and taken back."""

from datetime import date, timedelta

import pytest

from rollcall.casework.actions import notice_issuing
from rollcall.casework.actions.notice_events import Told, record, take_back
from rollcall.casework.actions.notices import InPublic, NotDone, Wanted, authorise, propose
from rollcall.casework.models import Case, LetterWritten, Notice, NoticeEvent, StepTaken
from rollcall.casework.queries.notices import added_since, changed, issued_before, line_of, notices_of_school
from rollcall.casework.queries.written import WRITTEN
from rollcall.journal import actions as journal
from rollcall.outbox.models import Message
from rollcall.schools import actions as schools
from rollcall.schools.models import Hold, PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import phone
from tests.rooms.casework.noticing import (
    AT,
    add_parent,
    issued,
    mark,
    open_gate,
    parent_of,
    post_it,
    prompts,
    proposed,
    ready,
    warn,
)


def issue(cast: Cast, notice: Notice, by: str = "exec", key: str = "i", **more) -> None:
    issuer = "executive_headteacher" if by == "exec" else "head_of_school"
    given = {"issuer": issuer, "school": cast.hamsey.pk, "in_demo": False, "at": AT, "key": key}
    notice_issuing.issue(notice.pk, by=cast.actor(by), **(given | more))


def tell(cast: Cast, notice: Notice, kind: str, day: date, key: str = "", **more) -> NoticeEvent:
    given = {"told_by": "Ms Lamb, county hall"} | more
    at = moment(16, 0, max(day, DAY))
    return record(notice.pk, Told(kind, day, **given), by=cast.actor("secretary"), at=at, key=key or f"{kind}{day}")


def state(notice: Notice, day: date) -> str:
    return line_of(notice.pk, moment(16, 0, day)).state.id


@pytest.mark.policy("5.2-b")
def test_the_executive_headteacher_issues_and_a_letter_waits_to_be_printed(cast: Cast) -> None:
    ready(cast)
    notice = issued(cast)
    assert notice.issued_by == "executive_headteacher" and notice.terms["reduced"] == 60 and notice.terms["full"] == 120
    letter = LetterWritten.objects.get(about="notice", about_id=notice.pk)
    (message,) = Message.objects.filter(ground=WRITTEN, ground_id=letter.pk)
    assert message.channel == "print" and message.evidence["contact"] == parent_of(cast, "Aisha")
    assert "£60 within 21 days, or £120 within 28 days" in message.body
    assert "Friday 19 April 2024, morning and afternoon" in message.body
    assert "Education Act 1996, section 444A" in message.body
    assert state(notice, DAY) == "not_received"


@pytest.mark.policy("W-c")
def test_the_head_of_school_issues_only_with_the_executive_headteachers_recorded_authority(cast: Cast) -> None:
    ready(cast)
    notice = proposed(cast)
    with pytest.raises(NotDone, match="has not authorised"):
        issue(cast, notice, "head")
    assert not LetterWritten.objects.filter(letter="notice").exists()
    authorise(notice.pk, because="", by=cast.actor("exec"), at=AT, key="a")
    issue(cast, notice, "head")
    notice.refresh_from_db()
    assert notice.issued_by == "head_of_school" and notice.issued.name == "Harriet Head"


@pytest.mark.policy("5.2-b")
def test_two_who_issue_at_once_issue_one(cast: Cast) -> None:
    ready(cast)
    notice = proposed(cast)
    issue(cast, notice, key="i")
    issue(cast, notice, key="i")
    with pytest.raises(NotDone, match="issued on 14 May 2024 already"):
        issue(cast, notice, key="other")
    assert LetterWritten.objects.filter(letter="notice").count() == 1


@pytest.mark.policy("5.2-a")
def test_the_days_are_counted_from_the_second_working_day_after_posting_or_as_recorded(cast: Cast) -> None:
    ready(cast)
    notice = issued(cast)
    post_it(notice, moment(15, 0, date(2024, 5, 23)))
    line = line_of(notice.pk, moment(9, 0, date(2024, 5, 28)))
    assert line.received == date(2024, 5, 28), "Thursday, Friday, then Tuesday after the bank holiday"
    assert line.now.until == date(2024, 6, 18) and line.days_left == 21
    tell(cast, notice, "received", date(2024, 5, 24))
    line = line_of(notice.pk, moment(9, 0, date(2024, 5, 28)))
    assert (line.received, line.now.until) == (date(2024, 5, 24), date(2024, 6, 14))
    with pytest.raises(NotDone, match="recorded already"):
        tell(cast, notice, "received", date(2024, 5, 25))


@pytest.mark.policy("5.2-a")
def test_a_payment_on_day_21_at_midnight_in_part_and_late(cast: Cast) -> None:
    ready(cast)
    notice = issued(cast)
    tell(cast, notice, "received", DAY)
    day_21, day_28 = DAY + timedelta(days=21), DAY + timedelta(days=28)
    part = tell(cast, notice, "paid", day_21, pence=2500)
    assert (
        line_of(notice.pk, moment(23, 59, day_21)).words
        == "£35 due until Tuesday 4 June (today is the last day), £25 paid in part"
    )
    whole = tell(cast, notice, "paid", day_21, "k2", pence=3500)
    assert state(notice, day_21) == "paid"
    take_back(whole.pk, because="It was for another family", by=cast.actor("head"), at=AT, key="t")
    assert state(notice, day_21) == "reduced" and state(notice, day_21 + timedelta(days=1)) == "full"
    assert line_of(notice.pk, moment(9, 0, day_28)).words.startswith("£95 due until Tuesday 11 June")
    with pytest.raises(NotDone, match="taken back before"):
        take_back(whole.pk, because="Again", by=cast.actor("head"), at=AT, key="t2")
    after = day_28 + timedelta(days=1)
    assert state(notice, after) == "unpaid"
    tell(cast, notice, "paid", after, pence=9500)
    late = line_of(notice.pk, moment(9, 0, after))
    assert late.state.id == "unpaid" and late.now.late == 9500, "money that comes late is the authority's question"
    assert part.taken_back is None


@pytest.mark.policy("5.2-d")
def test_unpaid_after_28_days_it_is_prosecuted_or_withdrawn(cast: Cast) -> None:
    ready(cast)
    notice = issued(cast)
    tell(cast, notice, "received", DAY)
    with pytest.raises(NotDone, match="can still be paid"):
        tell(cast, notice, "prosecuted", DAY + timedelta(days=28))
    after = DAY + timedelta(days=29)
    tell(cast, notice, "not_prosecuted", after)
    assert state(notice, after) == "not_prosecuted"
    told = {"ground": "not prosecuted", "words": "The authority wrote on 12 June"}
    tell(cast, notice, "withdrawn", after, **told)
    assert state(notice, after) == "withdrawn"
    assert notice.sessions.filter(counts=True).count() == 10, "they were used"
    event = notice.events.get(kind="withdrawn")
    take_back(event.pk, because="The other child was meant", by=cast.actor("head"), at=AT, key="t")
    take_back(
        notice.events.get(kind="not_prosecuted").pk, because="So was this", by=cast.actor("head"), at=AT, key="t2"
    )
    tell(cast, notice, "prosecuted", after)
    assert state(notice, after) == "prosecuted"


@pytest.mark.policy("5.2-d")
def test_one_that_ought_not_to_have_been_is_withdrawn_with_its_ground_and_its_sessions_are_free(cast: Cast) -> None:
    ready(cast)
    notice = issued(cast)
    with pytest.raises(NotDone, match="on which ground"):
        tell(cast, notice, "withdrawn", DAY, words="Wrong")
    tell(cast, notice, "withdrawn", DAY, ground="wrong person", words="The father had moved out in April")
    assert notice.events.get().ground == "It was issued to the wrong person: The father had moved out in April"
    assert len(prompts(cast, "Aisha")) == 1
    with pytest.raises(NotDone, match="was withdrawn"):
        tell(cast, notice, "paid", DAY, pence=6000)
    again = proposed(cast, key="p2")
    with pytest.raises(NotDone, match="Another notice"):
        take_back(notice.events.get().pk, because="It was right", by=cast.actor("head"), at=AT, key="t")
    assert again.sessions.filter(counts=True).count() == 10


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("paid", {"pence": 0}, "Give the amount"),
        ("paid", {"pence": 12001}, "The whole amount is £120"),
        ("paid", {"pence": 100, "told_by": ""}, "who at the authority"),
        ("kept", {"words": "Because"}, "No mark that it rests on was changed"),
        ("lost", {}, "Choose what became of it"),
    ],
)
def test_what_cant_be_is_answered_in_one_sentence(cast: Cast, kind: str, more: dict, said: str) -> None:
    ready(cast)
    notice = issued(cast)
    with pytest.raises(NotDone, match=said):
        tell(cast, notice, kind, DAY, **more)
    with pytest.raises(NotDone, match="still to come"):
        record(notice.pk, Told("received", DAY + timedelta(days=1)), by=cast.actor("head"), at=AT, key="x")
    with pytest.raises(NotDone, match="give that day or a later one"):
        record(notice.pk, Told("received", DAY - timedelta(days=1)), by=cast.actor("head"), at=AT, key="x")
    assert not NoticeEvent.objects.exists()


@pytest.mark.policy("5.2-c")
def test_a_mark_amended_before_it_is_issued_stops_it_and_says_which(cast: Cast) -> None:
    ready(cast)
    notice = proposed(cast)
    mark(cast, "Aisha", date(2024, 4, 22), "AM", "I")
    with pytest.raises(NotDone, match="Monday 22 April, morning: O when it was proposed, I today"):
        issue(cast, notice)
    assert Message.objects.filter(subject__startswith="Penalty").count() == 0


@pytest.mark.policy("5.2-c")
def test_a_mark_amended_after_it_went_is_shown_and_asked_about(cast: Cast) -> None:
    ready(cast)
    notice = issued(cast)
    assert changed(notices_of_school(cast.hamsey.pk, AT)) == set()
    mark(cast, "Aisha", date(2024, 4, 22), "AM", "I")
    assert changed(notices_of_school(cast.hamsey.pk, AT)) == {notice.pk}
    with pytest.raises(NotDone, match="Say why it is kept"):
        tell(cast, notice, "kept", DAY)
    tell(cast, notice, "kept", DAY, words="Nine remain and the authority agrees")
    assert changed(notices_of_school(cast.hamsey.pk, AT)) == set()
    mark(cast, "Aisha", date(2024, 4, 22), "PM", "I")
    assert changed(notices_of_school(cast.hamsey.pk, AT)) == {notice.pk}, "another change asks again"


@pytest.mark.policy("5.2-a")
def test_a_parent_barred_or_added_between_proposal_and_issue(cast: Cast) -> None:
    ready(cast)
    notice = proposed(cast)
    add_parent(cast, "Aisha", "Sam")
    assert [one.name for one in added_since(line_of(notice.pk, AT))] == ["Mr Sam Begum"]
    PupilContact.objects.filter(contact=notice.contact_id).update(barred=True)
    with pytest.raises(NotDone, match="question for the safeguarding lead"):
        issue(cast, notice)
    PupilContact.objects.filter(contact=notice.contact_id).delete()
    with pytest.raises(NotDone, match="no contact of Aisha Begum any more"):
        issue(cast, notice)


def test_a_family_in_bereavement_gets_none_for_now(cast: Cast) -> None:
    ready(cast)
    notice = proposed(cast)
    deed = journal.begin("test.hold", by=cast.by, at=AT)
    Hold.objects.create(pupil=cast.pupil("Aisha"), kind="bereavement", begins=DAY, deed=deed)
    with pytest.raises(NotDone, match="bereavement"):
        issue(cast, notice)


@pytest.mark.policy("5.2-e")
def test_a_pupil_who_left_or_is_past_school_age_gets_none_from_us_but_the_authoritys_is_recorded(cast: Cast) -> None:
    ready(cast)
    notice = proposed(cast)
    pupil, row = cast.pupil("Aisha"), cast.enrolments["Aisha"]
    born, pupil.born = pupil.born, date(2007, 6, 1)
    pupil.save()
    with pytest.raises(NotDone, match="school age"):
        issue(cast, notice)
    pupil.born, row.left = born, date(2024, 5, 13)
    pupil.save()
    row.save()
    with pytest.raises(NotDone, match="No longer on the school's roll"):
        issue(cast, notice)
    assert [one.notice.pk for one in notices_of_school(cast.hamsey.pk, AT)] == [notice.pk]
    notice_issuing.record_issued(
        notice.pk, issued_by="local_authority_officer", day=DAY, received=None, reference="PN 2024/117", in_demo=False,
        by=cast.actor("secretary"), at=AT, key="r",
    )  # fmt: skip
    notice.refresh_from_db()
    assert (notice.issued_by, notice.reference, notice.terms["reduced"]) == (
        "local_authority_officer",
        "PN 2024/117",
        60,
    )
    assert not LetterWritten.objects.filter(letter="notice").exists(), "the authority writes its own"


@pytest.mark.policy("5.2-b")
def test_one_of_the_police_is_recorded_with_the_day_they_name(cast: Cast) -> None:
    ready(cast)
    notice = proposed(cast)
    more = {"reference": "", "in_demo": False, "by": cast.actor("head"), "at": AT}
    with pytest.raises(NotDone, match="the local authority or the police"):
        notice_issuing.record_issued(notice.pk, issued_by="vicar", day=DAY, received=None, key="r0", **more)
    with pytest.raises(NotDone, match="days that have been"):
        notice_issuing.record_issued(
            notice.pk, issued_by="police", day=DAY, received=DAY + timedelta(days=1), key="r1", **more
        )
    notice_issuing.record_issued(notice.pk, issued_by="police", day=DAY, received=DAY, key="r2", **more)
    assert state(notice, DAY) == "reduced"


@pytest.mark.policy("FC-d")
def test_it_takes_the_step_of_the_path_once_for_both_parents_and_gives_it_back(cast: Cast) -> None:
    ready(cast)
    sam = add_parent(cast, "Aisha", "Sam")
    warn(cast, "Aisha")
    facts, deed = facts_of(cast.hamsey.pk), journal.begin("test.case", by=cast.by, at=AT)
    case = Case.objects.create(
        pupil=cast.pupil("Aisha"), path="school", school=cast.hamsey, policy=facts.policy_id_on(DAY),
        policy_kept=facts.policy_on(DAY).snapshot(), opened=deed,
    )  # fmt: skip
    one = proposed(cast, contacts=[parent_of(cast, "Aisha")])
    other = proposed(cast, key="p2", contacts=[sam.pk])
    assert one.case_id == case.pk
    issue(cast, one, key="i1")
    issue(cast, other, key="i2")
    step = StepTaken.objects.get(case=case, step="penalty-notice")
    assert step.evidence["notice"] == one.pk and step.withdrawn is None
    tell(cast, one, "withdrawn", DAY, ground="error", words="The address was wrong")
    step.refresh_from_db()
    assert step.withdrawn is not None
    take_back(one.events.get().pk, because="It was right after all", by=cast.actor("head"), at=AT, key="t")
    step.refresh_from_db()
    assert step.withdrawn is None


@pytest.mark.policy("5.2-c")
def test_a_notice_about_an_excluded_child_says_its_own_act_and_takes_no_step(cast: Cast) -> None:
    phone(cast)
    span = {"begins": date(2024, 5, 1), "ends": date(2024, 5, 3), "permanent": False, "provision_from": None}
    exclusion = schools.record_exclusion(cast.enrolments["Aisha"], **span, by=cast.actor("head"), at=AT)
    seen = InPublic(exclusion.pk, date(2024, 5, 2), moment(10, 20).time(), "High Street, Lewes", "PC Jones", "None")
    (notice,) = propose(
        cast.pupil("Aisha").pk, Wanted([parent_of(cast, "Aisha")], "public", (), seen, open_gate(cast, "public")),
        school=cast.hamsey.pk, by=cast.actor("exec"), at=AT, key="p",
    )  # fmt: skip
    issue(cast, notice)
    body = Message.objects.get(ground=WRITTEN, subject__startswith="Penalty").body
    assert "Education and Inspections Act 2006, section 105" in body
    assert "Thursday 2 May 2024 at 10.20: High Street, Lewes" in body
    assert issued_before(notice.pupil_id, notice.contact_id, DAY) == [], "kept apart in every count"
