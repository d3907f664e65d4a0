"""What a file of marks would enter: each mark held to the register, the roll, the calendar and the law, none written.

The same plan is made for the preview and, under the school's lock, for the writing; its digest tells whether the
register has moved between the two.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from rollcall.exchange.queries.mark_file import MarkFile, Told
from rollcall.exchange.queries.roll import Roll, Stay, stays_of
from rollcall.registers.actions import NewEntry
from rollcall.registers.models import SheetRow
from rollcall.rules import codes
from rollcall.rules.codes import MISSING, TEXT, WITH_GROUND, WITH_MINUTES, Circumstances, CodeRefused, UnknownCode
from rollcall.rules.school_age import compulsory_from, compulsory_until
from rollcall.rules.sessions import Half, SchoolYear
from rollcall.rules.tables import BadCell
from rollcall.schools.queries import SchoolFacts

CLOSED, UNMARKED, NOT_HERE = "closed", "unmarked", "not here"
PASSED_WORDS = {
    CLOSED: "on which the school was closed, and the file says so",
    UNMARKED: "without a mark in the file; nothing in the register is cleared",
    NOT_HERE: "before a pupil joined or after they left, and the file says so",
}
_NO_MARK = {MISSING, "#", "Z"}


@dataclass(frozen=True)
class MarkChange:
    """One mark that the file tells otherwise than the register."""

    name: str
    day: date
    half: Half
    was: str
    becomes: str


@dataclass
class MarkPlan:
    """What would be written. `entries` hold new marks and changes; `rows` are the sheet rows they were held against."""

    n_rows: int
    entries: list[NewEntry] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    changes: list[MarkChange] = field(default_factory=list)
    unchanged: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    bad: list[BadCell] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    rows: dict[tuple[int, int], SheetRow] = field(default_factory=dict)

    @property
    def added(self) -> int:
        """How many sessions get a mark that had none."""
        return len(self.entries) - len(self.changes)

    @property
    def changed(self) -> int:
        """How many marks that stand become others."""
        return len(self.changes)

    @property
    def passed_over(self) -> list[tuple[int, str]]:
        """How many sessions were passed over, and why."""
        return [(n, PASSED_WORDS[why]) for why, n in self.passed.items()]

    @property
    def first(self) -> list[tuple[str, date, Half, str, int | None]]:
        """The first marks that are new, for a look before they are written."""
        told = {(one.day, one.half, one.name) for one in self.changes}
        fresh = ((self.names[e.enrolment], e.day, e.half, e.code, e.minutes_late) for e in self.entries)
        return [one for one, _ in zip((f for f in fresh if (f[1], f[2], f[0]) not in told), range(10), strict=False)]

    @property
    def digest(self) -> str:
        """A name for exactly this plan."""
        told = repr([(e.enrolment, e.day, e.half, e.code, e.minutes_late) for e in self.entries])
        return hashlib.sha256(
            (told + repr([(c.name, c.day, c.half, c.was) for c in self.changes])).encode()
        ).hexdigest()


def plan_marks(file: MarkFile, facts: SchoolFacts, at: datetime) -> MarkPlan:
    """Hold a file against one school's register as it stands, in three queries."""
    plan = MarkPlan(file.n_rows, bad=list(file.bad), ignored=file.ignored)
    roll = Roll(stays_of(facts.school))
    chosen = _placed(file.told, roll, plan)
    years = {(stay.enrolment, SchoolYear.of(told.day).start) for told, stay in chosen if stay}
    plan.rows = _stored(years)
    judge = Judge(facts, at)
    seen: dict[tuple[int, date, str], Told] = {}
    for told, stay in chosen:
        _weigh(told, stay, judge, seen, plan)
    plan.bad.sort(key=lambda one: one.row)
    return plan


def _placed(told: Iterable[Told], roll: Roll, plan: MarkPlan) -> list[tuple[Told, Stay | None]]:
    """Each mark with the stay that it belongs to; None for a day before or after every stay of the pupil."""
    found = []
    said: set[tuple[int, str]] = set()
    for one in told:
        try:
            stays = roll.find(one.who)
        except LookupError as problem:
            if (one.row, str(problem)) not in said:  # once a row, not once a session of it
                said.add((one.row, str(problem)))
                who = one.who.upn or f"{one.who.last}, {one.who.first}"
                plan.bad.append(BadCell(one.row, "pupil", who, str(problem)))
            continue
        found.append((one, roll.on(stays, one.day)))
        if found[-1][1] is None and one.code not in _NO_MARK:
            plan.bad.append(BadCell(one.row, one.column, one.code, _not_on_roll(stays, one.day)))
    return found


