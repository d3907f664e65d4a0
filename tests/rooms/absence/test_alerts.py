"""Alerts: raised by the clock, acknowledged by one tap, one higher when nobody does, closed when the child is found."""

from datetime import date, timedelta

import pytest

from rollcall.absence.actions.alerts import acknowledge
from rollcall.absence.actions.chasing import chase, chase_children
from rollcall.absence.actions.reaching import choose_reach
from rollcall.absence.models import Alert, Reach
from rollcall.absence.queries.alerts import alerts_of_school
from rollcall.absence.queries.calls import call_list
from rollcall.absence.views.live import forget_drawn
from rollcall.accounts.models import Grant
from rollcall.outbox.actions import drain
from rollcall.outbox.models import Message
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.worker import grounds
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.calling import mark, names, report, risk, second_contact, tap, the_rest_present

URL = "/day/hamsey/alerts/"


@pytest.fixture(autouse=True)
def _nothing_drawn() -> None:
    forget_drawn()


@pytest.fixture
def facts(cast: Cast) -> SchoolFacts:
    """Hamsey, where only Ben is not accounted for."""
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    return facts_of(cast.hamsey.pk)


def told() -> list[str]:
    return list(Message.objects.filter(kind="staff.alert").order_by("id").values_list("to_address", flat=True))


@pytest.mark.policy("4.5-a")
@pytest.mark.parametrize(("colour", "due"), [("red", 30), ("amber", 45), ("green", 75)])
def test_a_child_not_accounted_for_in_time_is_told_of_by_risk(
    cast: Cast, facts: SchoolFacts, colour: str, due: int
) -> None:
    risk(cast, "Ben", colour)
    at = moment(9, 15) + timedelta(minutes=due)
    chase(facts, at - timedelta(seconds=1))
    assert told() == []
    chase(facts, at)
    chase(facts, at + timedelta(seconds=2))
    assert told() == ["dsl@example.org"]
    assert Alert.objects.get().kind == "overdue"


def test_who_may_not_be_called_at_all_is_told_of_when_calls_begin(cast: Cast, facts: SchoolFacts) -> None:
    cast.pupil("Ben").contacts.update(barred=True, barred_do="Ring the safeguarding lead")
    chase(facts, moment(9, 29))
    assert not Alert.objects.exists()
    chase(facts, moment(9, 30))
    assert "there is nobody who may be called" in Alert.objects.get(kind="unreached").words


@pytest.mark.policy("4.5-a")
def test_what_nobody_acknowledges_goes_one_higher_after_the_settings_minutes_and_only_then(
    cast: Cast, facts: SchoolFacts
) -> None:
    tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    chase(facts, moment(9, 45) + timedelta(seconds=59))
    assert told() == ["dsl@example.org"]
    chase(facts, moment(9, 46))
    chase(facts, moment(9, 50))
    assert told() == ["dsl@example.org", "head@example.org"]
    (line,) = alerts_of_school(facts, moment(9, 51))
    assert line.higher is not None
    assert line.is_open


@pytest.mark.policy("4.5-a")
def test_an_alert_that_is_acknowledged_goes_no_higher(cast: Cast, facts: SchoolFacts, signed_in, clock) -> None:
    tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    alert = Alert.objects.get()
    dsl, head = signed_in("dsl"), signed_in("head")
    clock(moment(9, 40))
    assert "Acknowledge" in dsl.get(URL).content.decode()
    dsl.post(f"/day/alerts/{alert.pk}/acknowledge/")
    again = head.post(f"/day/alerts/{alert.pk}/acknowledge/", follow=True).content.decode()
    assert "somebody acknowledged it before you" in again
    assert "Acknowledged by Dana Safeguard at 9.40am" in again
    chase(facts, moment(10, 0))
    assert told() == ["dsl@example.org"]
    assert drain(grounds=grounds(), by=cast.by, at=moment(10, 0)).stopped


def test_the_office_sees_alerts_and_can_not_acknowledge_them(cast: Cast, facts: SchoolFacts, signed_in, clock) -> None:
    tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    office = signed_in("office")
    clock(moment(9, 40))
    page = office.get(URL).content.decode()
    assert "Ben Carter" in page
    assert "Acknowledge<" not in page
    assert office.post(f"/day/alerts/{Alert.objects.get().pk}/acknowledge/").status_code == 403


def test_it_closes_by_itself_in_words_and_the_acknowledgement_stays(cast: Cast, facts: SchoolFacts) -> None:
    tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    acknowledge(Alert.objects.get(), by=cast.actor("dsl"), at=moment(9, 35), key="a")
    mark(cast, "Ben", "L", at=moment(9, 36))
    before = alerts_of_school(facts, moment(9, 37))[0]
    assert before.accounted.startswith("Accounted for: Ben Carter is marked L")
    chase(facts, moment(9, 38))
    alert = Alert.objects.get()
    assert alert.closed is not None
    assert alert.closed.reason == before.accounted
    assert alert.acknowledged is not None
    assert not alerts_of_school(facts, moment(9, 39))[0].is_open


def test_a_report_closes_it_too(cast: Cast, facts: SchoolFacts) -> None:
    tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    report(cast, "Ben", "bereavement", at=moment(9, 36))
    chase(facts, moment(9, 37))
    closed = Alert.objects.get().closed
    assert closed is not None
    assert closed.reason == "Accounted for: Pat gave a reason, entered at 9.36."


