"""Who is suspended or excluded at a school on a day, for how long, and whether other education is arranged."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from rollcall.registers.queries.known_ahead import KnownAhead, known_ahead
from rollcall.rules.ahead import school_days
from rollcall.schools.models import Exclusion
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.roll import in_force, seats_of_school

MOST_DAYS = 400


@dataclass(frozen=True)
class ExcludedLine:
    """One pupil who is excluded, or will be. n: which school day of this exclusion it is; 0 where it lies ahead.

    code, question: what the register expects on the day, and what must be looked into about it.
    """

    id: int
    enrolment: int
    pupil: int
    name: str
    class_name: str
    begins: date
    ends: date | None
    permanent: bool
    provision_from: date | None
    n: int
    code: str
    question: str
    recorded_by: str


def excluded(facts: SchoolFacts, day: date) -> list[ExcludedLine]:
    """Who is excluded on a day or will be, those with a question first; three statements."""
    rows = Exclusion.objects.filter(
        in_force(day) | Q(begins__gt=day), withdrawn__isnull=True, enrolment__school=facts.school
    )
    found = list(rows.select_related("enrolment__pupil", "deed").order_by("begins", "id"))
    if not found:
        return []
    names = {seat.enrolment: seat.class_name for seat in seats_of_school(facts.school, day)}
    known = known_ahead([one.enrolment_id for one in found], day, day, facts)
    lines = []
    for one in found:
        if one.enrolment_id in names:
            n = school_days(one.begins, day, facts.is_school_day, MOST_DAYS)
            lines.append(_line(one, names[one.enrolment_id], n, known.get(one.enrolment_id), day))
    return sorted(lines, key=lambda line: (not line.question, line.n == 0, line.name))


def _line(one: Exclusion, class_name: str, n: int, known: KnownAhead | None, day: date) -> ExcludedLine:
    fact = known.fact_at(day, "AM") if known and one.begins <= day else None
    return ExcludedLine(
        id=one.pk,
        enrolment=one.enrolment_id,
        pupil=one.enrolment.pupil_id,
        name=one.enrolment.pupil.known_name,
        class_name=class_name,
        begins=one.begins,
        ends=one.ends,
        permanent=one.permanent,
        provision_from=one.provision_from,
        n=n,
        code=fact.code if fact else "",
        question=fact.question if fact else "",
        recorded_by=one.deed.name,
    )
