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
    return [
        (m.state, m.attempts.last().detail if m.attempts.exists() else "") for m in Message.objects.order_by("id")
    ]


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
