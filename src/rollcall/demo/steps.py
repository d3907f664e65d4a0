"""What one step of a demo's day is, as plain values: who does what about which child, when, under which key."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rollcall.demo.absences import Session
from rollcall.rules.sessions import Half
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class Mark:
    """One child's mark in a step."""

    upn: str
    code: str
    minutes: int | None = None


@dataclass(frozen=True)
class Step:
    """One act: `kind` is expect, report, record, slip, submit, amend or decide; `who` teacher, office or head.

    reason: of a report or a slip, as the policy calls it. told_by: who told the office, or what the family was told.
    """

    at: datetime
    kind: str
    slug: str
    class_name: str
    day: date
    half: Half
    key: str
    who: str
    marks: tuple[Mark, ...] = ()
    ground: str = ""
    told_by: str = ""
    last: Session | None = None
    leave: bool = False
    reason: str = ""


def moment(day: date, at: time, minutes: int = 0) -> datetime:
    """A London time of day, some minutes on."""
    return datetime.combine(day, at, LONDON) + timedelta(minutes=minutes)
