"""Children found by two letters when they come in late: what stands of each, and what is known ahead."""

from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.queries.finding import children_called
from rollcall.registers.queries.known_ahead import Expected, expected_now
from rollcall.registers.queries.standing import read_standing
from rollcall.rules.codes import MISSING
from rollcall.rules.lateness import Arrival, SessionTimes, half_at, propose
from rollcall.rules.policy import parts
from rollcall.rules.sessions import Half
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.families import contacts_of_all


@dataclass(frozen=True)
class Comer:
    """One child who may be the one at the counter. `notified`: the reason whose code is expected this session.

    few_numbers: fewer different numbers to call than the policy wants (3.7-b).
    """

    enrolment: int
    pupil: int
    name: str
    class_name: str
    year_group: int
    code: str
    minutes: int
    notified: str
    ground: str
    few_numbers: bool
    held_back: str


@dataclass(frozen=True)
class Clock:
    """What the clock says of who comes now: the session, and what is proposed; `early` where nobody is late yet."""

    half: Half
    arrival: Arrival
    early: bool


def clock_now(facts: SchoolFacts, at: datetime) -> Clock:
    """What is proposed for an arrival at a moment."""
    local = at.astimezone(LONDON)
    times = facts.times_on(local.date())
    half = half_at(local.time(), times.pm_opens)
    late_from = times.late_from(half)
    found = propose(local.time(), SessionTimes(late_from, times.closes(half)))
    return Clock(half, found, local.time() < late_from)


def comers(facts: SchoolFacts, words: str, half: Half, day: date) -> list[Comer]:
    """Children of a school whose names begin with these words, two letters or more; a handful of queries."""
    seats = children_called(facts.school, words, day)
    if not seats:
        return []
    standing = read_standing(facts.school, [seat.enrolment for seat in seats], day, half)
    expected = expected_now([seat.enrolment for seat in seats], day, half, facts)
    policy = facts.policy_on(day)
    own = {reason.code: reason for reason in policy.reasons if reason.code and "late" in reason.asked}
    least = policy.absence.least_contact_numbers.value
    contacts = contacts_of_all([seat.pupil for seat in seats])
    found = []
    for seat in seats:
        mark, known = standing.get(seat.enrolment), expected.get(seat.enrolment)
        numbers = {number for c in contacts[seat.pupil] if not c.barred for number, _ in c.phones}
        barred = [c for c in contacts[seat.pupil] if c.barred]
        found.append(
            Comer(
                enrolment=seat.enrolment,
                pupil=seat.pupil,
                name=seat.name,
                class_name=seat.class_name,
                year_group=seat.year_group,
                code=mark.code if mark else MISSING,
                minutes=mark.minutes if mark else 0,
                notified=_notified(known, own),
                ground=known.ground if known else "",
                few_numbers=len(numbers) < least,
                held_back="; ".join(f"{c.name}: do not tell, do not release. {c.barred_do}".strip() for c in barred),
            )
        )
    return found


def _notified(known: Expected | None, own: dict[str, parts.Reason]) -> str:
    return own[known.code].id if known and known.code in own else ""
