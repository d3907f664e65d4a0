"""The thread from a review to a letter: one row, one decision, letter 1 through the outbox by the worker."""

import pytest
from django.core import mail

from rollcall import worker
from rollcall.casework import actions
from rollcall.casework.models import StepTaken
from rollcall.casework.queries import GROUND
from rollcall.outbox.models import Message
from tests.cast import Cast, moment


@pytest.mark.policy("7.1-a")
@pytest.mark.policy("FC-c")
@pytest.mark.policy("A4-b")
def test_a_row_agreed_becomes_letter_1_sent_by_the_worker(cast: Cast, row, post, monkeypatch) -> None:
    assert row("Aisha").step == "letter-1"
    assert not Message.objects.exists(), "nothing happens by itself"
    done = actions.decide([row("Aisha").pk], "agree", by=cast.actor("head"), at=moment(9, 30), key="d1")
    assert StepTaken.objects.get().step == "letter-1"
    monkeypatch.setattr(worker, "now", lambda: moment(9, 31))
    assert worker.send_once().sent[:1] == list(done.messages)
    sent = mail.outbox[0]
    assert sent.to == ["pat.begum@example.org"]
    assert sent.attachments[0][0] == "letter-1.pdf"
    assert sent.attachments[0][1] == bytes(Message.objects.get(ground=GROUND).pdf)
    assert sent.subject == "Aisha's attendance: can we help?"
    assert sent.reply_to == ["office@hamsey.example"]
    assert Message.objects.get(ground=GROUND).state == "sent"
