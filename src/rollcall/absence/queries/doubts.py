"""Reasons in doubt: which are open and in which state, what was said and sent about each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rollcall.absence.models import Doubt, Telling
from rollcall.letters.queries import Recipient, recipients
from rollcall.outbox.models import Message
from rollcall.registers.queries.expected import Session, span_of
from rollcall.registers.queries.standing import read_standing
from rollcall.rules.codes import Counts, table
from rollcall.rules.doubting import STATES, how_told, state_of
from rollcall.rules.reporting import due_on
from rollcall.rules.sessions import HALVES, SchoolYear, half_of
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON

REQUEST, NOTICE = "absence.evidence", "absence.unauthorised"
"""The grounds of the two messages: of a request it is the doubt's number, of a notice the telling's."""

_WITH = (
    "deed", "answered", "decided", "withdrawn", "enrolment__pupil", "enrolment__school", "asked_of__contact",
    "report__deed", "report__word",
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One message about a doubt: `state_words` says what became of it."""

    id: int
    subject: str
    to_name: str
    channel: str
    state: str
    state_words: str


@dataclass(frozen=True)
class Step:
    """One thing in the chain of a doubt: when, what, who, in which words, and the messages it put in."""

    at: datetime
    what: str
    who: str
    detail: str = ""
    messages: tuple[Sent, ...] = ()


@dataclass(frozen=True)
class Doubted:
    """One doubt as pages show it; `state` is a name of `rules.doubting.STATES`."""

    id: int
    school: int
    enrolment: int
    pupil: int
    name: str
    kind: str
    kind_words: str
    first: Session
    last: Session
    why: str
    would_do: tuple[str, ...]
    asked_of: str
    asked_how: str
    asked_at: datetime
    asked_by: str
    due: date
    answer: str
    satisfied: bool | None
    code: str
    report: int | None
    state: str
    steps: tuple[Step, ...]

    @property
    def state_words(self) -> str:
        """The state in words."""
        return STATES[self.state].words

    @property
    def owner(self) -> str:
        """Whose turn it is: "family", "office", "head", or "" where it has ended."""
        return STATES[self.state].owner

    @property
    def span(self) -> str:
        """The sessions in words."""
        return span_of(self.first, self.last)


def doubts(schools: Iterable[int] | None, at: datetime, *, ended_since: date | None = None) -> list[Doubted]:
    """The doubts at these schools (by id; None is all) that are open, by the day their answer is due.

    ended_since: those decided or withdrawn since a day instead. A handful of queries, however many they are.
    """
    rows = Doubt.objects.all()
    if schools is not None:
        rows = rows.filter(enrolment__school__in=list(schools))
    if ended_since is None:
        rows = rows.filter(decided__isnull=True, withdrawn__isnull=True)
    else:
        since = datetime(ended_since.year, ended_since.month, ended_since.day, tzinfo=LONDON)
        rows = rows.filter(decided__at__gte=since) | rows.filter(withdrawn__at__gte=since)
    return _told(list(rows.select_related(*_WITH).order_by("due", "id")), at)


def doubt(pk: int, at: datetime) -> Doubted:
    """One doubt by its number, with its chain; raises Doubt.DoesNotExist."""
    (one,) = _told([Doubt.objects.select_related(*_WITH).get(pk=pk)], at)
    return one


def doubts_by_id(numbers: Iterable[int], at: datetime) -> list[Doubted]:
    """Doubts by their numbers with their chains, the oldest first."""
    rows = Doubt.objects.select_related(*_WITH).filter(pk__in=list(numbers))
    return _told(list(rows.order_by("first_day", "id")), at)


def _told(rows: Sequence[Doubt], at: datetime) -> list[Doubted]:
    if not rows:
        return []
    ids = [row.pk for row in rows]
    tellings: dict[int, list[Telling]] = {pk: [] for pk in ids}
    for telling in Telling.objects.filter(doubt__in=ids).select_related("deed").order_by("id"):
        tellings[telling.doubt_id].append(telling)
    requests = messages_of(REQUEST, ids)
    notices = messages_of(NOTICE, [one.pk for some in tellings.values() for one in some])
    return [_one(row, tellings[row.pk], requests.get(row.pk, ()), notices, at) for row in rows]


def messages_of(ground: str, numbers: Iterable[int]) -> dict[int, tuple[Sent, ...]]:
    """The messages of a ground by its number, in the order they were put in, in one query."""
    found: dict[int, tuple[Sent, ...]] = {}
    rows = Message.objects.filter(ground=ground, ground_id__in=list(numbers)).order_by("id")
    for row in rows.only("id", "ground_id", "subject", "to_name", "channel", "state"):
        sent = Sent(row.pk, row.subject, row.to_name, row.get_channel_display(), row.state, row.get_state_display())
        found[row.ground_id] = (*found.get(row.ground_id, ()), sent)
    return found


