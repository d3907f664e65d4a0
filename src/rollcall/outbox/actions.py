"""The only writer of messages and attempts: putting one in, sending what waits, printing, trying again.

A message is claimed by one conditional update, so that two workers never send it both. Before it is handed over an
attempt says so; a worker that is killed leaves either a message that surely did not go, or one that may have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from rollcall.documents.letter import LetterPage, letters_pdf
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.outbox import sending
from rollcall.outbox.grounds import Answer, Grounds, Question, ask
from rollcall.outbox.models import Attempt, Message
from rollcall.outbox.sending import Outcome, Post, Unreachable

PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 240, 240, 720))
"""How long to wait after each try that failed for a time; after the last the message has failed."""

LEASE = timedelta(minutes=10)
"""How long a worker may hold a message; after that it is taken to have been killed."""

AT_ONCE = 20
BEGUN, STOPPED, PRINTED = "begun", "stopped", "printed"


@dataclass
class Drained:
    """What one round of sending did, by message id; `unreachable` says that the mail server was not there."""

    sent: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    stopped: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)
    unreachable: str = ""

    @property
    def n(self) -> int:
        """How many messages were dealt with."""
        return sum(len(ids) for ids in (self.sent, self.later, self.failed, self.stopped, self.unsure))


def put(
    *,
    once: str,
    deed: Deed,
    school: int,
    channel: str,
    to_name: str,
    to_address: str,
    subject: str,
    body: str,
    ground: str,
    ground_id: int,
    pupil: int | None,
    evidence: Mapping[str, Any],
    at: datetime,
    pdf: bytes | None = None,
    pdf_name: str = "",
) -> Message:
    """Put a finished message in, inside the deed's own transaction; the same `once` gives the message already there.

    channel: "email" or "print". ground: the kind of reason, ground_id its row: asked again just before sending.
    evidence: plain JSON; for a printed letter it holds the LetterPage under "letter". Raises ValueError for another
    channel.
    """
    if channel not in dict(Message.CHANNELS):
        raise ValueError(f"A message goes by {' or '.join(dict(Message.CHANNELS))}, not by {channel!r}.")
    message, _ = Message.objects.get_or_create(
        once=once,
        defaults={
            "deed": deed,
            "school": school,
            "channel": channel,
            "to_name": to_name[:120],
            "to_address": to_address,
            "subject": " ".join(subject.split())[:200],
            "body": body,
            "pdf": pdf,
            "pdf_name": pdf_name,
            "evidence": dict(evidence),
            "ground": ground,
            "ground_id": ground_id,
            "pupil": pupil,
            "next_try": at,
            "made_at": at,
        },
    )
    return message


def drain(*, grounds: Grounds, by: Actor, at: datetime, most: int = AT_ONCE) -> Drained:
    """Send up to `most` e-mails that wait and are due at a moment; each attempt is a row. Safe with several workers.

    grounds: kind of ground -> the question to ask before sending; where it no longer stands, or nobody answers, the
    message is stopped with the reason.
    """
    done = Drained()
    _let_go(by, at, done)
    post = Post()
    try:
        for message in _due(at, most):
            if _claim(message, at) and not _send(message, grounds, post, by, at, done):
                break
    finally:
        post.close()
    return done


def _due(at: datetime, most: int) -> list[Message]:
    rows = Message.objects.filter(channel="email", state="waiting", next_try__lte=at)
    return list(rows.order_by("next_try", "id")[:most])


def _claim(message: Message, at: datetime) -> bool:
    claimed = Message.objects.filter(pk=message.pk, state="waiting").update(state="sending", next_try=at + LEASE)
    return claimed == 1


def _send(message: Message, grounds: Grounds, post: Post, by: Actor, at: datetime, done: Drained) -> bool:
    """Send one claimed message; False where there is no mail server to go on with."""
    answer = ask(message, grounds, at)
    if not answer.stands:
        _stop(message, answer, by, at)
        done.stopped.append(message.pk)
        return True
    try:
        post.open()
    except Unreachable as error:
        done.unreachable = str(error)
        _record(message, Outcome(sending.LATER, str(error)), by, at, done)
        return False
    Attempt.objects.create(message=message, at=at, outcome=BEGUN, by=_name(by))
    _record(message, post.send(message), by, at, done)
    return True


def _record(message: Message, outcome: Outcome, by: Actor, at: datetime, done: Drained) -> None:
    """Write down what came of a try, and what follows: sent, tried again later, failed, or unsure."""
    tries = message.attempts.filter(outcome=sending.LATER).count()
    state, next_try, detail = "waiting", at, outcome.detail
    if outcome.kind == sending.LATER and tries < len(PAUSES):
        next_try = at + PAUSES[tries]
    elif outcome.kind == sending.LATER:
        state, detail = "failed", f"{detail} Given up after {tries + 1} tries."
    else:
        state = {sending.SENT: "sent", sending.REFUSED: "failed", sending.UNSURE: "unsure"}[outcome.kind]
    with transaction.atomic():
        Attempt.objects.create(message=message, at=at, outcome=outcome.kind, detail=detail, by=_name(by))
        # Also from unsure: another worker may have taken this one for dead, and this one knows better.
        Message.objects.filter(pk=message.pk, state__in=["sending", "unsure"]).update(state=state, next_try=next_try)
    lists = {"sent": done.sent, "waiting": done.later, "failed": done.failed, "unsure": done.unsure}
    lists[state].append(message.pk)


def _stop(message: Message, answer: Answer, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        Attempt.objects.create(message=message, at=at, outcome=STOPPED, detail=answer.why, by=_name(by))
        Message.objects.filter(pk=message.pk, state__in=["sending", "waiting"]).update(state="stopped")


def _let_go(by: Actor, at: datetime, done: Drained) -> None:
    """Free what a killed worker held: what was not handed over waits again, what was begun may have gone."""
    for message in Message.objects.filter(state="sending", next_try__lte=at).prefetch_related("attempts"):
        begun = [attempt.outcome for attempt in message.attempts.all()][-1:] == [BEGUN]
        held = Message.objects.filter(pk=message.pk, state="sending", next_try=message.next_try)
        with transaction.atomic():
            if held.update(state="unsure" if begun else "waiting", next_try=at) and begun:
                said = "The worker stopped while the message was handed over; it may have gone."
                Attempt.objects.create(message=message, at=at, outcome=sending.UNSURE, detail=said, by=_name(by))
                done.unsure.append(message.pk)


@dataclass(frozen=True)
class Printed:
    """Letters to print as one PDF, the ids of its messages in order, and those stopped because their ground is gone."""

    pdf: bytes | None
    messages: tuple[int, ...]
    stopped: tuple[int, ...]


def print_all(schools: Iterable[int], *, grounds: Grounds, by: Actor, at: datetime) -> Printed:
    """All letters that wait to be printed at these schools (by id), as one PDF; `mark_printed` says that they went.

    A letter whose ground no longer stands is stopped and left out. The PDF is None where nothing is left.
    """
    waiting = Message.objects.filter(school__in=list(schools), channel="print", state="waiting").order_by("id")
    kept, stopped = [], []
    for message in waiting:
        answer = ask(message, grounds, at)
        if answer.stands:
            kept.append(message)
        else:
            _stop(message, answer, by, at)
            stopped.append(message.pk)
    pages = [LetterPage.from_json(message.evidence["letter"]) for message in kept]
    pdf = letters_pdf(pages, dated=_day(at), title="Letters to print") if pages else None
    return Printed(pdf, tuple(message.pk for message in kept), tuple(stopped))


def mark_printed(messages: Iterable[int], *, by: Actor, at: datetime, key: str) -> int:
    """Say that letters (messages by id) were printed and posted; returns how many were waiting until now.

    A key used before marks nothing again and returns 0.
    """
    ids = list(messages)
    with transaction.atomic():
        try:
            journal.begin("letters.printed", by=by, at=at, key=key, reason=f"{len(ids)} letters")
        except journal.AlreadyDone:
            return 0
        marked = [
            pk
            for pk in ids
            if Message.objects.filter(pk=pk, channel="print", state="waiting").update(state="sent") == 1
        ]
        Attempt.objects.bulk_create(
            [
                Attempt(message_id=pk, at=at, outcome=PRINTED, detail="Printed and posted.", by=_name(by))
                for pk in marked
            ]
        )
    return len(marked)


def send_again(message: int, *, by: Actor, at: datetime, key: str, reason: str) -> bool:
    """Let a message that failed, or may have gone, be sent again because a person says so, with a reason.

    Returns False where it is in another state. Raises ValueError without a reason, AlreadyDone for a used key.
    """
    if not reason.strip():
        raise ValueError("Say why it should be sent again: the trail keeps the reason.")
    with transaction.atomic():
        journal.begin("message.again", by=by, at=at, key=key, reason=reason.strip())
        held = Message.objects.filter(pk=message, state__in=["failed", "unsure"])
        if held.update(state="waiting", next_try=at) == 0:
            transaction.set_rollback(True)
            return False
        Attempt.objects.create(message_id=message, at=at, outcome="again", detail=reason.strip(), by=_name(by))
    return True


def _name(by: Actor) -> str:
    return f"{by.name}, {by.position}"[:120]


def _day(at: datetime) -> date:
    return at.date()


__all__ = [
    "Answer",
    "Drained",
    "Grounds",
    "Printed",
    "Question",
    "drain",
    "mark_printed",
    "print_all",
    "put",
    "send_again",
]
