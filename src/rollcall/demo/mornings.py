"""What people do on a school day, minute by minute: parents ring, registers are taken, children come late.

Plain values, worked out from the year's plan alone: the builder plays them for the last ten school days, and moving the
demo's clock plays the ones that lie between. `key` is the deed's own, so that playing twice changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from rollcall.demo.absences import Cell, Session, open_sessions, year_at
from rollcall.demo.families import BY_SLUG, PLACES, chance
from rollcall.demo.roster import Child, classes_in, roster_of
from rollcall.demo.steps import Mark, Step, moment
from rollcall.demo.terms import school_days
from rollcall.rules.codes import PRESENT_CODE
from rollcall.rules.sessions import Half, SchoolYear
from rollcall.rules.working_days import working_day_after

GATE = {"hamsey": time(8, 40), "plumpton": time(8, 40), "barcombe": time(8, 45), "iford-and-kingston": time(8, 45)}
WORKING_DAYS_FOR_N = 5
GROUNDS = {
    "I": ("A cold and a temperature", "Sick in the night", "A tummy bug", "An ear infection", "A bad cough"),
    "M": ("Dentist", "Hospital appointment", "Optician", "Speech therapy clinic"),
    "C": ("A funeral in the family", "A wedding abroad", "A music examination"),
    "H": ("Forces parent home on leave",),
    "G": ("Holiday, asked for and not granted; the family has the answer",),
    "R": ("Keeping the feast at home",),
    "T": ("The family is travelling for work",),
    "O": ("No reason was given within 5 working days",),
    "U": ("Arrived after the register had closed",),
}
AHEAD = "CGHRT"
REPORTED = {"I": "illness", "M": "appointment"}
"""Codes of which a family rings on each day away, and the policy's reason for each (3.7-a)."""
WHY_LATE = ("overslept", "traffic", "bus", "upset", "family")


@dataclass(frozen=True)
class _Known:
    """When the office learns why a child is away, and what the parent says; `at` None where nobody ever says.

    `ahead` is the first session of the spell that was still to come at that time.
    """

    at: datetime | None
    ground: str
    told_by: str
    ahead: Session | None
    last: Session


def steps_between(after: datetime, upto: datetime, roster_start: int, slugs: tuple[str, ...]) -> list[Step]:
    """Every step later than `after` and not later than `upto`, in the order of the clock."""
    found = []
    day = after.date() - timedelta(days=21)
    while day <= upto.date() + timedelta(days=10):
        found += [s for slug in slugs for s in steps_of_day(slug, day, roster_start) if after < s.at <= upto]
        day += timedelta(days=1)
    return sorted(found, key=_order)


def steps_of_days(days: list[date], upto: datetime, roster_start: int, slugs: tuple[str, ...]) -> list[Step]:
    """Every step that belongs to some days' sessions, up to a moment: what parents said before those days as well."""
    found = [s for day in days for slug in slugs for s in steps_of_day(slug, day, roster_start)]
    return sorted({s.key: s for s in found if s.at <= upto}.values(), key=_order)


def _order(step: Step) -> tuple[datetime, str]:
    return step.at, step.key


@cache
def steps_of_day(slug: str, day: date, roster_start: int) -> tuple[Step, ...]:
    """The steps that a school's registers of one day bring about, on that day and (what is learnt later) after it."""
    start = SchoolYear.of(day).start
    if start not in (roster_start - 1, roster_start) or day not in school_days(start, slug):
        return ()
    groups = classes_in(BY_SLUG[slug], roster_of(roster_start), start)
    children = roster_of(roster_start).on_roll(slug, start, day)
    found: list[Step] = []
    for name in BY_SLUG[slug].classes:
        taken = _Day(slug, name, day, [c for c in children if groups[c.upn] == name], roster_start)
        found += taken.steps()
    return tuple(found)


@cache
def _spells(slug: str, start: int, roster_start: int) -> dict[tuple[str, int], list[Session]]:
    found: dict[tuple[str, int], list[Session]] = {}
    for upn, year in year_at(slug, start, roster_start).items():
        for session in sorted(year):
            if year[session].spell >= 0:
                found.setdefault((upn, year[session].spell), []).append(session)
    return found


