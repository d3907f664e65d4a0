"""Somebody barred who rings, brings a child or answers a call: stopped loudly, kept, told once, explaining nothing."""

import re

import pytest
from django.test import Client

from rollcall.absence.actions.barred import Stopped
from rollcall.absence.actions.reports import Absence, Caller, log_report
from rollcall.absence.actions.words import leave_word
from rollcall.absence.models import Alert, FriendlyCall, HandOver, Report, Slip, Stop, Word
from rollcall.journal.models import Deed
from rollcall.outbox.models import Message
from rollcall.registers.queries.known_ahead import expected_now
from rollcall.schools import actions as schools
from rollcall.schools.models import PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.calling import second_contact

LOG = "/day/hamsey/inbox/log/"


@pytest.fixture
def drew(cast: Cast) -> PupilContact:
    """Drew Other, whom Ben must be kept from."""
    return second_contact(cast, "Ben", barred=True)


@pytest.fixture
def brother(cast: Cast) -> None:
    """Gus lives with Ben's mother as well."""
    mother = PupilContact.objects.get(pupil=cast.pupil("Ben"), order=1).contact
    link = PupilContact(pupil=cast.pupil("Gus"), contact=mother, relationship="Mother", lives_with=True)
    schools.link_contact(link, school=cast.hamsey, by=cast.by, at=cast.at)


def told() -> list[str]:
    return list(Message.objects.filter(kind="staff.alert").order_by("id").values_list("to_address", flat=True))


def ring(cast: Cast, caller: Caller, *names: str, key: str = "k", minute: int = 10, word: Word | None = None):
    children = [cast.enrolments[name] for name in names or ("Ben",)]
    who = {"by": cast.actor("secretary"), "at": moment(9, minute), "key": key, "word": word}
    return log_report(facts_of(cast.hamsey.pk), children, Absence("illness", DAY), caller, **who)


def sent(name: str, cast: Cast, **more: str) -> dict[str, object]:
    return {"key": "f", "children": cast.enrolments[name].pk, "caller": "else", "reason": "illness",
            "day": DAY.isoformat(), "part": "day", "channel": "phone", **more}  # fmt: skip


def hidden(html: str) -> dict[str, list[str]]:
    """What the form for somebody else would post."""
    found: dict[str, list[str]] = {}
    form = html.split("<form method")[-1]
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.policy("3.6-a", "4.5-a")
@pytest.mark.parametrize(
    "caller",
    [
        Caller("Mr Other"),
        Caller("Ben's dad"),
        Caller("Grandad", "+44 7700 900555"),
        Caller("Somebody", "DREW@example.org"),
    ],
)
def test_a_caller_who_may_be_barred_is_stopped_and_the_lead_is_told_at_once(cast, drew, caller) -> None:
    with pytest.raises(Stopped, match="Drew Other: do not contact, do not tell, do not release. Ring the safe") as said:
        ring(cast, caller)
    assert said.value.may_be_else and not Report.objects.exists()
    assert expected_now([cast.enrolments["Ben"].pk], DAY, "AM", facts_of(cast.hamsey.pk)) == {}
    (alert,) = Alert.objects.all()
    assert (alert.kind, alert.to_role, told()) == ("barred", "dsl", ["dsl@example.org"])
    word, stop = Word.objects.get(), Stop.objects.get()
    assert (word.caller, word.outcome) == (caller.name, "stopped") and word.cleared == stop.deed
    assert stop.alert == alert and stop.words == word.words != "" and caller.name in stop.said_by
    assert "Drew" not in Message.objects.get().body + Message.objects.get().subject


def test_the_contact_who_is_tapped_is_nobody_else_whatever_is_said(cast, drew) -> None:
    for n, otherwise in enumerate(("", "It was his brother")):
        with pytest.raises(Stopped) as said:
            ring(cast, Caller("Drew Other", "07700 900555", drew.pk, otherwise=otherwise), key=str(n))
        assert not said.value.may_be_else
    assert not Report.objects.exists() and told() == ["dsl@example.org"]


