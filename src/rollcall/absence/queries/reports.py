"""What was reported of whom: the reports that stand on a day, those still to be decided, and those that a mark denies.

A report promises nothing beyond its own sessions: where none covers a day, the child is unexplained (3.7-a).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from rollcall.absence.models import Report
from rollcall.registers.queries.expected import Session, span_of
from rollcall.registers.queries.today import marks_now
from rollcall.rules.appointments import MEDICAL, in_school_hours
from rollcall.rules.codes import LATE_AFTER_CLOSING
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import HALVES, Half, SchoolYear, half_of, order_of
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON, facts_of_all

LONGEST_CLOSED = 60
"""How many days to look ahead for the next school day: over the summer and a training day."""

_WITH = ("deed", "word__deed", "enrolment__pupil", "enrolment__school", "contact__contact", "withdrawn", "decided")


@dataclass(frozen=True)
class Reported:
    """One pupil's report as lists show it. `question`: why its code is still to be decided, empty where it is not.

    code: what is expected of the sessions, empty for an appointment between two registers.
    """

    id: int
    word: int
    school: int
    school_name: str
    enrolment: int
    pupil: int
    name: str
    reason: str
    reason_name: str
    note: str
    first: Session
    last: Session
    back_on: date | None
    out_at: time | None
    back_at: time | None
    evidence_seen: bool
    code: str
    question: str
    caller: str
    number: str
    channel: str
    logged_by: str
    logged_at: datetime
    received_at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_why: str

    @property
    def is_undecided(self) -> bool:
        """Whether somebody must decide the code first; N stands until then."""
        return bool(self.question) and not self.withdrawn_at

    @property
    def span(self) -> str:
        """The sessions in words."""
        return span_of(self.first, self.last)

    @property
    def words(self) -> str:
        """The report in a few words, for a line of a register or a call list: "reported: A holiday; code ..."."""
        said = self.reason_name[:1].lower() + self.reason_name[1:]
        return f"reported: {said}; code to be decided" if self.is_undecided else f"reported: {said}"

    def covers(self, day: date, half: Half) -> bool:
        """Whether it stands for a session."""
        return order_of(self.first) <= order_of((day, half)) <= order_of(self.last)


def on_day(day: date) -> Q:
    """The condition that a report reaches a day."""
    return Q(first_day__lte=day, last_day__gte=day)


def reported(school: int, day: date) -> dict[int, Reported]:
    """The report that stands for each enrolment of a school (by id) on a day, the last where there are two: one query.

    A pupil without one is unexplained, whatever return was named the day before (3.7-a).
    """
    rows = _rows().filter(on_day(day), enrolment__school=school, withdrawn__isnull=True).order_by("id")
    return {one.enrolment: one for one in _told(rows)}


def reports_of_day(school: int, day: date) -> list[Reported]:
    """Every report that reaches a day at a school (by id), withdrawn ones too, newest first, in one query."""
    return _told(_rows().filter(on_day(day), enrolment__school=school).order_by("-id"))


def reports_of_word(word: int) -> list[Reported]:
    """The reports of one word, in the order they were entered."""
    return _told(_rows().filter(word=word).order_by("id"))


def report(pk: int) -> Reported:
    """One report by its number; raises Report.DoesNotExist."""
    (one,) = _told([_rows().get(pk=pk)])
    return one


def reports_by_id(numbers: Iterable[int]) -> list[Reported]:
    """Reports by their numbers, in the order they were entered."""
    return _told(_rows().filter(pk__in=list(numbers)).order_by("id"))


def undecided(schools: Iterable[int] | None) -> list[Reported]:
    """Reports at these schools (by id; None is all) whose code somebody must decide, oldest first."""
    rows = _rows().exclude(question="").filter(withdrawn__isnull=True, decided__isnull=True)
    if schools is not None:
        rows = rows.filter(enrolment__school__in=list(schools))
    return _told(rows.order_by("id"))


def standing_reports(enrolment: int, first: Session, last: Session) -> list[Reported]:
    """The reports of one pupil that stand and share a session with these, in the order they were entered.

    The word of somebody barred is left out until it is decided: what another adult says is news.
    """
    rows = _rows().filter(enrolment=enrolment, withdrawn__isnull=True, first_day__lte=last[0], last_day__gte=first[0])
    rows = rows.exclude(contact__barred=True, decided__isnull=True)
    found = _told(rows.order_by("id"))
    return [one for one in found if order_of(one.first) <= order_of(last) and order_of(first) <= order_of(one.last)]


def _rows() -> QuerySet[Report]:
    return Report.objects.select_related(*_WITH)


def _told(rows: Iterable[Report]) -> list[Reported]:
    found = list(rows)
    facts = facts_of_all({row.enrolment.school_id for row in found}) if found else {}
    return [_one(row, facts[row.enrolment.school_id]) for row in found]


def _one(row: Report, facts: SchoolFacts) -> Reported:
    gone = row.withdrawn
    return Reported(
        id=row.pk,
        word=row.word_id,
        school=row.enrolment.school_id,
        school_name=row.enrolment.school.name,
        enrolment=row.enrolment_id,
        pupil=row.enrolment.pupil_id,
        name=row.enrolment.pupil.known_name,
        reason=row.reason,
        reason_name=reason_name(facts.policy_on(row.first_day), row.reason),
        note=row.note,
        first=(row.first_day, half_of(row.first_half)),
        last=(row.last_day, half_of(row.last_half)),
        back_on=row.back_on,
        out_at=row.out_at,
        back_at=row.back_at,
        evidence_seen=row.evidence_seen,
        code=row.code,
        question="" if row.decided_id else row.question,
        caller=row.word.caller,
        number=row.word.number,
        channel=row.word.get_channel_display(),
        logged_by=row.deed.name,
        logged_at=row.deed.at,
        received_at=row.word.received_at,
        withdrawn_by=gone.name if gone else "",
        withdrawn_at=gone.at if gone else None,
        withdrawn_why=gone.reason if gone else "",
    )


def reason_name(policy: Policy, reason: str) -> str:
    """What the policy calls a reason; its id where a later version has it no more."""
    try:
        return policy.reason(reason).name
    except LookupError:
        return reason


def day_to_report(facts: SchoolFacts, at: datetime) -> date:
    """The day that a call is most likely about: today, or the next school day once today is over or has no school."""
    today = at.astimezone(LONDON).date()
    ahead = [today + timedelta(days=n) for n in range(LONGEST_CLOSED)]
    for day in ahead:
        is_school = facts.is_open(day, "AM") or facts.is_open(day, "PM")
        if is_school and at < facts.moment(day, facts.times_on(day).day_ends):
            return day
    return today


@dataclass(frozen=True)
class Contradiction:
    """A child marked present in a session for which an absence is reported: to be asked about, never changed."""

    report: Reported
    half: Half
    code: str
    class_name: str


def contradictions(facts: SchoolFacts, day: date, at: datetime) -> list[Contradiction]:
    """Who came today, late ones too, though reported away, by half-day; a query for each half that has begun."""
    told = reports_of_day(facts.school, day)
    stands = [one for one in told if not one.withdrawn_at and (one.code or one.question)]
    found = []
    for half in HALVES if stands else ():
        if not (facts.is_open(day, half) and facts.has_begun(day, half, at)):
            continue
        here = [mark for mark in marks_now([facts.school], day, half) if mark.is_in or mark.code == LATE_AFTER_CLOSING]
        marks = {mark.enrolment: mark for mark in here}
        for one in stands:
            mark = marks.get(one.enrolment)
            if mark is not None and one.covers(day, half) and mark.code != one.code:
                found.append(Contradiction(one, half, mark.code, mark.class_name))
    return found


def appointments_in_hours(school: int, enrolments: Iterable[int], day: date) -> dict[int, int]:
    """How many appointments of each enrolment fell in school hours this school year up to a day (3.7-d), in one query.

    Those that are withdrawn, outside the school's hours or on a day without school are not counted.
    """
    facts, year = facts_of(school), SchoolYear.of(day)
    medical = [reason.id for reason in facts.policy_on(day).reasons if reason.code == MEDICAL]
    rows = Report.objects.filter(
        enrolment__in=list(enrolments),
        enrolment__school=school,
        reason__in=medical,
        withdrawn__isnull=True,
        first_day__gte=year.first,
        first_day__lte=day,
    )
    counted: dict[int, int] = {}
    for enrolment, on, out_at, back_at in rows.values_list("enrolment_id", "first_day", "out_at", "back_at"):
        times = facts.times_on(on)
        is_school = facts.is_open(on, "AM") or facts.is_open(on, "PM")
        if is_school and in_school_hours(out_at, back_at, times.am_due, times.day_ends):
            counted[enrolment] = counted.get(enrolment, 0) + 1
    return counted
