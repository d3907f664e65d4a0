"""What became of messages that Notify took: late failures are asked for twice a minute, deliveries now and then.

Each message's own state is asked for with growing pauses up to five days; what failed by then is for a person to see.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from rollcall.journal.actor import Actor
from rollcall.outbox import outcomes
from rollcall.outbox.actions.carrying import Carriers
from rollcall.outbox.actions.recording import LOOKS, write
from rollcall.outbox.carriers import NOTIFY
from rollcall.outbox.models import Carrier, Message
from rollcall.outbox.notify import NotifyPost
from rollcall.outbox.outcomes import Unreachable

SWEEP = timedelta(seconds=30)
A_ROUND = 5


@dataclass
class Followed:
    """What was learned in one round, by message id."""

    delivered: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


def follow(*, by: Actor, at: datetime, most: int = A_ROUND) -> Followed:
    """Ask Notify for late failures, and for the state of up to `most` messages whose time has come.

    Safe with several workers. A Notify that is away is asked again later, and nothing is lost.
    """
    done = Followed()
    if not Message.objects.filter(next_look__isnull=False).exists():
        return done
    carriers = Carriers(at)
    if NOTIFY in carriers.shut:
        return done
    post = NotifyPost()
    try:
        post.open()
        _sweep(post, by, at, done)
        _look(post, by, at, most, done)
    except Unreachable as error:
        carriers.failed(NOTIFY, error.why, str(error))
    finally:
        post.close()
    return done


def _sweep(post: NotifyPost, by: Actor, at: datetime, done: Followed) -> None:
    """Ask for everything that failed, where nobody has within the last half minute."""
    row, _ = Carrier.objects.get_or_create(name=NOTIFY)
    if row.next_sweep is not None and row.next_sweep > at:
        return
    if not Carrier.objects.filter(pk=row.pk, next_sweep=row.next_sweep).update(next_sweep=at + SWEEP):
        return
    found = post.failures()
    for message in Message.objects.filter(state="sent", carrier_id__in=list(found)).exclude(carrier_id=""):
        _learn(message, found[message.carrier_id], by, at, done)


def _look(post: NotifyPost, by: Actor, at: datetime, most: int, done: Followed) -> None:
    """Ask for the state of single messages whose time has come."""
    rows = Message.objects.filter(state="sent", next_look__lte=at).defer("pdf", "body")
    for message in list(rows.order_by("next_look", "id")[:most]):
        mine = Message.objects.filter(pk=message.pk, next_look=message.next_look)
        if not mine.update(next_look=_next_look(message, at)):
            continue
        try:
            status = post.status(message.carrier_id)
        except Unreachable:
            Message.objects.filter(pk=message.pk, state="sent").update(next_look=message.next_look)
            raise
        _learn(message, status, by, at, done)


def _next_look(message: Message, at: datetime) -> datetime | None:
    begun = message.sent_at or at
    return next((begun + pause for pause in LOOKS if begun + pause > at), None)


def _learn(message: Message, status: str, by: Actor, at: datetime, done: Followed) -> None:
    """Write down a state that is news: a failure for the office to see, or that it arrived."""
    rows = Message.objects.filter(pk=message.pk, state="sent", carrier_status=message.carrier_status)
    with transaction.atomic():
        if status in outcomes.FAILURES:
            if rows.update(state="failed", carrier_status=status, next_look=None):
                write(message.pk, outcomes.LATE, f"{outcomes.FAILURES[status].capitalize()} ({status}).", by, at)
                done.failed.append(message.pk)
        elif status and status != message.carrier_status and rows.update(carrier_status=status):
            if status in outcomes.DELIVERIES:
                write(message.pk, outcomes.DELIVERED, outcomes.DELIVERIES[status], by, at)
                done.delivered.append(message.pk)
        elif not status:
            rows.update(next_look=None)