def _one(
    row: Doubt,
    tellings: Sequence[Telling],
    requests: tuple[Sent, ...],
    notices: dict[int, tuple[Sent, ...]],
    at: datetime,
) -> Doubted:
    return Doubted(
        id=row.pk,
        school=row.enrolment.school_id,
        enrolment=row.enrolment_id,
        pupil=row.enrolment.pupil_id,
        name=row.enrolment.pupil.known_name,
        kind=row.kind,
        kind_words=row.get_kind_display(),
        first=(row.first_day, half_of(row.first_half)),
        last=(row.last_day, half_of(row.last_half)),
        why=row.why,
        would_do=tuple(row.would_do),
        asked_of=str(row.asked_of.contact) if row.asked_of else "",
        asked_how=row.get_asked_how_display(),
        asked_at=row.deed.at,
        asked_by=row.deed.name,
        due=row.due,
        answer=row.answer,
        satisfied=row.satisfied if row.answered_id else None,
        code=row.code,
        report=row.report_id,
        state=_state(row, tellings, notices, at),
        steps=tuple(_steps(row, tellings, requests, notices, at)),
    )


def _state(row: Doubt, tellings: Sequence[Telling], notices: dict[int, tuple[Sent, ...]], at: datetime) -> str:
    states = tuple(sent.state for one in tellings for sent in notices.get(one.pk, ()))
    return state_of(
        today=at.date(),
        due=row.due,
        satisfied=row.satisfied if row.answered_id else None,
        told=how_told(states, any(one.how in ("phone", "person") for one in tellings)),
        is_decided=row.decided_id is not None,
        is_withdrawn=row.withdrawn_id is not None,
    )


def _steps(
    row: Doubt,
    tellings: Sequence[Telling],
    requests: tuple[Sent, ...],
    notices: dict[int, tuple[Sent, ...]],
    at: datetime,
) -> list[Step]:
    steps = []
    if row.report is not None:
        caller = f"Told by {row.report.word.caller}." if row.report.word.caller else ""
        steps.append(Step(row.report.deed.at, "Absence reported", row.report.deed.name, caller))
    of = f" of {row.asked_of.contact}" if row.asked_of else ""
    how = row.get_asked_how_display().lower()
    steps.append(Step(row.deed.at, f"Evidence asked for{of}: {how}", row.deed.name, row.why, requests))
    if row.answered is not None:
        said = "An answer that settles it" if row.satisfied else "An answer that does not settle it"
        steps.append(Step(row.answered.at, said, row.answered.name, row.answer))
    elif at.date() > row.due:
        steps.append(Step(facts_moment(row), "The day passed without an answer", ""))
    for one in tellings:
        how = f"Parents told that it turns unauthorised: {one.get_how_display().lower()}"
        steps.append(
            Step(one.deed.at, how, one.deed.name, f"{one.name}. {one.words}".strip(". "), notices.get(one.pk, ()))
        )
    if row.decided is not None:
        what = f"Decided: {row.code}" if row.code else "Decided: the marks stay as they are"
        steps.append(Step(row.decided.at, what, row.decided.name, row.decided.reason))
    if row.withdrawn is not None:
        steps.append(Step(row.withdrawn.at, "Withdrawn", row.withdrawn.name, row.withdrawn.reason))
    return sorted(steps, key=lambda step: step.at)


def facts_moment(row: Doubt) -> datetime:
    """The end of the day on which an answer was due."""
    return datetime(row.due.year, row.due.month, row.due.day, 23, 59, tzinfo=LONDON)


def recipient_of(pupil: int, contact: int, day: date) -> Recipient | None:
    """One adult (Contact, by id) as somebody to write to about a pupil; None where they may not be written to."""
    return next((one for one in recipients(pupil, day).written if one.contact == contact), None)


def default_due(facts: SchoolFacts, day: date) -> date:
    """The day by which evidence that is asked for today is due, by the policy's school days."""
    year = SchoolYear.of(day).start
    days = [one for start in (year, year + 1) if start in facts.years for one in facts.calendar(start).school_days()]
    return due_on(days, day, facts.policy_on(day).absence.evidence_within_school_days.value)


@dataclass(frozen=True)
class Away:
    """One session of a doubt that has begun, with the mark that stands and what it counts as."""

    session: Session
    code: str
    counts_as: Counts

    @property
    def is_away(self) -> bool:
        """Whether the child was absent, with or without leave; who came late was there in the end."""
        return self.counts_as in (Counts.AUTHORISED, Counts.UNAUTHORISED) and self.code != "U"

    @property
    def is_there(self) -> bool:
        """Whether the child was in, or at an approved activity."""
        return self.counts_as in (Counts.ATTENDING, Counts.EDUCATIONAL)


def marks_of(row: Doubt, facts: SchoolFacts, at: datetime) -> list[Away]:
    """The sessions of a doubt that have begun, in order, each as its mark stands; two statements a session."""
    first = (row.first_day, HALVES.index(half_of(row.first_half)))
    last = (row.last_day, HALVES.index(half_of(row.last_half)))
    found, day = [], row.first_day
    while day <= min(row.last_day, at.astimezone(LONDON).date()):
        for n, half in enumerate(HALVES):
            if first <= (day, n) <= last and facts.is_open(day, half) and facts.has_begun(day, half, at):
                seat = read_standing(facts.school, [row.enrolment_id], day, half).get(row.enrolment_id)
                if seat and not facts.is_open(day, half, seat.school_class):
                    continue
                code = table(facts.edition_on(day)).get(seat.code) if seat else None
                found.append(Away((day, half), seat.code if seat else "-", code.counts_as if code else Counts.MISSING))
        day += timedelta(days=1)
    return found
