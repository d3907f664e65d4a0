"""Calls, incidents and actions about absence, as lines for the school's safeguarding record (CPOMS) (A6-c).

Each source of lines is a function of a school and a span of time; a thing that went out once is not offered again.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from rollcall.absence.models import Alert, Call, CpomsItem, CpomsTake, Doubt, FriendlyCall, HandOver, Referral, Stop
from rollcall.absence.queries.reserved import reserved_alerts
from rollcall.documents.records import RecordLine, RecordPage
from rollcall.journal.actor import SCHEDULER
from rollcall.journal.models import Deed
from rollcall.rules.tables.cells import safe_cell
from rollcall.rules.words import time_words
from rollcall.schools.queries.facts import LONDON

HEADINGS = ("date", "time", "pupil", "upn", "category", "text", "who")
CALL, INCIDENT, ACTION = "Attendance: call", "Attendance: incident", "Attendance: action"


@dataclass(frozen=True)
class Line:
    """One line: `kind` and `thing_id` say what it is of; a pupil by id, with name and unique pupil number."""

    kind: str
    thing_id: int
    at: datetime
    pupil: int
    name: str
    upn: str
    category: str
    text: str
    who: str


OF_ALERTS = ("alert", "acknowledged", "closed")
"""The kinds of line that are of an alert."""

Source = Callable[[int, datetime, datetime], Iterable[Line]]


def lines(school: int, first: date, last: date, *, sees: bool) -> list[Line]:
    """What has not gone out yet of a school's (by id) days from `first` to `last`, oldest first.

    sees: whether the reader may know who has a social worker; for others those lines wait until somebody takes them
    out who may.
    """
    since, before = _midnight(first), _midnight(last + timedelta(days=1))
    found = [line for source in SOURCES for line in source(school, since, before)]
    if not sees:
        kept = _reserved()
        found = [line for line in found if line.kind not in OF_ALERTS or line.thing_id not in kept]
    gone = _gone({line.kind for line in found}, since)
    return sorted((line for line in found if (line.kind, line.thing_id) not in gone), key=lambda line: line.at)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), LONDON)


def _gone(kinds: set[str], since: datetime) -> set[tuple[str, int]]:
    rows = CpomsItem.objects.filter(kind__in=kinds, at__gte=since)
    return set(rows.values_list("kind", "thing_id"))


def _line(kind: str, thing: Any, deed: Deed | None, category: str, text: str) -> Line:
    """A line of a thing by its deed, which the query has asked to be there."""
    assert deed is not None
    pupil = thing.enrolment.pupil
    who = f"{deed.name}, {deed.position}"
    return Line(kind, thing.pk, deed.at, pupil.pk, pupil.known_name, pupil.upn, category, text.strip(), who)


def _why(deed: Deed | None) -> str:
    return deed.reason if deed else ""


def _in(field: str, school: int, since: datetime, before: datetime) -> Q:
    return Q(enrolment__school=school, **{f"{field}__at__gte": since, f"{field}__at__lt": before})


def _calls(school: int, since: datetime, before: datetime) -> Iterator[Line]:
    rows = Call.objects.filter(_in("deed", school, since, before), withdrawn__isnull=True)
    for call in rows.select_related("deed", "enrolment__pupil"):
        said = f" {call.words}" if call.words else ""
        text = (
            f"Rang {call.name} on {call.number} about not being at school: {call.get_outcome_display().lower()}.{said}"
        )
        yield _line("call", call, call.deed, CALL, text)


def _friendly(school: int, since: datetime, before: datetime) -> Iterator[Line]:
    rows = FriendlyCall.objects.filter(_in("deed", school, since, before)).select_related("deed", "enrolment__pupil")
    for call in rows:
        to = f" {call.spoke_to}" if call.spoke_to else ""
        plan = f" Tomorrow: {call.tomorrow}." if call.tomorrow else ""
        text = f"Call home at the end of the day{to}: {call.get_outcome_display().lower()}. {call.words}{plan}"
        yield _line("friendly", call, call.deed, CALL, text)


def _reserved() -> set[int]:
    return set(reserved_alerts().values_list("pk", flat=True))


def _alerts(school: int, since: datetime, before: datetime) -> Iterator[Line]:
    for alert in Alert.objects.filter(_in("deed", school, since, before)).select_related("deed", "enrolment__pupil"):
        yield _line("alert", alert, alert.deed, INCIDENT, f"{alert.get_kind_display()}. {alert.words}")
    heard = Alert.objects.filter(_in("acknowledged", school, since, before))
    for alert in heard.select_related("acknowledged", "enrolment__pupil"):
        text = f"Alert acknowledged ({alert.get_kind_display().lower()}). {_why(alert.acknowledged)}"
        yield _line("acknowledged", alert, alert.acknowledged, ACTION, text)
    closed = Alert.objects.filter(_in("closed", school, since, before)).exclude(closed__actor=SCHEDULER.id)
    for alert in closed.select_related("closed", "enrolment__pupil"):
        text = f"Alert closed ({alert.get_kind_display().lower()}). {_why(alert.closed)}"
        yield _line("closed", alert, alert.closed, ACTION, text)


def _stops(school: int, since: datetime, before: datetime) -> Iterator[Line]:
    """Barred adults who were stopped, where no alert of their own tells it, and who was said to be somebody else."""
    rows = Stop.objects.filter(_in("deed", school, since, before), alert__isnull=True)
    for stop in rows.select_related("deed", "otherwise", "enrolment__pupil"):
        yield _line("stop", stop, stop.deed, INCIDENT, f"Somebody who is barred. {stop.deed.reason} {stop.words}")
    others = Stop.objects.filter(_in("otherwise", school, since, before))
    for stop in others.select_related("otherwise", "enrolment__pupil"):
        text = f"Said to be somebody else than {stop.name.removeprefix('Somebody who may be ')}: {_why(stop.otherwise)}"
        yield _line("otherwise", stop, stop.otherwise, ACTION, text)


def _hand_overs(school: int, since: datetime, before: datetime) -> Iterator[Line]:
    rows = HandOver.objects.filter(_in("deed", school, since, before), enrolment__isnull=False)
    for one in rows.select_related("deed", "enrolment__pupil"):
        yield _line(
            "hand_over", one, one.deed, ACTION, f"{one.caller} was handed on to the head of school: {one.about}"
        )
    done = HandOver.objects.filter(_in("done", school, since, before)).select_related("done", "enrolment__pupil")
    for one in done:
        yield _line(
            "hand_over_done", one, one.done, ACTION, f"The head of school spoke to {one.caller}: {_why(one.done)}"
        )


def _doubts(school: int, since: datetime, before: datetime) -> Iterator[Line]:
    for doubt in Doubt.objects.filter(_in("deed", school, since, before)).select_related("deed", "enrolment__pupil"):
        yield _line("doubt", doubt, doubt.deed, ACTION, f"Evidence asked for, by {doubt.due:%-d %B %Y}: {doubt.why}")
    decided = Doubt.objects.filter(_in("decided", school, since, before))
    for doubt in decided.select_related("decided", "enrolment__pupil"):
        text = f"Decided on the sessions from {doubt.first_day:%-d %B %Y}: {doubt.code}. {_why(doubt.decided)}"
        yield _line("doubt_decided", doubt, doubt.decided, ACTION, text)


def _referrals(school: int, since: datetime, before: datetime) -> Iterator[Line]:
    rows = Referral.objects.filter(_in("decided", school, since, before))
    for one in rows.select_related("decided", "enrolment__pupil"):
        answer = "decided to do so" if one.accepted else "decided not to"
        yield _line("referral", one, one.decided, ACTION, f"{one.get_kind_display()}: {answer}. {_why(one.decided)}")
    sent = Referral.objects.filter(_in("returned", school, since, before))
    for one in sent.select_related("returned", "enrolment__pupil"):
        text = f"{one.get_kind_display()}: returned to the local authority. {_why(one.returned)}"
        yield _line("returned", one, one.returned, ACTION, text)


SOURCES: tuple[Source, ...] = (_calls, _friendly, _alerts, _stops, _hand_overs, _doubts, _referrals)


def takes(school: int) -> list[CpomsTake]:
    """The files taken out for a school, the latest first."""
    return list(CpomsTake.objects.filter(school=school).select_related("deed").order_by("-id")[:50])


def items_of(take: CpomsTake, *, sees: bool) -> QuerySet[CpomsItem]:
    """The lines of a file that was taken out; who may not know of a social worker reads the others."""
    rows = CpomsItem.objects.filter(take=take).select_related("pupil")
    return rows if sees else rows.exclude(kind__in=OF_ALERTS, thing_id__in=reserved_alerts().values("pk"))


def as_csv(take: CpomsTake, *, sees: bool) -> str:
    """A file as it was taken out, with a heading row; no cell is taken for a formula by a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for item in items_of(take, sees=sees):
        at = item.at.astimezone(LONDON)
        cells = (item.pupil.known_name, item.pupil.upn, item.category, item.text, item.who)
        writer.writerow([f"{at:%d/%m/%Y}", f"{at:%H:%M}", *(safe_cell(cell) for cell in cells)])
    return out.getvalue()


def as_pages(take: CpomsTake, school: str, *, sees: bool) -> list[RecordPage]:
    """A file as it was taken out, a record for each pupil in the order of their names."""
    by_pupil: dict[int, list[CpomsItem]] = {}
    for item in items_of(take, sees=sees).order_by("pupil__known_last", "pupil__known_first", "at", "id"):
        by_pupil.setdefault(item.pupil_id, []).append(item)
    return [_page(items, take, school) for items in by_pupil.values()]


def _page(items: list[CpomsItem], take: CpomsTake, school: str) -> RecordPage:
    span = f"{take.first:%-d %B %Y}" if take.first == take.last else f"{take.first:%-d %B %Y} to {take.last:%-d %B %Y}"
    return RecordPage(
        school=school,
        title=f"Attendance record of {items[0].pupil.known_name}",
        about=f"{items[0].pupil.upn} · {span} · taken out by {take.deed.name}, {take.deed.position}",
        lines=tuple(_record_line(item) for item in items),
    )


def _record_line(item: CpomsItem) -> RecordLine:
    at = item.at.astimezone(LONDON)
    return RecordLine(f"{at:%-d %b %Y}", time_words(at), item.category, item.text, item.who)