def known(child: Child, session: Session, cell: Cell, slug: str, roster_start: int) -> _Known:
    """How the reason of an absence comes to be known."""
    start = SchoolYear.of(session[0]).start
    sessions = _spells(slug, start, roster_start)[child.upn, cell.spell]
    rng = chance("told", child.upn, start, cell.spell, session if cell.code == "O" else "")
    adult = rng.choice([a for a in child.family.adults[:2] if not a.barred_do])
    first, luck = sessions[0], rng.random()
    days = school_days(start, slug)
    at: datetime | None = moment(first[0], time(7, 50), rng.randrange(45))
    if cell.code in AHEAD:
        at = moment(first[0] - timedelta(days=6), time(15, 40), rng.randrange(20))
    elif cell.code == "U":
        at = moment(session[0], GATE[slug], (cell.minutes or 0) + 2)
    elif cell.code == "O":
        limit = working_day_after(session[0], WORKING_DAYS_FOR_N)
        chased = next((day for day in days if day > limit), None)
        at = moment(chased, time(10, 0), rng.randrange(30)) if chased and luck > 0.07 else None
    elif luck > 0.97:
        at = None
    elif luck > 0.55:
        at = moment(
            first[0], time(9, 35) if first[1] == "AM" else time(12, 30), rng.randrange(25 if luck < 0.7 else 95)
        )
    return _Known(at, rng.choice(GROUNDS[cell.code]), f"{adult.first} {adult.last}", first, sessions[-1])


def final_code(
    child: Child, session: Session, cell: Cell | None, slug: str, roster_start: int
) -> tuple[str, int | None]:
    """What a session of long ago holds: its code and minutes; O, long decided, where nobody ever learnt why."""
    if cell is None:
        return PRESENT_CODE[session[1]], None
    if cell.spell >= 0 and known(child, session, cell, slug, roster_start).at is None:
        return "O", None
    return cell.code, cell.minutes


@cache
def laggards(day: date) -> dict[tuple[str, str], int]:
    """The classes whose morning register is not in by closing: 0 not begun, 1 half done, 2 marked and not handed in."""
    rng = chance("laggards", day)
    everyone = [(place.slug, name) for place in PLACES for name in place.classes]
    return {who: n for n, who in enumerate(rng.sample(everyone, rng.choice((2, 3))))}


def is_forgotten(slug: str, class_name: str, session: Session) -> bool:
    """Whether a class never took this register: one afternoon in a few weeks, somewhere."""
    return session[1] == "PM" and chance("forgotten", slug, class_name, session[0]).random() < 0.002


