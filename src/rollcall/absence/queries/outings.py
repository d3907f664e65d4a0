"""Who is signed out now, who came back, and which registers are taken in a day."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import QuerySet

from rollcall.absence.models import Outing
from rollcall.rules.appointments import RegisterTime
from rollcall.rules.sessions import HALVES
from rollcall.schools.queries import SchoolFacts


@dataclass(frozen=True)
class OutingLine:
    """One signing out as a list shows it."""

    id: int
    enrolment: int
    pupil: int
    name: str
    class_name: str
    day: date
    out_at: datetime
    reason: str
    words: str
    collector: str
    back_due: time | None
    back_at: datetime | None
    expected: str
    by: str

    @property
    def is_out(self) -> bool:
        """Whether the child has not been signed back in."""
        return self.back_at is None


def out_now(enrolment: int, day: date) -> bool:
    """Whether a child is signed out and not back."""
    return Outing.objects.filter(enrolment=enrolment, day=day, back__isnull=True, withdrawn__isnull=True).exists()


def registers_on(facts: SchoolFacts, day: date) -> list[RegisterTime]:
    """The registers that a school takes on a day, with their times."""
    times = facts.times_on(day)
    return [RegisterTime(half, times.due(half), times.closes(half)) for half in HALVES if facts.is_open(day, half)]


def outings_of(facts: SchoolFacts, day: date) -> list[OutingLine]:
    """The signings out of a school's day that were not undone, those still out first; two queries."""
    rows = Outing.objects.filter(enrolment__school=facts.school, day=day, withdrawn__isnull=True)
    names = {reason.id: reason.name for reason in facts.policy_on(day).reasons}
    return sorted(_lines(rows, names), key=lambda one: (not one.is_out, one.out_at))


def _lines(rows: QuerySet[Outing], names: dict[str, str]) -> list[OutingLine]:
    found = rows.select_related("enrolment__pupil", "deed", "expectation").prefetch_related(
        "enrolment__memberships__school_class"
    )
    return [_line(outing, names) for outing in found.order_by("out_at", "id")]


def _line(outing: Outing, names: dict[str, str]) -> OutingLine:
    rooms = [one for one in outing.enrolment.memberships.all() if one.begins <= outing.day]
    room = max(rooms, key=lambda one: one.begins, default=None)
    expected = outing.expectation
    return OutingLine(
        id=outing.pk,
        enrolment=outing.enrolment_id,
        pupil=outing.enrolment.pupil_id,
        name=outing.enrolment.pupil.known_name,
        class_name=room.school_class.name if room else "",
        day=outing.day,
        out_at=outing.out_at,
        reason=names.get(outing.reason, outing.reason),
        words=outing.words,
        collector=outing.collector,
        back_due=outing.back_due,
        back_at=outing.back_at,
        expected=expected.code if expected and not expected.withdrawn_id else "",
        by=outing.deed.name,
    )
