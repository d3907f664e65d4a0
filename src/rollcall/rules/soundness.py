"""What can't be right about marks, reasons and numbers: pure comparisons for the checks of each morning (4.1-a, 3.7-b).

A strip is the bytes of one pupil's marks from some session on, a byte a session, as a sheet holds them; `places` are
positions on it. Nothing here says who is wrong: a person looks and mends.
"""

from collections.abc import Collection, Iterable, Sequence

from rollcall.rules.codes import BYTE, MISSING
from rollcall.rules.phones import dialled
from rollcall.rules.whereabouts import Where, where

FAMILY_AWAY = frozenset({"G", "H", "T"})
"""The reasons for which a whole family is away: a holiday, granted or not, or travelling."""

OWN_REASON = frozenset({"I", "M", "R"})
"""The reasons that keep a child at home, at a doctor's or at worship: no family on holiday has them."""

_NONE = BYTE[MISSING]
_CLOSED = frozenset(byte for code, byte in BYTE.items() if code in (MISSING, "#") or code.startswith("Y"))
_PRESENT = frozenset(byte for code, byte in BYTE.items() if where(code) is Where.ON_SITE)
_AWAY = frozenset(BYTE[code] for code in FAMILY_AWAY)
_OWN = frozenset(BYTE[code] for code in OWN_REASON)
_REASONS = _AWAY | _OWN


def unmarked_at(strip: bytes, places: Sequence[int]) -> list[int]:
    """The places at which no mark stands. Source: 4.1-a, every pupil is marked in every session."""
    return [place for place in places if strip[place] == _NONE]


def marked_closed_at(strip: bytes, places: Sequence[int]) -> list[int]:
    """The places, sessions on which nobody met, with another mark than # and those of the Y kind."""
    return [place for place in places if strip[place] not in _CLOSED]


def present_at(strip: bytes, places: Sequence[int]) -> list[int]:
    """The places at which the mark says that the pupil was here, L and U among them."""
    return [place for place in places if strip[place] in _PRESENT]


def marks_from(strip: bytes, place: int) -> int:
    """How many marks stand from a place on; a place before the strip begins at its beginning."""
    return sum(byte != _NONE for byte in strip[max(place, 0) :])


def contradict(one: str, other: str) -> bool:
    """Whether two siblings' codes for one session can't both be true: away with the family, and ill at home."""
    return BYTE[one] in _AWAY and BYTE[other] in _OWN or BYTE[one] in _OWN and BYTE[other] in _AWAY


def contradicting_at(one: bytes, other: bytes, places: Sequence[int]) -> list[int]:
    """The places at which two siblings' marks contradict each other, as `contradict` says."""
    return [
        place
        for place in places
        if (one[place] in _AWAY and other[place] in _OWN) or (one[place] in _OWN and other[place] in _AWAY)
    ]


def has_reason(strip: bytes) -> bool:
    """Whether a mark of the strip is of a kind that a sibling's could contradict."""
    return not _REASONS.isdisjoint(strip)


def working_numbers(numbers: Iterable[str], wrong: Collection[str] = ()) -> list[str]:
    """The different numbers in their order, as first written; wrong: those that turned out wrong, as `dialled`.

    Source: 3.7-b, more than one number for every pupil; one written twice, with and without +44, is one.
    """
    found: dict[str, str] = {}
    for number in numbers:
        digits = dialled(number)
        if digits and digits not in wrong:
            found.setdefault(digits, number)
    return list(found.values())
