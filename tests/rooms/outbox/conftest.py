"""A real mail server on loopback, and a message to send."""

from collections.abc import Callable, Iterator

import pytest

from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.outbox import actions
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from tests.cast import moment
from tests.notify import Notify, notify_server
from tests.smtp import MailServer, mail_server

STANDS = {"test": lambda message, at: Answer(True)}


@pytest.fixture
def smtp(settings) -> Iterator[MailServer]:
    """Django's own SMTP backend, talking to a server of ours."""
    with mail_server() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", box.port, 0.5
        yield box


@pytest.fixture
def put(db) -> Callable[..., Message]:
    """Put a message in, at 9.00."""

    def make(once: str = "one", **more) -> Message:
        given = {
            "school": 1,
            "channel": "email",
            "to_name": "Pat Begum",
            "to_address": "pat@example.org",
            "subject": "Hello",
            "body": "Dear Pat",
            "ground": "test",
            "ground_id": 7,
            "pupil": 3,
            "evidence": {"reply_to": "office@example.org"},
            "pdf": b"%PDF-1.7 letter",
            "pdf_name": "letter.pdf",
            "seen": True,
            **more,
        }
        deed = journal.begin("test.put", by=INSTALLER, at=moment(9, 0))
        return actions.put(once=once, deed=deed, at=moment(9, 0), **given)

    return make


@pytest.fixture
def notify(settings) -> Iterator[Notify]:
    """The program's own client of GOV.UK Notify, talking to a Notify of ours that checks every request."""
    with notify_server() as box:
        for name, value in box.environment.items():
            setattr(settings, name, value)
        settings.ROLLCALL_NOTIFY_TIMEOUT = 0.3
        yield box
        assert box.wrong == []
