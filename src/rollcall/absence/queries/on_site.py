"""Which pupils are on the site now, by class: from their marks, under whatever closure, and what happened since.

Nobody is taken to be safe by assumption: who has no mark, or N, is not accounted for and is to be looked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.models import ActivityCheck, Outing, Slip
from rollcall.accounts.templatetags.words import clock
from rollcall.registers.queries.known_ahead import Expected, expected_now
from rollcall.registers.queries.missing import register_states
from rollcall.registers.queries.today import DayMarks, marks_of_day
from rollcall.rules.codes import MISSING, UNEXPLAINED
from rollcall.rules.sessions import Half
from rollcall.rules.traces import Because, Gone, Traces, where_is
from rollcall.rules.whereabouts import Where
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class Child:
    """One pupil: where, by which mark (`-` for none), and in words what else says so."""

    enrolment: int
    name: str
    where: Where
    because: Because
    code: str
    words: str = ""

    @property
    def is_here(self) -> bool:
        """Whether the child is on the site."""
        return self.where is Where.ON_SITE

    @property
    def is_unknown(self) -> bool:
        """Whether nobody knows, so that the child is to be looked for."""
        return self.where is Where.UNKNOWN


@dataclass(frozen=True)
class Room:
    """A class with its children by name. closed: why it has no school today, where it has none."""

    name: str
    children: tuple[Child, ...]
    by_morning: bool
    closed: str = ""

    @property
    def here(self) -> list[Child]:
        """Who is on the site."""
        return [child for child in self.children if child.is_here]

    @property
    def unknown(self) -> list[Child]:
        """Whom to look for."""
        return [child for child in self.children if child.is_unknown]

    @property
    def elsewhere(self) -> list[Child]:
        """Who is away, signed out, or at an activity."""
        return [child for child in self.children if not child.is_here and not child.is_unknown]


@dataclass(frozen=True)
class OnSite:
    """The whole list as it was at a moment."""

    facts: SchoolFacts
    at: datetime
    rooms: tuple[Room, ...]
    afternoon_begun: bool

    def n(self, where: Where) -> int:
        """How many are somewhere."""
        return sum(child.where is where for room in self.rooms for child in room.children)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many are where, in words, the site first."""
        return [(where.value, self.n(where)) for where in Where]

    @property
    def by_morning(self) -> list[str]:
        """The classes for which the afternoon register has not said yet."""
        return [room.name for room in self.rooms if room.by_morning]

    @property
    def is_over(self) -> bool:
        """Whether the school day has ended, so that children may have gone home."""
        return self.at >= self.facts.moment(self.at.date(), self.facts.times_on(self.at.date()).day_ends)


def on_site(facts: SchoolFacts, at: datetime) -> OnSite:
    """Where every pupil of a school is at a moment, in a handful of statements.

    Raises LookupError, with a sentence, for a school that has no times yet.
    """
    at = at.astimezone(LONDON)
    day, times = at.date(), facts.times_on(at.date())
    begun = at >= facts.moment(day, times.pm_opens)
    marks = marks_of_day([facts.school], day)
    half: Half = "PM" if begun else "AM"
    states = register_states({facts.school: facts}, day, half, at)
    handed = {one.school_class for one in states if one.handed_at is not None} if begun else set()
    happened = _Happened(facts, day, half, any(_last(one, handed, begun) in _UNSAID for one in marks))
    children: dict[int, list[Child]] = defaultdict(list)
    for one in marks:
        traces = Traces(
            morning=one.morning,
            afternoon=one.afternoon,
            morning_at=facts.moment(day, times.am_due),
            afternoon_at=facts.moment(day, times.pm_due),
            afternoon_begun=begun,
            afternoon_is_in=one.school_class in handed,
            outings=[Gone(gone.out_at, gone.back_at) for gone in happened.outings.get(one.enrolment, ())],
            arrivals=[slip.arrived_at for slip in happened.arrived.get(one.enrolment, ())],
            at_door=one.enrolment in happened.at_door,
            missed=one.enrolment in happened.missed,
        )
        where, because = where_is(traces)
        code = _last(one, handed, begun)
        words = happened.words(one.enrolment, because, code)
        children[one.school_class].append(Child(one.enrolment, one.name, where, because, code, words))
    names = {one.school_class: one.class_name for one in marks}
    rooms = [_room(facts, day, half, pk, names[pk], found) for pk, found in children.items()]
    return OnSite(facts, at, tuple(rooms), begun)


