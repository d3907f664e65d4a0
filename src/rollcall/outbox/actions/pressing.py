"""What a person decides about messages: these go, these don't, this one goes again, this one has been seen to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.outbox import outcomes
from rollcall.outbox.actions.recording import stop, write
from rollcall.outbox.grounds import Grounds, ask
from rollcall.outbox.models import Message
from rollcall.outbox.secret import SECRET

DEFINITE = (outcomes.REFUSED, outcomes.LATE)
"""After these it is certain that nobody has the message, so that a new one may go under a new reference."""


@dataclass(frozen=True)
class Pressed:
    """Messages (by id) that a person let go, and those stopped because their ground is gone meanwhile."""

    released: tuple[int, ...] = ()
    stopped: tuple[int, ...] = ()


def release(messages: Iterable[int], *, grounds: Grounds, by: Actor, at: datetime, key: str) -> Pressed:
    """Let held messages (by id) go because a person saw them and pressed send; those that are not held are left out.

    Each one's ground is asked first, and once more just before it goes. A key used before does nothing.
    """
    with transaction.atomic():
        held = _held(messages)
        try:
            journal.begin("messages.released", by=by, at=at, key=key, reason=f"{len(held)} messages", school=_of(held))
        except journal.AlreadyDone:
            return Pressed()
        released, stopped = [], []
        for message in held:
            answer = ask(message, grounds, at)
            if not answer.stands:
                stop(message, answer.why, by, at)
                stopped.append(message.pk)
            elif Message.objects.filter(pk=message.pk, state="held").update(state="waiting", seen=True, next_try=at):
                write(message.pk, outcomes.RELEASED, "Seen, and sent.", by, at)
                released.append(message.pk)
    return Pressed(tuple(released), tuple(stopped))


def hold_back(messages: Iterable[int], *, by: Actor, at: datetime, key: str, reason: str) -> tuple[int, ...]:
    """Say that held messages (by id) are not to go, with a reason; gives those that were held until now.

    Raises ValueError without a reason; a key used before does nothing.
    """
    said = _reason(reason, "Say why they are not sent: the trail keeps the reason.")
    with transaction.atomic():
        held = _held(messages)
        try:
            journal.begin("messages.held_back", by=by, at=at, key=key, reason=said, school=_of(held))
        except journal.AlreadyDone:
            return ()
        return tuple(message.pk for message in held if stop(message, f"Not sent: {said}", by, at))


def _held(messages: Iterable[int]) -> list[Message]:
    rows = Message.objects.select_for_update(of=("self",)).filter(pk__in=list(messages), state="held")
    return list(rows.order_by("id"))


def _of(messages: list[Message]) -> int | None:
    """The school of messages that all belong to one."""
    schools = {message.school for message in messages}
    return schools.pop() or None if len(schools) == 1 else None


def send_again(message: int, *, by: Actor, at: datetime, key: str, reason: str) -> bool:
    """Let a message that failed, or may have gone, be sent again because a person says so, with a reason.

    What Notify surely has not, or could not deliver, goes under a new reference; what it may have is looked up first.
    Returns False where it is in another state. Raises ValueError without a reason, or where its secret link is gone;
    AlreadyDone for a used key.
    """
    said = _reason(reason, "Say why it should be sent again: the trail keeps the reason.")
    with transaction.atomic():
        journal.begin("message.again", by=by, at=at, key=key, reason=said)
        held = Message.objects.select_for_update().filter(pk=message, state__in=["failed", "unsure"]).first()
        if held is None:
            transaction.set_rollback(True)
            return False
        if SECRET in held.body and not held.secret:
            raise ValueError("Its secret link was removed: make a new message instead.")
        last = held.attempts.exclude(outcome=outcomes.WIPED).order_by("at", "id").last()
        if last is not None and last.outcome in DEFINITE:
            held.carrier, held.again = "", held.again + 1
        held.state, held.seen, held.next_try, held.settled, held.next_look = "waiting", True, at, None, None
        held.save(update_fields=["carrier", "again", "state", "seen", "next_try", "settled", "next_look"])
        write(held.pk, outcomes.AGAIN, said, by, at)
    return True


def settle(message: int, *, by: Actor, at: datetime, key: str, reason: str) -> bool:
    """Say how a message that failed, or may have gone, was seen to, so that it no longer waits for a person.

    Returns False where there is nothing to see to. Raises ValueError without a reason, AlreadyDone for a used key.
    """
    said = _reason(reason, "Say what was done instead: the trail keeps it.")
    with transaction.atomic():
        deed = journal.begin("message.settled", by=by, at=at, key=key, reason=said)
        rows = Message.objects.filter(pk=message, state__in=["failed", "unsure"], settled__isnull=True)
        if rows.update(settled=deed) == 0:
            transaction.set_rollback(True)
            return False
        write(message, outcomes.SETTLED, said, by, at)
    return True


def _reason(reason: str, missing: str) -> str:
    if not reason.strip():
        raise ValueError(missing)
    return reason.strip()
