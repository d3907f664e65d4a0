"""Who was to be back at school by now and has not been seen: from an outing, or from an appointment told ahead.

A mark can't say it: it was made before they left, or while they were rightly away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.models import Outing, Report, Slip
from rollcall.rules.codes import MISSING, UNEXPLAINED
from rollcall.rules.sessions import HALVES
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class Due:
    """One return whose time has passed. at: that time; words: where from, a sentence. is_open: whether nothing since
    says where the child is.
    """

    enrolment: int
    at: datetime
    words: str
    is_open: bool


def not_back(facts: SchoolFacts, day: date, at: datetime, marks: Mapping[int, str]) -> list[Due]:
    """Every return of a school's day whose time has passed, in two statements, and a third where there is one.

    marks: the last mark of each (by enrolment), `-` for none.
    """
    gone, told = list(_outings(facts, day, at)), list(_appointments(facts, day, at))
    if not gone and not told:
        return []
    out = {row.enrolment_id for row in gone}
    since = _word_since(out | {row.enrolment_id for row in told}, day)
    return [
        *(_from_outing(row, facts, at, marks, since.get(row.enrolment_id)) for row in gone),
        *(
            _from_appointment(row, facts, marks)
            for row in told
            if row.enrolment_id not in out and row.enrolment_id not in since
        ),
    ]


def _outings(facts: SchoolFacts, day: date, at: datetime) -> Iterable[Outing]:
    """Who is signed out and was to be back by now."""
    rows = Outing.objects.filter(enrolment__school=facts.school, day=day, back__isnull=True, withdrawn__isnull=True)
    rows = rows.filter(back_due__isnull=False).select_related("expectation")
    return (row for row in rows if row.back_due and at >= facts.moment(day, row.back_due))


def _appointments(facts: SchoolFacts, day: date, at: datetime) -> Iterable[Report]:
    """Who was marked away for an appointment that was to be over by now."""
    rows = Report.objects.filter(enrolment__school=facts.school, last_day=day, withdrawn__isnull=True)
    rows = rows.filter(back_at__isnull=False).exclude(code="")
    return (row for row in rows if row.back_at and at >= facts.moment(day, row.back_at))


def _word_since(enrolments: Iterable[int], day: date) -> dict[int, datetime]:
    """When each of these came in, signed in or by a slip that an adult confirmed, the last time today."""
    slips = Slip.objects.filter(enrolment__in=enrolments, day=day, confirmed__isnull=False, withdrawn__isnull=True)
    back = Outing.objects.filter(enrolment__in=enrolments, day=day, back__isnull=False, withdrawn__isnull=True)
    came = slips.values_list("enrolment", "arrived_at").union(back.values_list("enrolment", "back_at"))
    found: dict[int, datetime] = {}
    for enrolment, moment in came:
        found[enrolment] = max(moment, found.get(enrolment, moment))
    return found


def _from_outing(row: Outing, facts: SchoolFacts, at: datetime, marks: Mapping[int, str], came: datetime | None) -> Due:
    """A register that was due after they left has the last word, unless it only expected them to be away."""
    assert row.back_due is not None
    mark = marks.get(row.enrolment_id, MISSING)
    expected = row.expectation.code if row.expectation else ""
    taken_since = _register_since(facts, row, at) and mark not in (MISSING, UNEXPLAINED, expected)
    told_since = Report.objects.filter(
        enrolment=row.enrolment_id, withdrawn__isnull=True, deed__at__gt=row.out_at, first_day__lte=row.day,
        last_day__gte=row.day,
    )  # fmt: skip
    out = row.out_at.astimezone(LONDON)
    words = (
        f"Signed out at {out.hour}.{out:%M} with {row.collector}, to be back at "
        f"{row.back_due.hour}.{row.back_due:%M}, and not signed back in."
    )
    is_open = not (taken_since or (came and came > row.out_at) or told_since.exists())
    return Due(row.enrolment_id, facts.moment(row.day, row.back_due), words, is_open)


def _register_since(facts: SchoolFacts, row: Outing, at: datetime) -> bool:
    """Whether a register has fallen due since they left."""
    due = [facts.moment(row.day, facts.times_on(row.day).due(half)) for half in HALVES if facts.is_open(row.day, half)]
    return any(row.out_at < one <= at for one in due)


def _from_appointment(row: Report, facts: SchoolFacts, marks: Mapping[int, str]) -> Due:
    assert row.back_at is not None
    words = f"To be back at {row.back_at.hour}.{row.back_at:%M} from an appointment, and not signed in."
    is_open = marks.get(row.enrolment_id, MISSING) in (MISSING, row.code)
    return Due(row.enrolment_id, facts.moment(row.last_day, row.back_at), words, is_open)
