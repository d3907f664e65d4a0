"""Absences that last: how many school days in a row, and which of them are put to the head of school (4.5-c, 4.5-d).

Reads days of one pupil as codes. Schools make an attendance return to the authority of each pupil of compulsory school
age who is absent without authority (G N O U) for ten school days in a row or fails to attend regularly, once for each
episode (the pupil registration regulations, as authorities put them to their schools). Where that leaves the measure
open, this says which one is used:

- unauthorised run: every session of ten school days in a row that the pupil had to attend is unauthorised (G N O U).
- unexplained run: every one of them is N, that is, nobody has said why.
- stopped: ten school days in a row on which the pupil attended no session, whatever the codes, unless every one of
  those sessions is authorised (an illness, leave granted): that absence is known and has a path of its own.
- irregular: ten unauthorised sessions within ten school weeks (`figures`, `threshold_reached_on`).

A session that the pupil did not have to attend, and one without a mark, neither breaks nor lengthens a run: the one
says nothing of the pupil, the other is the school's own gap, and a person decides with both before their eyes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rollcall.rules.codes import COUNTS, MISSING, UNEXPLAINED, Counts

_ATTENDED = (Counts.ATTENDING, Counts.EDUCATIONAL)
_ABSENT = (Counts.AUTHORISED, Counts.UNAUTHORISED)


class DayOfOne(NamedTuple):
    """One school day of one pupil: the codes of its sessions that are school sessions for them, `-` for no mark."""

    day: date
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """School days in a row, up to the last day read; the days that count, in order."""

    days: tuple[date, ...]

    @property
    def n(self) -> int:
        """How many days."""
        return len(self.days)

    @property
    def since(self) -> date | None:
        """The first of them, None for a run of no day."""
        return self.days[0] if self.days else None


def is_unauthorised(code: str) -> bool:
    """Whether a code counts as an unauthorised absence (G N O U); N does while it stands."""
    return COUNTS.get(code) is Counts.UNAUTHORISED


def unauthorised_run(days: Sequence[DayOfOne]) -> Run:
    """The run of days, up to the last one given, of which every session to attend is unauthorised. Oldest day first."""
    return _run(days, is_unauthorised)


def unexplained_run(days: Sequence[DayOfOne]) -> Run:
    """The run of days, up to the last one given, of which every session to attend is unexplained. Oldest day first."""
    return _run(days, lambda code: code == UNEXPLAINED)


def stopped_run(days: Sequence[DayOfOne]) -> Run:
    """The run of days, up to the last one given, without a session attended; no run where all of it is authorised.

    U is an absence in law, and the child came: it ends this run. Oldest day first.
    """
    run = _run(days, lambda code: code != "U" and COUNTS.get(code) in _ABSENT)
    within = set(run.days)
    codes = {code for one in days if one.day in within for code in one.codes}
    return run if any(is_unauthorised(code) for code in codes) else Run(())


def _run(days: Sequence[DayOfOne], holds: Callable[[str], bool]) -> Run:
    found: list[date] = []
    for one in reversed(days):
        asked = [code for code in one.codes if code != MISSING and COUNTS.get(code) in (*_ATTENDED, *_ABSENT)]
        if not all(holds(code) for code in asked):
            break
        if asked:
            found.append(one.day)
    return Run(tuple(reversed(found)))
