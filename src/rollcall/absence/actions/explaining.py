"""Marks that follow from a report: N given its code once the reason is known, and back to N when it goes (4.5-b).

Only an N is ever replaced, and only a mark that rests on the report alone is taken back: present stays present. Where
who withdraws a report may not amend, the change is put to who may, as any change that is asked for (4.1-c).
"""

from datetime import date, datetime, timedelta

from rollcall.absence.actions.words import NotLogged
from rollcall.absence.models import Report
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.actions import NewMark, NotSaved, ask_for_change, mark_within
from rollcall.registers.models import ChangeRequest, Entry, Expectation
from rollcall.registers.queries.expected import Session, span_of
from rollcall.registers.queries.standing import TAKEN, covering, read_standing
from rollcall.rules.codes import UNEXPLAINED
from rollcall.rules.sessions import HALVES, Half, half_of
from rollcall.schools.models import SchoolClass
from rollcall.schools.queries import SchoolFacts


def explain(report: Report, facts: SchoolFacts, *, ground: str, deed: Deed, at: datetime, may: bool) -> str:
    """Write the report's code, in the deed's transaction, over the sessions in which N stands.

    may: whether who did the deed may amend; where not, nothing is written and the sessions come back in words.
    Raises NotLogged, with the register's own sentence, where the code can't be true.
    """
    left = sessions_marked(facts, report, UNEXPLAINED, at)
    if left and not may:
        return span_of(left[0], left[-1])
    new = NewMark(report.enrolment_id, report.code, seen=UNEXPLAINED, ground=ground)
    _mark(report, facts, [(*session, new) for session in left], deed, at)
    return ""


def unexplain(report: Report, facts: SchoolFacts, *, deed: Deed, by: Actor, at: datetime, may: bool) -> str:
    """Put N back where a mark rests on the report alone, so that the pupil is looked for again.

    may: whether `by`, who did the deed, may amend; where not, the change is asked for and the sessions come back in
    words. Raises NotLogged, with the register's own sentence, where N can't be.
    """
    resting = [one for one in sessions_marked(facts, report, report.code, at) if _rests_on(report, *one)]
    if resting and not may:
        for session in resting:
            _ask_for_n(report, facts, *session, deed=deed, by=by, at=at)
        return span_of(resting[0], resting[-1])
    new = NewMark(report.enrolment_id, UNEXPLAINED, seen=report.code)
    _mark(report, facts, [(*session, new) for session in resting], deed, at)
    return ""


def _ask_for_n(
    report: Report, facts: SchoolFacts, day: date, half: Half, *, deed: Deed, by: Actor, at: datetime
) -> None:
    """Put the change of one session back to N to who may amend, unless somebody has asked for it."""
    asked = ChangeRequest.objects.filter(enrolment=report.enrolment_id, day=day, half=half, wanted=UNEXPLAINED)
    if asked.filter(decided__isnull=True).exists():
        return
    seat = read_standing(facts.school, [report.enrolment_id], day, half)[report.enrolment_id]
    try:
        ask_for_change(
            SchoolClass.objects.get(pk=seat.school_class),
            day,
            half,
            NewMark(report.enrolment_id, UNEXPLAINED, seen=report.code),
            by=by,
            at=at,
            key=f"report-{report.pk}-{day}-{half}",
            reason=f"The report behind {report.code} was withdrawn: {deed.reason}",
        )
    except NotSaved as refused:
        raise NotLogged(f"{report.enrolment.pupil}: {refused}") from refused


def _mark(
    report: Report, facts: SchoolFacts, marks: list[tuple[date, Half, NewMark]], deed: Deed, at: datetime
) -> None:
    if not marks:
        return
    try:
        mark_within(deed, facts.school, marks, at=at, facts=facts)
    except NotSaved as refused:
        raise NotLogged(f"{report.enrolment.pupil}: {refused}") from refused


def _rests_on(report: Report, day: date, half: Half) -> bool:
    """Whether the mark was made by the report's own deed, or by a register taken while nothing but it was expected."""
    rows = Entry.objects.filter(enrolment=report.enrolment_id, day=day, half=half).select_related("deed")
    last = rows.order_by("number").last()
    if last is None:
        return False
    taken_with_it = last.deed.kind == TAKEN and last.deed.at >= report.deed.at
    others = Expectation.objects.filter(covering(day, half), enrolment=report.enrolment_id, code=report.code)
    return not others.exclude(report=report).exists() and (last.deed_id == report.deed_id or taken_with_it)


def sessions_marked(facts: SchoolFacts, report: Report, code: str, at: datetime) -> list[Session]:
    """The sessions of a report that have begun and in which a code stands."""
    found: list[Session] = []
    for day, half in sessions_of(report, at.date()):
        if facts.is_open(day, half) and facts.has_begun(day, half, at):
            seat = read_standing(facts.school, [report.enrolment_id], day, half).get(report.enrolment_id)
            is_on = seat is not None and facts.is_open(day, half, seat.school_class)
            found += [(day, half)] if is_on and seat and seat.code == code else []
    return found


def sessions_of(report: Report, until: date) -> list[Session]:
    """The half-days of a report up to a day, in order."""
    first = (report.first_day, HALVES.index(half_of(report.first_half)))
    last = (report.last_day, HALVES.index(half_of(report.last_half)))
    days = [
        report.first_day + timedelta(days=n) for n in range((min(until, report.last_day) - report.first_day).days + 1)
    ]
    return [(day, half) for day in days for n, half in enumerate(HALVES) if first <= (day, n) <= last]
