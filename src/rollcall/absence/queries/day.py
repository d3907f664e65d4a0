"""A school's day on one page: the list of appendix 6 as it stands, and the numbers that matter beside it (A6-a).

What the program can see by itself is read from what happened; the rest is what a person has ticked.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Max, Q

from rollcall.absence.models import Alert, Call, FriendlyCall, KeptReport, Outing, Slip, StepDone, Word
from rollcall.absence.queries.times import times_on
from rollcall.accounts.queries import takers
from rollcall.registers.queries.missing import RegisterState, register_states
from rollcall.registers.queries.today import counts_now, is_in, marks_now
from rollcall.rules import day_list
from rollcall.rules.codes import MISSING, TEXT
from rollcall.rules.day_list import DayLine, State
from rollcall.rules.sessions import HALVES, Half
from rollcall.rules.whereabouts import is_away
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON

HANDED_IN = ("in", "in late")
WAITED_FOR = ("due", "late")
AWAY = tuple(code for code in TEXT if code and is_away(code))
UNEXPLAINED = "N"


@dataclass(frozen=True)
class Done:
    """Who did a thing and when; `what`, of several, which."""

    who: str
    at: datetime
    what: str = ""


@dataclass(frozen=True)
class NotIn:
    """A register that is not in, by its class's name, with who takes it; none: nobody is named."""

    register: RegisterState
    takers: tuple[str, ...]

    @property
    def is_late(self) -> bool:
        """Whether it should be in by now."""
        return self.register.state == "late"


@dataclass(frozen=True)
class Numbers:
    """Where the children are by the marks of a session. n_unmarked_late: of the unmarked, those whose register is over.

    n_signed_out, n_words, n_slips, n_alerts: children signed out now, words in the inbox not cleared, slips that wait
    to be confirmed, alerts that nobody has acknowledged.
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
    """The whole page. half: the session that the numbers are of. n_passed: lines whose time has come."""

    facts: SchoolFacts
    at: datetime
    half: Half
    numbers: Numbers
    not_in: tuple[NotIn, ...]
    steps: tuple[Step, ...]

    @property
    def day(self) -> date:
        """The day."""
        return self.at.date()

    @property
    def n_passed(self) -> int:
        """How many lines' times have come: "now" stands after them."""
        return sum(step.line.at <= self.at.time() for step in self.steps)


def is_school_day(facts: SchoolFacts, day: date) -> bool:
    """Whether the school is open in some part of a day."""
    return any(facts.is_open(day, half) for half in HALVES)


def day_page(facts: SchoolFacts, at: datetime) -> Day:
    """The day of a school at a moment, in a fixed number of statements.

    Raises LookupError, with a sentence, for a school that has no times or no policy yet.
    """
    at = at.astimezone(LONDON)
    seen = _Seen(facts, at)
    lines = day_list.day_list(facts.policy_on(seen.day), times_on(facts, seen.day))
    if not facts.is_open(seen.day, "AM"):
        lines = tuple(line for line in lines if line.at >= facts.times_on(seen.day).pm_opens)
    ticks = _ticks(facts.school, seen.day)
    steps = tuple(seen.step(line) if line.is_seen else _ticked(line, seen.clock, ticks) for line in lines)
    return Day(facts, at, seen.half, seen.numbers, seen.not_in, steps)


