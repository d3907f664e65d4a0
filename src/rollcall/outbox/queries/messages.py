"""What waits, what went and what became of each message, as plain values for the office's pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from rollcall.outbox.kinds import KINDS
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
    kind: str = ""
    is_settled: bool = False


@dataclass(frozen=True)
class Try:
    """One attempt, or what a person did with the message."""

    at: datetime
    outcome: str
    detail: str
    by: str


OUTCOMES = {
    "begun": "Handed over",
    "sent": "Sent",
    "found": "Had gone already",
    "away": "Waits for who carries it",
    "later": "Not now; will be tried again",
    "unclear": "No answer; will be looked up before it is sent again",
    "refused": "Refused",
    "unsure": "May have gone",
    "stopped": "Stopped",
    "printed": "Printed and posted",
    "again": "To be sent again",
    "held": "Waits to be looked at",
    "off": "Not sent",
    "released": "Looked at and sent on",
    "wiped": "Link removed",
    "delivered": "Delivered",
    "late": "Failed after it was sent",
    "settled": "Seen to",
    "posted": "To be printed and posted for us",
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


@dataclass(frozen=True)
class Held:
    """A message that waits for a person, exactly as it would go: what to whom, how, and why. `kind` is its id."""

    id: int
    school: int
    pupil: int | None
    kind: str
    kind_words: str
    channel_words: str
    to_name: str
    to_address: str
    subject: str
    body: str
    has_pdf: bool
    by: str
    made_at: datetime
    expires: datetime | None


def held(schools: Iterable[int] | None, kinds: Iterable[str] | None = None) -> list[Held]:
    """Messages of these schools (by id; None is all) and kinds that wait to be looked at, oldest first; one query."""
    rows = Message.objects.filter(state="held").select_related("deed").defer("pdf")
    rows = rows.annotate(has_pdf=ExpressionWrapper(Q(pdf__isnull=False), output_field=BooleanField()))
    if schools is not None:
        rows = rows.filter(school__in=list(schools))
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return [_held(row, row.has_pdf) for row in rows.order_by("made_at", "id")]


def _held(row: Message, has_pdf: bool) -> Held:
    return Held(
        id=row.pk,
        school=row.school,
        pupil=row.pupil,
        kind=row.kind,
        kind_words=KINDS[row.kind].words if row.kind in KINDS else row.kind,
        channel_words=row.get_channel_display(),
        to_name=row.to_name,
        to_address=row.to_address,
        subject=row.subject,
        body=row.body,
        has_pdf=has_pdf,
        by=f"{row.deed.name}, {row.deed.position}",
        made_at=row.made_at,
        expires=row.expires,
    )


@dataclass(frozen=True)
class ToSeeTo:
    """How many messages wait for a person: to be looked at, failed, and such as may have gone."""

    held: int
    failed: int
    unsure: int

    @property
    def n(self) -> int:
        """All of them."""
        return self.held + self.failed + self.unsure


def to_see_to(schools: Iterable[int] | None) -> ToSeeTo:
    """What waits for a person at these schools (by id; None is all), without what was seen to; one query."""
    rows = Message.objects.filter(state__in=("held", "failed", "unsure"), settled__isnull=True)
    if schools is not None:
        rows = rows.filter(school__in=list(schools))
    by_state = dict(rows.order_by().values_list("state").annotate(Count("id")))
    return ToSeeTo(by_state.get("held", 0), by_state.get("failed", 0), by_state.get("unsure", 0))


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
        kind=message.kind,
        is_settled=message.settled_id is not None,
    )
