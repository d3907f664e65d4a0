"""Marks of N: working days left over a half-term, a reminder on the last day, the head's choice past it (4.5-b, A1)."""

from datetime import date

import pytest

from rollcall.absence.actions.doubts import Asking, open_doubt, withdraw_doubt
from rollcall.absence.actions.unknown import remind_of_last_day
from rollcall.absence.queries.unknown import unknown_reasons
from rollcall.outbox.actions import drain
from rollcall.outbox.models import Message
from rollcall.registers.models import Entry
from rollcall.registers.queries.today import marks_now
from rollcall.schools import actions as schools
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.worker import grounds
from tests.cast import Cast, moment
from tests.rooms.casework.marking import fill

URL = "/day/hamsey/unknown/"
LAST = date(2024, 5, 20)
PAST = date(2024, 5, 21)


@pytest.fixture
def facts(cast: Cast) -> SchoolFacts:
    """Ben has N for both sessions of Monday 13 May."""
    fill(cast, {"Ben": {-1: "N", -2: "N"}})
    return facts_of(cast.hamsey.pk)


def press(
    cast: Cast, client, reason: str, halves: tuple[str, ...] = ("AM", "PM"), key: str = "k", told: str = ""
) -> str:
    url = f"/day/unknown/{cast.enrolments['Ben'].pk}/2024-05-13/"
    answer = client.post(url, {"key": key, "half": halves, "reason": reason, "told": told}, follow=True)
    return answer.content.decode()


def codes(cast: Cast) -> list[str]:
    ben = cast.enrolments["Ben"].pk
    day = date(2024, 5, 13)
    return [m.code for half in ("AM", "PM") for m in marks_now([cast.hamsey.pk], day, half) if m.enrolment == ben]


@pytest.mark.policy("4.5-b")
def test_every_n_is_listed_with_the_working_days_left(cast: Cast, facts: SchoolFacts) -> None:
    (line,) = unknown_reasons(facts, moment(9, 0))
    assert (line.name, line.halves, line.left, line.last) == ("Ben Carter", ("AM", "PM"), 4, LAST)
    assert unknown_reasons(facts, moment(9, 0, LAST))[0].is_last
    assert unknown_reasons(facts, moment(9, 0, PAST))[0].is_past


@pytest.mark.policy("4.5-b")
def test_a_half_term_between_makes_no_difference(cast: Cast) -> None:
    friday = date(2024, 5, 24)
    fill(cast, {"Ben": {-2: "N"}}, last=friday)
    facts = facts_of(cast.hamsey.pk)
    (line,) = [one for one in unknown_reasons(facts, moment(9, 0, date(2024, 5, 31))) if one.day == friday]
    # Half-term is from 27 to 31 May: its Monday is a bank holiday, the other four are working days.
    assert (line.left, line.last) == (1, date(2024, 6, 3))


def test_an_n_under_a_closure_is_not_asked_about(cast: Cast, facts: SchoolFacts) -> None:
    from_schools = {"kind": "unplanned", "ground": "Snow", "by": cast.by, "at": moment(8, 0)}
    schools.close_sessions(cast.hamsey, first=date(2024, 5, 13), last=date(2024, 5, 13), **from_schools)
    assert unknown_reasons(facts_of(cast.hamsey.pk), moment(9, 0)) == []


@pytest.mark.policy("4.5-b")
def test_on_the_last_day_the_secretary_is_reminded_once(cast: Cast, facts: SchoolFacts) -> None:
    remind_of_last_day(facts, moment(9, 0))
    remind_of_last_day(facts, moment(8, 39, LAST))
    assert not Message.objects.exists()
    remind_of_last_day(facts, moment(8, 40, LAST))
    remind_of_last_day(facts, moment(8, 41, LAST))
    message = Message.objects.get()
    assert message.to_address == "secretary@example.org"
    assert message.subject.endswith("the last day for 1 absence without a reason")
    assert "Ben" not in message.body


