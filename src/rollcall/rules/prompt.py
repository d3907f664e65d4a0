"""When a penalty notice is to be considered (5.2-c): unauthorised sessions in school weeks, or a one-off leave.

Reads a policy's lines, its edition's codes and compulsory school age. It proposes nothing: it shows the very sessions,
the school weeks and what could still change, and a person weighs them. What is too much for one pupil at a time is
done for a sheet in `prompt_sheet`; the two agree, and are held to it.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rollcall.rules.codes import COUNTS, UNEXPLAINED, Counts, day_under
from rollcall.rules.policy import Policy
from rollcall.rules.school_age import compulsory_age
from rollcall.rules.sessions import Half, monday
from rollcall.rules.words import counted, day_words
from rollcall.rules.working_days import working_day_after

LEAVE = "G"
"""The mark of a holiday or leave without permission."""

Kind = Literal["irregular", "leave"]
Session = tuple[date, Half]


@dataclass(frozen=True)
class Seen:
    """A session that was possible for a pupil, with its mark; `enrolment` says at which school."""

    day: date
    half: Half
    code: str
    enrolment: int = 0

    @property
    def session(self) -> Session:
        """The day and half."""
        return self.day, self.half


@dataclass(frozen=True)
class Warned:
    """A warning that went: the policy's letter, the day, the message by which it is found again."""

    letter: str
    day: date
    message: int = 0


@dataclass(frozen=True)
class Week:
    """A school week of the window, by its Monday, with the sessions that count in it."""

    monday: date
    sessions: tuple[Seen, ...]


@dataclass(frozen=True)
class Prompt:
    """Why a notice is to be considered. `open` are those of `sessions` that may still get another code."""

    kind: Kind
    sessions: tuple[Seen, ...]
    open: tuple[Seen, ...]
    needed: int
    weeks: tuple[Week, ...]
    warned: Warned | None
    in_looked_at: int
    looked_from: date

    @property
    def settled(self) -> tuple[Seen, ...]:
        """The sessions whose code will not change by the passing of time."""
        return tuple(one for one in self.sessions if one not in self.open)

    @property
    def stands(self) -> bool:
        """Whether the line is met without what may still change."""
        return len(self.settled) >= self.needed

    @property
    def sentence(self) -> str:
        """What it comes to, for who considers it."""
        n = counted(len(self.sessions), "unauthorised session")
        if self.kind == "leave":
            said = f"{n} in a row of leave without permission, from {_span(self.sessions)}"
        elif self.warned:
            said = f"{n} in the school weeks after the warning of {day_words(self.warned.day)} {self.warned.day.year}"
        else:
            said = f"{n} in {counted(len(self.weeks), 'school week')}, from {_span(self.sessions)}"
        return f"{said}: consider a penalty notice."

    @property
    def caution(self) -> str:
        """What remains without the sessions that may still change; empty where there are none."""
        if not self.open:
            return ""
        may = counted(len(self.open), "session")
        rest = len(self.settled)
        outcome = "still enough to consider one" if self.stands else f"fewer than the {self.needed} that are looked for"
        return f"{may} may still get another code; without {_it(self.open)} {rest} remain, {outcome}."


def consider(
    seen: Iterable[Seen],
    weeks: Sequence[date],
    warnings: Sequence[Warned],
    *,
    born: date,
    today: date,
    policy: Policy,
    used: AbstractSet[Session] = frozenset(),
    asked: AbstractSet[Session] = frozenset(),
) -> tuple[Prompt, ...]:
    """The prompts for one pupil and one parent: at most one for irregular attendance, one for each one-off leave.

    seen: the possible sessions so far, in order. weeks: the Mondays of the pupil's school weeks, ascending. warnings:
    those that went to this parent. used: sessions of earlier notices to this parent, which count once. asked: sessions
    of which evidence was asked for, so that they may still change as an N may. Nothing counts outside compulsory
    school age (5.2-e), before the policy looks back, or before the edition's own day.
    """
    since = looked_from(today, policy)
    standing = [one for one in seen if one.session not in used and one.day <= today]
    counting = [one for one in standing if _counts(one, born, since)]
    found = [_irregular(counting, weeks, warnings, policy), *_leaves(standing, counting, policy)]
    changing = {one for one in counting if one.session in asked or today <= (open_until(one, policy) or date.min)}
    return tuple(_prompt(one, counting, since, changing) for one in found if one is not None)


