"""What the program sees for itself of a school's day: registers, marks counted by class, and what waits for somebody.

Read once for a page, in statements whose answers are short however large the school is.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from rollcall.absence.queries.accounted import PASSED, begun, not_accounted
from rollcall.absence.queries.day_done import done_today
from rollcall.absence.queries.explained import explained_by
from rollcall.absence.queries.not_back import not_back
from rollcall.accounts.queries import takers
from rollcall.journal.by_hand import day_given, rows
from rollcall.registers.queries.missing import RegisterState, states_of_day
from rollcall.registers.queries.today import DayMarks, counts_of_day, open_marks
from rollcall.rules.codes import DECISIONS, MISSING, UNEXPLAINED
from rollcall.rules.sessions import Half
from rollcall.rules.whereabouts import IN_OUR_CARE, where
from rollcall.schools.queries import SchoolFacts

WAITED_FOR = ("due", "late")
Counts = Mapping[int, Mapping[str, int]]
"""How many pupils stand at each code, by class."""


@dataclass(frozen=True)
class NotIn:
    """A register that is not in, with the names of who takes it; none: nobody is named."""

    register: RegisterState
    takers: tuple[str, ...]

    @property
    def is_late(self) -> bool:
        """Whether it should be in by now."""
        return self.register.state == "late"


@dataclass(frozen=True)
class Numbers:
    """Where the children are by the marks of a session, and what waits for somebody.

    n_in: on the site, U among them, or at an activity. n_out: away or not expected, and it is known why.
    n_unexplained: those who are looked for: N, or no mark in a register that is over, and nothing that accounts for
    them; a class that nobody has marked is a register to be taken, and not counted. n_unmarked: no mark yet;
    n_unmarked_late: of them those whose register is over.
    n_signed_out, n_words, n_slips, n_alerts: children signed out now, messages in the inbox to clear, slips to confirm,
    alerts that nobody has acknowledged.
    """

    n_pupils: int
    n_in: int
    n_out: int
    n_unexplained: int
    n_unmarked: int
    n_unmarked_late: int
    n_signed_out: int
    n_words: int
    n_slips: int
    n_alerts: int


class Seen:
    """A school's day at a moment: `half` is the session that is on; `states` and `counts` are of those begun."""

    def __init__(self, facts: SchoolFacts, at: datetime) -> None:
        """Read it all; `at` is local to London."""
        self.facts, self.at, self.day, self.clock = facts, at, at.date(), at.time()
        on = begun(facts, self.day, at)
        halves = [half for half in on if facts.is_open(self.day, half)]
        self.half: Half = halves[-1] if halves else "AM"
        schools = {facts.school: facts}
        self.states = states_of_day(schools, self.day, halves or ["AM"], at)
        self.was_closed = [half for half in on if facts.when_begun(self.day, half) is not facts]
        counted = counts_of_day([facts.school], self.day)
        self.counts = {half: _counts(counted[half], states) for half, states in self.states.items()}
        self.waits, self.done = _waits(facts.school, self.day), done_today(facts.school, self.day)
        self.not_in = _not_in([one for states in self.states.values() for one in states], self.day)
        self.looked_for = self._looked_for()
        self.numbers = self._numbers()

    def has_begun(self, half: Half) -> bool:
        """Whether a session has begun."""
        return self.facts.has_begun(self.day, half, self.at)

    def _numbers(self) -> Numbers:
        counts = self.counts[self.half]
        of_all = sum((Counter(one) for one in counts.values()), Counter[str]())
        n_in, n_pupils = sum(n for code, n in of_all.items() if where(code) in IN_OUR_CARE), sum(of_all.values())
        return Numbers(
            n_pupils=n_pupils,
            n_in=n_in,
            n_out=n_pupils - n_in - of_all[MISSING] - of_all[UNEXPLAINED],
            n_unexplained=len(self.looked_for),
            n_unmarked=of_all[MISSING],
            n_unmarked_late=unmarked(counts, over(self.states[self.half])),
            n_signed_out=self.waits.out,
            n_words=self.waits.words,
            n_slips=self.waits.slips,
            n_alerts=self.waits.alerts,
        )

    def _looked_for(self) -> set[int]:
        """The children (by enrolment) who are not accounted for."""
        if self.was_closed:
            missing = not_accounted(self.facts, self.day, self.at)
            return {one.standing.enrolment for one in missing if one.closed or not one.is_untouched}
        return self._open() | self._whatever_their_mark()

    def _whatever_their_mark(self) -> set[int]:
        """Who is G or O though nobody decided so, and who was to be back by now: few, on few days."""
        everyone = [one for counts in self.counts.values() for one in counts.values()]
        late_back = not_back(self.facts, self.day, self.at, {}) if self.waits.to_be_back else []
        if not any(one.get(code) for one in everyone for code in DECISIONS) and not any(
            one.is_open for one in late_back
        ):
            return set()
        missing = not_accounted(self.facts, self.day, self.at)
        return {one.standing.enrolment for one in missing if one.due or one.standing.code in DECISIONS}

    def _open(self) -> set[int]:
        """Who is N, or has no mark where the register is over; the later session speaks once it says something."""
        speaking = {half: over(self.states[half]) & _touched(self.counts[half]) for half in self.states}
        if not any(one.get(UNEXPLAINED) for counts in self.counts.values() for one in counts.values()) and not any(
            unmarked(self.counts[half], rooms) for half, rooms in speaking.items()
        ):
            return set()
        found: dict[Half, list[DayMarks]] = {half: [] for half in self.states}
        for one in open_marks([self.facts.school], self.day, speaking):
            half: Half = "PM" if _speaks(one.afternoon, one.school_class in speaking.get("PM", ())) else "AM"
            open_here = one.of(half) == UNEXPLAINED or (
                one.of(half) == MISSING and one.school_class in speaking.get(half, ())
            )
            if open_here and one.school_class in self.counts.get(half, {}):
                found[half].append(one)
        return {one for half, those in found.items() for one in self._unexplained(those, half)}

    def _unexplained(self, those: list[DayMarks], half: Half) -> set[int]:
        enrolments = {one.enrolment for one in those}
        marked_n = {one.enrolment for one in those if one.of(half) == UNEXPLAINED}
        return enrolments - set(explained_by(enrolments, self.facts, self.day, half, self.at, contradicted=marked_n))


