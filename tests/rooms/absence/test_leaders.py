"""Leaders of trips: reminded in time, once; what they say at departure stands in the register once it opens."""

from datetime import timedelta

import pytest

from rollcall.absence.actions.duties import DUTIES
from rollcall.absence.actions.leaders import mark_what_was_said, remind_leaders
from rollcall.absence.actions.reaching import choose_reach
from rollcall.absence.models import ActivityCheck
from rollcall.absence.queries.grounds import grounds
from rollcall.absence.queries.leaders import GROUND, leader_reminder_stands
from rollcall.absence.queries.on_site import on_site
from rollcall.journal.models import Deed
from rollcall.outbox.models import Message
from rollcall.registers.models import Entry
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.trips import code, mark, say, trip


def remind(cast: Cast, hour: int, minute: int) -> list[str]:
    remind_leaders(facts_of(cast.hamsey.pk), moment(hour, minute))
    return list(Message.objects.filter(ground=GROUND).order_by("id").values_list("to_address", flat=True))


def opened(cast: Cast, hour: int = 8, minute: int = 45) -> None:
    mark_what_was_said(facts_of(cast.hamsey.pk), moment(hour, minute))


@pytest.mark.policy("4.1-b")
def test_a_leader_is_reminded_once_ten_minutes_before_the_register_closes(cast: Cast) -> None:
    activity = trip(cast)
    assert remind(cast, 9, 4) == []
    assert remind(cast, 9, 5) == remind(cast, 9, 6) == ["teacher@example.org"]
    message = Message.objects.get(ground=GROUND)
    assert message.body.startswith("Hamsey Primary School: 3 children on Museum not confirmed this morning.")
    assert "closes at 9.15" in message.body and message.expires == moment(9, 15) and message.state == "waiting"
    names = [part for e in cast.enrolments.values() for part in (e.pupil.known_first, e.pupil.known_last)]
    assert not any(name in message.body + message.subject for name in names)
    assert leader_reminder_stands(message, moment(9, 6)).stands and GROUND in grounds()
    say(cast, activity, at=moment(9, 7), Aisha=True, Ben=True, Chloe=False)
    assert (
        leader_reminder_stands(message, moment(9, 8)).why == "It has been said of every child whether they are there."
    )
    assert remind_leaders in DUTIES and mark_what_was_said in DUTIES


def test_a_leader_who_has_said_it_or_came_too_late_or_is_called_off_is_not_reminded(cast: Cast) -> None:
    activity = trip(cast)
    say(cast, activity, Aisha=True, Ben=True, Chloe=True)
    assert remind(cast, 9, 5) == [] and remind(cast, 13, 4) == []
    assert remind(cast, 13, 5) == ["teacher@example.org"]
    message = Message.objects.get(ground=GROUND)
    assert "this afternoon" in message.body
    assert leader_reminder_stands(message, moment(13, 15)).why.startswith("The register has closed")
    assert remind(cast, 13, 15) == ["teacher@example.org"]


def test_a_leader_is_reminded_as_they_chose_and_one_without_a_sign_in_by_nobody(cast: Cast, settings) -> None:
    settings.ROLLCALL_NOTIFY_KEY = settings.ROLLCALL_NOTIFY_TEXT_TEMPLATE = "set"
    person = cast.users["teacher"].person
    who = {"by": cast.actor("teacher"), "at": moment(8, 0), "key": "r"}
    choose_reach(person, by_email=False, by_text=True, mobile="07700 900321", **who)
    activity = trip(cast)
    other = trip(cast, "Dev", key="other")
    other.leader = None
    other.save()
    remind(cast, 9, 5)
    assert [(one.channel, one.to_address) for one in Message.objects.all()] == [("text", "+447700900321")]
    assert Message.objects.get().ground_id == activity.pk


@pytest.mark.policy("4.1-b")
def test_what_is_said_at_departure_stands_in_the_register_once_it_opens(cast: Cast) -> None:
    activity = trip(cast)
    assert say(cast, activity, at=moment(7, 15), Aisha=True, Ben=False) == {}
    assert ActivityCheck.objects.count() == 2 and not Entry.objects.exists()
    opened(cast, 8, 29)
    assert not Entry.objects.exists()
    for _ in range(2):
        opened(cast)
    assert [code(cast, name) for name in ("Aisha", "Ben", "Chloe")] == ["V", "N", "-"]
    deed = Deed.objects.get(kind="activity.marked")
    assert deed.reason == "Tom Teacher said so at 7.15"
    assert Entry.objects.filter(enrolment=cast.enrolments["Aisha"]).count() == 1
    assert remind(cast, 9, 5) == ["teacher@example.org"] and "1 child on" in Message.objects.get(ground=GROUND).body


def test_nobody_counts_as_there_before_it_is_said(cast: Cast) -> None:
    trip(cast)
    opened(cast)
    found = on_site(facts_of(cast.hamsey.pk), moment(9, 0))
    assert not any(room.elsewhere for room in found.rooms)


def test_who_is_marked_in_school_meanwhile_keeps_the_mark(cast: Cast) -> None:
    activity = trip(cast)
    say(cast, activity, at=moment(7, 15), Aisha=True, Ben=True)
    mark(cast, at=moment(8, 46), Ben="/")
    opened(cast, 8, 50)
    assert [code(cast, name) for name in ("Aisha", "Ben")] == ["V", "/"]


def test_the_last_word_before_the_register_is_the_one_that_counts(cast: Cast) -> None:
    activity = trip(cast)
    say(cast, activity, at=moment(7, 15), key="a", Aisha=False, Ben=True)
    say(cast, activity, at=moment(7, 25), key="b", Aisha=True)
    opened(cast)
    assert [code(cast, name) for name in ("Aisha", "Ben")] == ["V", "V"]


def test_the_leader_says_it_on_the_page_from_the_morning_of_the_day_on(cast: Cast, signed_in, clock) -> None:
    activity = trip(cast)
    url, teacher = f"/day/activities/{activity.pk}/", signed_in("teacher")
    clock(moment(20, 0, DAY - timedelta(days=1)))
    assert "Until then nobody counts as there" in teacher.get(url).content.decode()
    clock(moment(7, 15))
    page = teacher.get(url).content.decode()
    assert "All 3 are there" in page and "stands in the register from then on" in page
    teacher.post(f"{url}confirm/", {"key": "s" * 12, "day": f"{DAY}", "half": "AM", "said_by": "Tom", "do": "all"})
    assert ActivityCheck.objects.filter(there=True).count() == 3
    assert "Everybody has been spoken for" in teacher.get(url).content.decode()
    assert "for this session anew" in teacher.get(f"{url}?day={DAY}&half=PM").content.decode()
