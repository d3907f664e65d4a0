"""Which sessions are not clear yet: those without a mark, and absences whose reason nobody has given (N).

Nothing is concluded from them before somebody has looked (7.1-a); they are named here, session by session.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from rollcall.rules.codes import BYTE, MISSING, TEXT
from rollcall.rules.figures import AUTHORISED, kinds_of, lookup
from rollcall.rules.figures import MISSING as NO_MARK
from rollcall.rules.overlay import Overlay
from rollcall.rules.sessions import HALVES, Calendar, Half, SchoolYear
from rollcall.rules.words import day_words, listed


@dataclass(frozen=True)
class Unclear:
    """One session of a pupil that is not clear: its code is N, or `-` where there is no mark."""

    day: date
    half: Half
    code: str

    @property
    def has_no_mark(self) -> bool:
        """Whether nothing was marked at all."""
        return self.code == MISSING


def unclear_sessions(
    laid: Overlay, editions: Sequence[str], calendar: Calendar, since: Sequence[date]
) -> list[tuple[Unclear, ...]]:
    """The unclear sessions of each row of a laid-out year, in order, from its day in `since` on (that day included).

    editions: the edition of the law for each column.
    """
    year = calendar.year
    lookups = [lookup(edition, HALVES[column % 2]) for column, edition in enumerate(editions)]
    starts = np.array([_column(year, day) for day in since], np.int64)
    inside = laid.within & (np.arange(year.n) >= starts[:, None])
    kinds = kinds_of(laid.sheet.marks, lookups, inside).T
    found = (kinds == NO_MARK) | ((laid.sheet.marks == BYTE["N"]) & (kinds >= AUTHORISED))
    return [
        tuple(
            Unclear(*year.session(int(column)), TEXT[int(laid.sheet.marks[row, column])])
            for column in np.flatnonzero(found[row])
        )
        for row in range(len(since))
    ]


def unclear_words(sessions: Sequence[Unclear], most: int = 6) -> str:
    """Unclear sessions in words, such as `no mark on Thursday 9 May (morning), N on Friday 10 May`; the first few."""
    days: dict[tuple[date, str], list[Half]] = {}
    for one in sessions:
        days.setdefault((one.day, one.code), []).append(one.half)
    said = [_words(day, code, halves) for (day, code), halves in days.items()]
    more = [f"{len(said) - most} more days"] if len(said) > most else []
    return listed([*said[:most], *more])


def _words(day: date, code: str, halves: Sequence[Half]) -> str:
    part = "" if len(halves) == len(HALVES) else " (morning)" if halves[0] == "AM" else " (afternoon)"
    return f"{'no mark' if code == MISSING else code} on {day_words(day)}{part}"


def _column(year: SchoolYear, day: date) -> int:
    if day < year.first:
        return 0
    return year.n if day > year.last else year.column(day, "AM")
