"""What was tried to find out where a child is: calls, messages to the family, who was told, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from rollcall.absence.models import Alert, Call
from rollcall.journal.actor import SCHEDULER
from rollcall.outbox.models import Message
from rollcall.rules.ladder import Attempt

ABSENT = "absence.absent"
"""The ground of a message to a family that their child is away and nobody knows why."""


@dataclass(frozen=True)
class Tried:
    """One call. `link` is what the adult is to the pupil, None once they are off the list."""

    id: int
    link: int | None
    at: datetime
    who: str
    name: str
    number: str
    outcome: str
    outcome_words: str
    words: str

    @property
    def attempt(self) -> Attempt:
        """As the ladder sees it."""
        return Attempt(self.link, self.number, self.outcome, self.at)  # type: ignore[arg-type]


def calls_of(enrolments: Iterable[int], day: date) -> dict[int, list[Tried]]:
    """The calls of a day about each of these that stand, oldest first, in one query."""
    rows = Call.objects.filter(enrolment__in=list(enrolments), day=day, withdrawn__isnull=True)
    found: dict[int, list[Tried]] = {}
    for row in rows.select_related("deed").order_by("id"):
        found.setdefault(row.enrolment_id, []).append(tried(row))
    return found


def tried(row: Call) -> Tried:
    """A call as a plain value; its deed is read with it."""
    outcome = row.get_outcome_display()
    said = (row.name, row.number, row.outcome, outcome, row.words)
    return Tried(row.pk, row.contact_id, row.deed.at, row.deed.name, *said)


@dataclass(frozen=True)
class Sent:
    """One message to a family that their child is away, and what has become of it."""

    at: datetime
    to_name: str
    channel: str
    state: str
    by: str


def messages_of(enrolments: Iterable[int], since: datetime) -> dict[int, list[Sent]]:
    """The messages of that kind since a moment about each of these, oldest first, in one query."""
    rows = Message.objects.filter(ground=ABSENT, ground_id__in=list(enrolments), made_at__gte=since)
    found: dict[int, list[Sent]] = {}
    for row in rows.select_related("deed").order_by("id"):
        sent = Sent(row.made_at, row.to_name, row.get_channel_display(), row.get_state_display(), row.deed.name)
        found.setdefault(row.ground_id, []).append(sent)
    return found


TELLS = ("unreached", "not_known", "overdue", "afternoon")
"""The kinds of alert by which safeguarding has been told that a child is not accounted for."""


BARRED = ("collector", "barred")
"""The kinds of alert by which safeguarding is told that somebody barred came for a child, or spoke for them."""


def at_school(school: int) -> Q:
    """The condition that an alert is of a school (by id), about a child or a class of it."""
    return Q(enrolment__school=school) | Q(school_class__school=school)


def standing_alerts(day: date) -> QuerySet[Alert]:
    """The alerts of a day of which nobody needs to be told again.

    What the clock closed, because the child was accounted for, is new where the child is missing again; that somebody
    barred came or spoke is new each time, once the last time was acknowledged.
    """
    rows = Alert.objects.filter(day=day).exclude(closed__actor=SCHEDULER.id)
    return rows.exclude(Q(kind__in=BARRED) & (Q(acknowledged__isnull=False) | Q(closed__isnull=False)))


@dataclass(frozen=True)
class Told:
    """One alert of the day about a child, for the call list. is_over: the child was accounted for in between."""

    id: int
    kind: str
    words: str
    at: datetime
    acknowledged_by: str
    acknowledged_at: datetime | None
    is_over: bool = False


def alerts_of(enrolments: Iterable[int], day: date) -> dict[int, list[Told]]:
    """The alerts of a day that tell of each of these, oldest first, in one query."""
    rows = Alert.objects.filter(enrolment__in=list(enrolments), day=day, kind__in=TELLS)
    found: dict[int, list[Told]] = {}
    for row in rows.select_related("deed", "acknowledged", "closed").order_by("id"):
        assert row.enrolment_id is not None
        seen = row.acknowledged
        by, when = (seen.name, seen.at) if seen else ("", None)
        is_over = row.closed is not None and row.closed.actor == SCHEDULER.id
        told = Told(row.pk, row.kind, row.get_kind_display(), row.deed.at, by, when, is_over)
        found.setdefault(row.enrolment_id, []).append(told)
    return found
