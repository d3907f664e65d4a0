"""What waits on somebody's first page: handed to them, updates due, regular meetings, agreed and overdue."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.accounts.queries import standing
from rollcall.casework.actions.handing import Task, hand_pupil
from rollcall.casework.actions.updates import Press, send_updates
from rollcall.casework.models import AgreedAction
from rollcall.casework.queries import waiting
from rollcall.casework.queries.waits import on_families
from rollcall.journal.actions import begin
from rollcall.schools.actions import change_pupil
from tests.cast import DAY, Cast, moment

pytestmark = pytest.mark.django_db
AT = moment(10, 0)


def words(cast: Cast, name: str, at=AT) -> list[str]:
    return [one.what for one in on_families(standing(cast.users[name], at.date()), at)]


def test_what_was_handed_waits_for_that_person_and_once_overdue_for_the_head(marked) -> None:
    task = Task(f"user:{marked.users['leader'].pk}", "Ring the family", DAY)
    hand_pupil(marked.pupil("Ben").pk, marked.hamsey.pk, task, by=marked.actor("head"), at=AT, key="h")
    assert words(marked, "leader")[0] == "1 pupil handed to you"
    later = AT + timedelta(days=1)
    assert words(marked, "leader", later)[0] == "1 pupil handed to you, 1 overdue"
    assert words(marked, "head", later)[0] == "1 pupil handed to others and overdue"
    assert not [said for said in words(marked, "stranger", later) if "handed" in said]
    assert words(marked, "governor", later) == []


@pytest.mark.policy("4.6-a")
def test_updates_are_due_at_the_policys_interval_and_not_in_the_holidays(marked) -> None:
    first = "Hamsey Primary School: updates to all parents are to be made for the first time"
    assert first in words(marked, "secretary")
    assert first not in words(marked, "leader")
    send_updates(marked.hamsey.pk, Press(), by=marked.actor("head"), at=AT, key="u")
    assert not [said for said in words(marked, "secretary") if "updates" in said]
    due, late = AT + timedelta(days=7), AT + timedelta(days=8)
    assert "Hamsey Primary School: updates to all parents are due today" in words(marked, "secretary", due)
    since = "Hamsey Primary School: updates to all parents are overdue since Tuesday 21 May"
    assert since in words(marked, "secretary", late)
    assert not [said for said in words(marked, "secretary", AT + timedelta(days=14)) if "updates" in said]


@pytest.mark.policy("7.4-b")
def test_regular_meetings_that_are_due_and_what_was_agreed_and_is_overdue(marked) -> None:
    change_pupil(marked.pupil("Ben"), {"risk": "red"}, school=marked.hamsey, by=marked.by, at=AT)
    deed = begin("test.meeting", by=marked.by, at=AT, school=marked.hamsey.pk)
    about = {"pupil": marked.pupil("Ben"), "school": marked.hamsey, "deed": deed}
    AgreedAction.objects.create(side="school", owner="Tom", what="Rings", due=DAY - timedelta(days=1), **about)
    said = words(marked, "leader")
    assert "Hamsey Primary School: 1 action agreed with a family and overdue" in said
    assert not [one for one in words(marked, "stranger") if "Hamsey" in one]
    assert "Hamsey Primary School: 1 regular meeting with parents due" in said


def test_a_few_statements_and_a_link_to_each_on_the_first_page(marked, signed_in) -> None:
    with CaptureQueriesContext(connection) as seen:
        waiting(standing(marked.users["exec"], DAY), AT)
    assert len(seen) <= 30
    text = signed_in("head").get("/").content.decode()
    assert "/casework/hamsey/updates/" in text
