"""The absentee report: who is not in, by class, with what is known and what is still to do; UNKNOWN is never safe."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.absence.models import (
    Activity,
    ActivityCheck,
    ActivityPlace,
    Alert,
    Call,
    Doubt,
    HandOver,
    LeaveDecision,
    LeaveRequest,
    LeaveSpan,
    Outing,
    Report,
    Slip,
    Word,
)
from rollcall.absence.queries.report import absentee_report
from rollcall.absence.queries.report_sheet import notes_of, sheet_of
from rollcall.absence.queries.report_values import AbsenteeReport, Away, from_kept
from rollcall.absence.views.live import forget_drawn
from rollcall.journal.actions import begin
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.schools import actions as schools
from rollcall.schools.models import ClassMembership, Pupil, PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, FOUNDED, Cast, moment, upn
from tests.rooms.absence.day import taken_before

PAGE = "/day/hamsey/report/"
KESTRELS = {"Aisha": "/", "Ben": "I", "Chloe": "N", "Dev": "U", "Esme": "V", "Finn": "O"}


@pytest.fixture(autouse=True)
def _nothing_drawn() -> None:
    forget_drawn()


def mark(cast: Cast, marks: dict[str, str], school_class: str = "Kestrels", half: str = "AM", at=None) -> None:
    """Marks of a class, saved by its teacher at 9.05."""
    taken_before(cast, school_class, half, DAY, marks, at or cast.at)


def read(cast: Cast, at=None) -> AbsenteeReport:
    """Hamsey's report on the cast's day, at 9.15."""
    return absentee_report(facts_of(cast.hamsey.pk), DAY, at or moment(9, 15))


def away(report: AbsenteeReport, name: str) -> Away:
    return next(one for one in report.away if one.name.startswith(name))


def deed(cast: Cast, at=None):
    return begin("test.deed", by=cast.actor("secretary"), at=at or moment(8, 20), school=cast.hamsey.pk)


def reported(cast: Cast, name: str, reason: str = "illness", **more) -> Report:
    """What a family said by phone at 8.12."""
    parent = cast.pupil(name).contacts.get()
    word = Word.objects.create(
        school=cast.hamsey,
        channel="phone",
        received_at=moment(8, 12),
        caller="Pat",
        deed=deed(cast),
        cleared=deed(cast),
    )
    span = {"first_day": DAY, "first_half": "AM", "last_day": DAY, "last_half": "PM"}
    given = {"word": word, "enrolment": cast.enrolments[name], "contact": parent, "reason": reason, "deed": deed(cast)}
    return Report.objects.create(**given | span | more)


@pytest.mark.policy("A6-b")
def test_every_pupil_who_is_not_in_stands_by_class_with_the_code(cast: Cast) -> None:
    mark(cast, KESTRELS)
    report = read(cast)
    kestrels = next(part for part in report.classes if part.name == "Kestrels")
    assert [(one.name, one.code) for one in kestrels.away] == [
        ("Ben Carter", "I"),
        ("Chloe Dunn", "N"),
        ("Finn Gray", "O"),
    ]
    assert [(one.code, one.names) for one in kestrels.elsewhere] == [("V", ("Esme Field",))]
    assert (kestrels.n, kestrels.n_in) == (6, 2), "Aisha, and Dev, who came after closing and is in the building"
    assert (report.n_unexplained, report.n_explained, report.n_elsewhere) == (2, 1, 1), "O by the register is a guess"


@pytest.mark.policy("A6-b")
def test_a_class_that_is_not_in_and_a_pupil_not_marked_are_unknown(cast: Cast) -> None:
    mark(cast, {name: code for name, code in KESTRELS.items() if name != "Chloe"})
    report = read(cast)
    wrens = next(part for part in report.classes if part.name == "Wrens")
    assert (wrens.state, wrens.unknown, wrens.takers) == ("late", ("Gus Hill", "Hana Iqbal", "Ivo James"), "Wilma Wren")
    assert (away(report, "Chloe").code_words, away(report, "Chloe").to_do) == ("UNKNOWN", ("Mark the register",))
    assert report.n_unknown == 4
    assert [part.name for part in report.missing] == ["Kestrels", "Wrens"]


@pytest.mark.policy("A6-b")
def test_it_renews_itself_as_they_come_in(signed_in, cast: Cast) -> None:
    client = signed_in("secretary")
    page = client.get(PAGE)
    assert "UNKNOWN" in page.content.decode()
    tag = page.headers["ETag"]
    live = {"X-Part": "live", "If-None-Match": tag}
    assert client.get(PAGE, headers=live).status_code == 304
    mark(cast, dict.fromkeys(("Gus", "Hana", "Ivo"), "/"), "Wrens")
    mark(cast, dict.fromkeys(KESTRELS, "/") | {"Ben": "N"})
    part = client.get(PAGE, headers=live)
    assert part.status_code == 200
    assert "UNKNOWN" not in re.sub(r"<footer.*", "", part.content.decode(), flags=re.S).replace("UNKNOWN is", "")
    assert "Ben Carter" in part.content.decode()


def test_who_told_us_why_and_when_they_are_back_stands_beside_the_pupil(cast: Cast) -> None:
    mark(cast, KESTRELS)
    reported(cast, "Ben", note="tummy", code="I", back_on=DAY + timedelta(days=2))
    ben = away(read(cast), "Ben")
    assert ben.reason == "Illness: tummy"
    assert ben.told == "Pat Carter, Mother (by phone, 8.12am)"
    assert ben.back == "Thursday 16 May"
    assert ben.to_do == ()


def test_a_reported_pupil_who_is_not_marked_is_unknown_and_says_what_is_expected(cast: Cast) -> None:
    first, last = (DAY, "AM"), (DAY, "PM")
    registers.expect(
        cast.enrolments["Gus"], first=first, last=last, code="I", ground="A cold", told_by="Ms Hill",
        by=cast.actor("secretary"), at=moment(8, 20),
    )  # fmt: skip
    report = read(cast)
    gus = away(report, "Gus")
    assert (gus.code_words, gus.expected, gus.reason, gus.told) == ("UNKNOWN", "I", "A cold", "Ms Hill, 8.20am")
    assert next(part for part in report.classes if part.name == "Wrens").unknown == ("Hana Iqbal", "Ivo James")


def test_brothers_and_sisters_stand_with_where_they_are_at_any_school(cast: Cast) -> None:
    mark(cast, KESTRELS)
    home = cast.pupil("Chloe").contacts.get().contact
    for name in ("Aisha", "Jade", "Gus"):
        PupilContact.objects.create(pupil=cast.pupil(name), contact=home, relationship="Aunt", lives_with=True, order=2)
    with_them = {str(sibling) for sibling in away(read(cast), "Chloe").siblings}
    assert with_them == {
        "Aisha Begum (Kestrels): in",
        "Gus Hill (Wrens): not marked",
        "Jade King (Otters, Barcombe Primary School): not marked",
    }


def test_where_a_child_at_another_school_is_is_not_said_if_that_is_confidential(cast: Cast) -> None:
    mark(cast, KESTRELS)
    home = cast.pupil("Chloe").contacts.get().contact
    PupilContact.objects.create(pupil=cast.pupil("Jade"), contact=home, relationship="Aunt", lives_with=True)
    Pupil.objects.filter(pk=cast.pupil("Jade").pk).update(confidential=True)
    assert away(read(cast), "Chloe").siblings[0].where == "ask the safeguarding lead"


def still(cast: Cast, name: str = "Chloe") -> tuple[str, ...]:
    return away(read(cast, moment(9, 50)), name).to_do


def test_what_is_still_to_do_comes_from_what_was_done(cast: Cast) -> None:
    mark(cast, KESTRELS)
    chloe = cast.enrolments["Chloe"]
    assert still(cast) == ("Call",)
    call = {"enrolment": chloe, "day": DAY, "half": "AM", "name": "Pat Dunn", "number": "07700 900003"}
    Call.objects.create(**call, outcome="no_answer", deed=deed(cast, moment(9, 40)))
    assert still(cast) == ("Call the next contact (Pat Dunn, 9.40am: no answer)",)
    alert = Alert.objects.create(enrolment=chloe, day=DAY, kind="unreached", to_role="dsl", deed=deed(cast))
    assert still(cast)[0].startswith("Alert open: ")
    alert.acknowledged = deed(cast)
    alert.save()
    reported(cast, "Chloe", code="I")
    assert still(cast) == ("Enter the reason that was given",)


@pytest.mark.policy("A6-b")
def test_who_was_to_be_back_and_is_not_in_is_said_until_they_come(cast: Cast, signed_in) -> None:
    friday, monday = DAY - timedelta(days=4), DAY - timedelta(days=1)
    for name, back in (("Ben", monday), ("Chloe", DAY), ("Aisha", monday), ("Dev", monday + timedelta(days=8))):
        registers.expect(
            cast.enrolments[name], first=(friday, "AM"), last=(friday, "PM"), code="I", ground="A cold",
            told_by="Pat", back_on=back, by=cast.by, at=moment(8, 20, friday),
        )  # fmt: skip
    mark(cast, {"Aisha": "/", "Ben": "N", "Chloe": "N", "Dev": "N", "Esme": "/", "Finn": "/"})
    report = read(cast)
    assert away(report, "Ben").back == "was expected back Monday 13 May"
    assert away(report, "Ben").to_do == ("Call", "Was expected back Monday 13 May: ask what keeps them")
    assert away(report, "Chloe").back == "was expected back today"
    assert away(report, "Dev").back == "", "to be back next week, by what was said"
    assert "Aisha" not in str(report.away)
    assert "was expected back Monday 13 May" in signed_in("office").get(PAGE).content.decode()
    assert [line.back for part in sheet_of(report).classes for line in part.lines if line.name.startswith("Ben")] == [
        "was expected back Monday 13 May"
    ]
    again = {"first": (DAY, "AM"), "last": (DAY, "PM"), "code": "I", "ground": "Still ill", "told_by": "Pat"}
    registers.expect(cast.enrolments["Ben"], **again, by=cast.by, at=moment(9, 20))
    assert away(read(cast, moment(9, 30)), "Ben").back == "", "somebody has said so meanwhile"


@pytest.mark.policy("A6-b")
def test_who_has_been_in_since_their_return_is_not_overdue_and_leave_ends_with_its_last_day(cast: Cast) -> None:
    friday, monday = DAY - timedelta(days=4), DAY - timedelta(days=1)
    away_on = {"first": (friday, "AM"), "last": (friday, "PM"), "by": cast.by, "at": moment(8, 20, friday)}
    registers.expect(cast.enrolments["Ben"], **away_on, code="I", ground="A cold", told_by="Pat", back_on=monday)
    leave = registers.expect(
        cast.enrolments["Chloe"], **away_on, code="C", ground="A wedding", told_by="Pat", leave_granted=True
    )
    request = LeaveRequest.objects.create(
        enrolment=cast.enrolments["Chloe"], reason="wedding", first_day=friday, last_day=friday, asked_on=friday,
        asker="Pat", notice_days=0, deed=deed(cast),
    )  # fmt: skip
    decision = LeaveDecision.objects.create(request=request, why="Once", how="said", told_to="Pat", deed=deed(cast))
    LeaveSpan.objects.create(
        decision=decision, first_day=friday, last_day=friday, granted=True, code="C", expectation=leave
    )
    here = [NewMark(cast.enrolments["Ben"].pk, "/")]
    registers.record_marks(
        cast.kestrels, monday, "AM", here, by=cast.actor("head"), at=moment(9, 5, monday), key="monday"
    )
    mark(cast, {"Ben": "N", "Chloe": "N"})
    assert away(read(cast), "Ben").back == ""
    assert away(read(cast), "Chloe").back == "was expected back Monday 13 May"


@pytest.mark.policy("A6-b", "4.5-b")
def test_an_o_by_the_register_is_looked_for_and_one_by_decision_says_whose(cast: Cast) -> None:
    mark(cast, KESTRELS)
    finn = away(read(cast), "Finn")
    assert finn.is_unexplained and finn.to_do == ("Call",)
    decided = begin(
        "unknown.given", by=cast.actor("head"), at=moment(9, 40), school=cast.hamsey.pk, reason="No reason found"
    )
    for code in ("N", "O"):
        new = NewMark(cast.enrolments["Finn"].pk, code)
        registers.mark_within(decided, cast.hamsey.pk, [(DAY, "AM", new)], at=moment(9, 40))
    finn = away(read(cast, moment(9, 50)), "Finn")
    assert (finn.is_unexplained, finn.to_do, finn.reason) == (False, (), "No reason found")
    assert finn.told.startswith("recorded by ") and finn.told.endswith(", 9.40am")


@pytest.mark.policy("A6-b", "3.6-a")
def test_only_callers_of_the_day_who_wait_for_the_head_stand_in_the_report(cast: Cast) -> None:
    mark(cast, KESTRELS)
    late_yesterday = begin(
        "test.deed", by=cast.actor("secretary"), at=moment(16, 0, DAY - timedelta(days=1)), school=cast.hamsey.pk
    )
    chloe = {"school": cast.hamsey, "enrolment": cast.enrolments["Chloe"], "about": "Upset"}
    HandOver.objects.create(**chloe, caller="Mr Dunn", deed=late_yesterday)
    assert still(cast) == ("Call",)
    HandOver.objects.create(**chloe, caller="Ms Dunn", deed=deed(cast))
    HandOver.objects.create(**chloe, caller="Mx Dunn", deed=deed(cast), done=deed(cast))
    assert still(cast)[0] == "Ms Dunn waits for the head of school"


def test_evidence_is_waited_for_decided_on_or_told_about(cast: Cast) -> None:
    mark(cast, KESTRELS)
    span = {"first_day": DAY, "first_half": "AM", "last_day": DAY, "last_half": "PM", "due": DAY + timedelta(days=3)}
    doubt = Doubt.objects.create(
        enrolment=cast.enrolments["Ben"], kind="illness", why="Third Friday", asked_how="phone", deed=deed(cast), **span
    )
    assert still(cast, "Ben") == ("Waiting for evidence until Friday 17 May",)
    doubt.answered, doubt.satisfied = deed(cast), None
    doubt.save()
    assert still(cast, "Ben") == ("Decide on the evidence",)
    doubt.satisfied = False
    doubt.save()
    assert still(cast, "Ben") == ("Tell the parents before it is unauthorised",)


def test_a_voicemail_from_a_familys_number_is_answered_before_anybody_is_rung(cast: Cast) -> None:
    mark(cast, KESTRELS)
    number = cast.pupil("Chloe").contacts.get().contact.phones.get().number
    abroad = f"+44 {number[1:]}"
    Word.objects.create(
        school=cast.hamsey, channel="voicemail", received_at=moment(8, 5), number=abroad, deed=deed(cast)
    )
    assert still(cast) == (f"Answer the voicemail from {abroad}, 8.05am",)
    assert read(cast).inbox == (f"the voicemail from {abroad}, 8.05am",)


def test_a_slip_at_the_door_a_caller_handed_on_and_a_child_taken_out_are_said(cast: Cast) -> None:
    mark(cast, KESTRELS)
    chloe, aisha = cast.enrolments["Chloe"], cast.enrolments["Aisha"]
    slip = {"enrolment": chloe, "day": DAY, "half": "AM", "arrived_at": moment(9, 12), "reason": "overslept"}
    Slip.objects.create(**slip, deed=deed(cast))
    HandOver.objects.create(school=cast.hamsey, enrolment=chloe, caller="Mr Dunn", about="Upset", deed=deed(cast))
    Outing.objects.create(
        enrolment=aisha, day=DAY, out_at=moment(9, 30), reason="appointment", collector="Pat Begum", deed=deed(cast)
    )
    report = read(cast, moment(9, 50))
    assert away(report, "Chloe").to_do == ("Confirm the late slip of 9.12am", "Mr Dunn waits for the head of school")
    kestrels = next(part for part in report.classes if part.name == "Kestrels")
    assert kestrels.signed_out[0].startswith("Aisha Begum: signed out 9.30am with Pat Begum (")
    assert kestrels.n_in == 1


def test_an_activity_says_what_it_is_and_who_has_not_confirmed_it_yet(cast: Cast) -> None:
    mark(cast, KESTRELS)
    first, last = (DAY, "AM"), (DAY, "PM")
    esme = registers.expect(
        cast.enrolments["Esme"], first=first, last=last, code="V", ground="Trip", by=cast.actor("head"), at=moment(8, 0)
    )
    trip = Activity.objects.create(
        school=cast.hamsey, title="Lewes Castle", code="V", leader_name="Tom Teacher", deed=deed(cast),
        first_day=DAY, first_half="AM", last_day=DAY, last_half="PM",
    )  # fmt: skip
    place = ActivityPlace.objects.create(activity=trip, expectation=esme)

    def shown() -> tuple[str, ...]:
        return notes_of(next(part for part in read(cast).classes if part.name == "Kestrels"))

    assert shown() == ("V, Lewes Castle: Esme Field. Tom Teacher to confirm that they are there.",)
    ActivityCheck.objects.create(place=place, day=DAY, half="AM", there=True, said_by="Tom Teacher", deed=deed(cast))
    assert shown() == ("V, Lewes Castle: Esme Field.",)


def test_a_pupil_in_no_class_is_unknown_and_one_in_two_stands_once(cast: Cast) -> None:
    mark(cast, KESTRELS)
    ClassMembership.objects.filter(enrolment=cast.enrolments["Ivo"]).delete()
    chloe = cast.enrolments["Chloe"]
    ClassMembership.objects.create(enrolment=chloe, school_class=cast.classes["Wrens"], year_group=4, begins=DAY)
    report = read(cast)
    assert report.classes[-1].name == "In no class"
    assert away(report, "Ivo").is_unknown
    assert [one.name for one in report.away].count("Chloe Dunn") == 1


def test_after_one_the_report_is_of_the_afternoon(cast: Cast) -> None:
    mark(cast, KESTRELS)
    mark(cast, dict.fromkeys(KESTRELS, "\\") | {"Aisha": "N"}, half="PM", at=moment(13, 5))
    report = read(cast, moment(13, 20))
    assert (report.half, away(report, "Aisha").code) == ("PM", "N")
    assert absentee_report(facts_of(cast.hamsey.pk), DAY, moment(13, 20), "AM").half == "AM"


def test_a_closed_class_is_no_unknown_and_a_closed_day_has_no_report(signed_in, cast: Cast) -> None:
    schools.close_sessions(
        cast.hamsey, first=DAY, last=DAY, kind="unplanned", ground="A burst pipe", classes=[cast.classes["Wrens"]],
        by=cast.by, at=moment(8, 5),
    )  # fmt: skip
    report = read(cast)
    assert report.closed == ("Wrens: A burst pipe",)
    assert [part.name for part in report.classes] == ["Kestrels"]
    schools.close_sessions(
        cast.hamsey, first=DAY, last=DAY, kind="unplanned", ground="Snow", by=cast.by, at=moment(8, 6)
    )
    assert read(cast).classes == ()
    assert "Snow" in signed_in("head").get(PAGE).content.decode()


def test_what_is_kept_gives_the_same_report_again(cast: Cast) -> None:
    mark(cast, KESTRELS)
    reported(cast, "Ben", note="tummy", code="I", back_on=DAY + timedelta(days=2))
    home = cast.pupil("Chloe").contacts.get().contact
    PupilContact.objects.create(pupil=cast.pupil("Jade"), contact=home, relationship="Aunt", lives_with=True)
    report = read(cast)
    again = from_kept(report.as_kept())
    assert again == report
    assert sheet_of(again) == sheet_of(report)


def test_the_number_of_statements_does_not_grow_with_who_is_away(cast: Cast) -> None:
    facts = facts_of(cast.hamsey.pk)

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            absentee_report(facts, DAY, moment(9, 15))
        return len(caught)

    mark(cast, {"Chloe": "N"})
    reported(cast, "Chloe", code="I")
    Word.objects.create(school=cast.hamsey, channel="email", number="pat.dunn@example.org", received_at=moment(8, 1),
                        deed=deed(cast))  # fmt: skip
    home = cast.pupil("Chloe").contacts.get().contact
    PupilContact.objects.create(pupil=cast.pupil("Jade"), contact=home, relationship="Aunt", lives_with=True)
    few = statements()
    for n in range(20):
        pupil = Pupil(upn=upn(100 + n), legal_first="New", legal_last=f"Child{n}", known_first="New",
                      known_last=f"Child{n}", born=DAY - timedelta(days=3000), sex="F")  # fmt: skip
        place = schools.admit(pupil, cast.kestrels, year_group=4, admitted=DAY, by=cast.by, at=FOUNDED)
        cast.enrolments[f"New{n}"] = place
        PupilContact.objects.create(pupil=pupil, contact=home, relationship="Aunt", lives_with=True)
        mark(cast, {f"New{n}": "N"})
        reported(cast, f"New{n}", code="I") if n % 2 else None
    assert statements() == few <= 20


def test_who_may_not_is_refused(signed_in) -> None:
    for who, status in (("stranger", 404), ("teacher", 403), ("office", 200)):
        assert signed_in(who).get(PAGE).status_code == status