class _Seen:
    """What the program sees for itself of a day, read once."""

    def __init__(self, facts: SchoolFacts, at: datetime) -> None:
        self.facts, self.at = facts, at
        self.day, self.clock = at.date(), at.time()
        schools = {facts.school: facts}
        begun = [half for half in HALVES if facts.is_open(self.day, half) and facts.has_begun(self.day, half, at)]
        self.half: Half = begun[-1] if begun else "AM"
        self.states = {half: register_states(schools, self.day, half, at) for half in begun or ["AM"]}
        # A class that is closed has no register, and nobody in it is waited for.
        counted = {half: counts_now(schools, self.day, half) for half in self.states}
        self.counts = {
            half: {one.school_class: counted[half].get(one.school_class, {}) for one in states}
            for half, states in self.states.items()
        }
        self.slips = _slips(facts.school, self.day)
        self.not_in = _not_in([one for states in self.states.values() for one in states], self.day)
        self.numbers = self._numbers()

    def _numbers(self) -> Numbers:
        counts, over = self.counts[self.half], _over(self.states[self.half])
        all_of = sum((Counter(one) for one in counts.values()), Counter[str]())
        n_in, n_unmarked = sum(n for code, n in all_of.items() if is_in(code)), all_of[MISSING]
        n_pupils, n_unexplained = sum(all_of.values()), all_of[UNEXPLAINED]
        school = {"enrolment__school": self.facts.school}
        return Numbers(
            n_pupils=n_pupils,
            n_in=n_in,
            n_out=n_pupils - n_in - n_unmarked - n_unexplained,
            n_unexplained=n_unexplained,
            n_unmarked=n_unmarked,
            n_unmarked_late=_unmarked(counts, over),
            n_signed_out=Outing.objects.filter(
                day=self.day, back_at__isnull=True, withdrawn__isnull=True, **school
            ).count(),
            n_words=Word.objects.filter(school=self.facts.school, cleared__isnull=True).count(),
            n_slips=self.slips[1],
            n_alerts=Alert.objects.filter(acknowledged__isnull=True, closed__isnull=True, **school).count(),
        )

    def step(self, line: DayLine) -> Step:
        """A line that nobody ticks."""
        ways = {
            day_list.LATE_SLIPS: self._late_slips,
            day_list.REGISTERS: lambda _: self._registers("AM"),
            day_list.AFTERNOON: lambda _: self._registers("PM"),
            day_list.CLOSE: lambda line: (self.clock >= line.at, (), ()),
            day_list.REPORT: lambda _: self._report(),
            day_list.CALLS: self._calls,
            day_list.FRIENDLY: self._friendly,
        }
        is_done, done, notes = ways[line.id](line)
        return Step(line, line.state(self.clock, is_done), tuple(done), tuple(notes))

    def _late_slips(self, line: DayLine) -> "Stands":
        filled, waiting = self.slips
        notes = [f"{filled} filled in."] if filled else []
        if waiting:
            notes.append(f"{_n(waiting, 'slip waits', 'slips wait')} for an adult to confirm.")
        return self.clock >= line.late_at and not waiting, [], notes

    def _registers(self, half: Half) -> "Stands":
        states = self.states.get(half, [])
        done = [Done(one.by, one.handed_at, one.class_name) for one in states if one.handed_at]
        left = [one for one in self.not_in if one.register.half == half]
        named = "; ".join(f"{one.register.class_name}, {' and '.join(one.takers) or 'nobody named'}" for one in left)
        notes = [f"{len(done)} of {len(states)} in."] if states else []
        return (
            bool(states) and not left and self._has_begun(half),
            done,
            [*notes, *([f"Not in: {named}."] * bool(left))],
        )

    def _has_begun(self, half: Half) -> bool:
        return self.facts.has_begun(self.day, half, self.at)

    def _report(self) -> "Stands":
        kept = KeptReport.objects.filter(school=self.facts.school, day=self.day).select_related("deed").first()
        return kept is not None, [Done(kept.deed.name, kept.deed.at)] if kept else [], []

    def _calls(self, line: DayLine) -> "Stands":
        """Until the afternoon register closes it is the morning's children who are looked for."""
        half: Half = "PM" if "PM" in self.states and self.at >= self.facts.closes_at(self.day, "PM") else "AM"
        counts = self.counts.get(half, {})
        left = sum(one.get(UNEXPLAINED, 0) for one in counts.values())
        unmarked = _unmarked(counts, _over(self.states.get(half, [])))
        notes = [f"{_n(left, 'child', 'children')} without a reason."] if left else []
        if unmarked:
            notes.append(f"{_n(unmarked, 'child', 'children')} not marked, though the register has closed.")
        return self.clock >= line.at and not left and not unmarked, _callers(self.facts.school, self.day), notes

    def _friendly(self, line: DayLine) -> "Stands":
        if self.clock < line.at:
            return False, [], []
        away = {one.enrolment for one in marks_now([self.facts.school], self.day, self.half, AWAY)}
        calls = FriendlyCall.objects.filter(enrolment__school=self.facts.school, day=self.day)
        made = list(calls.order_by("id").values_list("enrolment_id", "outcome", "deed__name", "deed__at"))
        left = len(away - {enrolment for enrolment, outcome, *_ in made if outcome != "no_answer"})
        notes = [f"{_n(left, 'family', 'families')} still to call."] if left else []
        return not left, _by_person([(who, at) for *_, who, at in made]), notes


Stands = tuple[bool, Sequence[Done], Sequence[str]]
"""Whether a line is done, by whom, and what is to be said of it."""


def _over(states: Sequence[RegisterState]) -> set[int]:
    """The classes whose register of the session is in, or should be."""
    return {one.school_class for one in states if one.state in ("late", *HANDED_IN)}


def _unmarked(counts: dict[int, dict[str, int]], classes: set[int]) -> int:
    return sum(one.get(MISSING, 0) for room, one in counts.items() if room in classes)


def _not_in(states: Sequence[RegisterState], day: date) -> tuple[NotIn, ...]:
    left = [one for one in states if one.state in WAITED_FOR]
    held = takers([one.school_class for one in left], day) if left else {}
    return tuple(NotIn(one, tuple(taker.name for taker in held.get(one.school_class, []))) for one in left)


def _slips(school: int, day: date) -> tuple[int, int]:
    """How many slips of a day were filled in, and how many of them wait for somebody to confirm them."""
    rows = Slip.objects.filter(enrolment__school=school, day=day, withdrawn__isnull=True)
    found = rows.aggregate(filled=Count("id"), waiting=Count("id", filter=Q(confirmed__isnull=True)))
    return found["filled"], found["waiting"]


def _callers(school: int, day: date) -> list[Done]:
    """Who made calls on a day, with how many and when the last one was."""
    calls = Call.objects.filter(enrolment__school=school, day=day).values("deed__name").order_by("deed__name")
    rows = calls.annotate(n=Count("id"), last=Max("deed__at")).values_list("deed__name", "n", "last")
    return [Done(who, last, _n(n, "call", "calls")) for who, n, last in rows]


def _by_person(made: Sequence[tuple[str, datetime]]) -> list[Done]:
    n, last = Counter(who for who, _ in made), dict(made)
    return [Done(who, last[who], _n(n[who], "call", "calls")) for who in sorted(n)]


def _ticks(school: int, day: date) -> dict[str, list[StepDone]]:
    ticks: dict[str, list[StepDone]] = {}
    for tick in StepDone.objects.filter(school=school, day=day).select_related("deed").order_by("id"):
        ticks.setdefault(tick.step, []).append(tick)
    return ticks


def _ticked(line: DayLine, clock: time, ticks: dict[str, list[StepDone]]) -> Step:
    mine = ticks.get(line.id, [])
    stands = next((tick for tick in mine if tick.undone_id is None), None)
    done = (Done(stands.deed.name, stands.deed.at),) if stands else ()
    return Step(line, line.state(clock, stands is not None), done, (), len(mine), stands.pk if stands else None)


def _n(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
