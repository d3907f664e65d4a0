"""What happens to each child in a school year: which sessions are missed and why, who is late, where the class goes.

Spells are placed until a child has missed the number of sessions that its place among its year group calls for
(`bands`). The mix of reasons is that of state-funded primary schools in England in 2023/24, in the codes of the 2006
edition (source: dfe-analytical-services/attendance-data-dashboard, Open Government Licence v3.0).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from rollcall.demo.bands import absent_sessions
from rollcall.demo.families import BY_SLUG, Family, chance
from rollcall.demo.roster import Child, classes_in, is_here, roster_of
from rollcall.demo.terms import calendar_of, closures_of, school_days, terms_of
from rollcall.rules.sessions import HALVES, Half

Session = tuple[date, Half]
# Sessions missed for each reason, of 10,000 that were possible; what `_weights` is fitted to and a test compares with.
REASONS = {"I": 312, "O": 79, "G": 63, "C": 37, "M": 25, "U": 15, "H": 6}
WEEKDAYS = (1.5, 0.95, 0.8, 0.95, 1.5)
WINTER = {11: 1.3, 12: 1.4, 1: 1.3, 2: 1.2, 6: 0.8, 7: 0.8}
FORGOTTEN = 0.004


@dataclass(frozen=True)
class Cell:
    """What a child's session holds in the end; `spell` numbers the absences that belong together."""

    code: str
    minutes: int | None = None
    spell: int = -1


Year = dict[Session, Cell]


@cache
def year_at(slug: str, start: int, roster_start: int) -> dict[str, Year]:
    """A school's year by UPN: the cells that are not plainly present. A session without a cell is `/` or `\\`."""
    ranks = _quantiles(start, roster_start)
    roster = roster_of(roster_start)
    groups = classes_in(BY_SLUG[slug], roster, start)
    return {c.upn: _year_of(c, slug, start, ranks[c.upn], groups[c.upn]) for c in roster.of_year(slug, start)}


@cache
def open_sessions(slug: str, start: int, class_name: str) -> tuple[Session, ...]:
    """The sessions of a year at which a class meets."""
    calendar, shut = calendar_of(start, slug), _shut(slug, start, class_name)
    days = school_days(start, slug)
    return tuple((d, h) for d in days for h in HALVES if calendar.is_open(d, h) and (d, h) not in shut)


def _shut(slug: str, start: int, class_name: str) -> set[Session]:
    closed = [s for s in closures_of(start, slug) if s.class_name == class_name]
    return {(s.first, h) for s in closed for h in HALVES if s.half in ("", h)}


@cache
def _quantiles(start: int, roster_start: int) -> dict[str, float]:
    """Each child's place among its year group, from 0 (misses least) to 1: the family weighs, and the year a little."""
    places: dict[str, float] = {}
    for group in range(7):
        mine = [c for c in roster_of(roster_start).children if c.year_group(start) == group]
        mine.sort(key=lambda c: (c.draw + 0.5 * chance("year", c.upn, start).gauss(0, 1), c.upn))
        # Shifted by year group, so that the rare bands are met by some year groups and not by others.
        shift = (0.6 + 0.37 * group) % 1
        places.update({c.upn: (n + shift) / len(mine) for n, c in enumerate(mine)})
    return places


def _year_of(child: Child, slug: str, start: int, quantile: float, class_name: str) -> Year:
    sessions = [s for s in open_sessions(slug, start, class_name) if is_here(child, slug, s[0])]
    rng = chance("absence", child.upn, start)
    away = _Away(sessions, child.family, start, slug)
    if sessions:
        _fill(away, child, absent_sessions(child.year_group(start), quantile, len(sessions)), rng)
    cells = away.cells
    _lates(cells, child, start, sessions)
    _outings(cells, slug, start, class_name, sessions)
    for session in sessions:
        if session not in cells and rng.random() < FORGOTTEN / 4:
            cells[session] = Cell("-")
    return cells


class _Away:
    """A child's year while it is filled: spells are put where nothing is yet, and no more than are wanted."""

    def __init__(self, sessions: Sequence[Session], family: Family, start: int, slug: str) -> None:
        self.sessions = list(sessions)
        self.family, self.start, self.slug = family, start, slug
        self.cells: Year = {}
        self.left = self.spells = 0
        self.weights = list(accumulate(WEEKDAYS[d.weekday()] * WINTER.get(d.month, 1) for d, _ in sessions))

    def put(self, first: int, n: int, code: str, minutes: int | None = None) -> None:
        """Miss `n` sessions from a place on, as far as they are free and wanted."""
        self.spells += 1
        for session in self.sessions[first : first + n]:
            if self.left and session not in self.cells:
                self.cells[session] = Cell(code, minutes, self.spells)
                self.left -= 1

    def day(self, rng: Random) -> int:
        """The place of the morning of some day, Mondays, Fridays and winter before others."""
        place = rng.choices(range(len(self.sessions)), cum_weights=self.weights)[0]
        return place - 1 if place and self.sessions[place][1] == "PM" else place

    def place(self, day: date) -> int:
        """The place of the first session on or after a day."""
        return next((n for n, (d, _) in enumerate(self.sessions) if d >= day), len(self.sessions) - 1)


