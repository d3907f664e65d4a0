"""Messages over GOV.UK Notify, by its own client: e-mails, texts and letters whose PDF is ours.

Notify knows each message by our reference. A try without a clear answer is looked up by it before anything is sent
again, so that nobody has a message twice. The client is not safe between threads: one for each round.
"""

import hashlib
import re
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from notifications_python_client import NotificationsAPIClient, prepare_upload
from notifications_python_client.errors import APIError
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from rollcall.outbox.models import Message
from rollcall.outbox.numbers import NotMobile, mobile
from rollcall.outbox.outcomes import FAILURES, FOUND, LATER, REFUSED, SENT, UNCLEAR, Outcome, Unreachable
from rollcall.outbox.secret import text_of
from rollcall.schools.models import School

TEXT_MOST = 918
"""Characters in the longest text that Notify takes."""

# Errors of the service, the key or the pace, which say nothing about the message: Notify's own list of error codes.
_WHY = {401: "refuses our key", 403: "refuses our key", 404: "is not at its address", 429: "asks us to slow down"}


class NotifyPost:
    """Notify for one round of sending."""

    def __init__(self) -> None:
        self._client: Any = None

    def open(self) -> None:
        """Make the client. Raises Unreachable where Notify is not set up any more."""
        if not settings.ROLLCALL_NOTIFY_KEY:
            raise Unreachable("ROLLCALL_NOTIFY_KEY is empty.", "is not set up")
        if self._client is None:
            self._client = NotificationsAPIClient(
                settings.ROLLCALL_NOTIFY_KEY,
                base_url=settings.ROLLCALL_NOTIFY_URL,
                timeout=settings.ROLLCALL_NOTIFY_TIMEOUT,
            )

    def close(self) -> None:
        """Let the connection go."""
        if self._client is not None:
            self._client.request_session.close()

    def find(self, message: Message) -> Outcome | None:
        """What Notify has under the message's reference, or None. Raises Unreachable where it can't say."""
        found = self._asked(self._client.get_all_notifications, reference=reference_of(message))
        for one in found.get("notifications", []):
            said = f"GOV.UK Notify has it already, as {one['id']} ({one['status']}); it was not sent again."
            return Outcome(FOUND, said, id=one["id"], status=one["status"])
        return None

    def send(self, message: Message) -> Outcome:
        """Hand one message over. Raises Unreachable where Notify was not there, so that it surely did not go."""
        try:
            call, given = self._prepared(message)
        except (ValueError, ValidationError) as error:
            said = error.messages[0] if isinstance(error, ValidationError) else str(error)
            return Outcome(REFUSED, said)
        try:
            answer = call(**given, reference=reference_of(message))
        except APIError as error:
            return _judged(error)
        return Outcome(SENT, "Accepted by GOV.UK Notify.", id=str(answer["id"]), status="created")

    def status(self, carrier_id: str) -> str:
        """What became of a message by Notify's id; empty where it no longer knows. Raises Unreachable."""
        try:
            answer = self._client.get_notification_by_id(carrier_id)
        except APIError as error:
            if error.response is not None and error.status_code == 404:
                return ""
            raise _unreachable(error) from error
        return str(answer["status"])

    def failures(self) -> dict[str, str]:
        """The latest messages that failed, as id -> status: one page, which holds 250. Raises Unreachable."""
        found = self._asked(self._client.get_all_notifications, status=list(FAILURES))
        return {one["id"]: one["status"] for one in found.get("notifications", [])}

    def _asked(self, call: Any, **given: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = call(**given)
        except APIError as error:
            raise _unreachable(error) from error
        return answer

    def _prepared(self, message: Message) -> tuple[Any, dict[str, Any]]:
        """The client's call and what it is given. Raises ValueError for what can't be sent at all."""
        if message.channel == "email":
            return self._client.send_email_notification, _email(message)
        if message.channel == "text":
            return self._client.send_sms_notification, _text(message)
        if message.pdf is None:
            raise ValueError("It has no PDF, so there is nothing to print.")
        given = {"pdf_file": BytesIO(bytes(message.pdf)), "postage": settings.ROLLCALL_NOTIFY_POSTAGE}
        return self._client.send_precompiled_letter_notification, given


def reference_of(message: Message) -> str:
    """Our reference for a message: the same for each try, another once a person lets it go anew; says nothing of it."""
    return hashlib.sha256(f"{message.once}:{message.again}".encode()).hexdigest()[:32]


def _email(message: Message) -> dict[str, Any]:
    validate_email(message.to_address)
    letter: Any = ""
    if message.pdf is not None:
        name = message.pdf_name or "letter.pdf"
        letter = prepare_upload(BytesIO(bytes(message.pdf)), filename=name, confirm_email_before_download=True)
    words = {"subject": message.subject, "body": text_of(message), "letter": letter}
    template = settings.ROLLCALL_NOTIFY_EMAIL_TEMPLATE
    given = {"email_address": message.to_address, "template_id": template, "personalisation": words}
    reply_to = _reply_to(message.school)
    return {**given, "email_reply_to_id": reply_to} if reply_to else given


def _reply_to(school: int) -> str:
    """The id of a school's own reply address; empty where the service's is used."""
    return School.objects.filter(pk=school).values_list("notify_reply_to", flat=True).first() or ""


def _text(message: Message) -> dict[str, Any]:
    try:
        number = mobile(message.to_address)
    except NotMobile as error:
        raise ValueError(f"{error} Ask the family for another.") from error
    template = settings.ROLLCALL_NOTIFY_TEXT_TEMPLATE
    return {"phone_number": number, "template_id": template, "personalisation": {"body": text_of(message)}}


def _judged(error: APIError) -> Outcome:
    """What an error means for the message in hand. Raises Unreachable where nothing was handed over."""
    if error.response is None:
        if _never_connected(error):
            raise _unreachable(error) from error
        return Outcome(UNCLEAR, f"No answer: {_said(error)}", is_away=True, why="does not answer")
    code = error.status_code
    if code < 400:
        return Outcome(UNCLEAR, "The answer could not be read.", is_away=True, why="gives answers that can't be read")
    if code in _WHY or code >= 500:
        return Outcome(LATER, _words(error), is_away=True, why=_WHY.get(code, "reports a fault of its own"))
    return Outcome(REFUSED, _words(error))


def _unreachable(error: APIError) -> Unreachable:
    if error.response is None:
        return Unreachable(f"GOV.UK Notify can't be reached: {_said(error)}")
    code = error.status_code
    return Unreachable(_words(error), _WHY.get(code, "reports a fault of its own"))


def _never_connected(error: APIError) -> bool:
    """Whether the connection itself failed, so that not a byte was handed over."""
    return isinstance(_reason(error), (NewConnectionError, ConnectTimeoutError))


def _reason(error: APIError) -> Any:
    """Why the connection failed, where it never came to be: urllib3 has it inside what requests raises."""
    cause = error.__cause__
    return getattr(cause.args[0], "reason", None) if cause is not None and cause.args else None


def _words(error: APIError) -> str:
    said = error.message
    parts = [str(one.get("message", one)) for one in said] if isinstance(said, list) else [str(said)]
    return f"GOV.UK Notify said {error.status_code}: {'; '.join(parts)}"[:500]


def _said(error: APIError) -> str:
    """What the network said, without the parts that differ from one time to the next."""
    said = str(_reason(error) or error.__cause__) or type(error).__name__
    return re.sub(r"\s*(?:<[^<>]*>|object at 0x\w+)[:,]?", "", said)[:300]