class _Day:
    """One class on one day."""

    def __init__(self, slug: str, class_name: str, day: date, children: list[Child], roster_start: int) -> None:
        self.slug, self.class_name, self.day, self.children = slug, class_name, day, children
        self.roster_start = roster_start
        self.year = year_at(slug, SchoolYear.of(day).start, roster_start)
        self.open = {h for d, h in open_sessions(slug, SchoolYear.of(day).start, class_name) if d == day}

    def steps(self) -> Iterator[Step]:
        """The day's steps, in no particular order."""
        if not self.children:
            return
        for half in sorted(self.open):
            yield from self._expectations(half)
            if not is_forgotten(self.slug, self.class_name, (self.day, half)):
                yield from self._register(half)

    def _step(self, kind: str, half: Half, at: datetime, who: str, what: str = "", **more: object) -> Step:
        key = f"demo.{kind}.{self.slug}.{self.class_name}.{self.day}.{half}.{what}"
        return Step(at, kind, self.slug, self.class_name, self.day, half, key, who, **more)  # type: ignore[arg-type]

    def _away(self, half: Half) -> Iterator[tuple[Child, Cell, _Known]]:
        session = (self.day, half)
        for child in self.children:
            cell = self.year[child.upn].get(session)
            if cell is not None and cell.spell >= 0:
                yield child, cell, known(child, session, cell, self.slug, self.roster_start)

    def _expectations(self, half: Half) -> Iterator[Step]:
        """One for each spell, made when the office learns of it; of an illness or appointment one for each day.

        Nobody expects a child to come late, or to stay away without a word.
        """
        for child, cell, why in self._away(half):
            if why.at is not None and cell.code in REPORTED:
                yield from self._report(child, cell, why, half)
            elif why.at is not None and why.ahead == (self.day, half) and cell.code not in "OU":
                yield self._step(
                    "expect",
                    half,
                    why.at,
                    "office",
                    child.upn,
                    marks=(Mark(child.upn, cell.code),),
                    ground=why.ground,
                    told_by=why.told_by,
                    last=why.last,
                    leave=cell.code in "CH",
                )

    def _report(self, child: Child, cell: Cell, why: _Known, half: Half) -> Iterator[Step]:
        """The call about this day of a spell, where its first session of the day is this one."""
        away = [h for h in sorted(self.open) if self._spell(child, h) == cell.spell]
        if half != away[0] or why.at is None:
            return
        rng = chance("rings", child.upn, self.day)
        at = why.at if why.ahead == (self.day, half) else moment(self.day, time(7, 50), rng.randrange(40))
        yield self._step(
            "report",
            half,
            at,
            "office",
            child.upn,
            marks=(Mark(child.upn, cell.code),),
            ground=why.ground,
            told_by=why.told_by,
            last=(self.day, away[-1]),
            reason=REPORTED[cell.code],
        )

    def _spell(self, child: Child, half: Half) -> int:
        cell = self.year[child.upn].get((self.day, half))
        return cell.spell if cell is not None else -1

    def _register(self, half: Half) -> Iterator[Step]:
        rng = chance("register", self.slug, self.class_name, self.day, half)
        at = moment(self.day, time(8, 58) if half == "AM" else time(13, 1), rng.randrange(8))
        in_at = at + timedelta(minutes=rng.randrange(1, 4))
        lag = laggards(self.day).get((self.slug, self.class_name)) if half == "AM" else None
        if lag == 0:
            at, in_at = moment(self.day, time(9, 24)), moment(self.day, time(9, 27))
        marks = [self._mark(child, half, at) for child in self.children]
        if lag == 1:
            n, late = len(marks) // 2, moment(self.day, time(9, 26))
            yield self._step("record", half, at, "teacher", "first", marks=tuple(marks[:n]))
            rest = [self._mark(child, half, late) for child in self.children[n:]]
            yield self._step("record", half, late, "teacher", "rest", marks=tuple(rest))
            marks, in_at = marks[:n] + rest, late + timedelta(minutes=1)
        else:
            yield self._step("record", half, at, "teacher", "all", marks=tuple(marks))
        if lag == 2:
            in_at = moment(self.day, time(9, 31))
        yield self._step("submit", half, in_at, "teacher")
        yield from self._later(half, marks)

    def _mark(self, child: Child, half: Half, at: datetime) -> Mark:
        """What whoever takes the register at a moment sees or knows of a child."""
        session = (self.day, half)
        cell = self.year[child.upn].get(session)
        if cell is None or cell.code == "-":
            return Mark(child.upn, PRESENT_CODE[half])
        if cell.code == "L":
            arrived = moment(self.day, GATE[self.slug], cell.minutes or 0)
            return Mark(child.upn, "L", cell.minutes) if arrived <= at else Mark(child.upn, "N")
        if cell.spell < 0:
            return Mark(child.upn, cell.code)
        why = known(child, session, cell, self.slug, self.roster_start)
        is_known = why.at is not None and why.at <= at
        return Mark(child.upn, cell.code, cell.minutes) if is_known else Mark(child.upn, "N")

    def _later(self, half: Half, marks: list[Mark]) -> Iterator[Step]:
        """Who came in before closing, and what was learnt of the rest."""
        unknown = {mark.upn for mark in marks if mark.code == "N"}
        cells = self.year
        late = [(upn, cells[upn][self.day, half]) for upn in sorted(unknown) if cells[upn][self.day, half].code == "L"]
        for upn, cell in late:
            at = moment(self.day, GATE[self.slug], cell.minutes or 0)
            yield self._slip(half, at, Mark(upn, "L", cell.minutes))
        for child, cell, why in self._away(half):
            if child.upn in unknown and cell.code == "U" and why.at is not None:
                yield self._slip(half, why.at, Mark(child.upn, "U", cell.minutes))
            elif child.upn in unknown and cell.code == "O" and why.at is not None:
                yield self._decide(half, child, why)
            elif child.upn in unknown and why.at is not None:
                said = f"{why.told_by} told the office: {_lower(why.ground)}"
                mark = (Mark(child.upn, cell.code, cell.minutes),)
                yield self._step("amend", half, why.at, "office", child.upn, marks=mark, ground=said)

    def _decide(self, half: Half, child: Child, why: _Known) -> Step:
        """The head of school's word on an absence that nobody explained, once the family was told."""
        assert why.at is not None
        told, mark = f"Rang {why.told_by}, and wrote", (Mark(child.upn, "O"),)
        return self._step("decide", half, why.at, "head", child.upn, marks=mark, ground=why.ground, told_by=told)

    def _slip(self, half: Half, at: datetime, mark: Mark) -> Step:
        reason = chance("why late", mark.upn, self.day).choice(WHY_LATE)
        return self._step("slip", half, at, "office", mark.upn, marks=(mark,), reason=reason)


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
