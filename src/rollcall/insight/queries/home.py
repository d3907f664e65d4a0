"""Where people land: today at a glance, what waits for them, and which child nobody has heard of."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from rollcall.absence import queries as absence
from rollcall.absence.queries.waits import Waits
from rollcall.accounts.queries import Standing as Held
from rollcall.casework import queries as casework
from rollcall.insight.queries.group import looked_through
from rollcall.outbox.queries import to_see_to
from rollcall.registers.queries.missing import RegisterState, register_states, session_at
from rollcall.registers.queries.today import Standing, marks_now
from rollcall.registers.queries.wishes import OpenWish, open_wishes
from rollcall.rules.sessions import Half
from rollcall.schools.queries.facts import SchoolFacts, facts_of_all

RISKS = ("red", "amber", "green")


@dataclass(frozen=True)
class Glance:
    """One school in the session that is on. `unmarked` counts only pupils whose register should be in by now."""

    facts: SchoolFacts
    n_pupils: int
    n_in: int
    n_out: int
    unexplained: tuple[Standing, ...]
    unmarked: tuple[Standing, ...]
    to_come: int
    states: tuple[RegisterState, ...]
    not_looked_through: tuple[tuple[int, str], ...]
    sizes: Mapping[int, int]

    @property
    def n_unheard(self) -> int:
        """How many are out without a reason, or not marked though the register has closed."""
        return len(self.unexplained) + len(self.unmarked)

    @cached_property
    def untouched(self) -> dict[int, int]:
        """Classes whose register should be in and in which nobody is marked, with how many children."""
        late = {state.school_class for state in self.late}
        sizes = Counter(one.school_class for one in self.unmarked if one.school_class in late)
        return {room: n for room, n in sizes.items() if n == self.sizes[room]}

    @property
    def not_in(self) -> tuple[RegisterState, ...]:
        """The registers that are open or late and not handed in."""
        return tuple(state for state in self.states if state.state in ("due", "late"))

    @property
    def late(self) -> tuple[RegisterState, ...]:
        """The registers that should be in by now."""
        return tuple(state for state in self.states if state.state == "late")


@dataclass(frozen=True)
class Today:
    """The session that is on at the schools that are open; `closed` names those that are not."""

    day: date
    half: Half
    schools: tuple[Glance, ...]
    closed: tuple[str, ...]

    @property
    def unheard(self) -> list[Standing]:
        """Who is out without a reason or not marked though the register has closed, highest risk first.

        A class in which nobody is marked is one thing to see to, not thirty: of it only children at risk are named.
        """
        everyone = [
            one
            for glance in self.schools
            for one in (*glance.unexplained, *glance.unmarked)
            if one.school_class not in glance.untouched or one.risk != "green"
        ]
        return sorted(everyone, key=lambda one: (RISKS.index(one.risk), one.class_name, one.name))


def today(schools: set[int] | None, at: datetime) -> Today:
    """The session that is on at these schools (None is all), in a fixed number of queries."""
    known = facts_of_all(schools)
    day, half = session_at(known, at)
    open_now = {pk: facts for pk, facts in known.items() if facts.is_open(day, half)}
    marks = marks_now(open_now, day, half) if open_now else []
    states = register_states(open_now, day, half, at) if open_now else []
    rooms = [state.school_class for state in states]
    policies = [facts.policy_on(day) for facts in open_now.values()]
    looked = looked_through(rooms, policies[0], at) if policies else {}
    return Today(
        day=day,
        half=half,
        schools=tuple(_glance(facts, marks, states, looked, at) for facts in open_now.values()),
        closed=tuple(facts.name for pk, facts in known.items() if pk not in open_now),
    )


def _glance(
    facts: SchoolFacts, marks: Iterable[Standing], states: Sequence[RegisterState], looked: Container[int], at: datetime
) -> Glance:
    own = [one for one in marks if one.school == facts.school]
    here = tuple(state for state in states if state.school == facts.school)
    passed = {state.school_class for state in here if state.state in ("late", "in", "in late")}
    unmarked = [one for one in own if one.is_unmarked]
    late = tuple(one for one in unmarked if one.school_class in passed)
    return Glance(
        facts=facts,
        n_pupils=len(own),
        n_in=sum(one.is_in for one in own),
        n_out=sum(one.is_out for one in own),
        unexplained=tuple(one for one in own if one.is_unexplained),
        unmarked=late,
        to_come=len(unmarked) - len(late),
        states=here,
        sizes=Counter(one.school_class for one in own),
        not_looked_through=tuple((s.school_class, s.class_name) for s in here if s.school_class not in looked),
    )


@dataclass(frozen=True)
class Waiting:
    """What waits for a person: what the day asks, wishes to change a mark, what the casework says, and messages.

    messages: how many messages to families wait to be released, or did not arrive.
    """

    day: tuple[Waits, ...]
    wishes: tuple[OpenWish, ...]
    casework: tuple[casework.Waiting, ...]
    messages: int

    @property
    def nothing(self) -> bool:
        """Whether nothing waits."""
        return not (self.day or self.wishes or self.casework or self.messages)


def waits(may: Held, at: datetime) -> Waiting:
    """What waits for somebody's decision now."""
    decides = may.can_somewhere("register:decide")
    wishes = open_wishes(may.schools("register:decide")) if decides else []
    sees = may.can_somewhere("outbox:see")
    messages = to_see_to(may.schools("outbox:see")).n if sees else 0
    return Waiting(tuple(absence.waiting(may, at)), tuple(wishes), tuple(casework.waiting(may, at)), messages)
