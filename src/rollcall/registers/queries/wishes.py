"""The changes that teachers have asked for: what waits for the office, and what was decided lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from rollcall.registers.models import ChangeRequest
from rollcall.rules.sessions import Half, half_of


@dataclass(frozen=True)
class OpenWish:
    """One wish as a list shows it."""

    id: int
    enrolment: int
    school: int
    name: str
    day: date
    half: Half
    standing: str
    wanted: str
    minutes: int | None
    reason: str
    who: str
    at: datetime
    accepted: bool | None
    answer: str
    decided_by: str


def open_wishes(schools: Iterable[int] | None) -> list[OpenWish]:
    """The wishes that nobody has decided at these schools (by id; None is all), oldest first."""
    rows = ChangeRequest.objects.filter(decided__isnull=True)
    return _wishes(rows, schools, "id")


def decided_wishes(schools: Iterable[int] | None, limit: int = 20) -> list[OpenWish]:
    """The latest decisions."""
    rows = ChangeRequest.objects.filter(decided__isnull=False)
    return _wishes(rows, schools, "-decided__id")[:limit]


def _wishes(rows: "models.QuerySet[ChangeRequest]", schools: Iterable[int] | None, order: str) -> list[OpenWish]:
    if schools is not None:
        rows = rows.filter(enrolment__school__in=list(schools))
    return [
        OpenWish(
            id=w.pk,
            enrolment=w.enrolment_id,
            school=w.enrolment.school_id,
            name=w.enrolment.pupil.known_name,
            day=w.day,
            half=half_of(w.half),
            standing=w.standing,
            wanted=w.wanted,
            minutes=w.minutes_late,
            reason=w.deed.reason,
            who=w.deed.name,
            at=w.deed.at,
            accepted=w.accepted,
            answer=w.decided.reason if w.decided else "",
            decided_by=w.decided.name if w.decided else "",
        )
        for w in rows.select_related("enrolment__pupil", "deed", "decided").order_by(order)[:200]
    ]