def _speaks(code: str, is_over: bool) -> bool:
    return code != MISSING or is_over


def _counts(counted: Counts, states: Collection[RegisterState]) -> Counts:
    """By class; one that is closed has no register, and nobody in it is waited for."""
    return {one.school_class: counted.get(one.school_class, {}) for one in states}


def over(states: Collection[RegisterState]) -> set[int]:
    """The classes whose register of the session is in, or should be."""
    return {one.school_class for one in states if one.state in PASSED}


def _touched(counts: Counts) -> set[int]:
    """The classes in which somebody has a mark."""
    return {room for room, one in counts.items() if set(one) - {MISSING}}


def unmarked(counts: Counts, classes: Collection[int]) -> int:
    """How many children of some classes have no mark."""
    return sum(one.get(MISSING, 0) for room, one in counts.items() if room in classes)


def _not_in(states: Collection[RegisterState], day: date) -> tuple[NotIn, ...]:
    left = [one for one in states if one.state in WAITED_FOR]
    held = takers([one.school_class for one in left], day) if left else {}
    return tuple(NotIn(one, tuple(taker.name for taker in held.get(one.school_class, []))) for one in left)


# By hand, for one statement instead of eight: every change is drawn anew.
_OF_SCHOOL = "JOIN schools_enrolment e ON e.id = x.enrolment_id AND e.school_id = %s"
_COUNTED = (
    f"absence_slip x {_OF_SCHOOL} WHERE x.day = %s AND x.withdrawn_id IS NULL",
    f"absence_slip x {_OF_SCHOOL} WHERE x.day = %s AND x.withdrawn_id IS NULL AND x.confirmed_id IS NULL",
    f"absence_outing x {_OF_SCHOOL} WHERE x.day = %s AND x.withdrawn_id IS NULL AND x.back_at IS NULL",
    f"""absence_outing x {_OF_SCHOOL} WHERE x.day = %s AND x.withdrawn_id IS NULL AND x.back_id IS NULL
        AND x.back_due IS NOT NULL""",
    f"absence_report x {_OF_SCHOOL} WHERE x.last_day = %s AND x.withdrawn_id IS NULL AND x.back_at IS NOT NULL",
    "absence_word x WHERE x.school_id = %s AND x.cleared_id IS NULL",
    # An alert is about a child, or about a class.
    """absence_alert x LEFT JOIN schools_enrolment e ON e.id = x.enrolment_id
        LEFT JOIN schools_schoolclass c ON c.id = x.school_class_id
        WHERE COALESCE(e.school_id, c.school_id) = %s AND x.acknowledged_id IS NULL AND x.closed_id IS NULL""",
    f"registers_changerequest x {_OF_SCHOOL} WHERE x.decided_id IS NULL",
)
_WAITS = "SELECT " + ", ".join(f"(SELECT count(*) FROM {one})" for one in _COUNTED)


class _Waits(NamedTuple):
    """What is counted of a day. filled, slips: late slips, and those to confirm; out: signed out and not back; leaving,
    appointments: who is to be back at a time; words: messages to clear; alerts: to acknowledge; wishes: to decide.
    """

    filled: int
    slips: int
    out: int
    leaving: int
    appointments: int
    words: int
    alerts: int
    wishes: int

    @property
    def to_be_back(self) -> bool:
        """Whether anybody is to be back at a time of the day."""
        return bool(self.leaving or self.appointments)


def _waits(school: int, day: date) -> _Waits:
    given = [value for one in _COUNTED for value in ((school, day_given(day)) if "day = " in one else (school,))]
    return _Waits(*rows(_WAITS, given)[0])
