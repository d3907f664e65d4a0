"""Alerts as their page shows them: what happened, who was told and acknowledged, how the child is accounted for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from rollcall.absence.models import Alert
from rollcall.absence.queries import reserved
from rollcall.absence.queries.accounted import accounted_words, begun, not_accounted
from rollcall.absence.queries.barred import stop_words, stops_since
from rollcall.absence.queries.told import position_words
from rollcall.absence.queries.tried import BARRED, TELLS, at_school
from rollcall.absence.queries.untaken import UNTAKEN, brought_in_by, in_words, told_above
from rollcall.journal.models import Deed
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.registers.queries.standing import was_in
from rollcall.rules.sessions import half_of
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON

FOR = timedelta(days=7)
"""How long an alert that nobody acknowledged stays on the page after its day."""


@dataclass(frozen=True)
class Done:
    """What somebody did with an alert, and when."""

    by: str
    at: datetime
    words: str


@dataclass(frozen=True)
class Line:
    """One alert, about a child, or about a class (`school_class`, and no enrolment). to: the position told first.

    accounted: how the child is accounted for, or the register came in; empty while neither is so.
    stops: each time that somebody barred came or spoke on the day, where it tells of that.
    """

    id: int
    enrolment: int | None
    school_class: int | None
    half: str
    name: str
    day: date
    kind: str
    kind_words: str
    words: str
    at: datetime
    by: str
    to: str
    due: datetime
    acknowledged: Done | None
    higher: Done | None
    higher_to: str
    closed: Done | None
    accounted: str
    stops: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody must still do something: acknowledge it, or find the child, or record that they told."""
        return not (self.acknowledged and (self.accounted or self.closed))

    @property
    def is_sensitive(self) -> bool:
        """Whether it says what only `pupil:sensitive` may see: that the child has a social worker."""
        return self.kind in reserved.KINDS

    @property
    def is_for_closing(self) -> bool:
        """Whether it ends by somebody's saying what was done, not by the child's being found."""
        return self.kind not in (*TELLS, UNTAKEN) and self.closed is None


def alerts_of_school(facts: SchoolFacts, at: datetime) -> list[Line]:
    """The alerts of the day, and those of the days before that nobody acknowledged, newest first."""
    day = at.astimezone(LONDON).date()
    rows = Alert.objects.filter(at_school(facts.school), day__gte=day - FOR, day__lte=day)
    related = ("enrolment__pupil", "school_class", "deed", "acknowledged", "higher", "closed")
    rows = rows.select_related(*related).order_by("-id")
    shown = [row for row in rows if row.day == day or row.acknowledged_id is None]
    missing = not_accounted(facts, day, at) if shown else []
    away = {one.standing.enrolment: one.closed_words for one in missing}
    stops = _stops(shown)
    return [_line(row, facts, away, stops, at) for row in shown]


def _stops(rows: Sequence[Alert]) -> dict[tuple[int, date, str], tuple[str, ...]]:
    """What was stopped, by child, day and kind of alert; one query where an alert tells of it."""
    telling = [row for row in rows if row.kind in BARRED]
    if not telling:
        return {}
    found: dict[tuple[int, date, str], tuple[str, ...]] = {}
    for stop in stops_since({row.enrolment_id for row in telling if row.enrolment_id}, min(row.day for row in telling)):
        kind = "collector" if stop.where == "outing" else "barred"
        key = (stop.enrolment_id, stop.deed.at.astimezone(LONDON).date(), kind)
        found[key] = (*found.get(key, ()), stop_words(stop))
    return found


def _line(
    row: Alert,
    facts: SchoolFacts,
    away: Mapping[int, str],
    stops: Mapping[tuple[int, date, str], tuple[str, ...]],
    at: datetime,
) -> Line:
    policy = facts.policy_on(row.day)
    higher = told_above(row.kind, policy)
    return Line(
        id=row.pk,
        enrolment=row.enrolment_id,
        school_class=row.school_class_id,
        half=row.half,
        name=row.enrolment.pupil.known_name if row.enrolment else row.about,
        day=row.day,
        kind=row.kind,
        kind_words=row.get_kind_display(),
        words=_with_closing(row, away),
        at=row.deed.at,
        by=row.deed.name,
        to=position_words(row.to_role, policy),
        due=row.deed.at + timedelta(minutes=policy.absence.acknowledge_within_minutes.value),
        acknowledged=_done(row.acknowledged),
        higher=_done(row.higher),
        higher_to=" and ".join(position_words(role, policy) for role in higher),
        closed=_done(row.closed),
        accounted=_accounted(row, facts, away, at),
        stops=stops.get((row.enrolment_id or 0, row.day, row.kind), ()),
    )


def _with_closing(row: Alert, away: Mapping[int, str]) -> str:
    """What happened, and that the school has closed since it was raised, while the child is missing."""
    closed = away.get(row.enrolment_id or 0, "")
    return f"{row.words} {closed}".strip() if closed not in row.words else row.words


def _accounted(row: Alert, facts: SchoolFacts, away: Mapping[int, str], at: datetime) -> str:
    if row.closed:
        return in_words(row.closed) if row.kind == UNTAKEN else row.closed.reason
    if row.enrolment is None:
        deed = brought_in_by(row) if was_in(row.school_class_id or 0, row.day, half_of(row.half)) else None
        return in_words(deed) if deed else ""
    if row.kind not in TELLS or row.enrolment.pk in away or row.day != at.astimezone(LONDON).date():
        return ""
    halves = begun(facts, row.day, at)
    return accounted_words(row.enrolment, facts, row.day, halves[-1], at) if halves else ""


def _done(deed: Deed | None) -> Done | None:
    return Done(deed.name, deed.at, deed.reason) if deed else None


def open_alerts(schools: Iterable[int] | None, at: datetime, *, sees: set[int] | None) -> dict[int, int]:
    """How many alerts of the day nobody has acknowledged, by school (None is all): one query.

    sees: the schools (None is all) of which the reader may know who has a social worker; elsewhere those alerts do not
    count.
    """
    rows = Alert.objects.filter(acknowledged__isnull=True, day=at.astimezone(LONDON).date())
    if sees is not None:
        rows = rows.exclude(~Q(enrolment__school__in=sees) & Q(kind__in=reserved.KINDS))
    if schools is not None:
        wanted = list(schools)
        rows = rows.filter(Q(enrolment__school__in=wanted) | Q(school_class__school__in=wanted))
    found: dict[int, int] = {}
    for child_at, class_at in rows.values_list("enrolment__school_id", "school_class__school_id"):
        school = child_at or class_at
        found[school] = found.get(school, 0) + 1
    return found


def alert_stands(message: Message, at: datetime) -> Answer:
    """Whether a message about an alert may still go: while nobody has acknowledged it and the child is not found.

    One that is done by recording something stands until that is recorded.
    """
    row = Alert.objects.select_related("acknowledged", "closed").filter(pk=message.ground_id).first()
    if row is None:
        return Answer(False, "The alert is not there any more.")
    if row.kind == UNTAKEN and was_in(row.school_class_id or 0, row.day, half_of(row.half)):
        return Answer(False, f"The register of {row.about} is in.")
    if row.acknowledged and row.kind in (*TELLS, UNTAKEN):
        return Answer(False, f"{row.acknowledged.name} has acknowledged it.")
    if row.closed:
        return Answer(False, in_words(row.closed) if row.kind == UNTAKEN else row.closed.reason)
    return Answer(True)