def _not_on_roll(stays: Sequence[Stay], day: date) -> str:
    if day < stays[0].admitted:
        return f"{stays[0].name} joins on {stays[0].admitted:%-d %B %Y}; {day:%-d %B %Y} is before that."
    last = [stay for stay in stays if stay.left and stay.left < day][-1]
    return f"{last.name} left on {last.left:%-d %B %Y}; {day:%-d %B %Y} is after that."


def _weigh(
    told: Told, stay: Stay | None, judge: "Judge", seen: dict[tuple[int, date, str], Told], plan: MarkPlan
) -> None:
    if stay is None:
        if told.code in _NO_MARK:
            plan.passed[NOT_HERE] += 1
        return
    key = (stay.enrolment, told.day, told.half)
    if (earlier := seen.setdefault(key, told)) is not told:
        plan.bad.append(BadCell(told.row, told.column, told.code, _twice(stay, earlier)))
        return
    if why := judge.passed_over(told, stay):
        plan.passed[why] += 1
        return
    if problem := judge.problem(told, stay):
        plan.bad.append(BadCell(told.row, told.column, told.code, problem))
        return
    _enter(told, stay, plan)


def _twice(stay: Stay, earlier: Told) -> str:
    half = "morning" if earlier.half == "AM" else "afternoon"
    return (
        f"A second mark for {stay.name} on the {half} of {earlier.day:%-d %B %Y}; row {earlier.row} has {earlier.code}."
    )


def _enter(told: Told, stay: Stay, plan: MarkPlan) -> None:
    year = SchoolYear.of(told.day)
    row = plan.rows.get((stay.enrolment, year.start))
    column = year.column(told.day, told.half)
    was = TEXT[row.marks[column]] if row else MISSING
    minutes = row.minutes[column] if row else 0
    if (was, minutes) == (told.code, told.minutes or (minutes if told.minutes is None else 0)):
        plan.unchanged += 1
        return
    ground = "as it was in the file brought in" if told.code in WITH_GROUND else ""
    plan.entries.append(NewEntry(stay.enrolment, told.day, told.half, told.code, told.minutes, ground))
    plan.names[stay.enrolment] = stay.name
    if was != MISSING:
        before = f"{was}, {minutes} minutes" if minutes else was
        after = f"{told.code}, {told.minutes} minutes" if told.minutes else told.code
        plan.changes.append(MarkChange(stay.name, told.day, told.half, before, after))