def test_the_reminder_does_not_go_once_each_has_its_code(cast: Cast, facts: SchoolFacts, signed_in, clock) -> None:
    remind_of_last_day(facts, moment(8, 40, LAST))
    secretary = signed_in("secretary")
    clock(moment(8, 41, LAST))
    press(cast, secretary, "illness")
    assert drain(grounds=grounds(), by=cast.by, at=moment(8, 42, LAST)).stopped


@pytest.mark.policy("4.5-b", "A1-c")
def test_the_office_gives_the_reason_by_one_press_and_the_register_keeps_why(
    cast: Cast, facts: SchoolFacts, signed_in, clock
) -> None:
    secretary = signed_in("secretary")
    clock(moment(9, 0))
    page = secretary.get(URL).content.decode()
    assert "4 working days left, to Monday 20 May" in page
    assert "O: no reason was given" not in page
    assert "I for 2 sessions" in press(cast, secretary, "illness")
    assert codes(cast) == ["I", "I"]
    assert Entry.objects.filter(code="I").first().deed.reason == "Reason given: Illness"
    assert "Every absence has its reason" in secretary.get(URL).content.decode()


@pytest.mark.policy("A1-c", "A1-d", "4.2-c")
@pytest.mark.parametrize(("reason", "code"), [("none", "O"), ("holiday", "G")])
def test_past_the_limit_the_head_decides_by_one_press(
    cast: Cast, facts: SchoolFacts, signed_in, clock, reason: str, code: str
) -> None:
    head, secretary = signed_in("head"), signed_in("secretary")
    clock(moment(9, 0, LAST))
    assert "can be set once 5 working days have passed" in press(cast, head, reason, key="early")
    clock(moment(9, 0, PAST))
    assert "is for the head of school to decide" in press(cast, secretary, reason)
    assert "O: no reason was given" not in secretary.get(URL).content.decode()
    assert "O: no reason was given" in head.get(URL).content.decode()
    assert "Say who was told that it is unauthorised" in press(cast, head, reason, key="untold")
    assert codes(cast) == ["N", "N"]
    press(cast, head, reason, told="Rang Pat Carter on 20 May")
    assert codes(cast) == [code, code]
    why = {"none": "No reason was given within 5 working days", "holiday": "A holiday for which no leave was granted"}
    kept = Entry.objects.filter(code=code).first().deed
    assert (kept.name, kept.reason) == ("Harriet Head", f"{why[reason]}. Told before: Rang Pat Carter on 20 May")


@pytest.mark.policy("4.2-c")
def test_while_evidence_is_asked_for_n_is_decided_there(cast: Cast, facts: SchoolFacts, signed_in, clock) -> None:
    day = date(2024, 5, 13)
    asking = Asking(
        "holiday",
        (day, "AM"),
        (day, "PM"),
        "Seen at the airport",
        ("a ticket",),
        cast.pupil("Ben").contacts.get().pk,
        "phone",
        PAST,
    )
    made = open_doubt(cast.enrolments["Ben"], asking, by=cast.actor("head"), at=moment(10, 0), key="doubt")
    head = signed_in("head")
    clock(moment(9, 0, PAST))
    said = "Rang Pat Carter on 20 May"
    assert "decide under Evidence" in press(cast, head, "holiday", told=said)
    withdraw_doubt(made, because="A mistake", by=cast.actor("head"), at=moment(9, 1, PAST), key="w")
    press(cast, head, "holiday", key="again", told=said)
    assert codes(cast) == ["G", "G"]


def test_a_mark_changed_meanwhile_is_not_overwritten(cast: Cast, facts: SchoolFacts, signed_in, clock) -> None:
    secretary = signed_in("secretary")
    clock(moment(9, 0))
    press(cast, secretary, "illness", ("AM",), key="one")
    said = press(cast, secretary, "appointment", key="two")
    assert "changed meanwhile" in said
    assert codes(cast) == ["I", "N"]