def test_pressed_twice_it_is_one_stop_and_one_alert(cast, drew) -> None:
    for _ in range(2):
        with pytest.raises(Stopped) as said:
            ring(cast, Caller("Mr Other"))
        assert [one.contact for one in said.value.stops] == [drew]
    assert Stop.objects.count() == Alert.objects.count() == len(told()) == 1


def test_each_child_of_the_call_is_told_of_once(cast, drew, brother) -> None:
    """Gus has no Drew among his contacts; his brother has."""
    with pytest.raises(Stopped):
        ring(cast, Caller("Drew Other"), "Ben", "Gus")
    assert sorted(str(one.enrolment.pupil) for one in Alert.objects.all()) == ["Ben Carter", "Gus Hill"]
    with pytest.raises(Stopped):
        ring(cast, Caller("Drew Other"), "Gus", key="gus")


def test_an_adult_who_is_barred_from_the_brother_alone_may_be_tapped_for_this_child(cast, drew, brother) -> None:
    link = PupilContact(pupil=cast.pupil("Gus"), contact=drew.contact, relationship="Father", order=2)
    schools.link_contact(link, school=cast.hamsey, by=cast.by, at=cast.at)
    assert ring(cast, Caller("Drew Other", "07700 900555", link.pk), "Gus").reports
    with pytest.raises(Stopped):
        ring(cast, Caller("Drew Other", "07700 900555", link.pk), "Gus", "Ben", key="both")


def test_nobody_else_is_stopped(cast, drew) -> None:
    mother = PupilContact.objects.get(pupil=cast.pupil("Ben"), order=1)
    assert ring(cast, Caller("Pat Carter", "07700 900001", mother.pk)).reports
    assert ring(cast, Caller("Gran Carter", "01273 400000"), "Aisha", key="a").reports
    assert not Stop.objects.exists() and not Alert.objects.exists()


def test_a_word_from_a_barred_number_is_stopped_whoever_is_tapped(cast, drew) -> None:
    mother = PupilContact.objects.get(pupil=cast.pupil("Ben"), order=1)
    by = {"by": cast.actor("office"), "at": moment(8, 0)}
    word = leave_word(
        cast.hamsey, channel="voicemail", caller="Pat", number="07700 900555", words="Ben is ill", key="w", **by
    )
    with pytest.raises(Stopped):
        ring(cast, Caller("Pat Carter", "07700 900002", mother.pk), word=word)
    word.refresh_from_db()
    assert (word.outcome, Word.objects.count()) == ("stopped", 1) and "Ben is ill" in Stop.objects.get().words


@pytest.mark.policy("4.5-a")
def test_it_is_somebody_else_with_a_reason_that_is_kept(cast, drew, signed_in) -> None:
    client, url = signed_in("office"), f"{LOG}?pupil={cast.enrolments['Ben'].pk}"
    page = client.post(url, sent("Ben", cast, caller_name="Mr Other", note="A cold"))
    html = page.content.decode()
    assert page.status_code == 409 and "do not contact, do not tell, do not release" in html
    assert "Say only that you can give no information" in html and "A court order" not in html
    assert "A court order" in signed_in("dsl").post(url, sent("Ben", cast, caller_name="Mr Other")).content.decode()
    client = signed_in("office")
    short = client.post(url, {**hidden(html), "otherwise": "x"})
    assert short.status_code == 409 and "Say in a few words how you know" in short.content.decode()
    n = Stop.objects.count()
    answer = client.post(url, {**hidden(short.content.decode()), "otherwise": "His uncle; he gave the password"})
    assert answer.status_code == 302 and Report.objects.get().note == "A cold" and Stop.objects.count() == n
    deed = Deed.objects.get(kind="barred.otherwise")
    assert deed.reason == "His uncle; he gave the password" and deed.name == "Olly Office"
    assert set(Stop.objects.values_list("otherwise", flat=True)) == {deed.pk}
    alerts = signed_in("dsl").get("/day/hamsey/alerts/").content.decode()
    assert "Olly Office says that it was somebody else: His uncle; he gave the password" in alerts