def _fill(away: _Away, child: Child, wanted: int, rng: Random) -> None:
    away.left = wanted
    often = wanted * 10 >= len(away.sessions)
    _feast(away)
    _beside_the_holidays(away, wanted)
    for day in _family_days(away, 9):
        if away.left and rng.random() < 0.3:
            away.put(away.place(day), 2 * rng.choices((1, 2, 3), (60, 28, 12))[0], "I")
    for _ in range(3000):
        if not away.left:
            return
        code = rng.choices(tuple(REASONS), _weights(child, often))[0]
        away.put(*_spell(away, code, wanted, rng), code, rng.randrange(37, 75) if code == "U" else None)


def _weights(child: Child, often: bool) -> list[float]:
    """How often a spell of each reason begins. Some of those who are away often give no reason that counts."""
    unwilling = often and chance("unwilling", child.family.key).random() < 0.4
    starts = {"I": 62.0, "O": 20.0, "G": 0.0, "C": 14.0, "M": 34.0, "U": 19.0, "H": 0.0}
    if unwilling:
        starts |= {"I": 30.0, "O": 44.0, "U": 30.0}
    return [starts[code] for code in REASONS]


def _spell(away: _Away, code: str, wanted: int, rng: Random) -> tuple[int, int]:
    """Where a spell of a reason begins, and how many sessions it lasts."""
    morning = away.day(rng)
    if code == "U":
        return morning, 1
    if code == "M" or (code == "I" and rng.random() < 0.08):
        return morning + rng.randrange(2), 1
    if code in "IO" and wanted * 4 >= len(away.sessions):
        return morning, 2 * rng.randrange(3, 16)
    days = rng.choices((1, 2, 3, 4, 5), (46, 27, 14, 8, 5))[0] if code == "I" else rng.choices((1, 2), (75, 25))[0]
    return morning, 2 * days


def _family_days(away: _Away, n: int) -> list[date]:
    """The days on which an illness goes through a family."""
    rng = chance("ill", away.family.key, away.start)
    days = school_days(away.start, away.family.key.rsplit("-", 2)[0])
    return rng.choices(days, [WEEKDAYS[d.weekday()] * WINTER.get(d.month, 1) for d in days], k=n)


def _beside_the_holidays(away: _Away, wanted: int) -> None:
    """A family that goes away longer than the school is shut, just before or just after a break, all together."""
    rng = chance("holiday", away.family.key, away.start)
    if not away.family.goes_away or rng.random() < 0.25 or wanted < 4:
        return
    day = rng.choice(terms_of(away.start).breaks)
    n = min(2 * rng.choices((2, 3, 5, 8), (30, 30, 30, 10))[0], wanted // 2 * 2)
    place = away.place(day)
    code = "H" if rng.random() < 0.09 else "G"
    away.put(place - n if rng.random() < 0.6 and place >= n else place, n, code)


def _feast(away: _Away) -> None:
    if away.family.keeps_feast:
        away.put(away.place(terms_of(away.start).spans[3][1] + timedelta(days=18)), 2, "R")
    if away.family.traveller:
        away.put(away.place(terms_of(away.start).spans[4][1] + timedelta(days=14)), 20, "T")


def _lates(cells: Year, child: Child, start: int, sessions: Sequence[Session]) -> None:
    """Mornings on which a family is late: all of its children, by the same minutes after the gate's time."""
    rng = chance("late", child.family.key, start)
    for day in school_days(start, child.slug):
        late, minutes = rng.random() < child.family.late_share, int(rng.triangular(2, 29, 12))
        session: Session = (day, "AM")
        if late and session not in cells and is_here(child, child.slug, day):
            cells[session] = Cell("L", minutes)
    present = set(sessions)
    for session in [s for s, cell in cells.items() if cell.code == "L" and s not in present]:
        del cells[session]


def _outings(cells: Year, slug: str, start: int, class_name: str, sessions: Sequence[Session]) -> None:
    """A class's visits, its afternoons at another school, and the team's matches."""
    rng = chance("outings", slug, start, class_name)
    days = sorted(rng.sample(school_days(start, slug), 4))
    planned: dict[date, tuple[str, tuple[Half, ...]]] = dict.fromkeys(days[:1], ("V", HALVES))
    planned |= {days[1]: ("V", ("PM",)), days[2]: ("V", ("PM",)), days[3]: ("B", ("PM",))}
    for session in sessions:
        code, halves = planned.get(session[0], ("", ()))
        if session[1] in halves and (session not in cells or cells[session].code == "L"):
            cells[session] = Cell(code)
