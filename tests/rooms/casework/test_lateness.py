"""Punctuality and good news: proposed from the marks, raised in person first, sent by a named person (A3-d, A5-a)."""

from datetime import date, timedelta

import pytest

from rollcall.casework.actions.letters import NotWritten
from rollcall.casework.actions.punctuality import NotRaised, raise_in_person, warn
from rollcall.casework.actions.recognising import recognise
from rollcall.casework.models import LetterWritten, Raised
from rollcall.casework.queries.all_grounds import all_grounds
from rollcall.casework.queries.punctuality import late_pupils
from rollcall.casework.queries.recognition import recognised_by_term, risen_pupils
from rollcall.casework.queries.written import WRITTEN
from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.outbox.actions import drain
from rollcall.outbox.models import Message
from rollcall.registers.actions.writing import NewEntry, write_entries
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, phone, sessions

AT = moment(10, 0)
TALK = DAY - timedelta(days=12)


@pytest.fixture
def late(cast: Cast) -> Cast:
    """Aisha late on eight mornings, three of them after Thursday 2 May; Ben on four."""
    phone(cast)
    mornings = [n for n, (_, half) in enumerate(sessions(cast)) if half == "AM"]
    before = [n for n in mornings if sessions(cast)[n][0] <= TALK][-5:]
    after = [n for n in mornings if sessions(cast)[n][0] > TALK][-3:]
    fill(
        cast, {"Aisha": dict.fromkeys(before + after[:2], "L") | {after[2]: "U"}, "Ben": dict.fromkeys(before[:4], "L")}
    )
    return cast


def talk(cast: Cast, **more) -> Raised:
    given = {"with_whom": "Mrs Begum", "said": "Mornings are hard.", "day": TALK, "key": "talk"} | more
    return raise_in_person(cast.pupil("Aisha").pk, school=cast.hamsey.pk, by=cast.actor("secretary"), at=AT, **given)


@pytest.mark.policy("A3-d")
def test_it_is_raised_first_and_no_warning_goes_before(late: Cast) -> None:
    (line,) = late_pupils(late.hamsey.pk, AT)
    assert (line.seat.known_first, line.lateness.what, len(line.told)) == ("Aisha", "raise", 8)
    with pytest.raises(NotWritten, match="A warning is not due"):
        warn(late.pupil("Aisha").pk, school=late.hamsey.pk, by=late.actor("head"), at=AT, key="w")


@pytest.mark.policy("A3-d")
def test_it_went_on_after_the_talk_and_the_warning_tells_each_mark_and_the_law(late: Cast) -> None:
    talk(late)
    (line,) = late_pupils(late.hamsey.pk, AT)
    assert (line.lateness.what, len(line.told)) == ("warn", 3)
    written = warn(late.pupil("Aisha").pk, school=late.hamsey.pk, by=late.actor("head"), at=AT, key="w")
    (message,) = Message.objects.filter(ground=WRITTEN, ground_id=written.pk)
    for part in ("We spoke on Thursday 2 May", "after the register had closed", "Education Act 1996", "offence"):
        assert part in message.body
    for part in ("10 sessions", "10 school weeks", "01273 555010"):
        assert part in message.body
    assert message.evidence["rests_on"]["marks"][-1]["code"] == "U"
    assert {line["key"] for line in message.evidence["values"]} >= {"measures.threshold_sessions"}
    assert warn(late.pupil("Aisha").pk, school=late.hamsey.pk, by=late.actor("head"), at=AT, key="w") == written
    assert not late_pupils(late.hamsey.pk, AT)


def test_a_mark_that_was_changed_stops_the_warning(late: Cast, post) -> None:
    talk(late)
    written = warn(late.pupil("Aisha").pk, school=late.hamsey.pk, by=late.actor("head"), at=AT, key="w")
    mark = written.rests_on["marks"][0]
    entry = NewEntry(mark["enrolment"], date.fromisoformat(mark["day"]), mark["half"], "/")
    write_entries(late.hamsey.pk, [entry], journal.begin("test.amend", by=INSTALLER, at=AT))
    drain(grounds=all_grounds(), by=INSTALLER, at=AT + timedelta(minutes=1))
    message = Message.objects.get(ground=WRITTEN)
    assert message.state == "stopped"
    assert "was L and is / now" in message.attempts.last().detail


