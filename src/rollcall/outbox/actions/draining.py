"""Sending what waits: a message is claimed, its ground asked, handed to its carrier, and what came of it written down.

A message is claimed by one conditional update, so that two workers never send it both. Before it is handed over an
attempt says so; a worker that is killed leaves either a message that surely did not go, or one that may have: what
Notify may have is looked up before it is sent again, what the mail server may have is left to a person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from rollcall.journal.actor import Actor
from rollcall.outbox import outcomes
from rollcall.outbox.actions.carrying import Carriers
from rollcall.outbox.actions.recording import Lists, record, stop, wipe, write
from rollcall.outbox.actions.staying import TOO_LATE, Gate
from rollcall.outbox.carriers import NOTIFY, carrier_of
from rollcall.outbox.grounds import Grounds
from rollcall.outbox.models import Message
from rollcall.outbox.outcomes import Unreachable

LEASE = timedelta(minutes=5)
"""How long a worker may hold a message; after that it is taken to have been killed."""

FRESH = timedelta(minutes=10)
"""A message older than this is looked up before it goes: a database put back from a backup may not know that."""

AT_ONCE = 20
WORKER_GONE = "The worker stopped while the message was handed over; it may have gone."
LOOK_OVER = timedelta(minutes=1)
"""How often the ground of what waits for a person is asked, so that none is shown that is no longer true."""


@dataclass
class Drained(Lists):
    """What one round of sending did, by message id; `unreachable` says who carries nothing now, and why."""

    unreachable: str = ""

    @property
    def n(self) -> int:
        """How many messages were dealt with."""
        return sum(len(ids) for ids in (self.sent, self.later, self.failed, self.stopped, self.unsure, self.held))


def drain(*, grounds: Grounds, by: Actor, at: datetime, most: int = AT_ONCE) -> Drained:
    """Send up to `most` messages that wait and are due at a moment; each attempt is a row. Safe with several workers.

    grounds: kind of ground -> the question to ask before sending; where it no longer stands, or nobody answers, the
    message is stopped with the reason. A carrier that is away keeps its messages waiting and is said once in
    `unreachable`; the others go on.
    """
    done = Drained()
    _let_go(by, at, done)
    _expire(by, at, done)
    round_ = _Round(grounds, by, at, done)
    try:
        for message in _due(at, most, round_.carriers.shut):
            round_.send(message)
        round_.look_over()
    finally:
        round_.carriers.close()
    done.unreachable = " ".join(round_.carriers.sayings())
    return done


def _due(at: datetime, most: int, shut: set[str]) -> list[Message]:
    rows = Message.objects.filter(state="waiting", next_try__lte=at).exclude(channel="print")
    for name in shut:
        rows = rows.exclude(carrier=name).exclude(carrier="", channel__in=Carriers.channels_of(name))
    return list(rows.order_by("next_try", "id")[:most])


@dataclass
class _Round:
    """One round: what it knows of carriers and switches, and what it has done."""

    grounds: Grounds
    by: Actor
    at: datetime
    done: Drained

    def __post_init__(self) -> None:
        self.carriers = Carriers(self.at)
        self.gate = Gate(self.grounds, self.by, self.at)

    def send(self, message: Message) -> None:
        """Send one message that is due, unless another worker has it, it may not go, or its carrier is away."""
        carrier = carrier_of(message)
        if carrier in self.carriers.shut or not claim(message, self.at):
            return
        if state := self.gate.stays(message):
            (self.done.held if state == "held" else self.done.stopped).append(message.pk)
            return
        try:
            self._hand_over(message, carrier)
        except Unreachable as error:
            self.carriers.failed(carrier, error.why, str(error))
            _wait_on(message, str(error), self.by, self.at)

    def look_over(self) -> None:
        """Ask of messages that wait for a person whether they still stand; what does not is not shown any more."""
        rows = Message.objects.filter(state="held", next_try__lte=self.at).order_by("next_try", "id")
        for message in rows[:AT_ONCE]:
            if self.gate.stays(message) == "held":
                held = Message.objects.filter(pk=message.pk, state="held")
                held.update(next_try=self.at + LOOK_OVER)
            else:
                self.done.stopped.append(message.pk)

    def _hand_over(self, message: Message, carrier: str) -> None:
        """Look up what may have gone, else hand it over. Raises Unreachable where the carrier can't be asked."""
        post = self.carriers.opened(carrier)
        outcome = post.find(message) if carrier == NOTIFY and self._may_have_gone(message) else None
        if outcome is None:
            if not _begin(message, carrier, self.by, self.at):
                return
            outcome = self._sent(post.send, message)
        record(message, outcome, self.by, self.at, self.done)
        if outcome.is_away:
            self.carriers.failed(carrier, outcome.why, outcome.detail)
        else:
            self.carriers.answered(carrier)

    def _sent(self, send: Callable[[Message], outcomes.Outcome], message: Message) -> outcomes.Outcome:
        try:
            return send(message)
        except Unreachable as error:
            write(message.pk, outcomes.AWAY, str(error), self.by, self.at)
            raise

    def _may_have_gone(self, message: Message) -> bool:
        if message.made_at <= self.at - FRESH:
            return True
        return message.attempts.filter(outcome=outcomes.BEGUN).exists()


