"""Which registers are late and who takes them, and whether a reminder of one may still go."""

from dataclasses import dataclass
from datetime import date, datetime

from rollcall.accounts.models import User
from rollcall.accounts.queries import takers_of
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.registers.queries.missing import register_states
from rollcall.registers.queries.standing import was_in
from rollcall.rules.sessions import Half, half_of
from rollcall.schools.models import SchoolClass
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON

GROUND = "absence.register_late"


@dataclass(frozen=True)
class LateRegister:
    """A register that has closed and is not in, with the people who hold the class on the day."""

    school_class: int
    class_name: str
    day: date
    half: Half
    takers: tuple[User, ...]


def late_registers(facts: SchoolFacts, at: datetime) -> list[LateRegister]:
    """The registers of the day's session that are late at a moment; none once its afternoon or the day is over."""
    day = at.astimezone(LONDON).date()
    half = _session_closed(facts, day, at)
    if half is None:
        return []
    late = [one for one in register_states({facts.school: facts}, day, half, at) if one.state == "late"]
    held = takers_of([one.school_class for one in late], day) if late else {}
    return [
        LateRegister(one.school_class, one.class_name, day, half, tuple(held.get(one.school_class, ()))) for one in late
    ]


def _session_closed(facts: SchoolFacts, day: date, at: datetime) -> Half | None:
    """The session whose register has closed and which is not over yet."""
    if not facts.is_school_day(day):
        return None
    times = facts.times_on(day)
    for half, over in (("AM", times.pm_opens), ("PM", times.day_ends)):
        which = half_of(half)
        if facts.closes_at(day, which) <= at < facts.moment(day, over) and facts.is_open(day, which):
            return which
    return None


def reminder_stands(message: Message, at: datetime) -> Answer:
    """Whether a reminder may still go: while the session is on, the register is not in, and the class is open."""
    day, half = date.fromisoformat(message.evidence["day"]), message.evidence["half"]
    room = SchoolClass.objects.filter(pk=message.ground_id).first()
    if room is None:
        return Answer(False, "The class is no longer there.")
    facts = facts_of(room.school_id)
    if was_in(room.pk, day, half):
        return Answer(False, f"The register of {room.name} is in.")
    if not facts.is_open(day, half, room.pk):
        return Answer(False, f"{room.name} has no school in this session.")
    if _session_closed(facts, day, at) != half or at.astimezone(LONDON).date() != day:
        return Answer(False, "The session that the reminder is about is over.")
    if message.to_address not in {user.email for user in takers_of([room.pk], day).get(room.pk, ())}:
        return Answer(False, f"{message.to_name} does not take the register of {room.name} on this day.")
    return Answer(True)
