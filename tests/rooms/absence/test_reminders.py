"""Teachers are reminded of a register that is late: once, whoever takes it, and not after it is in."""

from datetime import timedelta

import pytest

from rollcall.absence.actions.duties import DUTIES
from rollcall.absence.actions.reminding import remind_of_registers
from rollcall.absence.queries.grounds import grounds
from rollcall.absence.queries.reminders import GROUND, reminder_stands
from rollcall.accounts.models import Grant
from rollcall.journal.models import Deed
from rollcall.outbox.models import Message
from rollcall.schools import actions as schools
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.day import all_in


def remind(cast: Cast, hour: int, minute: int) -> list[str]:
    remind_of_registers(facts_of(cast.hamsey.pk), moment(hour, minute))
    return sorted(Message.objects.values_list("to_address", flat=True))


def answers(hour: int, minute: int) -> dict[str, str]:
    at = moment(hour, minute)
    return {m.to_address: reminder_stands(m, at).why for m in Message.objects.filter(ground=GROUND)}


@pytest.mark.policy("3.5-a")
def test_a_late_register_reminds_everybody_who_takes_it_once(cast: Cast) -> None:
    assert remind(cast, 9, 14) == []
    three = ["cover@example.org", "teacher@example.org", "wrens_teacher@example.org"]
    assert remind(cast, 9, 15) == three
    assert remind(cast, 9, 16) == three
    assert Deed.objects.filter(kind="register.reminded").count() == 2
    message = Message.objects.get(to_address="teacher@example.org")
    assert message.subject == "The register of Kestrels is not in"
    assert "closed at 9.15am" in message.body
    assert not any(pupil.known_last in message.body for pupil in [e.pupil for e in cast.enrolments.values()])


def test_a_register_that_is_in_reminds_nobody(cast: Cast) -> None:
    all_in(cast, "Kestrels")
    assert remind(cast, 9, 15) == ["wrens_teacher@example.org"]


def test_the_afternoon_has_a_reminder_of_its_own_and_the_morning_none_after_noon(cast: Cast) -> None:
    assert remind(cast, 13, 5) == []
    assert len(remind(cast, 13, 15)) == 3
    assert Message.objects.filter(evidence__half="PM").count() == 3
    assert len(remind(cast, 15, 31)) == 3


def test_a_closed_class_and_a_day_without_school_remind_nobody(cast: Cast) -> None:
    span = {"first": DAY, "last": DAY, "classes": [cast.kestrels]}
    schools.close_sessions(cast.hamsey, kind="unplanned", ground="Flood", by=cast.by, at=cast.at, **span)
    assert remind(cast, 9, 20) == ["wrens_teacher@example.org"]
    Message.objects.all().delete()
    remind_of_registers(facts_of(cast.hamsey.pk), moment(9, 20) + timedelta(days=4))
    assert not Message.objects.exists()


def test_just_before_it_goes_the_register_is_asked_about_again(cast: Cast) -> None:
    remind(cast, 9, 15)
    assert set(answers(9, 16).values()) == {""}
    all_in(cast, "Kestrels", at=moment(9, 16))
    assert answers(9, 17)["teacher@example.org"] == "The register of Kestrels is in."
    assert answers(9, 17)["wrens_teacher@example.org"] == ""
    Grant.objects.filter(user=cast.users["wrens_teacher"]).update(ends=DAY - timedelta(days=1))
    assert "does not take the register" in answers(9, 17)["wrens_teacher@example.org"]
    assert set(answers(13, 0).values()) != {""}


def test_the_duty_and_the_ground_are_known_to_the_worker() -> None:
    assert remind_of_registers in DUTIES
    assert grounds()[GROUND] is reminder_stands
