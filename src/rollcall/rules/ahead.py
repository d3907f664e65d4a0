"""What a standing fact makes of a session before its register is taken: an exclusion, or a part-time timetable.

Reads law/exclusions.toml: from the sixth school day of an exclusion full-time education is owed, arranged by the school
for a suspension and by the authority for a permanent exclusion. Whoever takes the register confirms or contradicts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rollcall.rules.dated import law
from rollcall.rules.sessions import Half
from rollcall.rules.whereabouts import Where, where

EXCLUDED = "E"
PROVISION = frozenset({"K", "B", "D"})
"""The codes of a pupil who is taught somewhere else while excluded."""
_NTH = {5: "Fifth", 6: "Sixth", 7: "Seventh"}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


@dataclass(frozen=True)
class Exclusion:
    """One suspension or permanent exclusion; `ends` is its last day, None for one that is permanent."""

    begins: date
    ends: date | None
    permanent: bool
    provision_from: date | None

    def covers(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.begins <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True)
class Ahead:
    """The code to expect with its ground. question: what somebody must look into, empty where there is nothing."""

    code: str
    ground: str
    question: str = ""


def excluded_on(
    exclusions: Sequence[Exclusion], day: date, edition: str, elsewhere: bool, is_school_day: Callable[[date], bool]
) -> Ahead | None:
    """What a pupil's exclusions make of a day: E, or the code of the education that is provided instead; None for none.

    elsewhere: whether the pupil is registered at another school as well, which then records the session (D). Provision
    is K where the authority owes it (permanent, edition 2024) and B otherwise. The question asks after it from the
    sixth school day on, whichever of several exclusions in a row the day lies in.
    """
    held = next((one for one in sorted(exclusions, key=_begins, reverse=True) if one.covers(day)), None)
    if held is None:
        return None
    words = _words(held)
    if held.provision_from and held.provision_from <= day:
        code = "D" if elsewhere else "K" if held.permanent and edition == "2024" else "B"
        return Ahead(code, f"Taught elsewhere since {_day(held.provision_from)}. {words}")
    due: int = law("exclusions", "provision_due_on_school_day").value(day)
    n = school_days(_run_begins(exclusions, held, is_school_day), day, is_school_day, due + 1)
    return Ahead(EXCLUDED, words, _question(held, n, due))


def _question(held: Exclusion, n: int, due: int) -> str:
    if n < due:
        return ""
    when = f"{_NTH.get(due, f'{due}.')} school day{' has passed' if n > due else ''}"
    if held.provision_from:
        return f"{when}: education is arranged only from {_day(held.provision_from)}."
    return f"{when}: has provision been arranged?"


def _run_begins(exclusions: Sequence[Exclusion], held: Exclusion, is_school_day: Callable[[date], bool]) -> date:
    """The first day of the exclusions that run up to `held` without a school day between them."""
    begins, one_day = held.begins, timedelta(days=1)
    for one in sorted(exclusions, key=_begins, reverse=True):
        if one.ends is None or one.begins >= begins:
            continue
        if not school_days(one.ends + one_day, begins - one_day, is_school_day, 1):
            begins = one.begins
    return begins


def school_days(first: date, last: date, is_school_day: Callable[[date], bool], most: int) -> int:
    """How many school days lie from one day to another, both included; no further than `most`."""
    n, day = 0, first
    while day <= last and n < most:
        n += is_school_day(day)
        day += timedelta(days=1)
    return n


def part_time_on(away: str, ends: date, day: date, half: Half, edition: str, compulsory: bool) -> Ahead | None:
    """What a part-time timetable makes of a session: X below compulsory school age, else C2 (C under edition 2006).

    away: the sessions of the week that are not attended, such as "WedPM Fri". None where the session is attended.
    """
    if not is_away(away, day, half):
        return None
    code = "C2" if edition == "2024" else "C"
    return Ahead(code if compulsory else "X", f"Part-time timetable until {_day(ends)}")


def is_away(away: str, day: date, half: Half) -> bool:
    """Whether a session is among those of a pattern such as "WedPM Fri"."""
    if day.weekday() >= len(WEEKDAYS):
        return False
    name = WEEKDAYS[day.weekday()]
    return bool({name, name + half} & set(away.split()))


def gives_way(fact: str, entered: str) -> bool:
    """Whether a code that a fact gives (`fact`) gives way to one that somebody entered for the same session.

    An exclusion gives way only to education elsewhere; a part-time timetable to any activity, for nobody is ill or on
    leave in a session that is not theirs.
    """
    if fact == EXCLUDED or fact in PROVISION:
        return entered in PROVISION
    return where(entered) is Where.ELSEWHERE


def _words(held: Exclusion) -> str:
    if held.permanent or held.ends is None:
        return f"Permanently excluded from {_day(held.begins)}"
    span = "" if held.begins == held.ends else f"{_day(held.begins)} to "
    return f"Suspended {span or 'on '}{_day(held.ends)}"


def _begins(one: Exclusion) -> date:
    return one.begins


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
