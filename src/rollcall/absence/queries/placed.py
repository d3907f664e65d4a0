"""Who is expected at a trip or activity in a session, and whether whoever leads it has said that they are there.

Nobody is safe by assumption: until somebody has said so, the leader is to be rung.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from rollcall.absence.models import ActivityCheck
from rollcall.registers.models import Expectation
from rollcall.registers.queries.standing import covering, read_standing
from rollcall.rules.codes import MISSING, UNEXPLAINED
from rollcall.rules.sessions import Half
from rollcall.rules.words import time_words
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class Placed:
    """One pupil's place in an activity for a session. there: what was said last, None where nobody has said yet."""

    place: int
    enrolment: int
    activity: int
    title: str
    code: str
    leader: str
    phone: str
    there: bool | None = None
    said_by: str = ""
    said_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether nobody has said whether the child is there."""
        return self.there is None

    @property
    def words(self) -> str:
        """What whoever looks for the child must know, in a sentence; empty for a child who is there."""
        if self.waits:
            ring = f"ring {self.leader}{f', {self.phone}' if self.phone else ''}"
            return f"Expected on {self.title}, and nobody has confirmed it: {ring}."
        if self.there:
            return ""
        at = self.said_at.astimezone(LONDON) if self.said_at else None
        when = f" at {time_words(at)}" if at else ""
        return f"Missed {self.title}: {self.said_by} said{when} that the child is not there."


def placed_at(enrolments: Iterable[int], day: date, half: Half) -> dict[int, Placed]:
    """The places of some pupils (by enrolment) in a session; of two, the one entered last. One or two statements."""
    return _placed(Expectation.objects.filter(enrolment__in=list(enrolments)), day, half)


def placed_of(school: int, day: date, half: Half) -> dict[int, Placed]:
    """As `placed_at`, of everybody at a school (by id)."""
    return _placed(Expectation.objects.filter(enrolment__school=school), day, half)


_COLUMNS = (
    "activity_place__id",
    "enrolment_id",
    "activity_place__activity_id",
    "activity_place__activity__title",
    "code",
    "activity_place__activity__leader_name",
    "activity_place__activity__phone",
)


def _placed(rows: QuerySet[Expectation], day: date, half: Half) -> dict[int, Placed]:
    found = rows.filter(covering(day, half), activity_place__isnull=False).order_by("id").values_list(*_COLUMNS)
    places = {row[1]: row for row in found}
    said = _said([row[0] for row in places.values()], day, half) if places else {}
    return {pk: Placed(*row, *said.get(row[0], ())) for pk, row in places.items()}


@dataclass(frozen=True)
class Unconfirmed:
    """An activity of a session with how many of its children nobody has confirmed."""

    activity: int
    title: str
    leader: str
    phone: str
    n: int


def unconfirmed(facts: SchoolFacts, day: date, half: Half) -> list[Unconfirmed]:
    """The activities of a session whose leader has not said of some children whether they are there, by title.

    A child whom the register has elsewhere (present, ill) is none of them; no mark, N, or the activity's own code says
    nothing. One statement where there is no activity.
    """
    waiting = [one for one in placed_of(facts.school, day, half).values() if one.waits]
    if not waiting:
        return []
    seats = read_standing(facts.school, [one.enrolment for one in waiting], day, half)
    known = facts.when_begun(day, half)
    left = [
        one
        for one in waiting
        if (seat := seats.get(one.enrolment))
        and known.is_open(day, half, seat.school_class)
        and seat.code in (MISSING, UNEXPLAINED, one.code)
    ]
    about = {one.activity: (one.title, one.leader, one.phone) for one in left}
    n = Counter(one.activity for one in left)
    return sorted((Unconfirmed(pk, *words, n[pk]) for pk, words in about.items()), key=lambda one: one.title)


def _said(places: Iterable[int], day: date, half: Half) -> dict[int, tuple[bool, str, datetime]]:
    rows = ActivityCheck.objects.filter(place__in=list(places), day=day, half=half).order_by("id")
    return {
        place: (there, who, at) for place, there, who, at in rows.values_list("place", "there", "said_by", "deed__at")
    }