@pytest.mark.policy("4.5-a")
def test_who_was_here_in_the_morning_and_not_in_the_afternoon_is_told_of_at_once(
    cast: Cast, facts: SchoolFacts
) -> None:
    mark(cast, "Ben", "I", at=moment(9, 30))
    mark(cast, "Chloe", "N", half="PM", at=moment(13, 4))
    chase(facts, moment(13, 4))
    alert = Alert.objects.get()
    assert (alert.kind, alert.enrolment) == ("afternoon", cast.enrolments["Chloe"])
    assert told() == ["dsl@example.org"]
    (row,) = call_list(facts, moment(13, 5)).rows
    assert (row.missing.half, row.ladder.began) == ("PM", moment(13, 15))


def test_a_child_who_is_in_again_at_one_is_chased_no_more(cast: Cast, facts: SchoolFacts) -> None:
    mark(cast, "Ben", "\\", half="PM", at=moment(13, 2))
    assert names(cast, moment(13, 2)) == []
    chase(facts, moment(13, 2))
    assert not Alert.objects.exists()


@pytest.mark.policy("4.5-a")
def test_a_social_worker_is_told_the_same_day_and_that_is_recorded(
    cast: Cast, facts: SchoolFacts, signed_in, clock
) -> None:
    pupil = cast.pupil("Ben")
    pupil.social_worker = "Wendy Worker, 01273 555999"
    pupil.save()
    chase(facts, moment(9, 30))
    alert = Alert.objects.get(kind="social_worker")
    mark(cast, "Ben", "L", at=moment(9, 36))
    chase(facts, moment(9, 40))
    alert.refresh_from_db()
    assert alert.closed is None
    the_rest_present(cast, half="PM", at=moment(13, 5))
    chase(facts, moment(15, 29))
    assert "head@example.org" not in told()
    chase(facts, moment(15, 30))
    assert told()[-1] == "head@example.org"
    dsl = signed_in("dsl")
    clock(moment(9, 50))
    dsl.post(f"/day/alerts/{alert.pk}/close/", {"key": "c", "words": "The social worker was told."})
    alert.refresh_from_db()
    assert alert.closed is not None
    assert alert.closed.name == "Dana Safeguard"


def test_where_nobody_is_safeguarding_lead_the_one_above_is_told_at_once(cast: Cast, facts: SchoolFacts) -> None:
    Grant.objects.filter(role="dsl").update(ends=date(2024, 1, 1))
    tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    assert told() == ["head@example.org"]
    assert Alert.objects.get().higher is not None


def test_everyone_is_told_as_they_chose(cast: Cast, facts: SchoolFacts, signed_in) -> None:
    dsl = signed_in("dsl")
    url = "/day/reach/"
    assert dsl.post(url, {"key": "1"}).status_code == 422
    answer = dsl.post(url, {"key": "2", "by_text": "on", "mobile": "01273 555001"})
    assert "is no British mobile number" in answer.content.decode()
    assert dsl.post(url, {"key": "3", "by_text": "on", "mobile": "07700 900777"}).status_code == 302
    assert Reach.objects.get().mobile == "+447700900777"
    # Texts are not set up here: an alert goes by e-mail all the same.
    tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    assert told() == ["dsl@example.org"]


def test_a_child_of_low_risk_in_a_class_nobody_has_marked_raises_no_alert(cast: Cast) -> None:
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
    chase(facts_of(cast.hamsey.pk), moment(11, 0))
    assert [alert.enrolment for alert in Alert.objects.exclude(kind="untaken")] == [cast.enrolments["Hana"]]


def test_the_duty_looks_again_only_when_something_moved_or_a_minute_passed(
    cast: Cast, facts: SchoolFacts, django_assert_num_queries
) -> None:
    chase_children(facts, moment(9, 20))
    with django_assert_num_queries(1):
        chase_children(facts, moment(9, 20) + timedelta(seconds=2))
    risk(cast, "Ben", "red")
    chase_children(facts, moment(9, 45))
    assert Alert.objects.get().kind == "overdue"


def test_nothing_is_asked_on_a_day_without_school(cast: Cast, django_assert_num_queries) -> None:
    facts = facts_of(cast.hamsey.pk)
    with django_assert_num_queries(0):
        chase_children(facts, moment(10, 0, date(2024, 5, 18)))


@pytest.mark.policy("4.5-a")
def test_two_contacts_sharing_a_number_are_tried_by_one_call(cast: Cast, facts: SchoolFacts) -> None:
    shared = cast.pupil("Ben").contacts.get().contact.phones.get().number
    second_contact(cast, "Ben", number=shared)
    assert tap(cast, "Ben", "no_answer", moment(9, 31), key="1").alert is not None


def test_an_alert_goes_by_text_where_texts_work_and_somebody_chose_them(
    cast: Cast, facts: SchoolFacts, settings
) -> None:
    settings.ROLLCALL_NOTIFY_KEY, settings.ROLLCALL_NOTIFY_TEXT_TEMPLATE = "key", "template"
    person = cast.users["dsl"].person
    told_by = {"by": cast.actor("dsl"), "at": moment(8, 0), "key": "r"}
    choose_reach(person, by_email=False, by_text=True, mobile="07700 900777", **told_by)
    tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    message = Message.objects.get()
    assert (message.channel, message.to_address) == ("text", "+447700900777")
    assert "Ben" not in message.body
