"""The call list: who is on it, whom nobody is to look for, and one tap a try (4.5-a)."""

import pytest

from rollcall.absence.actions.calls import Tap, log_call, withdraw_call
from rollcall.absence.actions.words import NotLogged, hand_on, leave_word
from rollcall.absence.models import ActivityCheck, Call, Report, Slip
from rollcall.absence.queries.accounted import not_accounted, open_count, why_accounted_by_now
from rollcall.absence.queries.calls import call_list
from rollcall.journal.actions import AlreadyDone, begin
from rollcall.outbox.models import Message
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.calling import URL, mark, names, report, risk, second_contact, tap, the_rest_present, trip


@pytest.mark.policy("4.5-a")
def test_it_holds_n_and_whoever_is_not_marked_once_the_register_has_closed(cast: Cast) -> None:
    the_rest_present(cast, "Ben", "Chloe")
    mark(cast, "Ben", "N")
    assert names(cast, moment(9, 14)) == ["Ben"]
    assert names(cast, moment(9, 15)) == ["Ben", "Chloe"]
    mark(cast, "Chloe", "/", at=moment(9, 16))
    assert names(cast, moment(9, 17)) == ["Ben"]


def test_a_class_that_nobody_has_marked_is_one_thing_to_see_to_but_for_children_at_risk(cast: Cast) -> None:
    risk(cast, "Hana", "red")
    registers.record_marks(
        cast.kestrels,
        DAY,
        "AM",
        [NewMark(e.pk, "/") for e in cast.enrolments.values() if e.memberships.get().school_class == cast.kestrels],
        by=cast.actor("teacher"),
        at=moment(9, 5),
        key="kestrels",
    )
    found = call_list(facts_of(cast.hamsey.pk), moment(9, 20))
    assert [row.name for row in found.rows] == ["Hana Iqbal"]
    assert found.untouched == (("Wrens", 2),)
    assert found.n == open_count(cast.hamsey.pk, DAY, moment(9, 20)) == 3


def test_the_highest_risk_comes_first(cast: Cast) -> None:
    the_rest_present(cast, "Aisha", "Ben", "Gus")
    for name in ("Aisha", "Ben", "Gus"):
        mark(cast, name, "N")
    risk(cast, "Gus", "red")
    risk(cast, "Ben", "amber")
    rows = call_list(facts_of(cast.hamsey.pk), moment(9, 20)).rows
    assert [row.name.split()[0] for row in rows] == ["Gus", "Ben", "Aisha"]
    assert [row.ladder.is_open for row in rows] == [True, False, False]


@pytest.mark.policy("4.5-a")
@pytest.mark.parametrize("reason", ["illness", "bereavement"])
def test_a_report_takes_a_child_off_it_with_a_code_or_without(cast: Cast, reason: str) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    made = report(cast, "Ben", reason)
    assert names(cast, moment(9, 21)) == []
    if reason == "bereavement":
        Report.objects.filter(pk=made.pk).update(withdrawn=begin("w", by=cast.by, at=moment(9, 22)))
        assert names(cast, moment(9, 23)) == ["Ben"]


def test_a_slip_that_waits_at_the_door_is_shown_and_takes_nobody_off(cast: Cast, signed_in, clock) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    deed = begin("slip.filled", by=cast.by, at=moment(9, 22), school=cast.hamsey.pk)
    Slip.objects.create(
        enrolment=cast.enrolments["Ben"], day=DAY, half="AM", arrived_at=moment(9, 22), reason="overslept", deed=deed
    )
    office = signed_in("office")
    clock(moment(9, 35))
    page = office.get(URL).content.decode()
    assert "Ben Carter" in page
    assert "Entered at the door at 9.22am; nobody has confirmed it." in page
    assert why_accounted_by_now(cast.enrolments["Ben"], DAY, "AM", moment(9, 35))


def test_a_message_from_the_familys_number_sets_a_child_apart_and_is_said_at_the_head(
    cast: Cast, signed_in, clock
) -> None:
    the_rest_present(cast, "Ben", "Chloe")
    mark(cast, "Ben", "N")
    mark(cast, "Chloe", "N")
    number = cast.pupil("Ben").contacts.get().contact.phones.get().number
    said = {"by": cast.by, "at": moment(9, 0)}
    leave_word(cast.hamsey, channel="voicemail", caller="", words="He is ill", number=number, key="w", **said)
    hand_on(cast.hamsey, caller="Pat Dunn", about="Upset", enrolment=cast.enrolments["Chloe"], key="h", **said)
    found = call_list(facts_of(cast.hamsey.pk), moment(9, 31))
    assert not found.rows
    assert [row.name for row in found.apart] == ["Ben Carter", "Chloe Dunn"]
    office = signed_in("office")
    clock(moment(9, 31))
    page = office.get(URL).content.decode()
    assert "1 message in the inbox is not cleared" in page


