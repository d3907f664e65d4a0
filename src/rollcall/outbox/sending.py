"""One e-mail over SMTP by Django's own backend, and what is known of it afterwards.

What breaks before the message is handed over did not go; what breaks after may have gone, and is never tried again by
itself. A refusal that the server gives (5xx) is final, a put-off (4xx) is not.
"""

import hashlib
import smtplib
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.utils import DNS_NAME
from django.core.validators import validate_email

from rollcall.outbox.models import Message
from rollcall.outbox.outcomes import LATER, REFUSED, SENT, UNSURE, Outcome, Unreachable
from rollcall.outbox.secret import text_of


class MailPost:
    """A connection to the mail server, for one round of sending. Raises Unreachable on opening."""

    def __init__(self) -> None:
        self._backend: Any = get_connection(fail_silently=False)
        self._handed_over = False

    def open(self) -> None:
        """Connect, or find the connection open. Raises Unreachable with the reason."""
        try:
            if self._backend.open():
                self._watch()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Unreachable(f"The mail server can't be reached: {_said(error)}") from error

    def close(self) -> None:
        """Say goodbye; a connection that is broken already is let go."""
        try:
            self._backend.close()
        except (smtplib.SMTPException, OSError):
            self._backend.connection = None

    def find(self, message: Message) -> Outcome | None:
        """Always None: a mail server can't be asked what became of a message."""
        return None

    def send(self, message: Message) -> Outcome:
        """Send one message over the open connection. Raises nothing: every fault is an outcome."""
        self._handed_over = False
        try:
            validate_email(message.to_address)
            self._backend.send_messages([email_of(message)])
        except ValidationError:
            return Outcome(REFUSED, f"{message.to_address!r} is no e-mail address.")
        except (ValueError, smtplib.SMTPNotSupportedError) as error:
            return Outcome(REFUSED, f"The address or a heading can't be used: {_said(error)}")
        except (smtplib.SMTPException, OSError) as error:
            outcome = self._judge(error)
            self.close()
            return outcome
        return Outcome(SENT, "Accepted by the mail server.")

    def _watch(self) -> None:
        """Notice when the text itself begins to be handed over (SMTP's DATA)."""
        smtp = getattr(self._backend, "connection", None)
        real = getattr(smtp, "data", None)
        if real is None:
            return

        def data(content: Any) -> Any:
            self._handed_over = True
            return real(content)

        smtp.data = data  # type: ignore[union-attr]

    def _judge(self, error: Exception) -> Outcome:
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return _by_code(*next(iter(error.recipients.values())))
        if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
            return _by_code(error.smtp_code, error.smtp_error)
        kind, when = (UNSURE, "while") if self._handed_over else (LATER, "before")
        said = f"The connection broke {when} the message was handed over: {_said(error)}"
        return Outcome(kind, said, is_away=True, why="breaks connections off")


def email_of(message: Message) -> EmailMessage:
    """The e-mail that a message becomes; the same message always has the same Message-ID."""
    own = hashlib.sha256(message.once.encode()).hexdigest()[:32]
    reply_to = message.evidence.get("reply_to")
    email = EmailMessage(
        subject=message.subject,
        body=text_of(message),
        to=[message.to_address],
        reply_to=[reply_to] if reply_to else None,
        headers={"Message-ID": f"<{own}@{DNS_NAME.get_fqdn()}>"},
    )
    if message.pdf is not None:
        email.attach(message.pdf_name or "letter.pdf", bytes(message.pdf), "application/pdf")
    return email


def _by_code(code: int, said: bytes | str) -> Outcome:
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return Outcome(REFUSED if code >= 500 else LATER, f"The mail server said {code}: {text}"[:500])


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:300]
