"""What is expected of pupils from a day on, for the list of known absences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.registers.models import Expectation
from rollcall.rules.sessions import Half, half_of, order_of
from rollcall.rules.words import day_words, time_words
from rollcall.schools.queries.facts import LONDON

Session = tuple[date, Half]


@dataclass(frozen=True)
class Known:
    """One known absence as a list shows it."""

    id: int
    enrolment: int
    name: str
    school_name: str
    first: Session
    last: Session
    code: str
    ground: str
    told_by: str
    back_on: date | None
    leave_granted: bool
    taken_by: str
    taken_at: datetime

    def covers(self, first: Session, last: Session) -> bool:
        """Whether every session from one to another lies within it."""
        return order_of(self.first) <= order_of(first) and order_of(last) <= order_of(self.last)

    def entered(self, at: datetime) -> str:
        """Who entered it and when: "Sue Secretary at 8.20", with the day where that is another than `at`'s."""
        then = self.taken_at.astimezone(LONDON)
        day = "" if then.date() == at.astimezone(LONDON).date() else f" on {day_words(then.date())}"
        return f"{self.taken_by}{day} at {time_words(then)}"


def span_of(first: Session, last: Session) -> str:
    """Sessions from one to another in words: "on Tuesday 14 May", "on the morning of ...", "from ... to ..."."""
    if first[0] == last[0]:
        part = {"AM": "the morning of ", "PM": "the afternoon of "}[first[1]] if first[1] == last[1] else ""
        return f"on {part}{day_words(first[0])}"
    return f"from {day_words(first[0])} to {day_words(last[0])}"


def standing_expectations(schools: Iterable[int] | None, day: date) -> list[Known]:
    """The expectations of pupils at these schools (by id; None is all) that reach a day or lie after it."""
    rows = Expectation.objects.filter(withdrawn__isnull=True, last_day__gte=day)
    if schools is not None:
        rows = rows.filter(enrolment__school__in=list(schools))
    rows = rows.select_related("enrolment__pupil", "enrolment__school", "deed").order_by("first_day", "id")
    return [_known(e) for e in rows[:500]]


def standing_between(enrolment: int, first: Session, last: Session) -> list[Known]:
    """The expectations of one pupil that share a session with these, in the order they were entered."""
    return standing_of([enrolment], first, last).get(enrolment, [])


def standing_of(enrolments: Iterable[int], first: Session, last: Session) -> dict[int, list[Known]]:
    """As `standing_between`, of many pupils by enrolment, in one query."""
    rows = Expectation.objects.filter(
        withdrawn__isnull=True, enrolment__in=list(enrolments), first_day__lte=last[0], last_day__gte=first[0]
    )
    found: dict[int, list[Known]] = {}
    for one in map(_known, rows.select_related("enrolment__pupil", "enrolment__school", "deed").order_by("id")):
        if order_of(one.first) <= order_of(last) and order_of(first) <= order_of(one.last):
            found.setdefault(one.enrolment, []).append(one)
    return found


def _known(e: Expectation) -> Known:
    return Known(
        id=e.pk,
        enrolment=e.enrolment_id,
        name=e.enrolment.pupil.known_name,
        school_name=e.enrolment.school.name,
        first=(e.first_day, half_of(e.first_half)),
        last=(e.last_day, half_of(e.last_half)),
        code=e.code,
        ground=e.ground,
        told_by=e.told_by,
        back_on=e.back_on,
        leave_granted=e.leave_granted,
        taken_by=e.deed.name,
        taken_at=e.deed.at,
    )