class Judge:
    """Whether a mark can be true at a school, asked once for each different case, for a file has many alike."""

    def __init__(self, facts: SchoolFacts, at: datetime) -> None:
        self._facts, self._at = facts, at
        self._sessions: dict[tuple[date, str], tuple[bool, str]] = {}
        self._codes: dict[tuple, str] = {}
        self._ages: dict[date, tuple[date, date]] = {}
        self._shut = frozenset(one for closure in facts.closures for one in closure.classes)

    def passed_over(self, told: Told, stay: Stay) -> str:
        """Why a cell that holds no mark is passed over; empty for a mark."""
        if told.code == MISSING:
            return UNMARKED
        if told.code == "#" and not self._session(told, stay)[0]:
            return CLOSED
        return ""

    def problem(self, told: Told, stay: Stay) -> str:
        """Why a mark can't be true, in a sentence; empty where it can."""
        return self._session(told, stay)[1] or self._minutes(told) or self._code(told, stay)

    def _minutes(self, told: Told) -> str:
        if told.minutes and told.code not in WITH_MINUTES:
            return f"Minutes late go with L or U, not with {told.code}."
        return ""

    def _session(self, told: Told, stay: Stay) -> tuple[bool, str]:
        """Whether a session is open for the pupil's class, and if a mark can't stand in it, why."""
        seat = stay.seat_on(told.day) if self._shut else None
        own = seat[2] if seat and seat[2] in self._shut else None
        key = (told.day, f"{told.half}{own or ''}")
        if key not in self._sessions:
            self._sessions[key] = self._asked(told.day, told.half, own)
        return self._sessions[key]

    def _asked(self, day: date, half: Half, school_class: int | None) -> tuple[bool, str]:
        facts = self._facts
        words = f"{day:%A} {day.day} {day:%B %Y}"
        if SchoolYear.of(day).start not in facts.years:
            years = ", ".join(SchoolYear(start).label for start in facts.years)
            return True, f"{words} is in no school year of {facts.name}; its years are {years}."
        if not facts.is_open(day, half, school_class):
            closure = facts.closure_on(day, half, school_class)
            why = f" ({closure.ground})" if closure else "" if day.weekday() < 5 else " (a weekend)"
            return False, f"{facts.name} was closed on {words}{why}; there is no register to mark."
        if not facts.has_begun(day, half, self._at):
            return True, f"The register for the {_half(half)} of {words} is still to come; nothing is marked ahead."
        return True, ""

    def _code(self, told: Told, stay: Stay) -> str:
        seat = stay.seat_on(told.day)
        group = seat[4] if seat else _group_by_age(stay.born, told.day)
        age = self._age(stay.born, told.day)
        edition = self._facts.edition_on(told.day)
        key = (told.code, edition, told.half, group == 11, age, stay.traveller)
        if key not in self._codes:
            # Leave was granted, or not, where the mark was made: the file can't tell.
            case = Circumstances(told.half, group, age, stay.traveller, True, False, leave_granted=True)
            self._codes[key] = _refusal(told.code, edition, case)
        return self._codes[key]

    def _age(self, born: date, day: date) -> bool:
        if born not in self._ages:
            self._ages[born] = (compulsory_from(born), compulsory_until(born))
        first, last = self._ages[born]
        return first <= day <= last


def _refusal(code: str, edition: str, case: Circumstances) -> str:
    try:
        codes.check(code, edition, case)
    except (UnknownCode, CodeRefused) as refusal:
        return str(refusal)
    return ""


def _half(half: Half) -> str:
    return "morning" if half == "AM" else "afternoon"


def _group_by_age(born: date, day: date) -> int:
    """The year group of a child's age, for days on which they were in no class."""
    turned = SchoolYear.of(day).start - born.year - (born.month >= 9)
    return turned - 4


def _stored(wanted: set[tuple[int, int]]) -> dict[tuple[int, int], SheetRow]:
    years = {year for _, year in wanted}
    ids = sorted({enrolment for enrolment, _ in wanted})
    found: dict[tuple[int, int], SheetRow] = {}
    for start in range(0, len(ids), 5000):
        rows = SheetRow.objects.filter(enrolment__in=ids[start : start + 5000], year_start__in=years)
        found |= {(row.enrolment_id, row.year_start): row for row in rows}
    return found


def complete_registers(plan: MarkPlan, facts: SchoolFacts, stays: Sequence[Stay]) -> list[tuple[int, date, Half]]:
    """The registers (class, day, half) that the plan leaves with a mark for every pupil of the class."""
    entered = {(e.enrolment, e.day, e.half) for e in plan.entries}
    touched: set[tuple[int, date, Half]] = set()
    members: Mapping[tuple[int, date], list[int]] = defaultdict(list)
    days = sorted({day for _, day, _ in entered})
    for stay in stays:
        for day in days:
            seat = stay.seat_on(day)
            if seat and stay.admitted <= day and (stay.left is None or day <= stay.left):
                members[seat[2], day].append(stay.enrolment)
                touched |= {(seat[2], day, half) for half in ("AM", "PM") if (stay.enrolment, day, half) in entered}
    return sorted(
        (own, day, half)
        for own, day, half in touched
        if all((one, day, half) in entered or _has_mark(plan, one, day, half) for one in members[own, day])
    )


def _has_mark(plan: MarkPlan, enrolment: int, day: date, half: Half) -> bool:
    year = SchoolYear.of(day)
    row = plan.rows.get((enrolment, year.start))
    return row is not None and TEXT[row.marks[year.column(day, half)]] != MISSING