def test_nobody_is_somebody_else_before_the_lead_was_told(cast, drew) -> None:
    with pytest.raises(Stopped):
        ring(cast, Caller("Mr Other", otherwise="His uncle"))
    assert told() == ["dsl@example.org"]
    assert ring(cast, Caller("Mr Other", otherwise="His uncle"), key="again").reports


def left(cast: Cast, number: str = "07700 900555") -> Word:
    by = {"by": cast.actor("office"), "at": moment(8, 0)}
    return leave_word(
        cast.hamsey, channel="voicemail", caller="Sam", number=number, words="Where is Ben?", key="w", **by
    )


@pytest.mark.policy("3.6-a")
def test_a_word_from_a_barred_number_is_not_cleared_quietly(cast, drew, signed_in) -> None:
    word, client = left(cast), signed_in("office")
    url = f"/day/words/{word.pk}/nothing/"
    page = client.post(url, {"key": "c", "because": "Nothing in it"})
    word.refresh_from_db()
    assert page.status_code == 409 and word.outcome == "stopped" and told() == ["dsl@example.org"]
    client.post(url, {**hidden(page.content.decode()), "otherwise": "A wrong number, she said"})
    word.refresh_from_db()
    assert word.outcome == "nothing" and word.cleared.reason == "Nothing in it"


@pytest.mark.policy("3.6-a")
def test_a_barred_caller_is_handed_on_to_nobody_without_the_lead_being_told(cast, drew, signed_in) -> None:
    told_us = {"key": "h", "caller": "Drew Other", "about": "Wants to see Ben", "pupil": cast.enrolments["Ben"].pk}
    page = signed_in("office").post("/day/hamsey/inbox/hand-on/", told_us)
    assert page.status_code == 409 and not HandOver.objects.exists() and told() == ["dsl@example.org"]
    assert Stop.objects.get().words == "Wants to see Ben"


@pytest.mark.policy("A6-d")
def test_the_friendly_call_of_a_barred_adult_is_stopped(cast, drew, signed_in) -> None:
    url = f"/day/friendly/{cast.enrolments['Ben'].pk}/"
    said = {"key": "f", "outcome": "reached", "spoke_to": "Mr Other", "words": "He is fine", "tomorrow": "In"}
    client: Client = signed_in("teacher")
    page = client.post(url, said)
    assert page.status_code == 409 and not FriendlyCall.objects.exists() and told() == ["dsl@example.org"]
    assert Stop.objects.get().words == "He is fine In"
    client.post(url, {**hidden(page.content.decode()), "otherwise": "It is his stepfather Joe Other"})
    assert FriendlyCall.objects.get().spoke_to == "Mr Other"


@pytest.mark.policy("A2-a", "4.4-c")
def test_who_brings_a_child_late_is_stopped_where_they_are_barred(cast, drew, signed_in, clock) -> None:
    client = signed_in("office")
    clock(moment(9, 12))
    url = f"/day/late/{cast.enrolments['Ben'].pk}/fill/"
    page = client.post(url, {"key": "s", "reason": "overslept", "brought_by": "his dad"})
    assert page.status_code == 409 and not Slip.objects.exists() and told() == ["dsl@example.org"]
    client.post(url, {"key": "t", "reason": "overslept", "brought_by": "Gran"})
    assert Slip.objects.get().brought_by == "Gran"


def test_the_collector_may_be_somebody_else_too(cast, drew, signed_in, clock) -> None:
    client = signed_in("office")
    clock(moment(11, 0))
    url = f"/day/out/{cast.enrolments['Ben'].pk}/"
    page = client.post(url, {"key": "o", "reason": "appointment", "collector": "Mr Other"})
    assert page.status_code == 409 and Alert.objects.get().kind == "collector"
    client.post(url, {**hidden(page.content.decode()), "otherwise": "Grandfather, on the list of collectors"})
    assert cast.enrolments["Ben"].outings.get().collector == "Mr Other"
