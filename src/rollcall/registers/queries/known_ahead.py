"""What is known ahead of a session about its pupils: what somebody entered, and what standing facts make of it.

An exclusion and a part-time timetable are facts of `schools`; they are expected of a register without anybody entering
them again, have no Expectation, and change nothing until the register's taker confirms them (design law 4).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from rollcall.journal.by_hand import as_day, as_moment, rows
from rollcall.rules import ahead
from rollcall.rules.school_age import compulsory_age
from rollcall.rules.sessions import HALVES, Half
from rollcall.schools.queries import SchoolFacts

_STATEMENT = """
    SELECT 'entered', x.id, x.enrolment_id, x.code, x.ground, x.told_by, d.name, d.at, x.first_day, x.last_day,
        x.first_half, x.last_half, x.back_on, 0
    FROM registers_expectation x JOIN journal_deed d ON d.id = x.deed_id
    WHERE x.withdrawn_id IS NULL AND x.first_day <= %s AND x.last_day >= %s AND x.enrolment_id IN ({ids})
    UNION ALL SELECT 'excluded', x.id, x.enrolment_id, '', '', '', d.name, d.at, x.begins, x.ends,
        CASE WHEN x.permanent THEN 'yes' ELSE '' END, '', x.provision_from,
        (SELECT COUNT(*) FROM schools_enrolment e JOIN schools_enrolment o ON o.pupil_id = e.pupil_id AND o.id <> e.id
         WHERE e.id = x.enrolment_id AND o.admitted <= %s AND (o."left" IS NULL OR o."left" >= %s))
    FROM schools_exclusion x JOIN journal_deed d ON d.id = x.deed_id
    WHERE x.withdrawn_id IS NULL AND x.begins <= %s AND x.enrolment_id IN ({ids})
    UNION ALL SELECT 'part_time', x.id, x.enrolment_id, x.away, '', '', d.name, d.at, x.begins, x.ends, '', '',
        p.born, 0
    FROM schools_parttimepattern x JOIN journal_deed d ON d.id = x.deed_id
        JOIN schools_enrolment e ON e.id = x.enrolment_id JOIN schools_pupil p ON p.id = e.pupil_id
    WHERE x.begins <= %s AND x.ends >= %s AND x.enrolment_id IN ({ids})
    ORDER BY 2
