"""What keeps messages from going: a carrier that is away, or nobody sending, each as a sentence with its count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from rollcall.outbox.carriers import NAMES, carriers
from rollcall.outbox.models import Carrier, Message
from rollcall.rules.words import time_words

NOBODY = timedelta(minutes=5)
"""After this a message that is due and not tried tells that no worker runs."""


@dataclass(frozen=True)
class Trouble:
    """Messages that wait for one reason. `since` is when it began; `words` is the sentence for a page."""

    n: int
    since: datetime
    words: str
    detail: str = ""


def trouble(school: int, at: datetime | None = None) -> tuple[Trouble, ...]:
    """What keeps the messages of a school (by id) from going; empty where nothing does, or nothing waits.

    With `at`, also that nobody sends them. At most three queries, one where all is well.
    """
    return troubles([school], at)


def troubles(schools: Iterable[int] | None, at: datetime | None = None) -> tuple[Trouble, ...]:
    """What keeps the messages of these schools (by id; None stands for all) from going."""
    waiting = Message.objects.filter(state__in=("waiting", "sending")).exclude(channel="print")
    if schools is not None:
        waiting = waiting.filter(school__in=list(schools))
    found = []
    for row in Carrier.objects.filter(away_since__isnull=False).order_by("name"):
        n = waiting.filter(_of_carrier(row.name)).count()
        if n and row.away_since:
            found.append(_away(row, row.away_since, n))
        waiting = waiting.exclude(_of_carrier(row.name))
    return (*found, *(_nobody_sends(waiting, at) if at is not None else ()))


def _of_carrier(name: str) -> Q:
    served = [channel for channel, carrier in carriers().items() if carrier == name]
    return Q(carrier=name) | Q(carrier="", channel__in=served)


def _away(row: Carrier, since: datetime, n: int) -> Trouble:
    return Trouble(n, since, f"{_wait(n)}: {NAMES[row.name]} {row.why} since {_clock(since)}.", row.detail)


def _nobody_sends(waiting: QuerySet[Message], at: datetime) -> tuple[Trouble, ...]:
    found = waiting.filter(state="waiting", next_try__lte=at - NOBODY).aggregate(n=Count("id"), since=Min("next_try"))
    if not found["n"]:
        return ()
    words = f"{_wait(found['n'])} since {_clock(found['since'])}, and nobody sends: is the worker running?"
    return (Trouble(found["n"], found["since"], words),)


def _wait(n: int) -> str:
    return "1 message waits" if n == 1 else f"{n} messages wait"


def _clock(moment: datetime) -> str:
    return time_words(timezone.localtime(moment))
