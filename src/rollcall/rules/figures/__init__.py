"""From a sheet to figures: counts, the window of school weeks, the longest absence. The one place they are worked out.

`figures` takes marks as they stand on a sheet; `figures_of_kinds` what `kinds_of` made of them. Only whole numbers.
"""

from rollcall.rules.figures.counting import NEVER, Ints, unauthorised_after, unauthorised_from
from rollcall.rules.figures.counting import runs as runs_of_kinds
from rollcall.rules.figures.counting import windows as windows_of_kinds
from rollcall.rules.figures.kinds import (
    AUTHORISED,
    LATE,
    LATE_AFTER_CLOSE,
    MISSING,
    NOTHING,
    PRESENT,
    UNAUTHORISED,
    UNKNOWN,
    Kinds,
    UnknownMark,
    kinds_of,
    lookup,
    lookups,
)
from rollcall.rules.figures.sheets import Figures, attendance_tenths, figures, figures_of_kinds, join

__all__ = [
    "AUTHORISED",
    "LATE",
    "LATE_AFTER_CLOSE",
    "MISSING",
    "NEVER",
    "NOTHING",
    "PRESENT",
    "UNAUTHORISED",
    "UNKNOWN",
    "Figures",
    "Ints",
    "Kinds",
    "UnknownMark",
    "attendance_tenths",
    "figures",
    "figures_of_kinds",
    "join",
    "kinds_of",
    "lookup",
    "lookups",
    "runs_of_kinds",
    "unauthorised_after",
    "unauthorised_from",
    "windows_of_kinds",
]
