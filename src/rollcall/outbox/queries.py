"""What waits, what went and what became of each message, as plain values for the office's pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rollcall.outbox.models import Message


@dataclass(frozen=True)
class Line:
    """One message in a list. `last` is what came of the last try."""

    id: int
    school: int
    pupil: int | None
    channel: str
    to_name: str
    to_address: str
    subject: str
    state: str
    state_words: str
    made_at: datetime
    next_try: datetime
    by: str
    last: str
    tries: int


@dataclass(frozen=True)
class Try:
    """One attempt, or what a person did with the message."""

    at: datetime
    outcome: str
    detail: str
    by: str


OUTCOMES = {
    "begun": "Handed to the mail server",
    "sent": "Sent",
    "later": "Not now; will be tried again",
    "refused": "Refused",
    "unsure": "May have gone",
    "stopped": "Stopped",
    "printed": "Printed and posted",
    "again": "To be sent again",
}


def waiting(schools: Iterable[int] | None) -> list[Line]:
    """What is still to go at these schools (by id; None stands for all): printed letters to print, e-mails to send."""
    return messages(schools, states=("waiting", "sending"))


def messages(
    schools: Iterable[int] | None, *, states: Iterable[str] = (), pupil: int | None = None, limit: int | None = None
) -> list[Line]:
    """Messages at these schools (by id; None stands for all), newest first, all or the latest few, in two queries."""
    rows = Message.objects.select_related("deed").prefetch_related("attempts").defer("pdf", "body")
    if schools is not None:
        rows = rows.filter(school__in=list(schools))
    if states:
        rows = rows.filter(state__in=list(states))
    if pupil is not None:
        rows = rows.filter(pupil=pupil)
    return [_line(message) for message in rows.order_by("-made_at", "-id")[:limit]]


def trail(message: int) -> list[Try]:
    """Every attempt at a message, oldest first."""
    found = Message.objects.get(pk=message).attempts.all()
    return [Try(a.at, OUTCOMES.get(a.outcome, a.outcome), a.detail, a.by) for a in found]


def _line(message: Message) -> Line:
    tries = list(message.attempts.all())
    last = tries[-1] if tries else None
    return Line(
        id=message.pk,
        school=message.school,
        pupil=message.pupil,
        channel=message.channel,
        to_name=message.to_name,
        to_address=message.to_address,
        subject=message.subject,
        state=message.state,
        state_words=dict(Message.STATES)[message.state],
        made_at=message.made_at,
        next_try=message.next_try,
        by=message.deed.name,
        last=f"{OUTCOMES.get(last.outcome, last.outcome)}. {last.detail}".strip() if last else "",
        tries=sum(attempt.outcome in ("begun", "later") for attempt in tries),
    )
