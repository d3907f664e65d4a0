"""Letters that a named person writes: who gets one, what it rests on, and what stops it just before it goes."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from rollcall.casework.actions.letters import NotWritten, withdraw_letter, write_letter
from rollcall.casework.models import LetterWritten, Meeting, MeetingOutcome, Target
from rollcall.casework.queries.all_grounds import all_grounds
from rollcall.casework.queries.written import WRITTEN, preview_letter
from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.letters.queries import recipients
from rollcall.outbox.actions import drain
from rollcall.outbox.models import Message
from rollcall.registers.actions.writing import NewEntry, write_entries
from rollcall.registers.models import Entry
from rollcall.schools.models import Contact, Hold, PupilContact
from tests.cast import DAY, moment

AT = moment(10, 0)
pytestmark = pytest.mark.django_db


def write(cast, name="Aisha", letter="letter-1", more=None, **given):
    given = {"by": cast.actor("head"), "at": AT, "school": cast.hamsey.pk} | given
    return write_letter(cast.pupil(name).pk, letter, more or {}, **given)


def of(written: LetterWritten) -> list[Message]:
    return list(Message.objects.filter(ground=WRITTEN, ground_id=written.pk).order_by("id"))


def gone(at=AT):
    """Let the worker go round once: which messages were sent, and the sentences of those that stopped."""
    drain(grounds=all_grounds(), by=INSTALLER, at=at + timedelta(minutes=1))
    return [(m.state, m.attempts.last().detail if m.attempts.exists() else "") for m in Message.objects.order_by("id")]


def test_each_parent_has_a_letter_of_their_own_with_all_it_rests_on(marked):
    second = Contact.objects.create(first="Omar", last="O'Begum-Ångström", address="2 Mill Lane\nLewes\nBN7 1AA")
    PupilContact.objects.create(
        pupil=marked.pupil("Aisha"), contact=second, order=2, relationship="Father", parental_responsibility=True
    )
    written = write(marked)
    first, other = of(written)
    assert (first.channel, other.channel) == ("email", "print")
    assert other.to_address == "2 Mill Lane\nLewes\nBN7 1AA"
    assert other.body.splitlines()[2] == "Dear Omar,"
    assert bytes(first.pdf)[:5] == b"%PDF-"
    assert other.evidence["rests_on"]["figures"] == written.rests_on["figures"]
    assert {line["text"] for line in other.evidence["values"]} >= {"97"} or other.evidence["values"]


def test_the_preview_is_what_goes(marked):
    head = marked.actor("head")
    seen = preview_letter(
        marked.pupil("Aisha").pk, "letter-1", {}, school=marked.hamsey.pk, signed=(head.name, head.position), at=AT
    )
    assert [one.composed.text for one in seen.letters] == [message.body for message in of(write(marked))]


@pytest.mark.policy("4.6-a")
def test_pressed_twice_it_is_one_letter(marked):
    first, again = write(marked, key="once"), write(marked, key="once")
    assert first == again
    assert Message.objects.filter(ground=WRITTEN).count() == 1


def test_a_letter_within_a_larger_act_is_of_that_act(marked):
    with transaction.atomic():
        deed = journal.begin("test.act", by=marked.actor("head"), at=AT)
        written = write(marked, deed=deed)
    assert written.deed_id == deed.pk
    assert of(written)[0].deed_id == deed.pk


def stopped(at=AT) -> str:
    ((state, why),) = gone(at)
    assert state == "stopped"
    return why


def test_it_goes_where_nothing_changed(marked, post):
    write(marked)
    assert gone()[0][0] == "sent"


def test_a_withdrawn_one_stops_and_one_that_went_can_not_be_withdrawn(marked, post):
    written, head = write(marked), marked.actor("head")
    withdraw_letter(written, because="Sent in error", by=head, at=AT, key="w")
    assert stopped() == "The letter was withdrawn."
    with pytest.raises(NotWritten, match="withdrawn before"):
        written.refresh_from_db()
        withdraw_letter(written, because="Once more", by=head, at=AT, key="w2")


def test_what_has_gone_stays(marked, post):
    written = write(marked)
    gone()
    with pytest.raises(NotWritten, match="has gone"):
        withdraw_letter(written, because="Too late", by=marked.actor("head"), at=AT, key="w")
    with pytest.raises(NotWritten, match="Say why"):
        withdraw_letter(written, because="", by=marked.actor("head"), at=AT, key="w2")


def test_a_pupil_who_left_stops_it(marked, post):
    write(marked)
    marked.enrolments["Aisha"].left = DAY - timedelta(days=1)
    marked.enrolments["Aisha"].save()
    assert stopped() == "Aisha Begum is no longer on the roll of Hamsey Primary School."
    with pytest.raises(NotWritten, match="No longer on the school's roll"):
        write(marked)


def test_a_hold_stops_it(marked, post):
    write(marked)
    deed = journal.begin("test.hold", by=INSTALLER, at=AT)
    Hold.objects.create(pupil=marked.pupil("Aisha"), kind="bereavement", begins=DAY, deed=deed)
    assert "Nothing is sent for now: bereavement" in stopped()


def test_a_parent_barred_between_writing_and_sending_stops_it(marked, post):
    write(marked)
    PupilContact.objects.filter(pupil=marked.pupil("Aisha")).update(barred=True)
    assert "may no longer be written to about Aisha Begum" in stopped()


def test_an_address_that_a_barred_adult_reads_stops_it(marked, post):
    (message,) = of(write(marked))
    other = Contact.objects.create(first="Bad", last="Begum", email=message.to_address)
    PupilContact.objects.create(pupil=marked.pupil("Aisha"), contact=other, order=9, relationship="Father", barred=True)
    assert stopped() == "The address is also that of somebody barred."


WARNING = {"unauthorised_so_far": "6 sessions", "support_given": "- Breakfast club", "warning_from": "15 May 2024"}


@pytest.mark.policy("5.2-e")
def test_a_child_who_is_too_old_when_it_would_go_stops_it(marked, post):
    write(marked, letter="formal-warning", more=WARNING)
    pupil = marked.pupil("Aisha")
    pupil.born = date(2006, 9, 1)
    pupil.save()
    assert stopped() == "Aisha Begum is not of compulsory school age on Tuesday 14 May."


@pytest.mark.policy("5.2-e")
def test_a_child_below_compulsory_school_age_has_no_warning(marked):
    pupil = marked.pupil("Aisha")
    pupil.born = date(2019, 9, 1)
    pupil.save()
    with pytest.raises(NotWritten, match="is for children of compulsory school age, which Aisha is not"):
        write(marked, letter="formal-warning", more=WARNING)
    text = of(write(marked, letter="letter-3", more=AGREED))[0].body
    assert "Education Act" not in text
    assert "penalty" not in text


AGREED = {"meeting": "Tuesday 14 May 2024", "agreed_actions": "- Gate at 8.35\n- Ring us", "agreed_targets": "- 95%"}


def test_letter_three_tells_the_law_to_the_family_of_an_older_child(marked):
    text = of(write(marked, letter="letter-3", more=AGREED))[0].body
    assert "Education Act 1996" in text
    assert "10 sessions" in text
    assert "10 school weeks" in text
    assert "\n- Gate at 8.35\n- Ring us\n" in text


def test_a_figure_that_rose_over_its_line_stops_it(marked, post):
    head = marked.actor("head")
    write(marked, rests_on={"below_percent": "95"})
    entries = Entry.objects.filter(enrolment=marked.enrolments["Aisha"], code="O").order_by("day")
    present = {"AM": "/", "PM": "\\"}
    changed = [NewEntry(one.enrolment_id, one.day, one.half, present[one.half]) for one in entries]
    write_entries(marked.hamsey.pk, changed, journal.begin("test.amend", by=head, at=AT))
    assert stopped().startswith("Marks were changed since: the figure is 100.0%")


def test_a_target_or_a_meeting_that_is_no_more_stops_it(marked, post):
    deed = journal.begin("test.meeting", by=INSTALLER, at=AT)
    pupil = marked.pupil("Aisha")
    target = Target.objects.create(
        pupil=pupil, school=marked.hamsey, kind="percent", percent=95, begins=DAY, ends=DAY, deed=deed
    )
    meeting = Meeting.objects.create(school=marked.hamsey, pupil=pupil, kind="regular", at=moment(15, 30), deed=deed)
    write(marked, about="target", about_id=target.pk)
    write(marked, about="meeting", about_id=meeting.pk, rests_on={"invites": True})
    Target.objects.update(withdrawn=deed)
    MeetingOutcome.objects.create(meeting=meeting, how="off", deed=deed)
    assert [why for _, why in gone()] == ["The target that it tells of was withdrawn.", "The meeting was called off."]


def test_only_the_adults_named_get_it(marked):
    with pytest.raises(NotWritten, match="There is nobody to write to"):
        write(marked, contacts=[0])
    (one,) = recipients(marked.pupil("Aisha").pk, DAY).written
    assert len(of(write(marked, contacts=[one.contact]))) == 1


def test_no_postal_address_is_said_before_anything_is_written(marked):
    Contact.objects.update(address="")
    with pytest.raises(NotWritten, match="has no postal address"):
        write(marked, by_post=True)
    assert not LetterWritten.objects.exists()


def test_a_punctuality_warning_needs_the_talk(marked):
    with pytest.raises(NotWritten, match="only after the matter was raised in person"):
        write(marked, letter="punctuality", more={"raised_on": "Monday", "late_marks": "- Monday"})


def test_a_missing_field_is_named(marked):
    with pytest.raises(NotWritten, match=r"no value for \{agreed_actions\}"):
        write(marked, letter="letter-2", more={"meeting": "Tuesday", "agreed_targets": "- 95%"})
    assert not Message.objects.exists()
