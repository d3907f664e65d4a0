"""What a file of marks would enter: each mark held to the register, the roll, the calendar and the law, none written.

The same plan is made for the preview and, under the school's lock, for the writing; its digest tells whether the
register has moved between the two.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from rollcall.exchange.queries.mark_file import MarkFile, Part, Told, Who
from rollcall.exchange.queries.mark_judge import CLOSED, NO_MARK, NOT_HERE, UNMARKED, Judge, half_words
from rollcall.exchange.queries.roll import Roll, Stay, stays_of
from rollcall.exchange.queries.trouble import together
from rollcall.registers.actions import NewEntry
from rollcall.registers.models import SheetRow
from rollcall.rules.codes import MISSING, TEXT, WITH_GROUND
from rollcall.rules.sessions import Half, SchoolYear
from rollcall.rules.tables import BadCell
from rollcall.schools.queries import SchoolFacts

PASSED_WORDS = {
    CLOSED: "on which the school was closed, and the file says so",
    UNMARKED: "without a mark in the file; nothing in the register is cleared",
    NOT_HERE: "before a pupil joined or after they left, and the file says so",
}


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
    judge, asked = Judge(facts, at), _Asked(roll, plan)
    chosen = _placed(file.told, asked, judge)
    years = {(stay.enrolment, SchoolYear.of(told.day).start) for told, stay in chosen if stay}
    plan.rows = _stored(years)
    seen: dict[tuple[int, date, str], Told] = {}
    for told, stay in chosen:
        _weigh(told, stay, judge, seen, plan)
    for part in file.parts:
        _look_over(part, asked, judge)
    plan.bad = together(plan.bad)
    return plan


class _Asked:
    """Whom rows mean; a pupil whom nobody knows is named once a row, not once for each of its sessions."""

    def __init__(self, roll: Roll, plan: MarkPlan) -> None:
        self._roll, self._bad = roll, plan.bad
        self._said: set[tuple[int, str]] = set()

    def stays(self, row: int, who: Who) -> list[Stay]:
        """The stays of the pupil of a row, none where nobody knows them."""
        try:
            return self._roll.find(who)
        except LookupError as problem:
            if (row, str(problem)) not in self._said:
                self._said.add((row, str(problem)))
                self._bad.append(BadCell(row, "pupil", who.upn or f"{who.last}, {who.first}", str(problem)))
            return []

    def stay(self, told: Told | Part, stays: Sequence[Stay]) -> Stay | None:
        """The stay that a mark's day lies in; None before or after every stay of the pupil, which a mark may not be."""
        found = Roll.on(stays, told.day) if told.day else None
        if found is None and told.day and told.code not in NO_MARK:
            self.bad(told, _not_on_roll(stays, told.day))
        return found

    def bad(self, told: Told | Part, problem: str) -> None:
        """Name a mark's cell, where there is anything to say of it."""
        if problem:
            self._bad.append(BadCell(told.row, told.column, told.code or "", problem))


def _placed(told: Iterable[Told], asked: _Asked, judge: Judge) -> list[tuple[Told, Stay | None]]:
    """Each mark of a pupil who is known with the stay that it belongs to, if any; of others what else is wrong."""
    found = []
    for one in told:
        stays = asked.stays(one.row, one.who)
        stay = asked.stay(one, stays) if stays else None
        if stays:
            found.append((one, stay))
        if stay is None:
            asked.bad(one, judge.problems(one, None))
    return found


def _look_over(part: Part, asked: _Asked, judge: Judge) -> None:
    """Name what is wrong with a mark beside the cell that could not be read."""
    stays = asked.stays(part.row, part.who) if part.who else []
    asked.bad(part, judge.problems(part, asked.stay(part, stays) if stays else None))


def _not_on_roll(stays: Sequence[Stay], day: date) -> str:
    if day < stays[0].admitted:
        return f"{stays[0].name} joins on {stays[0].admitted:%-d %B %Y}; {day:%-d %B %Y} is before that."
    last = [stay for stay in stays if stay.left and stay.left < day][-1]
    return f"{last.name} left on {last.left:%-d %B %Y}; {day:%-d %B %Y} is after that."


def _weigh(
    told: Told, stay: Stay | None, judge: "Judge", seen: dict[tuple[int, date, str], Told], plan: MarkPlan
) -> None:
    if stay is None:
        if told.code in NO_MARK:
            plan.passed[NOT_HERE] += 1
        return
    key = (stay.enrolment, told.day, told.half)
    twice = _twice(stay, earlier) if (earlier := seen.setdefault(key, told)) is not told else ""
    if not twice and (why := judge.passed_over(told, stay)):
        plan.passed[why] += 1
        return
    if problem := " ".join(filter(None, [twice, judge.problems(told, stay)])):
        plan.bad.append(BadCell(told.row, told.column, told.code, problem))
        return
    _enter(told, stay, plan)


def _twice(stay: Stay, earlier: Told) -> str:
    half, day = half_words(earlier.half), f"{earlier.day:%-d %B %Y}"
    return f"A second mark for {stay.name} on the {half} of {day}; row {earlier.row} has {earlier.code}."


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
