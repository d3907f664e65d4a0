"""Which registers are not in, now: per school, by class, with who takes them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from rollcall.journal.by_hand import as_moment, day_given, places, rows
from rollcall.rules.sessions import HALVES, Half
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


# By hand for the cost: the pages of the day ask with every change (ADR 12). The first handing in counts, so it is last.
_STATES = """
    SELECT c.school_id, c.id, c.name, s.half, s.late, d.at, d.name
    FROM schools_schoolclass c JOIN schools_school o ON o.id = c.school_id
    LEFT JOIN registers_submission s ON s.school_class_id = c.id AND s.day = %s
    LEFT JOIN journal_deed d ON d.id = s.deed_id
    WHERE c.year_start = %s AND c.school_id IN ({schools}) ORDER BY o.name, c.name, c.id, s.number DESC
"""


def register_states(schools: Schools, day: date, half: Half, at: datetime) -> list[RegisterState]:
    """The registers of a session at some schools as they are at a moment.

    state: "in", "in late", "due" (opened, not yet closed), "late" (closing time is past), "ahead" (not open yet).
    Classes that are closed for the session are left out.
    """
    return states_of_day(schools, day, [half], at)[half]


def states_of_day(schools: Schools, day: date, halves: Iterable[Half], at: datetime) -> dict[Half, list[RegisterState]]:
    """As `register_states`, of some sessions of a day, in one statement."""
    facts = _facts(schools)
    if not facts:
        return {half: [] for half in halves}
    classes, handed = _classes(facts, day)
    found: dict[Half, list[RegisterState]] = {}
    for half in halves:
        meet = [one for one in classes if facts[one[0]].is_open(day, half, one[1])]
        moments = {school: _moments(facts[school], day, half) for school in {school for school, *_ in meet}}
        found[half] = [
            _register(facts[school], room, name, handed.get((room, half)), (day, half), at, moments[school])
            for school, room, name in meet
        ]
    return found


class _Handed(NamedTuple):
    """A register as it was first handed in."""

    late: bool
    at: datetime
    by: str


def _classes(schools: Collection[int], day: date) -> tuple[list[tuple[int, int, str]], dict[tuple[int, Half], _Handed]]:
    """The classes of some schools, as (school, id, name) in order, and their registers of a day that are in."""
    found: dict[tuple[int, int, str], None] = {}
    handed: dict[tuple[int, Half], _Handed] = {}
    statement = _STATES.format(schools=places(len(schools)))
    for school, room, name, half, late, at, by in rows(statement, [day_given(day), year_of(day), *schools]):
        found[school, room, name] = None
        if half:
            handed[room, half] = _Handed(bool(late), as_moment(at), by)
    return list(found), handed


def _register(
    facts: SchoolFacts,
    room: int,
    name: str,
    handed: _Handed | None,
    session: tuple[date, Half],
    at: datetime,
    moments: tuple[datetime, datetime],
) -> RegisterState:
    return RegisterState(
        school=facts.school,
        school_name=facts.name,
        school_class=room,
        class_name=name,
        day=session[0],
        half=session[1],
        state=_state(handed, at, *moments),
        handed_at=handed.at if handed else None,
        by=handed.by if handed else "",
    )


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
