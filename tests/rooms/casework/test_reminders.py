"""Staff are reminded of a meeting on the school day before, once, and not of one that is off (7.4-b)."""

from datetime import date, datetime

import pytest

from rollcall.accounts.queries import standing
from rollcall.casework.actions.duties import remind_of_meetings
from rollcall.casework.actions.meetings import Plan, plan_meeting
from rollcall.casework.actions.outcomes import Outcome, record_outcome
from rollcall.casework.models import Meeting
from rollcall.casework.queries.meeting_waits import meeting_waits, school_days_since
from rollcall.casework.queries.meetings import Asked
from rollcall.outbox.models import Message
from rollcall.schools.queries import facts_of
from rollcall.worker import grounds
from tests.cast import DAY, Cast, moment

AT = moment(7, 30)
FRIDAY, MONDAY = date(2024, 5, 17), date(2024, 5, 20)
AFTER_HALF_TERM = date(2024, 6, 3)


def planned(cast: Cast, at: datetime, key: str = "m1", school=None, pupil: str = "Ben", users=("teacher",)) -> Meeting:
    staff = [Asked(f"{name}", "Staff", None, f"user:{cast.users[name].pk}") for name in users]
    plan = Plan("regular", at, "the head's room", "mornings", (Asked("Pat Carter", "Mother"), *staff))
    here = school or cast.hamsey
    return plan_meeting(plan, school=here.pk, pupil=cast.pupil(pupil).pk, by=cast.actor("head"), at=AT, key=key)


def due(cast: Cast, at: datetime) -> list[Message]:
    remind_of_meetings(facts_of(cast.hamsey.pk), at)
    return list(Message.objects.order_by("id"))


@pytest.mark.policy("7.4-b")
def test_staff_are_reminded_at_eight_on_the_school_day_before_and_once(cast: Cast) -> None:
    planned(cast, moment(15, 30, MONDAY), users=("teacher", "head"))
    assert due(cast, moment(8, 0, date(2024, 5, 16))) == []
    assert due(cast, moment(7, 59, FRIDAY)) == []
    told = {one.to_address for one in due(cast, moment(8, 0, FRIDAY))}
    assert told == {cast.users["head"].email, cast.users["teacher"].email}
    assert len(due(cast, moment(8, 1, FRIDAY))) == 2


def test_a_reminder_names_no_child(cast: Cast) -> None:
    planned(cast, moment(15, 30, MONDAY))
    message = due(cast, moment(8, 0, FRIDAY))[0]
    assert (message.kind, message.channel, message.state, message.pupil) == ("staff.meeting", "email", "waiting", None)
    assert "BC" in message.body and "Monday 20 May at 15.30" in message.subject
    assert not any(word in message.body for word in ("Ben", "Carter", "mornings"))


def test_a_meeting_after_the_holidays_is_told_on_the_last_school_day(cast: Cast) -> None:
    planned(cast, moment(9, 0, AFTER_HALF_TERM))
    assert due(cast, moment(8, 0, date(2024, 5, 23))) == []
    assert due(cast, moment(8, 0, date(2024, 5, 27))) == []
    assert len(due(cast, moment(8, 0, date(2024, 5, 24)))) == 1


def test_a_meeting_planned_late_is_told_at_once_and_one_of_today_is_not(cast: Cast) -> None:
    planned(cast, moment(15, 0, FRIDAY), key="today")
    assert due(cast, moment(8, 0, FRIDAY)) == []
    planned(cast, moment(9, 0, MONDAY), key="late")
    assert len(due(cast, moment(14, 0, FRIDAY))) == 1


def test_who_is_no_sign_in_of_ours_is_not_written_to(cast: Cast) -> None:
    user = cast.users["teacher"]
    user.is_active = False
    user.save()
    planned(cast, moment(15, 30, MONDAY))
    assert due(cast, moment(8, 0, FRIDAY)) == []


@pytest.mark.policy("7.4-b")
def test_a_reminder_stops_when_the_meeting_was_moved_or_called_off(cast: Cast) -> None:
    meeting = planned(cast, moment(15, 30, MONDAY))
    message = due(cast, moment(8, 0, FRIDAY))[0]
    stands = grounds()[message.ground]
    assert stands(message, moment(8, 1, FRIDAY)).stands
    assert "passed" in stands(message, moment(15, 30, MONDAY)).why
    by = cast.actor("head")
    later = moment(15, 30, date(2024, 5, 21))
    record_outcome(meeting, Outcome("moved", "They asked", moved_to=later), by=by, at=moment(8, 2, FRIDAY), key="o")
    assert "moved to another time" in stands(message, moment(8, 3, FRIDAY)).why
    assert len(due(cast, moment(8, 0, MONDAY))) == 2


@pytest.mark.policy("7.4-b")
def test_a_meeting_nobody_has_written_down_waits_after_two_school_days(cast: Cast) -> None:
    planned(cast, moment(15, 30, FRIDAY))
    head = standing(cast.users["head"], DAY)
    assert meeting_waits(head, moment(9, 0, MONDAY)) == []
    found = meeting_waits(head, moment(9, 0, date(2024, 5, 21)))
    assert [(one.words, one.route) for one in found] == [
        ("Hamsey Primary School: 1 meeting with families to be written down", "casework:meetings")
    ]
    assert meeting_waits(standing(cast.users["stranger"], DAY), moment(9, 0, date(2024, 5, 22))) == []


def test_school_days_leave_out_weekends_and_holidays(cast: Cast) -> None:
    facts = facts_of(cast.hamsey.pk)
    assert school_days_since(facts, FRIDAY, MONDAY) == 1
    assert school_days_since(facts, date(2024, 5, 24), AFTER_HALF_TERM) == 1
    assert school_days_since(facts, MONDAY, MONDAY) == 0
