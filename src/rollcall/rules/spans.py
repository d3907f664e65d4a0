"""Before and since: as many school days on the one side of a day as on the other, so that like is beside like (7.2-b).

Takes days and an overlay's kinds; counts only. Whether anything follows from the two is not said here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from rollcall.rules.figures import Kinds
from rollcall.rules.overlay import Overlay
from rollcall.rules.shares import Share, shares_by_row, whole_share

Span = tuple[date, date]


@dataclass(frozen=True)
class BeforeAndSince:
    """Two spans of `days` school days each: the last ones before a day, and the first ones from it on."""

    before: Span
    since: Span
    days: int


def before_and_since(school_days: Sequence[date], begins: date, last: date) -> BeforeAndSince | None:
    """The two spans around the day on which something begins, as long as both sides allow.

    school_days: in order, across school years where there are several. last: the last day that counts since; days
    after it are left out. None where there is no school day on one of the sides.
    """
    start, stop = bisect_left(school_days, begins), bisect_right(school_days, last)
    n = min(start, stop - start)
    if n <= 0:
        return None
    before = (school_days[start - n], school_days[start - 1])
    return BeforeAndSince(before, (school_days[start], school_days[start + n - 1]), n)


def shares_between(laid: Overlay, kinds: Kinds, spans: Sequence[Span | None]) -> list[Share]:
    """The sessions of each row of a laid-out year that lie in its own span, both days included; nothing for None.

    kinds: uint8[m, n] of `overlay.kinds_laid`, m sessions of n rows. A span may reach beyond the year.
    """
    if not spans:
        return []
    first = np.array([span[0].toordinal() if span else 1 for span in spans])
    last = np.array([span[1].toordinal() if span else 0 for span in spans])
    days = laid.sheet.days[:, None]
    inside = (days >= first) & (days <= last)
    counted = shares_by_row(np.where(inside, kinds, 0).astype(kinds.dtype), range(len(spans)))
    return [counted[row] for row in range(len(spans))]


def share_within(laid: Overlay, kinds: Kinds, span: Span) -> Share:
    """The sessions of all rows of a laid-out year in one span, both days included."""
    days = laid.sheet.days
    return whole_share(kinds[(days >= span[0].toordinal()) & (days <= span[1].toordinal())])
