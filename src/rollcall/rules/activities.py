"""Activities away from the classroom: which codes there are for them, and which mark it makes to say who is there.

An approved educational activity counts as attended; a pupil at another school where they are registered too is D, and
that school records the session (SI 2006/1751 reg 6, SI 2024/208 reg 10).
"""

from rollcall.rules import codes
from rollcall.rules.codes import MISSING, UNEXPLAINED, Counts
from rollcall.rules.whereabouts import ELSEWHERE_OUTSIDE_POSSIBLE


def activity_codes(edition: str) -> dict[str, str]:
    """The codes of an edition that an activity may have with their meanings: educational activities, and D."""
    return {
        one.code: one.meaning
        for one in codes.table(edition).values()
        if one.counts_as is Counts.EDUCATIONAL or one.code == ELSEWHERE_OUTSIDE_POSSIBLE
    }


def mark_of(standing: str, code: str, *, there: bool) -> str | None:
    """The mark that it makes to say whether a pupil is at an activity; None where the mark that stands says enough.

    standing: the mark that stands, `-` for none; code: the activity's. Who is not there is N only where nothing else
    says where they are: a pupil who stayed at school, or is ill, or elsewhere, keeps their mark.
    """
    if there:
        return None if standing == code else code
    return UNEXPLAINED if standing in (MISSING, code) else None
