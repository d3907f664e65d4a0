"""What happened since a day, for each pupil: the sessions that "improved?" is asked of (FC-b), and what is unclear.

Reads the policy's codes that are set apart, such as illness. Whole numbers only; nothing here says what follows.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from rollcall.rules.codes import BYTE
from rollcall.rules.figures import AUTHORISED, MISSING, PRESENT, UNAUTHORISED, kinds_of, lookup
from rollcall.rules.flow import unclear_text
from rollcall.rules.improving import Window
from rollcall.rules.overlay import Overlay
from rollcall.rules.policy import Policy, number_text
from rollcall.rules.proposal import Reason
from rollcall.rules.sessions import HALVES, Calendar, SchoolYear
from rollcall.rules.stages import percent_down

ONE_DAY = timedelta(days=1)


def windows_of(
    laid: Overlay,
    editions: Sequence[str],
    calendar: Calendar,
    since: Sequence[date],
    upto: int,
    policy: Policy,
    until: Sequence[date] | None = None,
) -> list[Window]:
    """The window of each row of a laid-out year: from its day in `since` (that day included) up to a column.

    editions: the edition of the law for each column. since: a day for each row; one before the year means its start.
    upto: columns from this one on are still to come. until: the last day that counts for each row, where there is one.
    Codes that the policy sets apart count as not possible here.
    """
    year = calendar.year
    lookups = [lookup(edition, HALVES[column % 2]) for column, edition in enumerate(editions)]
    starts = np.array([_column(year, day) for day in since], np.int64)
    stops = np.array([min(upto, _column(year, day + ONE_DAY)) for day in until or ()] or [upto] * len(since), np.int64)
    columns = np.arange(year.n)
    inside = (columns >= starts[:, None]) & (columns < stops[:, None])
    kinds = kinds_of(laid.sheet.marks, lookups, laid.within & inside).T
    apart = _any_of(laid.sheet.marks, policy.path.improved.codes_apart.value) & (kinds >= PRESENT)
    unexplained = (laid.sheet.marks == BYTE["N"]) & (kinds >= AUTHORISED)
    counts = {
        "attended": ((kinds >= PRESENT) & (kinds < AUTHORISED) & ~apart).sum(axis=1),
        "possible": ((kinds >= PRESENT) & ~apart).sum(axis=1),
        "apart": apart.sum(axis=1),
        "unauthorised": ((kinds >= UNAUTHORISED) & ~apart).sum(axis=1),
        "unexplained": unexplained.sum(axis=1),
        "missing": (kinds == MISSING).sum(axis=1),
    }
    ends = _week_ends(calendar, upto)
    ended = ((ends >= starts[:, None]) & (ends < stops[:, None])).sum(axis=1)
    return [
        Window(**{name: int(n[row]) for name, n in counts.items()}, school_weeks=int(ended[row]))
        for row in range(len(starts))
    ]


def window_ends(calendar: Calendar, since: date, school_weeks: int) -> date | None:
    """The last school day of a window of so many school weeks that begins with a day; None where the year ends before.

    The week of that day counts where school is still to be held in it. Raises ValueError for no week.
    """
    if school_weeks < 1:
        raise ValueError(f"A window has at least one school week, not {school_weeks}.")
    ends = _week_ends(calendar, calendar.year.n)
    ahead = ends[ends >= _column(calendar.year, since)]
    return calendar.year.session(int(ahead[school_weeks - 1]))[0] if len(ahead) >= school_weeks else None


def school_day_after(calendar: Calendar, day: date, n: int) -> date | None:
    """The `n`th school day after a day, which itself does not count; None where the year ends before."""
    ahead = [one for one in calendar.school_days() if one > day]
    return ahead[n - 1] if 0 < n <= len(ahead) else None


def unclear_reason(attended: int, possible: int, unexplained: int, missing: int, policy: Policy) -> Reason | None:
    """Why a figure below the path's line can't be trusted yet; None where even the kindest answer leaves it below.

    unexplained: absences that are N, counted among the possible. missing: sessions without a mark, counted nowhere.
    The kindest answer is that the pupil was there each time.
    """
    line = policy.path.starts_below_percent
    best, of = attended + unexplained + missing, possible + missing
    if not unexplained + missing or 100 * attended >= possible * line.value or 100 * best < of * line.value:
        return None
    said = (
        f"This year {unclear_text(unexplained, missing)}; had the pupil been there each time, "
        f"the figure would be {percent_down(best, of)}%, not below {number_text(line.value)}%."
    )
    return Reason(said, f"{number_text(line.value)}%", line.section, line.source)


def _any_of(marks: NDArray[np.uint8], codes: Sequence[str]) -> NDArray[np.bool_]:
    return np.isin(marks, np.array([BYTE[code] for code in codes], np.uint8))


def _week_ends(calendar: Calendar, upto: int) -> NDArray[np.int64]:
    """The last session's column of each school week that ended before a column."""
    open_columns = np.flatnonzero(calendar.open)
    weeks = calendar.week[open_columns]
    last = open_columns[np.append(np.diff(weeks) != 0, True)] if len(open_columns) else open_columns
    return last[last < upto]


def _column(year: SchoolYear, day: date) -> int:
    if day < year.first:
        return 0
    return year.n if day > year.last else year.column(day, "AM")
