"""The thread from a review to a letter: one row, one decision, letter 1 through the outbox by the worker."""

import pytest
from django.core import mail

from rollcall import worker
from rollcall.casework import actions, queries
from rollcall.casework.models import StepTaken
from rollcall.outbox.models import Message
from tests.cast import Cast, moment
from tests.rooms.casework.marking import fill, missed, phone


@pytest.fixture
def reviewed(cast: Cast):
    """A review of Hamsey on 14 May at 3.40pm: Aisha a little below 95%, Ben below 90%, Chloe between 95% and 97%."""
    phone(cast)
    fill(cast, {"Aisha": missed(20), "Ben": missed(60), "Chloe": missed(12)})
    return actions.open_review(cast.hamsey, by=cast.actor("head"), at=moment(9, 5), key="r1")


@pytest.mark.policy("7.1-a")
@pytest.mark.policy("FC-c")
def test_a_row_agreed_becomes_letter_1_in_the_post(cast: Cast, reviewed, settings, monkeypatch) -> None:
    rows = {row.pupil_id: row for row in reviewed.rows.all()}
    aisha = rows[cast.pupil("Aisha").pk]
    assert aisha.step == "letter-1"
    assert not Message.objects.exists(), "nothing happens by itself"
    done = actions.decide([aisha.pk], "agree", by=cast.actor("head"), at=moment(9, 30), key="d1")
    assert len(done.messages) == 1
    assert StepTaken.objects.get().step == "letter-1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(worker, "now", lambda: moment(9, 31))
    assert worker.send_once().sent == list(done.messages)
    sent = mail.outbox[0]
    assert sent.to == ["pat.begum@example.org"]
    assert sent.attachments[0][0] == "letter-1.pdf"
    assert sent.attachments[0][1].startswith(b"%PDF")
    assert "Aisha's attendance" in sent.subject
    assert "sessions)" in sent.body
    assert Message.objects.get().state == "sent"


def test_place(cast: Cast, reviewed) -> None:
    found = queries.place(cast.hamsey.pk, moment(9, 5))
    assert [(row.seat.known_first, row.proposal.what) for row in found.rows] == [
        ("Ben", "letter-1"),
        ("Aisha", "letter-1"),
        ("Chloe", "keep monitoring"),
    ]