"""


@dataclass(frozen=True)
class Expected:
    """What is expected of a pupil in a session, on whose word.

    id: of the Expectation; None where a standing fact says so, whose `kind` is "excluded" or "part_time" instead of
    "entered". question: what somebody must look into about it.
    """

    id: int | None
    code: str
    ground: str
    told_by: str
    said_at: datetime
    taken_by: str
    back_on: date | None
    kind: str = "entered"
    question: str = ""


@dataclass(frozen=True)
class _Entered:
    """One expectation with its span."""

    expected: Expected
    first: tuple[date, int]
    last: tuple[date, int]


@dataclass(frozen=True)
class _Excluded:
    """One exclusion; `elsewhere`: whether the pupil is on another roll as well."""

    fact: ahead.Exclusion
    said: tuple[str, datetime]
    elsewhere: bool


@dataclass(frozen=True)
class _PartTime:
    """One part-time pattern."""

    away: str
    begins: date
    ends: date
    born: date
    said: tuple[str, datetime]


@dataclass
class KnownAhead:
    """All that is known of one pupil around some days."""

    facts: SchoolFacts
    entered: list[_Entered] = field(default_factory=list)
    excluded: list[_Excluded] = field(default_factory=list)
    part_time: list[_PartTime] = field(default_factory=list)

    def at(self, day: date, half: Half) -> Expected | None:
        """What is expected in a session: what was entered last, unless a fact outweighs it."""
        entered, fact = self.entered_at(day, half), self.fact_at(day, half)
        if fact is None or (entered and ahead.gives_way(fact.code, entered.code)):
            return entered
        return fact

    def entered_at(self, day: date, half: Half) -> Expected | None:
        """What somebody entered last for a session."""
        when = (day, HALVES.index(half))
        return next((one.expected for one in reversed(self.entered) if one.first <= when <= one.last), None)

    def codes_at(self, day: date, half: Half) -> frozenset[str]:
        """Every code that somebody entered for a session, or that a fact makes of it, whichever the register shows."""
        when = (day, HALVES.index(half))
        entered = [one.expected for one in self.entered if one.first <= when <= one.last]
        return frozenset(one.code for one in (*entered, self.fact_at(day, half)) if one)

    def fact_at(self, day: date, half: Half) -> Expected | None:
        """What a standing fact makes of a session; an exclusion before a timetable."""
        return self._excluded_on(day) or self._part_time_on(day, half)

    def _excluded_on(self, day: date) -> Expected | None:
        spans = [one.fact for one in self.excluded]
        if not any(span.covers(day) for span in spans):
            return None
        elsewhere = self.excluded[-1].elsewhere
        found = ahead.excluded_on(spans, day, self.facts.edition_on(day), elsewhere, self.facts.is_school_day)
        held = max((one for one in self.excluded if one.fact.covers(day)), key=lambda one: one.fact.begins)
        return _from_fact(found, "excluded", held.said) if found else None

    def _part_time_on(self, day: date, half: Half) -> Expected | None:
        for one in self.part_time:
            if not one.begins <= day <= one.ends:
                continue
            age = compulsory_age(one.born, day)
            found = ahead.part_time_on(one.away, one.ends, day, half, self.facts.edition_on(day), age)
            if found:
                return _from_fact(found, "part_time", one.said)
        return None


def _from_fact(found: ahead.Ahead, kind: str, said: tuple[str, datetime]) -> Expected:
    by, at = said
    return Expected(None, found.code, found.ground, "", at, by, None, kind, found.question)


def known_ahead(enrolments: Iterable[int] | None, first: date, last: date, facts: SchoolFacts) -> dict[int, KnownAhead]:
    """What is known ahead of pupils of one school (by enrolment; None is all) between two days.

    Of whom nothing is known is not in it. One statement, by hand, for every register page asks it.
    """
    if enrolments is None:
        wanted, named = [facts.school], "SELECT id FROM schools_enrolment WHERE school_id = %s"
    else:
        wanted = list(enrolments)
        named = ", ".join(["%s"] * len(wanted))
    if not wanted:
        return {}
    found: dict[int, KnownAhead] = defaultdict(lambda: KnownAhead(facts))
    for kind, pk, enrolment, *more in _read(named, wanted, first, last):
        _FILED[kind](found[enrolment], pk, *more)
    return dict(found)


def _read(named: str, wanted: Sequence[int], first: date, last: date) -> Iterable[tuple[Any, ...]]:
    as_stored = connection.ops.adapt_datefield_value
    begins, ends = as_stored(first), as_stored(last)
    statement = _STATEMENT.replace("{ids}", named)
    given: list[Any] = [ends, begins, *wanted, ends, begins, ends, *wanted, ends, begins, *wanted]
    return rows(statement, given)


def _file_entered(known: KnownAhead, pk: int, code: str, ground: str, told_by: str, *more: Any) -> None:
    by, at, first, last, first_half, last_half, back_on, _ = more
    expected = Expected(pk, code, ground, told_by, as_moment(at), by, as_day(back_on) if back_on else None)
    begins, ends = (as_day(first), HALVES.index(first_half)), (as_day(last), HALVES.index(last_half))
    known.entered.append(_Entered(expected, begins, ends))


def _file_excluded(known: KnownAhead, pk: int, code: str, ground: str, told_by: str, *more: Any) -> None:
    by, at, begins, ends, permanent, _, provision, elsewhere = more
    span = as_day(begins), as_day(ends) if ends else None, bool(permanent), as_day(provision) if provision else None
    known.excluded.append(_Excluded(ahead.Exclusion(*span), (by, as_moment(at)), bool(elsewhere)))


def _file_part_time(known: KnownAhead, pk: int, away: str, ground: str, told_by: str, *more: Any) -> None:
    by, at, begins, ends, _, _, born, _ = more
    known.part_time.append(_PartTime(away, as_day(begins), as_day(ends), as_day(born), (by, as_moment(at))))


_FILED: dict[str, Callable[..., None]] = {
    "entered": _file_entered,
    "excluded": _file_excluded,
    "part_time": _file_part_time,
}


def expected_now(enrolments: Iterable[int] | None, day: date, half: Half, facts: SchoolFacts) -> dict[int, Expected]:
    """What is expected of pupils of one school (by enrolment) in a session, in one query."""
    known = known_ahead(enrolments, day, day, facts)
    return {pk: found for pk, one in known.items() if (found := one.at(day, half))}


def facts_now(enrolments: Iterable[int] | None, day: date, half: Half, facts: SchoolFacts) -> dict[int, Expected]:
    """As `expected_now`, what standing facts alone make of the session, whatever was entered."""
    known = known_ahead(enrolments, day, day, facts)
    return {pk: found for pk, one in known.items() if (found := one.fact_at(day, half))}


def expected_between(
    enrolments: Iterable[int], first: date, last: date, facts: SchoolFacts
) -> dict[tuple[int, date, Half], str]:
    """The code expected of these pupils in each session between two days, in one query."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {
        (pk, day, half): found.code
        for pk, one in known_ahead(enrolments, first, last, facts).items()
        for day in days
        for half in HALVES
        if (found := one.at(day, half))
    }