def claim(message: Message, at: datetime) -> bool:
    """Take a message that waits, for as long as LEASE; False where another worker has it or has tried it meanwhile."""
    mine = Message.objects.filter(pk=message.pk, state="waiting", next_try=message.next_try)
    if mine.update(state="sending", next_try=at + LEASE) == 0:
        return False
    message.state, message.due, message.next_try = "sending", message.next_try, at + LEASE  # type: ignore[attr-defined]
    return True


def _begin(message: Message, carrier: str, by: Actor, at: datetime) -> bool:
    """Say that a message is handed over now; False where the lease was lost, so that another worker has it."""
    mine = Message.objects.filter(pk=message.pk, state="sending", next_try=message.next_try)
    if mine.update(carrier=carrier) == 0:
        return False
    message.carrier = carrier
    write(message.pk, outcomes.BEGUN, "", by, at)
    return True


def _wait_on(message: Message, why: str, by: Actor, at: datetime) -> None:
    """Put a message back as it was: its carrier was away, which is no fault of its own. The trail says it once."""
    last = message.attempts.order_by("at", "id").last()
    if last is None or last.outcome != outcomes.AWAY:
        write(message.pk, outcomes.AWAY, why, by, at)
    held = Message.objects.filter(pk=message.pk, state="sending", next_try=message.next_try)
    held.update(state="waiting", next_try=message.due)  # type: ignore[attr-defined]


def _let_go(by: Actor, at: datetime, done: Drained) -> None:
    """Free what a killed worker held: what Notify may have is looked up, the rest is for a person."""
    for message in Message.objects.filter(state="sending", next_try__lte=at).prefetch_related("attempts"):
        begun = [attempt.outcome for attempt in message.attempts.all()][-1:] == [outcomes.BEGUN]
        unsure = begun and message.carrier != NOTIFY
        held = Message.objects.filter(pk=message.pk, state="sending", next_try=message.next_try)
        if held.update(state="unsure" if unsure else "waiting", next_try=at) and begun:
            write(message.pk, outcomes.UNSURE if unsure else outcomes.UNCLEAR, WORKER_GONE, by, at)
            if unsure:
                done.unsure.append(message.pk)


def _expire(by: Actor, at: datetime, done: Drained) -> None:
    """Stop what is too late to be of use, and wipe secrets that have run out."""
    past = Message.objects.filter(expires__lte=at)
    for message in past.filter(state__in=("waiting", "held")):
        if stop(message, TOO_LATE, by, at):
            done.stopped.append(message.pk)
    for message in past.filter(~Q(secret=""), state__in=("failed", "unsure")):
        wipe(message, by, at)
