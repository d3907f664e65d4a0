"""A class whose register nobody takes: the head of school is told once, until the deed that brings it in."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from rollcall.absence.actions.alerts import acknowledge
from rollcall.absence.actions.chasing import chase
from rollcall.absence.actions.untaken import raise_untaken
from rollcall.absence.models import Alert
from rollcall.absence.queries.accounted import not_accounted
from rollcall.absence.queries.alerts import alerts_of_school, open_alerts
from rollcall.absence.queries.day import day_page
from rollcall.absence.queries.untaken import untaken
from rollcall.accounts.models import Grant
from rollcall.journal.actor import SCHEDULER
from rollcall.outbox.actions import drain
from rollcall.outbox.models import Message
from rollcall.registers.models import Submission
from rollcall.rules.policy import load, loads, shipped_text
from rollcall.schools import actions as schools
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.worker import grounds
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.calling import risk, trip
from tests.rooms.absence.day import all_in, mark

URL = "/day/hamsey/alerts/"


@pytest.fixture
def facts(cast: Cast) -> SchoolFacts:
    """Hamsey, where the Kestrels are in and nobody has taken the register of the Wrens."""
    all_in(cast, "Kestrels")
    return facts_of(cast.hamsey.pk)


def told() -> list[str]:
    return list(Message.objects.filter(kind="staff.alert").order_by("id").values_list("to_address", flat=True))


@pytest.mark.policy("4.5-a")
@pytest.mark.policy("3.5-a")
def test_the_head_of_school_is_told_half_an_hour_after_it_was_late_once_and_not_before(
    cast: Cast, facts: SchoolFacts
) -> None:
    chase(facts, moment(9, 45) - timedelta(seconds=1))
    assert not Alert.objects.exists()
    for at in (moment(9, 45), moment(9, 45) + timedelta(seconds=2), moment(9, 55)):
        chase(facts, at)
    alert = Alert.objects.get()
    assert (alert.kind, alert.school_class, alert.half, alert.enrolment) == (
        "untaken", cast.classes["Wrens"], "AM", None,
    )  # fmt: skip
    assert alert.words == (
        "The register of the morning was late at 9.15 and is not in. Nobody is marked, and 3 children are not "
        "accounted for."
    )
    assert told() == ["head@example.org"]
    message = Message.objects.get()
    assert message.subject == "Alert at Hamsey Primary School: nobody has taken a register"
    assert "Class: Wrens, morning" in message.body
    assert not any(name in message.body for name in ("Gus", "Hana", "Ivo"))


@pytest.mark.policy("4.5-a")
def test_safeguarding_is_told_too_where_a_child_at_risk_is_in_the_class(cast: Cast, facts: SchoolFacts) -> None:
    risk(cast, "Hana", "amber")
    chase(facts, moment(9, 45))
    (alert,) = Alert.objects.filter(kind="untaken")
    assert "3 children are not accounted for, 1 of them at amber or red risk" in alert.words
    of_class = Message.objects.filter(evidence__alert=alert.pk).values_list("to_address", flat=True)
    assert sorted(of_class) == ["dsl@example.org", "head@example.org"]


def test_it_is_acknowledged_like_others_and_goes_higher_when_it_is_not(
    cast: Cast, facts: SchoolFacts, signed_in, clock
) -> None:
    chase(facts, moment(9, 45))
    head, office = signed_in("head"), signed_in("office")
    clock(moment(9, 50))
    page = head.get(URL).content.decode()
    assert "Wrens, morning: nobody has taken the register" in page
    assert "Acknowledge<" in page
    assert open_alerts([cast.hamsey.pk], moment(9, 50), sees=None) == {cast.hamsey.pk: 1}
    assert day_page(facts, moment(9, 50)).numbers.n_alerts == 1
    alert = Alert.objects.get()
    assert office.post(f"/day/alerts/{alert.pk}/acknowledge/").status_code == 403
    assert signed_in("stranger").post(f"/day/alerts/{alert.pk}/acknowledge/").status_code == 404
    clock(moment(9, 50))
    chase(facts, moment(10, 0))
    assert told() == ["head@example.org", "exec@example.org", "dsl@example.org"]
    answer = head.post(f"/day/alerts/{alert.pk}/acknowledge/", follow=True)
    assert "Wrens, morning: acknowledged." in answer.content.decode()
    assert drain(grounds=grounds(), by=cast.by, at=moment(10, 1)).stopped


@pytest.mark.policy("4.5-a")
def test_it_closes_by_the_deed_that_brings_the_register_in(cast: Cast, facts: SchoolFacts, signed_in, clock) -> None:
    chase(facts, moment(9, 45))
    acknowledge(Alert.objects.get(), by=cast.actor("head"), at=moment(9, 46), key="a")
    all_in(cast, "Wrens", at=moment(9, 52), Gus="N")
    before = alerts_of_school(facts, moment(9, 52))[0]
    chase(facts, moment(9, 53))
    alert, handed = Alert.objects.get(kind="untaken"), Submission.objects.get(school_class=cast.classes["Wrens"])
    assert alert.closed == handed.deed
    (line,) = alerts_of_school(facts, moment(9, 54))
    assert line.accounted == before.accounted == "The register was handed in by Tom Teacher at 9.52."
    assert not line.is_open
    assert drain(grounds=grounds(), by=cast.by, at=moment(9, 54)).stopped, "nobody is told what is over"
    head = signed_in("head")
    clock(moment(9, 55))
    assert "The register was handed in by Tom Teacher at 9.52." in head.get(URL).content.decode()


@pytest.mark.policy("4.5-a")
def test_a_class_marked_in_part_says_so_and_closes_with_the_last_mark(cast: Cast, facts: SchoolFacts) -> None:
    mark(cast, at=moment(9, 30), Gus="N", Hana="/")
    chase(facts, moment(9, 45))
    (alert,) = Alert.objects.filter(kind="untaken")
    assert "2 of 3 are marked, and 1 child is not accounted for." in alert.words
    mark(cast, at=moment(9, 50), Ivo="/")
    chase(facts, moment(9, 51))
    alert.refresh_from_db()
    assert alert.closed is not None
    assert alerts_of_school(facts, moment(9, 52))[-1].accounted == (
        "The last of them was marked by Sue Secretary at 9.50."
    )


def test_a_class_in_which_everybody_is_marked_or_known_of_is_no_alert(cast: Cast, facts: SchoolFacts) -> None:
    mark(cast, at=moment(9, 10), Gus="N", Hana="/", Ivo="/")
    assert untaken(facts, not_accounted(facts, DAY, moment(10, 0)), DAY, moment(10, 0)) == []


def test_the_mornings_stays_until_the_afternoon_says_where_they_are(cast: Cast, facts: SchoolFacts) -> None:
    chase(facts, moment(9, 45))
    chase(facts, moment(13, 5))
    assert Alert.objects.get().closed is None
    all_in(cast, "Kestrels", "PM")
    all_in(cast, "Wrens", "PM", at=moment(13, 10))
    chase(facts, moment(13, 11))
    alert = Alert.objects.get()
    assert alert.closed is not None and alert.closed.at == moment(13, 10)
    chase(facts, moment(14, 0))
    assert Alert.objects.count() == 1


def test_a_class_that_is_away_on_a_confirmed_trip_closes_without_a_mark(cast: Cast, facts: SchoolFacts) -> None:
    mark(cast, at=moment(9, 10), Gus="/", Hana="/")
    place = trip(cast, "Ivo")
    chase(facts, moment(9, 45))
    from_trip = Alert.objects.get(kind="untaken")
    place.checks.create(day=DAY, half="AM", there=True, said_by="Tom", deed=from_trip.deed)
    chase(facts, moment(9, 50))
    from_trip.refresh_from_db()
    assert from_trip.closed is not None
    assert (from_trip.closed.name, from_trip.closed.reason) == (SCHEDULER.name, "Everybody in it is accounted for.")


@pytest.mark.policy("4.1-d")
def test_none_on_a_closed_day_and_one_where_it_closed_before_anybody_was_marked(cast: Cast, facts: SchoolFacts) -> None:
    close = {"first": DAY, "last": DAY, "kind": "unplanned", "ground": "Boiler", "by": cast.by}
    before = schools.close_sessions(cast.hamsey, **close, at=moment(8, 30))
    chase(facts_of(cast.hamsey.pk), moment(9, 50))
    assert not Alert.objects.exists()
    schools.lift_closure(before, by=cast.by, at=moment(9, 0), reason="Open again")
    schools.close_sessions(cast.hamsey, **close, at=moment(9, 5))
    chase(facts_of(cast.hamsey.pk), moment(9, 50))
    (alert,) = Alert.objects.all()
    assert alert.words.endswith("The school was closed at 9.05: Boiler.")


def test_where_there_is_no_head_the_one_above_is_told_at_once(cast: Cast, facts: SchoolFacts) -> None:
    Grant.objects.filter(role="head").update(ends=DAY - timedelta(days=1))
    chase(facts, moment(9, 45))
    assert told() == ["exec@example.org", "dsl@example.org"]
    assert Alert.objects.get().higher is not None


def test_the_minutes_are_a_setting_of_the_policy_with_a_default(cast: Cast) -> None:
    assert load("federation").absence.untaken_minutes == load("national").absence.untaken_minutes == 30
    line = 'untaken_told_after_minutes = { value = 30, section = "setting" }\n'
    text = shipped_text("federation")
    assert loads(text.replace(line, line.replace("30", "10")), "own").absence.untaken_minutes == 10
    assert loads(text.replace(line, ""), "an older one").absence.untaken_minutes == 30


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_raise_one(cast: Cast) -> None:
    all_in(cast, "Kestrels")
    facts = facts_of(cast.hamsey.pk)
    (one,) = untaken(facts, not_accounted(facts, DAY, moment(9, 45)), DAY, moment(9, 45))
    made, together = [], threading.Barrier(2)

    def work() -> None:
        try:
            together.wait(timeout=20)
            made.append(raise_untaken(one, facts=facts, by=SCHEDULER, at=moment(9, 45)))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sorted(alert is None for alert in made) == [False, True]
    assert Alert.objects.count() == 1
    assert told() == ["head@example.org"]
