"""Which registers are not in, now: per school, by class, with who takes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from rollcall.registers.models import Submission
from rollcall.rules.sessions import HALVES, Half
from rollcall.schools.models import SchoolClass
from rollcall.schools.queries import year_of
from rollcall.schools.queries.facts import LONDON, SchoolFacts, facts_of_all


@dataclass(frozen=True)
class RegisterState:
    """One class's register of one session: in (on time or late), due, late, or not open yet."""

    school: int
    school_name: str
    school_class: int
    class_name: str
    day: date
    half: Half
    state: str
    handed_at: datetime | None
    by: str


Schools = Iterable[int] | Mapping[int, SchoolFacts]
"""Schools by id; with what stands of them where the caller has read it, which spares a query."""


def register_states(schools: Schools, day: date, half: Half, at: datetime) -> list[RegisterState]:
    """The registers of a session at some schools as they are at a moment.

    state: "in", "in late", "due" (opened, not yet closed), "late" (closing time is past), "ahead" (not open yet).
    Classes that are closed for the session are left out.
    """
    facts = _facts(schools)
    schools = list(facts)
    classes = SchoolClass.objects.filter(school__in=schools, year_start=year_of(day)).order_by("school__name", "name")
    moments: dict[int, tuple[datetime, datetime]] = {}
    handed = _handed(schools, day, half)
    states = []
    for c in classes:
        known = facts[c.school_id]
        if not known.is_open(day, half, c.pk):
            continue
        if c.school_id not in moments:
            moments[c.school_id] = _moments(known, day, half)
        submitted = handed.get(c.pk)
        states.append(
            RegisterState(
                school=c.school_id,
                school_name=known.name,
                school_class=c.pk,
                class_name=c.name,
                day=day,
                half=half,
                state=_state(submitted, at, *moments[c.school_id]),
                handed_at=submitted.at if submitted else None,
                by=submitted.by if submitted else "",
            )
        )
    return states


class _Handed(NamedTuple):
    """A register as it was first handed in."""

    late: bool
    at: datetime
    by: str


def _handed(schools: Iterable[int], day: date, half: Half) -> dict[int, _Handed]:
    """The registers of a session that are in, by class."""
    rows = Submission.objects.filter(school__in=schools, day=day, half=half).order_by("-number")
    found = rows.values_list("school_class", "late", "deed__at", "deed__name")
    return {room: _Handed(late, at, by) for room, late, at, by in found}


def _moments(facts: SchoolFacts, day: date, half: Half) -> tuple[datetime, datetime]:
    """When a session's registers open and close."""
    times = facts.times_on(day)
    return facts.moment(day, times.opens(half)), facts.moment(day, times.closes(half))


def _state(handed: _Handed | None, at: datetime, opens: datetime, closes: datetime) -> str:
    if handed is not None:
        return "in late" if handed.late else "in"
    if at < opens:
        return "ahead"
    return "late" if at >= closes else "due"


def session_at(schools: Schools, at: datetime) -> tuple[date, Half]:
    """The session that is on at a moment at these schools: the latest whose register has opened, else the morning."""
    sessions = [session for facts in _facts(schools).values() if (session := facts.session_now(at))]
    day = at.astimezone(LONDON).date()
    return max(sessions, key=lambda s: HALVES.index(s[1]), default=(day, "AM"))


def _facts(schools: Schools) -> Mapping[int, SchoolFacts]:
    return schools if isinstance(schools, Mapping) else facts_of_all(schools)