_UNSAID = (MISSING, UNEXPLAINED)


def _last(one: DayMarks, handed: set[int], begun: bool) -> str:
    """The mark that speaks: the afternoon's where there is one, or its register is in."""
    if one.afternoon != MISSING or (begun and one.school_class in handed):
        return one.afternoon
    return one.morning


def _room(facts: SchoolFacts, day: date, half: Half, pk: int, name: str, children: Iterable[Child]) -> Room:
    found = tuple(children)
    closure = None if facts.is_open(day, half, pk) else facts.closure_on(day, half, pk)
    by_morning = any(child.because is Because.MORNING for child in found)
    return Room(name, found, by_morning, closure.ground if closure else "")


class _Happened:
    """What happened on a day beside the marks, by enrolment."""

    def __init__(self, facts: SchoolFacts, day: date, half: Half, unsaid: bool) -> None:
        here = {"enrolment__school": facts.school, "day": day, "withdrawn__isnull": True}
        self.outings = _by_enrolment(Outing.objects.filter(**here).order_by("out_at", "id"))
        slips = list(Slip.objects.filter(**here).order_by("arrived_at", "id"))
        self.arrived = _by_enrolment(slip for slip in slips if slip.confirmed_id)
        self.at_door = {slip.enrolment_id: slip for slip in slips if not slip.confirmed_id}
        self.missed = _missed(facts.school, day, half)
        self.expected: Mapping[int, Expected] = expected_now(None, day, half, facts) if unsaid else {}

    def words(self, enrolment: int, because: Because, code: str) -> str:
        """What says where a child is, and what to do about it, in words; nothing where the mark says all."""
        out = self.outings.get(enrolment, [])
        if because is Because.OUT:
            gone = next(one for one in reversed(out) if one.back_at is None)
            return f"signed out at {_clock(gone.out_at)}, with {gone.collector}"
        if because is Because.BACK:
            return f"signed back in at {_clock(max(one.back_at for one in out if one.back_at))}"
        if because is Because.CONFLICT:
            gone = next(one for one in out if one.back_at is None)
            return f"signed out at {_clock(gone.out_at)} and marked present later: look for the child"
        if because is Because.ARRIVED:
            return f"came in at {_clock(self.arrived[enrolment][-1].arrived_at)}"
        if because is Because.DOOR:
            entered = _clock(self.at_door[enrolment].arrived_at)
            return f"entered at the door at {entered}, not confirmed: look for the child"
        if because is Because.MISSED:
            return f"marked at an activity, but {self.missed[enrolment]} said not there: look for the child"
        if code not in _UNSAID:
            return ""
        said = "no mark" if code == MISSING else "marked N"
        expected = self.expected.get(enrolment)
        return f"{said}; expected to be away: {expected.ground}" if expected else said


def _clock(at: datetime) -> str:
    return clock(at.astimezone(LONDON))


def _by_enrolment(rows: Iterable) -> dict[int, list]:
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(row.enrolment_id, []).append(row)
    return found


def _missed(school: int, day: date, half: Half) -> dict[int, str]:
    """Who was last said not to be at an activity in a session, and by whom."""
    rows = ActivityCheck.objects.filter(
        day=day,
        half=half,
        place__expectation__enrolment__school=school,
        place__expectation__withdrawn__isnull=True,
        place__activity__withdrawn__isnull=True,
    ).order_by("id")
    said = {
        pk: (there, who) for pk, there, who in rows.values_list("place__expectation__enrolment", "there", "said_by")
    }
    return {pk: who for pk, (there, who) in said.items() if not there}
