"""Meetings with families: planned, asked to, written down, and what follows from them (FC, 7.4-b)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from icalendar import Calendar

from rollcall.casework.actions.meetings import NotPlanned, Plan, plan_meeting
from rollcall.casework.actions.outcomes import Agreement, Aim, Outcome, finish_action, record_outcome, withdraw_target
from rollcall.casework.models import AgreedAction, Case, LetterWritten, Meeting, StepTaken, Target
from rollcall.casework.queries.calendar import calendar_of
from rollcall.casework.queries.meetings import Asked, adults_of, coming, record, staff_of
from rollcall.casework.queries.regular import regular
from rollcall.outbox.models import Message
from rollcall.rules.policy import load
from rollcall.schools.models import PupilContact
from rollcall.worker import grounds
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, missed, phone
from tests.rooms.casework.on_path import begin_case

TUESDAY = date(2024, 5, 21)
AT = moment(9, 20)


def asked(cast: Cast, name: str = "Ben") -> tuple[Asked, ...]:
    parents, _ = adults_of(cast.pupil(name).pk)
    return (*parents, Asked("Tom Teacher", "Class teacher", None, f"user:{cast.users['teacher'].pk}"))


def planned(cast: Cast, *, at: datetime | None = None, key: str = "m1", **more) -> Meeting:
    plan = Plan(
        more.pop("kind", "regular"),
        at or moment(15, 30, TUESDAY),
        "the head's room",
        "mornings",
        asked(cast),
        **more.pop("plan", {}),
    )
    return plan_meeting(
        plan, school=cast.hamsey.pk, pupil=cast.pupil("Ben").pk, by=cast.actor("head"), at=AT, key=key, **more
    )


def recorded(cast: Cast, meeting: Meeting, outcome: Outcome, key: str = "o1"):
    return record_outcome(meeting, outcome, by=cast.actor("head"), at=moment(16, 30, TUESDAY), key=key)


@pytest.mark.policy("7.4-b")
def test_an_invitation_goes_to_the_parents_who_are_asked(cast: Cast) -> None:
    phone(cast)
    meeting = planned(cast, invite=True)
    letter = LetterWritten.objects.get()
    assert (letter.letter, letter.about, letter.about_id) == ("meeting-invitation", "meeting", meeting.pk)
    body = Message.objects.get().body
    assert "Tuesday 21 May 2024 at 15.30, the head's room" in body and "Tom Teacher" in body


@pytest.mark.policy("7.4-b")
def test_an_invitation_stops_when_the_meeting_was_called_off_meanwhile(cast: Cast) -> None:
    phone(cast)
    meeting = planned(cast, invite=True)
    recorded(cast, meeting, Outcome("off", "The family is away that week."))
    message = Message.objects.get()
    answer = grounds()[message.ground](message, moment(16, 31, TUESDAY))
    assert not answer.stands and "called off" in answer.why


def test_somebody_barred_is_never_asked_in(cast: Cast) -> None:
    PupilContact.objects.filter(pupil=cast.pupil("Ben")).update(barred=True)
    person = PupilContact.objects.select_related("contact").get(pupil=cast.pupil("Ben")).contact
    for one in (Asked(str(person), "Mother", person.pk), Asked(str(person).upper(), "typed by hand")):
        with pytest.raises(NotPlanned, match="is barred: do not contact"):
            plan_meeting(
                Plan("other", moment(15, 30, TUESDAY), asked=(one,)),
                school=cast.hamsey.pk, pupil=cast.pupil("Ben").pk, by=cast.actor("head"), at=AT, key="x",
            )  # fmt: skip
    assert Meeting.objects.count() == 0


@pytest.mark.policy("FC-d")
def test_a_meeting_that_was_held_takes_its_step_with_what_was_agreed(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Ben": missed(60)})
    case = begin_case(cast, "Ben")
    meeting = planned(cast, kind="step", case=case, plan={"step": "teacher-meeting"})
    outcome = Outcome(
        "held",
        "Mornings are hard since the move.",
        came=asked(cast),
        next_review=date(2024, 6, 11),
        actions=(Agreement("school", "Tom Teacher", "Meets Ben at the gate", date(2024, 5, 22)),),
        targets=(Aim(date(2024, 5, 22), date(2024, 6, 7), Decimal("95")),),
    )
    recorded(cast, meeting, outcome)
    step = StepTaken.objects.get(step="teacher-meeting")
    assert (step.case, step.day, step.evidence["meeting"]) == (case, TUESDAY, meeting.pk)
    assert Target.objects.get().case == case
    fields = record(Meeting.objects.get(), load("federation"))
    assert fields["agreed_actions"] == "- Tom Teacher: Meets Ben at the gate, by Wednesday 22 May."
    assert fields["agreed_targets"] == "- At least 95% of sessions attended from Wednesday 22 May to Friday 7 June."


def test_the_same_press_twice_records_once_and_a_second_person_is_told(cast: Cast) -> None:
    meeting = planned(cast)
    held = Outcome("held", "We talked it over.", came=asked(cast))
    assert recorded(cast, meeting, held) == recorded(cast, meeting, held)
    with pytest.raises(NotPlanned, match="Harriet Head recorded this meeting already: held"):
        recorded(cast, meeting, held, key="o2")


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome("held", "We talked."), "Say who came"),
        (Outcome("held", "", came=(Asked("Ann", ""),)), "what was said"),
        (Outcome("absent", ""), "Say in a few words why"),
        (Outcome("moved", "They asked.", moved_to=moment(9, 0)), "still to come"),
        (
            Outcome("held", "We talked.", came=(Asked("Ann", ""),), actions=(Agreement("school", "", "A"),)),
            "who does it",
        ),
        (Outcome("held", "We talked.", came=(Asked("Ann", ""),), targets=(Aim(TUESDAY, DAY),)), "must end after"),
    ],
)
def test_an_outcome_that_lacks_something_is_refused_whole(cast: Cast, outcome: Outcome, said: str) -> None:
    meeting = planned(cast)
    with pytest.raises(NotPlanned, match=said):
        recorded(cast, meeting, outcome)
    assert not hasattr(Meeting.objects.get(), "outcome") and AgreedAction.objects.count() == 0


def test_a_meeting_still_to_come_can_not_have_been_held(cast: Cast) -> None:
    meeting = planned(cast)
    with pytest.raises(NotPlanned, match="record it once it is over"):
        record_outcome(meeting, Outcome("held", "Early", came=asked(cast)), by=cast.actor("head"), at=AT, key="o")


def test_a_meeting_that_was_moved_stays_and_the_new_one_is_asked_to_anew(cast: Cast) -> None:
    phone(cast)
    meeting = planned(cast, invite=True)
    later = moment(15, 30, TUESDAY + timedelta(days=2))
    done = record_outcome(meeting, Outcome("moved", moved_to=later), by=cast.actor("head"), at=AT, key="o")
    assert done.moved_to.at == later and LetterWritten.objects.filter(about_id=done.moved_to_id).count() == 1
    assert [line.id for line in coming(cast.hamsey.pk, AT)] == [done.moved_to_id]


def test_a_family_that_did_not_come_takes_the_step_only_when_somebody_says_so(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Ben": missed(60)})
    case = begin_case(cast, "Ben")
    first = planned(cast, kind="step", case=case, plan={"step": "teacher-meeting"})
    recorded(cast, first, Outcome("absent", "Nobody came, nobody rang."))
    assert not StepTaken.objects.filter(step="teacher-meeting").exists()
    again = planned(cast, kind="step", case=case, plan={"step": "teacher-meeting"}, key="m2")
    recorded(cast, again, Outcome("absent", "Second time that nobody came.", counts=True), key="o2")
    assert StepTaken.objects.get(step="teacher-meeting").evidence["how"] == "absent"


def test_two_meetings_of_one_step_are_not_planned(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Ben": missed(60)})
    case = begin_case(cast, "Ben")
    planned(cast, kind="step", case=case, plan={"step": "teacher-meeting"})
    with pytest.raises(NotPlanned, match="is planned for Tuesday 21 May"):
        planned(cast, kind="step", case=case, plan={"step": "teacher-meeting"}, key="m2")


@pytest.mark.policy("7.4-b")
def test_regular_meetings_fall_due_by_the_policys_weeks(cast: Cast) -> None:
    fill(cast, {"Ben": missed(60)})
    cast.pupil("Chloe").save()
    pupil = cast.pupil("Chloe")
    pupil.young_carer = True
    pupil.save()
    found = {one.name: one for one in regular(cast.hamsey.pk, AT)}
    assert {name: one.why for name, one in found.items()} == {
        "Ben Carter": ("persistently absent",),
        "Chloe Dunn": ("vulnerable",),
    }
    assert all(one.is_due for one in found.values())
    meeting = planned(cast)
    assert regular(cast.hamsey.pk, AT)[-1].planned == meeting.at
    recorded(cast, meeting, Outcome("held", "We talked it over.", came=asked(cast)))
    later = next(
        one for one in regular(cast.hamsey.pk, moment(9, 0, TUESDAY + timedelta(days=1))) if one.name == "Ben Carter"
    )
    assert (later.due, later.is_due) == (TUESDAY + timedelta(weeks=6), False)


def test_a_calendar_file_holds_no_name_of_a_child(cast: Cast) -> None:
    text = calendar_of([planned(cast)], AT)
    event = Calendar.from_ical(text).walk("VEVENT")[0]
    assert event.decoded("dtstart") == moment(15, 30, TUESDAY)
    assert b"Ben" not in text and b"BC" in text


def test_what_was_agreed_is_ticked_off_once(cast: Cast) -> None:
    meeting = planned(cast)
    recorded(
        cast,
        meeting,
        Outcome("held", "We talked.", came=asked(cast), actions=(Agreement("family", "Pat", "An alarm clock"),)),
    )
    action = AgreedAction.objects.get()
    finish_action(action, words="Bought", by=cast.actor("head"), at=AT, key="d1")
    finish_action(action, words="Bought", by=cast.actor("head"), at=AT, key="d1")
    with pytest.raises(NotPlanned, match="before"):
        finish_action(action, words="Again", by=cast.actor("teacher"), at=AT, key="d2")
    assert AgreedAction.objects.get().done_words == "Bought"


def test_a_target_is_taken_back_with_a_reason_and_stays(cast: Cast) -> None:
    meeting = planned(cast)
    recorded(cast, meeting, Outcome("held", "We talked.", came=asked(cast), targets=(Aim(DAY, TUESDAY),)))
    target = Target.objects.get()
    with pytest.raises(NotPlanned, match="Say why"):
        withdraw_target(target, because="", by=cast.actor("head"), at=AT, key="w")
    withdraw_target(target, because="Wrong day", by=cast.actor("head"), at=AT, key="w")
    assert Target.objects.get().withdrawn.reason == "Wrong day"


def test_staff_who_can_be_asked_are_those_of_the_school(cast: Cast) -> None:
    names = [one.name for one in staff_of(cast.hamsey.pk, DAY)]
    assert "Tom Teacher" in names and "Sam Stranger" not in names


def _form(cast: Cast, **changed: str) -> dict[str, object]:
    parents, _ = adults_of(cast.pupil("Ben").pk)
    return {
        "key": "k1", "kind": "other", "day": "2024-05-21", "time": "15:30", "place": "", "about": "mornings",
        "adults": [str(parents[0].contact)], "staff": [], "others": "", "invite": "on",
    } | changed  # fmt: skip


@pytest.mark.policy("7.4-b")
def test_a_teacher_plans_and_writes_down_a_meeting_of_their_own_class_alone(cast: Cast, signed_in, clock) -> None:
    phone(cast)
    clock(AT)
    url = f"/casework/pupils/{cast.pupil('Ben').pk}/meeting/"
    assert signed_in("wrens_teacher").get(url).status_code in (403, 404)
    teacher = signed_in("teacher")
    wrong = teacher.post(url, _form(cast, day="", time="half three"))
    assert b"Give the day of the meeting." in wrong.content and b"Give the time as 15.30." in wrong.content
    assert b"mornings" in wrong.content
    done = teacher.post(url, _form(cast))
    meeting = Meeting.objects.get()
    assert done.url == f"/casework/meetings/{meeting.pk}/"
    assert b"Ben Carter" in teacher.get("/casework/hamsey/meetings/").content
    assert b"Ben Carter" not in signed_in("wrens_teacher").get("/casework/hamsey/meetings/").content
    clock(moment(16, 30, TUESDAY))
    outcome = {"key": "k2", "how": "held", "came": ["0"], "said": "We talked it over.", "what_1": "An alarm clock"}
    refused = teacher.post(f"/casework/meetings/{meeting.pk}/outcome/", outcome)
    assert b"Say who does it." in refused.content and b"We talked it over." in refused.content
    kept = teacher.post(
        f"/casework/meetings/{meeting.pk}/outcome/", outcome | {"owner_1": "Pat", "side_1": "family"}, follow=True
    )
    assert b"Written down" in kept.content and AgreedAction.objects.get().side == "family"


def test_the_letter_after_a_meeting_is_seen_first_and_sent_by_a_head(cast: Cast, signed_in, clock) -> None:
    phone(cast)
    fill(cast, {"Ben": missed(60)})
    case = begin_case(cast, "Ben")
    meeting = planned(cast, kind="step", case=case, plan={"step": "teacher-meeting"})
    recorded(
        cast, meeting, Outcome("held", "We talked it over.", came=asked(cast), targets=(Aim(DAY, date(2024, 6, 7)),))
    )
    clock(moment(16, 40, TUESDAY))
    url = f"/casework/meetings/{meeting.pk}/letter/"
    assert signed_in("teacher").get(url).status_code == 403
    head = signed_in("head")
    assert b"In school every day from Tuesday 14 May until Friday 7 June" in head.get(url).content
    assert LetterWritten.objects.count() == 0
    head.post(url, {"key": "l1"})
    head.post(url, {"key": "l1"})
    assert [one.letter for one in LetterWritten.objects.all()] == ["letter-2"]
    assert Case.objects.get().letters.count() == 1
