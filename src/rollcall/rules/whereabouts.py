"""Where a child is by the mark that stands: on the site, at an activity elsewhere, away, or not known.

A mark says how a session counts; who asks for an evacuation or a call asks something else. U counts as absent, and the
child is in the building; N counts as absent, and nobody has said where the child is. A session without a mark says
nothing about it either.
"""

from enum import Enum
from functools import cache

from rollcall.rules.codes import COUNTS, LATE_AFTER_CLOSING, MISSING, UNEXPLAINED, Counts, UnknownCode

ELSEWHERE_OUTSIDE_POSSIBLE = "D"


class Where(Enum):
    """Where a child is; SIGNED_OUT no mark says, but what happened since (see `traces`)."""

    ON_SITE = "on site"
    ELSEWHERE = "at an activity elsewhere"
    SIGNED_OUT = "signed out"
    AWAY = "away"
    NOT_EXPECTED = "not expected"
    UNKNOWN = "not accounted for"


IN_OUR_CARE = (Where.ON_SITE, Where.ELSEWHERE)
"""Where a child is with somebody of the school, or at what the school has approved."""


@cache
def where(code: str) -> Where:
    """Where a child with this mark is; `-` and N are UNKNOWN. Raises UnknownCode for a code of no edition."""
    if code in (MISSING, UNEXPLAINED):
        return Where.UNKNOWN
    if code == LATE_AFTER_CLOSING:
        return Where.ON_SITE
    if code == ELSEWHERE_OUTSIDE_POSSIBLE:
        return Where.ELSEWHERE
    if code in COUNTS:
        return _BY_COUNT[COUNTS[code]]
    raise UnknownCode(f"{code!r} is an attendance code of no edition.")


_BY_COUNT = {
    Counts.ATTENDING: Where.ON_SITE,
    Counts.EDUCATIONAL: Where.ELSEWHERE,
    Counts.AUTHORISED: Where.AWAY,
    Counts.UNAUTHORISED: Where.AWAY,
    Counts.NOT_POSSIBLE: Where.NOT_EXPECTED,
}


def is_away(code: str) -> bool:
    """Whether a child with this mark should have been here and is not; with N nobody knows where else."""
    return code == UNEXPLAINED or where(code) is Where.AWAY