def test_a_talk_needs_its_words_and_a_day_that_was(late: Cast) -> None:
    with pytest.raises(NotRaised, match="with whom"):
        talk(late, with_whom="")
    with pytest.raises(NotRaised, match="still to come"):
        talk(late, day=DAY + timedelta(days=1))
    assert talk(late) == talk(late)


@pytest.mark.policy("5.2-e")
def test_a_child_below_compulsory_age_is_listed_and_never_warned(late: Cast) -> None:
    pupil = late.pupil("Aisha")
    pupil.born = date(2019, 9, 1)
    pupil.save()
    talk(late)
    assert late_pupils(late.hamsey.pk, AT)[0].too_young
    with pytest.raises(NotWritten, match="which Aisha is not"):
        warn(pupil.pk, school=late.hamsey.pk, by=late.actor("head"), at=AT, key="w")


@pytest.fixture
def rose(cast: Cast) -> Cast:
    """Aisha away a fifth of the first ten weeks that count, and always there since."""
    phone(cast)
    days = sessions(cast)
    found = [n for n, (day, _) in enumerate(days) if date(2024, 2, 26) <= day <= date(2024, 3, 20)]
    fill(cast, {"Aisha": dict.fromkeys(found[:12], "O")})
    return cast


@pytest.mark.policy("A5-a")
def test_who_rose_is_proposed_sent_and_counted_by_term(rose: Cast) -> None:
    (line,) = risen_pupils(rose.hamsey.pk, AT)
    assert line.seat.known_first == "Aisha"
    head = rose.actor("head")
    (sent,) = recognise(rose.hamsey.pk, [line.seat.pupil], by=head, at=AT, key="r")
    body = Message.objects.get(ground=WRITTEN, ground_id=sent.pk).body
    assert "100.0%" in body
    assert "5 school weeks" in body
    assert dict(recognised_by_term(rose.hamsey.pk, AT))["Summer 1"] == 1
    assert not risen_pupils(rose.hamsey.pk, AT)
    assert recognise(rose.hamsey.pk, [line.seat.pupil], by=head, at=AT, key="r") == [sent]
    with pytest.raises(NotWritten, match="not on the list any more"):
        recognise(rose.hamsey.pk, [line.seat.pupil], by=head, at=AT, key="r2")
    with pytest.raises(NotWritten, match="at least one"):
        recognise(rose.hamsey.pk, [], by=head, at=AT, key="r3")
    assert LetterWritten.objects.count() == 1


def test_the_pages_show_it_and_send_it(rose: Cast, signed_in) -> None:
    head, url = signed_in("head"), "/casework/hamsey/risen/"
    page = head.get(url)
    assert "Aisha Begum" in page.content.decode()
    assert head.post(url, {"key": "p"}).status_code == 422
    sent = head.post(url, {"key": "p2", "pupil": rose.pupil("Aisha").pk}, follow=True)
    assert "Recognised: 1." in sent.content.decode()
    assert signed_in("secretary").post(url, {"key": "p3"}).status_code == 403


def test_the_list_leads_to_the_talk_and_the_warning(late: Cast, signed_in) -> None:
    head, pupil = signed_in("head"), late.pupil("Aisha").pk
    assert "8 marks" in head.get("/casework/hamsey/late/").content.decode()
    wrong = head.post(
        f"/casework/pupils/{pupil}/talk/", {"key": "t", "day": "2024-05-02", "with_whom": "", "said": "x"}
    )
    assert wrong.status_code == 422
    assert "Say with whom it was raised" in wrong.content.decode()
    given = {"key": "t", "day": "2024-05-02", "with_whom": "Mrs Begum", "said": "Mornings are hard."}
    head.post(f"/casework/pupils/{pupil}/talk/", given)
    page = head.get(f"/casework/pupils/{pupil}/warn/").content.decode()
    assert "Punctuality warning" in page
    assert "45 minutes" not in page
    assert head.post(f"/casework/pupils/{pupil}/warn/", {"key": "w"}).status_code == 302
    assert LetterWritten.objects.filter(letter="punctuality").count() == 1
    assert head.post(f"/casework/pupils/{pupil}/warn/", {"key": "w2"}).status_code == 422
    assert "Raised in person" in head.get(f"/casework/pupils/{pupil}/").content.decode()
    assert signed_in("stranger").get(f"/casework/pupils/{pupil}/warn/").status_code == 404
