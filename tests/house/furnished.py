"""One of everything that an address can name, all of it at Hamsey, for the test that walks every route."""

from datetime import timedelta
from typing import Any

from tests.cast import DAY, Cast, moment
from tests.house.furnished_casework import furnish_casework
from tests.rooms.casework.marking import fill, missed, phone

from rollcall.absence.actions.activities import Plan, plan_activity
from rollcall.absence.actions.reporting import keep_absentee_report
from rollcall.absence.models import (
    Alert,
    CpomsItem,
    CpomsTake,
    Doubt,
    HandOver,
    LeaveRequest,
    Outing,
    Referral,
    Report,
    Slip,
    Word,
)
from rollcall.accounts.models import Grant
from rollcall.casework import actions as casework
from rollcall.exchange.models import Draft, Intake, Preset
from rollcall.journal.actions import begin
from rollcall.outbox.models import Message
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.models import ChangeRequest
from rollcall.schools.actions import record_exclusion
from rollcall.schools.models import Closure, Hold, PartTimePattern, PolicyVersion, Post
from rollcall.schools.queries import facts_of


def furnish(cast: Cast) -> dict[str, tuple[Any, ...]]:
    """Values for the arguments of routes, by argument name; where a name has two kinds of value, both."""
    phone(cast)
    fill(cast, {"Aisha": missed(20), "Ben": missed(60)})
    aisha = cast.enrolments["Aisha"]
    deed = begin("furnished", by=cast.by, at=cast.at, school=cast.hamsey.pk)
    review = casework.open_review(cast.hamsey, by=cast.actor("head"), at=cast.at, key="review")
    rows = {row.pupil_id: row for row in review.rows.all()}
    casework.decide(
        [rows[cast.pupil("Ben").pk].pk],
        "otherwise",
        step="letter-1",
        because="They asked for it",
        by=cast.actor("head"),
        at=cast.at,
        key="decided",
    )
    registers.record_marks(
        cast.kestrels, DAY, "AM", [NewMark(aisha.pk, "N")], by=cast.actor("teacher"), at=cast.at, key="mark"
    )
    keep_absentee_report(facts_of(cast.hamsey.pk), DAY, at=moment(9, 15))
    wish = ChangeRequest.objects.create(enrolment=aisha, day=DAY, half="AM", standing="N", wanted="I", deed=deed)
    expectation = registers.expect(
        aisha, first=(DAY, "PM"), last=(DAY, "PM"), code="I", ground="A cold", by=cast.actor("secretary"), at=cast.at
    )
    hold = Hold.objects.create(pupil=aisha.pupil, kind="other", begins=DAY + timedelta(days=1), deed=deed)
    pattern = PartTimePattern.objects.create(
        enrolment=aisha, begins=DAY + timedelta(days=1), ends=DAY + timedelta(days=9), away="FriPM", deed=deed
    )
    preset = Preset.objects.create(federation=cast.federation, kind="pupils", name="Ours", layout={}, deed=deed)
    draft = Draft.objects.create(
        token="t" * 43,
        user=cast.users["secretary"],
        school=cast.hamsey,
        kind="pupils",
        filename="pupils.csv",
        made_at=moment(9, 0),
    )
    intake = Intake.objects.create(
        school=cast.hamsey,
        kind="pupils",
        deed=deed,
        filename="pupils.csv",
        digest="0",
        n_rows=1,
        added=1,
        changed=0,
        unchanged=0,
    )
    slip = Slip.objects.create(
        enrolment=aisha, day=DAY, half="AM", arrived_at=moment(9, 1), reason="overslept", deed=deed
    )
    outing = Outing.objects.create(
        enrolment=aisha, day=DAY, out_at=moment(9, 3), reason="illness", collector="Pat", deed=deed
    )
    word = Word.objects.create(
        school=cast.hamsey, channel="voicemail", received_at=moment(8, 0), caller="Pat", words="Aisha is ill", deed=deed
    )
    span = {"first_day": DAY, "first_half": "AM", "last_day": DAY, "last_half": "PM"}
    report = Report.objects.create(
        word=word, enrolment=aisha, reason="family", question="To be decided", deed=deed, **span
    )
    hand_over = HandOver.objects.create(school=cast.hamsey, caller="Pat", about="A move", deed=deed)
    doubt = Doubt.objects.create(
        enrolment=aisha, kind="reason", why="Often", asked_how="phone", due=DAY, report=report, deed=deed, **span
    )
    take = CpomsTake.objects.create(school=cast.hamsey, first=DAY, last=DAY, deed=deed)
    CpomsItem.objects.create(
        take=take, pupil=aisha.pupil, kind="call", thing_id=1, at=cast.at, category="A call", text="Rang", who="Olly"
    )
    alert = Alert.objects.create(enrolment=aisha, day=DAY, kind="unreached", to_role="dsl", deed=deed)
    of_class = Alert.objects.create(
        school_class=cast.kestrels, day=DAY, half="AM", kind="untaken", to_role="head_of_school", deed=deed
    )
    referral = Referral.objects.create(
        enrolment=aisha, kind="stopped", since=DAY, day=DAY, evidence={"days": [], "calls": []}, deed=deed
    )
    leave = LeaveRequest.objects.create(
        enrolment=aisha, reason="wedding", first_day=DAY + timedelta(days=28), last_day=DAY + timedelta(days=28),
        asker="Pat", asked_on=DAY, notice_days=28, deed=deed,
    )  # fmt: skip
    teacher = cast.users["teacher"]
    trip = Plan("Museum", "V", (DAY, "AM"), (DAY, "PM"), None, "Tom Teacher")
    planned = plan_activity(cast.hamsey, trip, [cast.enrolments["Dev"]], by=cast.actor("head"), at=cast.at, key="trip")
    exclusion = record_exclusion(
        cast.enrolments["Finn"],
        begins=DAY,
        ends=DAY,
        permanent=False,
        provision_from=None,
        by=cast.actor("head"),
        at=cast.at,
    )
    return {
        "activity": (planned.activities[0].pk,),
        "exclusion": (exclusion.pk,),
        "school_class": (cast.kestrels.pk,),
        "enrolment": (aisha.pk,),
        "pupil": (aisha.pupil_id,),
        "school": (cast.hamsey.slug,),
        "day": (DAY,),
        "half": ("AM", "am"),
        "person": (teacher.person_id,),
        "contact": (aisha.pupil.contacts.get().contact_id,),
        "year": (2023,),
        "review": (review.pk,),
        "row": (rows[aisha.pupil_id].pk,),
        "to": (aisha.pupil.contacts.get().contact_id,),
        "message": (Message.objects.first().pk,),
        "wish": (wish.pk,),
        "expectation": (expectation.pk,),
        "hold": (hold.pk,),
        "pattern": (pattern.pk,),
        "closure": (Closure.objects.filter(school=cast.hamsey).first().pk,),
        "version": (PolicyVersion.objects.get().pk,),
        "post": (Post.objects.filter(person=teacher.person).first().pk,),
        "grant": (Grant.objects.filter(user=cast.users["cover"]).first().pk,),
        "kind": ("letter-1",),
        "preset": (preset.pk,),
        "token": (draft.token,),
        "intake": (intake.pk,),
        "take": (take.pk,),
        "word": (word.pk,),
        "report": (report.pk,),
        "hand_over": (hand_over.pk,),
        "doubt": (doubt.pk,),
        "outing": (outing.pk,),
        "link": (aisha.pupil.contacts.get().pk,),
        "slip": (slip.pk,),
        "alert": (alert.pk, of_class.pk),
        "referral": (referral.pk,),
        "leave": (leave.pk,),
        **furnish_casework(cast, aisha, deed),
    }
