"""Writing down what came of a try, and what follows from it: sent, tried again later, failed, or unsure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from rollcall.journal.actor import Actor
from rollcall.outbox import outcomes
from rollcall.outbox.carriers import NOTIFY, SMTP
from rollcall.outbox.models import Attempt, Message
from rollcall.outbox.outcomes import Outcome

PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 15, 30, 60, 60, 60, 240, 720))
"""How long to wait after each try that failed for a time; after the last the message has failed."""

LOOKS = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 480, 1440, 2880, 4320, 7200))
"""How long after it went a message's delivery is asked for, the last time after five days."""

UNANSWERED = (outcomes.LATER, outcomes.UNCLEAR)
LINK_REMOVED = "The secret link was removed."


@dataclass
class Lists:
    """Messages by what became of them, as ids."""

    sent: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    stopped: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)


def write(message: int, outcome: str, detail: str, by: Actor, at: datetime) -> None:
    """Add a line to a message's trail."""
    Attempt.objects.create(message_id=message, at=at, outcome=outcome, detail=detail, by=name_of(by))


def name_of(by: Actor) -> str:
    """How the trail names somebody."""
    return f"{by.name}, {by.position}"[:120]


def record(message: Message, outcome: Outcome, by: Actor, at: datetime, done: Lists) -> None:
    """Write down what came of handing a message over, or of looking it up, and what follows."""
    went = outcome.kind in (outcomes.SENT, outcomes.FOUND)
    state, next_try, detail = _follows(message, outcome, at)
    with transaction.atomic():
        write(message.pk, outcome.kind, detail, by, at)
        changes = _taken(message, outcome, at) if went else _freed(message, outcome)
        _held(message, went).update(state=state, next_try=next_try, **changes)
        if state == "sent":
            wipe(message, by, at)
    lists = {"sent": done.sent, "waiting": done.later, "failed": done.failed, "unsure": done.unsure}
    lists[state].append(message.pk)


def _held(message: Message, went: bool) -> QuerySet[Message]:
    """The row, where this worker may still say what became of it.

    One that took this worker for dead may have written it off (unsure) meanwhile; that a message went is true whoever
    holds it, but else only the holder of the lease decides what follows, or two would send it.
    """
    rows = Message.objects.filter(pk=message.pk)
    if went:
        return rows.filter(state__in=("sending", "unsure", "waiting"))
    return rows.filter(Q(state="sending", next_try=message.next_try) | Q(state="unsure"))


def _follows(message: Message, outcome: Outcome, at: datetime) -> tuple[str, datetime, str]:
    """The state after a try, when it is due again, and the words for the trail."""
    if outcome.kind in (outcomes.SENT, outcomes.FOUND):
        lost = outcomes.FAILURES.get(outcome.status)
        return ("failed", at, f"{outcome.detail} It failed: {lost}.") if lost else ("sent", at, outcome.detail)
    if outcome.kind not in UNANSWERED:
        return ("failed" if outcome.kind == outcomes.REFUSED else "unsure"), at, outcome.detail
    tries = message.attempts.filter(outcome__in=UNANSWERED).count()
    if tries < len(PAUSES):
        return "waiting", at + PAUSES[tries], outcome.detail
    state = "unsure" if outcome.kind == outcomes.UNCLEAR else "failed"
    return state, at, f"{outcome.detail} Given up after {tries + 1} tries."


def _freed(message: Message, outcome: Outcome) -> dict[str, object]:
    """What the mail server surely has not may go another way, should the settings change before it is tried again."""
    return {"carrier": ""} if outcome.kind == outcomes.LATER and message.carrier == SMTP else {}


def _taken(message: Message, outcome: Outcome, at: datetime) -> dict[str, object]:
    """What is kept of a message that its carrier has taken; the delivery of what Notify took is asked for later."""
    asked = message.carrier == NOTIFY and bool(outcome.id)
    return {
        "carrier_id": outcome.id,
        "carrier_status": outcome.status,
        "sent_at": at,
        "next_look": at + LOOKS[0] if asked else None,
    }


def stop(
    message: Message, why: str, by: Actor, at: datetime, *, state: str = "stopped", outcome: str = outcomes.STOPPED
) -> bool:
    """Keep a message from going, with the reason; False where it has gone meanwhile. Its secret is wiped for good."""
    with transaction.atomic():
        rows = Message.objects.filter(pk=message.pk, state__in=("sending", "waiting", "held"))
        if rows.update(state=state) == 0:
            return False
        write(message.pk, outcome, why, by, at)
        if state != "held":
            wipe(message, by, at)
    return True


def wipe(message: Message, by: Actor, at: datetime) -> None:
    """Take a message's secret out of its row and say so in its trail, where it has one."""
    if message.secret and Message.objects.filter(pk=message.pk).exclude(secret="").update(secret=""):
        write(message.pk, outcomes.WIPED, LINK_REMOVED, by, at)


__all__ = ["LOOKS", "PAUSES", "Lists", "name_of", "record", "stop", "wipe", "write"]
