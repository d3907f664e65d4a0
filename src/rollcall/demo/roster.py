"""The made-up federation as values: its children and their classes, the same on every machine.

It hangs on the school year alone; `families.chance` says where each draw comes from.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from rollcall.demo import names
from rollcall.demo.families import PLACES, Family, Place, chance, family_of
from rollcall.demo.terms import school_days, terms_of
from rollcall.rules.identifiers import upn_letter


@dataclass(frozen=True)
class Child:
    """One child: `cohort` is the year in which it was in reception; joins and leaves are inside the year or None."""

    upn: str
    first: str
    known_first: str
    last: str
    sex: str
    born: date
    cohort: int
    slug: str
    family: Family
    draw: float
    joins: date | None = None
    leaves: date | None = None
    moves_to: str = ""

    def year_group(self, start: int) -> int:
        """The year group in a school year; 0 is reception."""
        return start - self.cohort


@dataclass(frozen=True)
class Roster:
    """Everybody in the federation in the school year `start` and the one before."""

    start: int
    children: tuple[Child, ...]

    def on_roll(self, slug: str, start: int, day: date) -> list[Child]:
        """The children of a school on a day of a school year, youngest first."""
        return [c for c in self.of_year(slug, start) if is_here(c, slug, day)]

    def of_year(self, slug: str, start: int) -> list[Child]:
        """Whoever is on a school's roll at any time in a year, youngest first."""
        here = [c for c in self.children if slug in (c.slug, c.moves_to) and 0 <= c.year_group(start) <= 6]
        first, last = date(start, 8, 1), date(start + 1, 7, 31)
        here = [c for c in here if span_at(c, slug)[0] <= last and span_at(c, slug)[1] >= first]
        return sorted(here, key=lambda c: (c.born, c.upn), reverse=True)


def span_at(child: Child, slug: str) -> tuple[date, date]:
    """From when to when a child is on a school's roll, as far as the demo knows."""
    first, last = child.joins or date.min, child.leaves or date.max
    if child.moves_to and slug == child.moves_to:
        return last + timedelta(days=1), date.max
    return first, last


def is_here(child: Child, slug: str, day: date) -> bool:
    """Whether a child is on a school's roll on a day."""
    first, last = span_at(child, slug)
    return first <= day <= last


def classes_in(place: Place, roster: Roster, start: int) -> dict[str, str]:
    """UPN to class name for a year: everyone by age, cut into as many classes of like size as the school has."""
    everyone = roster.of_year(place.slug, start)
    n, size = len(place.classes), len(everyone)
    return {child.upn: place.classes[i * n // size] for i, child in enumerate(everyone)}


@cache
def roster_of(start: int) -> Roster:
    """The federation in the school year that begins in `start`, and in the year before it."""
    taken: set[tuple[str, str]] = set()
    children = [child for place in PLACES for child in _children(place, start, taken)]
    return Roster(start, tuple(_comings_and_goings(children, start)))


def _children(place: Place, start: int, taken: set[tuple[str, str]]) -> list[Child]:
    rng = chance("families", place.slug, start)
    seats = [cohort for cohort in range(start - 7, start + 1) for _ in range(place.per_year)]
    rng.shuffle(seats)
    children: list[Child] = []
    number = 0
    while seats:
        family = family_of(place, number, start)
        number += 1
        cohorts = [seats.pop()]
        for _ in range(rng.choices((0, 1, 2), (45, 42, 13))[0]):
            if seats:
                cohorts.append(seats.pop(_sibling_seat(seats, cohorts)))
        for n, cohort in enumerate(cohorts):
            children.append(_child(place, family, n, cohort, len(children), taken))
    return children


def _sibling_seat(seats: list[int], cohorts: list[int]) -> int:
    """The seat that is nearest to two or three years from the brothers and sisters."""
    return min(range(len(seats)), key=lambda n: (min(abs(abs(seats[n] - c) - 2) for c in cohorts), n))


def _child(place: Place, family: Family, n: int, cohort: int, serial: int, taken: set[tuple[str, str]]) -> Child:
    rng = chance("child", family.key, n)
    sex = rng.choice("FM")
    newer = next((row for row in names.NEWER if row[0] == family.last), None)
    own = names.GIRLS if sex == "F" else names.BOYS
    first_names = (*newer[1 if sex == "F" else 2].split(),) if newer else own
    free = [name for name in (*first_names, *own) if (name, family.last) not in taken]
    first = rng.choice(free[: max(3, len(first_names) - 5)])
    taken.add((first, family.last))
    rest = f"845{place.establishment}{cohort % 100:02}{serial:03}"
    return Child(
        upn=upn_letter(rest) + rest,
        first=first,
        known_first=names.SHORT.get(first, first) if rng.random() < 0.7 else first,
        last=family.last,
        sex=sex,
        born=date(cohort - 5, 9, 1) + timedelta(days=rng.randrange(365)),
        cohort=cohort,
        slug=place.slug,
        family=family,
        draw=0.75 * chance("draw", family.key).gauss(0, 1) + 0.66 * rng.gauss(0, 1) + 0.6 * family.poor,
    )


def _comings_and_goings(children: list[Child], start: int) -> list[Child]:
    """A few who join or leave inside a year, and one who moves between two of the schools."""
    changed = dict(enumerate(children))
    older = [n for n, c in changed.items() if start - 5 <= c.cohort <= start - 2]
    chosen = chance("moves", start).sample(older, 9)
    for place, n in enumerate(chosen):
        child = changed[n]
        year = start - 1 if place < 4 else start
        days = school_days(year, child.slug)
        if place == 8:
            autumn_half = terms_of(start).spans[1][1]
            to = "barcombe" if child.slug != "barcombe" else "hamsey"
            changed[n] = _replace(child, leaves=autumn_half - timedelta(days=1), moves_to=to)
        elif place % 2:
            changed[n] = _replace(child, leaves=days[70 if year < start else 18 + place])
        else:
            changed[n] = _replace(child, joins=days[45 if year < start else 8 + 3 * place])
    return list(changed.values())


def _replace(child: Child, **changes: object) -> Child:
    return Child(**{**child.__dict__, **changes})  # type: ignore[arg-type]