@pytest.mark.policy("4.5-a")
def test_a_child_on_a_trip_is_not_on_it_and_one_who_missed_the_coach_is(cast: Cast) -> None:
    the_rest_present(cast, "Ben", "Chloe", "Dev")
    places = {name: trip(cast, name) for name in ("Ben", "Chloe", "Dev")}
    deed = begin("c", by=cast.by, at=cast.at)
    for name, there in (("Ben", True), ("Chloe", False)):
        ActivityCheck.objects.create(place=places[name], day=DAY, half="AM", there=there, said_by="Tom", deed=deed)
    mark(cast, "Dev", "N")
    assert names(cast, moment(9, 20)) == ["Chloe", "Dev"]
    # The teacher and the trip contradict each other: somebody looks for Dev, and the family is told nothing yet.
    assert why_accounted_by_now(cast.enrolments["Dev"], DAY, "AM", moment(9, 20))


def test_the_afternoon_speaks_once_the_child_has_a_mark_in_it(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    assert names(cast, moment(12, 30)) == ["Ben"]
    mark(cast, "Ben", "\\", half="PM", at=moment(13, 2))
    assert names(cast, moment(13, 3)) == []
    mark(cast, "Chloe", "N", half="PM", at=moment(13, 3))
    (one,) = not_accounted(facts_of(cast.hamsey.pk), DAY, moment(13, 4))
    assert (one.standing.name, one.half, one.began) == ("Chloe Dunn", "PM", moment(13, 15))


@pytest.mark.policy("4.5-a")
def test_one_tap_logs_a_call_and_the_last_one_in_vain_tells_the_safeguarding_lead(cast: Cast) -> None:
    second_contact(cast, "Ben")
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    first = tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    assert first.alert is None
    link = cast.pupil("Ben").contacts.get(order=2)
    made = log_call(
        cast.enrolments["Ben"],
        Tap(link.pk, "07700 900555", "message", "On the mailbox", seen=first.call.pk),
        facts=facts_of(cast.hamsey.pk),
        by=cast.actor("secretary"),
        at=moment(9, 33),
        key="2",
    )
    assert made.alert is not None
    assert (made.alert.kind, made.alert.to_role) == ("unreached", "dsl")
    message = Message.objects.get()
    assert message.to_address == "dsl@example.org"
    assert "Ben" not in message.subject + message.body
    assert "Carter" not in message.subject + message.body
    assert "BC, Kestrels" in message.body


def test_the_same_tap_twice_is_one_call(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    with pytest.raises(AlreadyDone):
        tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    assert Call.objects.count() == 1


def test_two_people_who_log_the_same_call_are_told_of_each_other(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    made = tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    with pytest.raises(NotLogged, match=r"Sue Secretary logged a call to Pat Carter at 9.31: no answer"):
        tap(cast, "Ben", "no_answer", moment(9, 31), key="2", who="office")
    tap(cast, "Ben", "no_answer", moment(9, 32), key="3", who="office", seen=made.call.pk)
    assert Call.objects.count() == 2


def test_a_barred_contact_is_never_called(cast: Cast) -> None:
    link = second_contact(cast, "Ben", barred=True)
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    with pytest.raises(NotLogged, match="do not contact, do not tell, do not release"):
        log_call(
            cast.enrolments["Ben"],
            Tap(link.pk, "07700 900555", "no_answer"),
            facts=facts_of(cast.hamsey.pk),
            by=cast.actor("secretary"),
            at=moment(9, 31),
            key="1",
        )
    assert tap(cast, "Ben", "no_answer", moment(9, 32), key="2").alert is not None


def test_a_call_taken_back_is_tried_no_more(cast: Cast) -> None:
    second_contact(cast, "Ben")
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    made = tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    withdraw_call(made.call, by=cast.actor("secretary"), at=moment(9, 32), key="u")
    (row,) = call_list(facts_of(cast.hamsey.pk), moment(9, 33)).rows
    assert row.tried == ()
    assert row.next_contact is not None
    assert row.next_contact.name == "Pat Carter"
