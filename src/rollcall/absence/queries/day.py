"""A school's day on one page: the list of appendix 6 as it stands, and the numbers that matter beside it (A6-a).

What the program can see by itself is read from what happened; the rest is what a person has ticked.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rollcall.absence.models import FriendlyCall
from rollcall.absence.queries.day_seen import NotIn, Numbers, Seen, over, unmarked
from rollcall.absence.queries.times import times_on
from rollcall.registers.queries.today import marks_now
from rollcall.rules import day_list
from rollcall.rules.codes import BYTE, MISSING
from rollcall.rules.day_list import DayLine, State
from rollcall.rules.sessions import Half
from rollcall.rules.whereabouts import is_away
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON

AWAY = tuple(code for code in BYTE if code != MISSING and is_away(code))


@dataclass(frozen=True)
class Done:
    """Who did a thing and when; `what`, of several, which."""

    who: str
    at: datetime
    what: str = ""


@dataclass(frozen=True)
class Step:
    """A line of the list as it stands: by whom it was done, what is still open, in sentences.

    turn: how often it was ticked before, by which a second press of the same button is known. row: the tick that
    stands, or None.
    """

    line: DayLine
    state: State
    done: tuple[Done, ...] = ()
    notes: tuple[str, ...] = ()
    turn: int = 0
    row: int | None = None


@dataclass(frozen=True)
class Day:
    """The whole page. half: the session that the numbers are of; n_wishes: changes of marks that are asked for."""

    facts: SchoolFacts
    at: datetime
    half: Half
    numbers: Numbers
    not_in: tuple[NotIn, ...]
    steps: tuple[Step, ...]
    n_wishes: int = 0

    @property
    def n_passed(self) -> int:
        """How many lines' times have come: "now" stands after them."""
        return sum(step.line.at <= self.at.time() for step in self.steps)


def day_page(facts: SchoolFacts, at: datetime) -> Day:
    """The day of a school at a moment, in a fixed number of statements.

    Raises LookupError, with a sentence, for a school that has no times or no policy yet.
    """
    at = at.astimezone(LONDON)
    seen = Seen(facts, at)
    lines = day_list.day_list(facts.policy_on(seen.day), times_on(facts, seen.day))
    if not facts.is_open(seen.day, "AM"):
        # Closed after it had begun: whoever was missing then is still to be found.
        left = day_list.CALLS if "AM" in seen.was_closed else ""
        lines = tuple(one for one in lines if one.at >= facts.times_on(seen.day).pm_opens or one.id == left)
    steps = tuple(_seen(line, seen) if line.is_seen else _ticked(line, seen) for line in lines)
    return Day(facts, at, seen.half, seen.numbers, seen.not_in, steps, seen.waits.wishes)


Stands = tuple[bool, Sequence[Done], Sequence[str]]
"""Whether a line is done, by whom, and what is to be said of it."""


def _seen(line: DayLine, seen: Seen) -> Step:
    """A line that nobody ticks."""
    is_done, done, notes = _WAYS[line.id](line, seen)
    return Step(line, line.state(seen.clock, is_done), tuple(done), tuple(notes))


def _late_slips(line: DayLine, seen: Seen) -> Stands:
    notes = [f"{seen.waits.filled} filled in."] if seen.waits.filled else []
    if seen.waits.slips:
        notes.append(f"{_n(seen.waits.slips, 'slip waits', 'slips wait')} for an adult to confirm.")
    return seen.clock >= line.late_at and not seen.waits.slips, [], notes


def _registers(line: DayLine, seen: Seen) -> Stands:
    half: Half = "PM" if line.id == day_list.AFTERNOON else "AM"
    states = seen.states.get(half, [])
    done = [Done(one.by, one.handed_at, one.class_name) for one in states if one.handed_at]
    left = [one for one in seen.not_in if one.register.half == half]
    notes = [f"{len(done)} of {len(states)} in."] if states else []
    if left:
        named = (f"{one.register.class_name}, {' and '.join(one.takers) or 'nobody named'}" for one in left)
        notes.append(f"Not in: {'; '.join(named)}.")
    return bool(states) and not left and seen.has_begun(half), done, notes


def _closed(line: DayLine, seen: Seen) -> Stands:
    return seen.clock >= line.at, [], []


def _report(line: DayLine, seen: Seen) -> Stands:
    done = [Done(who, at) for who, at in seen.done.kept]
    return bool(done), done, []


def _calls(line: DayLine, seen: Seen) -> Stands:
    """Done when its time has come and nobody is looked for; a class that nobody has marked is to be seen to first."""
    untaken = unmarked(seen.counts[seen.half], over(seen.states[seen.half]))
    left = len(seen.looked_for)
    notes = [f"{_n(left, 'child', 'children')} not accounted for."] if left else []
    if untaken:
        notes.append(f"{_n(untaken, 'child', 'children')} not marked, though the register has closed.")
    callers = [Done(who, last, _n(n, "call", "calls")) for who, n, last in seen.done.calls]
    return seen.clock >= line.at and not left and not untaken, callers, notes


def _friendly(line: DayLine, seen: Seen) -> Stands:
    if seen.clock < line.at:
        return False, [], []
    listed = marks_now([seen.facts.school], seen.day, seen.half, (*AWAY, MISSING))
    away = {one.enrolment for one in listed if not one.is_unmarked}
    unmarked_n = sum(one.is_unmarked and one.school_class in seen.counts[seen.half] for one in listed)
    calls = FriendlyCall.objects.filter(enrolment__school=seen.facts.school, day=seen.day)
    made = list(calls.order_by("id").values_list("enrolment_id", "outcome", "deed__name", "deed__at"))
    left = len(away - {enrolment for enrolment, outcome, *_ in made if outcome != "no_answer"})
    notes = [f"{_n(left, 'family', 'families')} still to call."] if left else []
    if unmarked_n:
        notes.append(f"{_n(unmarked_n, 'child', 'children')} not marked: settle that first.")
    return not (left or unmarked_n), _by_person([(who, at) for *_, who, at in made]), notes


_WAYS = {
    day_list.LATE_SLIPS: _late_slips,
    day_list.REGISTERS: _registers,
    day_list.AFTERNOON: _registers,
    day_list.CLOSE: _closed,
    day_list.REPORT: _report,
    day_list.CALLS: _calls,
    day_list.FRIENDLY: _friendly,
}


def _by_person(made: Sequence[tuple[str, datetime]]) -> list[Done]:
    n, last = Counter(who for who, _ in made), dict(made)
    return [Done(who, last[who], _n(n[who], "call", "calls")) for who in sorted(n)]


def _ticked(line: DayLine, seen: Seen) -> Step:
    mine = seen.done.ticks.get(line.id, [])
    stands = next((tick for tick in mine if tick.stands), None)
    done = (Done(stands.who, stands.at),) if stands else ()
    state = line.state(seen.clock, stands is not None)
    return Step(line, state, done, (), len(mine), stands.row if stands else None)


def _n(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