def looked_from(today: date, policy: Policy) -> date:
    """The first day that is looked at: so many months before a day, and none before the edition of the law began."""
    months = today.year * 12 + today.month - 1 - policy.penalty.looks_back_months.value
    back = date(months // 12, months % 12 + 1, min(today.day, 28)) + timedelta(days=1)
    return max(back, day_under(policy.edition, date.min))


def counted_from(warned: date) -> date:
    """The first day that counts after a warning went: the next day, or Monday where that falls on a weekend."""
    first = warned + timedelta(days=1)
    return first + timedelta(days=7 - first.weekday()) if first.weekday() >= 5 else first


def is_unauthorised(code: str) -> bool:
    """Whether a mark is an unauthorised absence: G, N, O, U and never L."""
    return COUNTS.get(code) is Counts.UNAUTHORISED


def is_possible(code: str) -> bool:
    """Whether a mark makes its session possible, attended or not."""
    counts = COUNTS.get(code)
    return counts is not None and Counts.ATTENDING <= counts <= Counts.UNAUTHORISED


def open_until(one: Seen, policy: Policy) -> date | None:
    """The last day on which an N may get its code (4.5-b); None for a mark that stays."""
    if one.code != UNEXPLAINED:
        return None
    return working_day_after(one.day, policy.registers.code_within_working_days.value)


def _counts(one: Seen, born: date, since: date) -> bool:
    return is_unauthorised(one.code) and one.day >= since and compulsory_age(born, one.day)


@dataclass(frozen=True)
class _Found:
    kind: Kind
    sessions: list[Seen]
    needed: int
    weeks: Sequence[date] = ()
    warned: Warned | None = None


def _irregular(
    counting: Sequence[Seen], weeks: Sequence[date], warnings: Sequence[Warned], policy: Policy
) -> _Found | None:
    """The window with the most sessions, the latest of equals; None below the policy's line."""
    n_weeks, needed = policy.measures.threshold_school_weeks.value, policy.measures.threshold_sessions.value
    windows: list[_Found] = []
    if policy.penalty.warned_by is None:
        starts: Iterable[tuple[date, Warned | None]] = ((week, None) for week in weeks)
    else:
        starts = ((counted_from(one.day), one) for one in sorted(warnings, key=lambda one: one.day))
    for first, warned in starts:
        inside = [week for week in weeks if week >= monday(first)][:n_weeks]
        held = set(inside)
        sessions = [one for one in counting if one.day >= first and monday(one.day) in held]
        windows.append(_Found("irregular", sessions, needed, inside, warned))
    best = max(reversed(windows), key=lambda one: len(one.sessions), default=None)
    return best if best and len(best.sessions) >= needed else None


def _leaves(standing: Sequence[Seen], counting: Sequence[Seen], policy: Policy) -> list[_Found]:
    """Each run of leave without permission, unbroken by any other mark, of at least the policy's number of sessions."""
    needed, count = policy.penalty.leave_least_sessions.value, set(counting)
    runs: list[list[Seen]] = [[]]
    for one in standing:
        if one.code != LEAVE:
            runs.append([])
        elif one in count:
            runs[-1].append(one)
    return [_Found("leave", run, needed) for run in runs if len(run) >= needed]


def _prompt(found: _Found, counting: Sequence[Seen], since: date, changing: AbstractSet[Seen]) -> Prompt:
    mondays = found.weeks or sorted({monday(one.day) for one in found.sessions})
    in_week = {week: tuple(one for one in found.sessions if monday(one.day) == week) for week in mondays}
    return Prompt(
        kind=found.kind,
        sessions=tuple(found.sessions),
        open=tuple(one for one in found.sessions if one in changing),
        needed=found.needed,
        weeks=tuple(Week(week, sessions) for week, sessions in in_week.items()),
        warned=found.warned,
        in_looked_at=len(counting),
        looked_from=since,
    )


def _span(sessions: Sequence[Seen]) -> str:
    return f"{day_words(sessions[0].day)} to {day_words(sessions[-1].day)} {sessions[-1].day.year}"


def _it(sessions: Sequence[Seen]) -> str:
    return "it" if len(sessions) == 1 else "them"
