"""Where a pupil's counts stand against the policy's lines: stage, tier, persistent, severe, percent in print.

Whole numbers only: a line is compared by cross-multiplying, for in floats a child at exactly one tenth is missed.
The array functions take and give NumPy arrays of one value a pupil; NONE stands where no session was possible.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from rollcall.rules.policy import Cut, Policy

Ints = npt.NDArray[np.integer[Any]]
NONE = -1


def stage_of(attended: int, possible: int, policy: Policy) -> int | None:
    """The stage of a figure (A4): the first whose line it is over; None where no session was possible."""
    _sensible(attended, possible)
    if possible == 0:
        return None
    return next(stage.number for stage in policy.stages if is_over(attended, possible, stage.cut))


def tier_of(attended: int, possible: int, policy: Policy) -> int | None:
    """The tier of a figure (A5-f), by whole percent rounded down; None where no session was possible."""
    _sensible(attended, possible)
    if possible == 0:
        return None
    whole = 100 * attended // possible
    return next(tier.number for tier in policy.tiers if whole >= tier.from_percent)


def is_over(attended: int, possible: int, cut: Cut) -> bool:
    """Whether a figure is on the good side of a line."""
    return attended * cut.by >= possible * cut.over + cut.plus


def is_persistent(absent: int, possible: int, policy: Policy) -> bool:
    """Whether a tenth or more of the possible sessions was missed (7.4, W-b); never where none was possible."""
    return _missed_at_least(absent, possible, policy.measures.persistent_absent_percent.value)


def is_severe(absent: int, possible: int, policy: Policy) -> bool:
    """Whether half or more of the possible sessions was missed (7.4); never where none was possible."""
    return _missed_at_least(absent, possible, policy.measures.severe_absent_percent.value)


def stages_of(attended: Ints, possible: Ints, policy: Policy) -> npt.NDArray[np.int8]:
    """`stage_of` for arrays of counts; NONE where no session was possible."""
    attended, possible = attended.astype(np.int64), possible.astype(np.int64)
    found = np.full(attended.shape, policy.stages[-1].number, dtype=np.int8)
    for stage in reversed(policy.stages):
        over = attended * stage.cut.by >= possible * stage.cut.over + stage.cut.plus
        found[over] = stage.number
    found[possible == 0] = NONE
    return found


def tiers_of(attended: Ints, possible: Ints, policy: Policy) -> npt.NDArray[np.int8]:
    """`tier_of` for arrays of counts; NONE where no session was possible."""
    attended, possible = attended.astype(np.int64), possible.astype(np.int64)
    found = np.full(attended.shape, NONE, dtype=np.int8)
    for tier in reversed(policy.tiers):
        found[100 * attended >= possible * tier.from_percent] = tier.number
    found[possible == 0] = NONE
    return found


def are_persistent(absent: Ints, possible: Ints, policy: Policy) -> npt.NDArray[np.bool_]:
    """`is_persistent` for arrays of counts."""
    return _all_missed_at_least(absent, possible, policy.measures.persistent_absent_percent.value)


def are_severe(absent: Ints, possible: Ints, policy: Policy) -> npt.NDArray[np.bool_]:
    """`is_severe` for arrays of counts."""
    return _all_missed_at_least(absent, possible, policy.measures.severe_absent_percent.value)


def percent_down(attended: int, possible: int) -> str:
    """One decimal rounded down, for pages and letters ('96.9'), so that no line looks reached that is not."""
    _sensible(attended, possible)
    return _tenths(1000 * attended // possible) if possible else ""


def percent_half_up(attended: int, possible: int) -> str:
    """One decimal rounded half up, for statistics, as the Department prints them; '' where none was possible."""
    _sensible(attended, possible)
    return _tenths((2000 * attended + possible) // (2 * possible)) if possible else ""


def _tenths(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


def _missed_at_least(absent: int, possible: int, percent: Fraction) -> bool:
    _sensible(absent, possible)
    share = percent / 100
    return possible > 0 and share.denominator * absent >= share.numerator * possible


def _all_missed_at_least(absent: Ints, possible: Ints, percent: Fraction) -> npt.NDArray[np.bool_]:
    share = percent / 100
    missed = share.denominator * absent.astype(np.int64) >= share.numerator * possible.astype(np.int64)
    return missed & (possible > 0)


def _sensible(part: int, possible: int) -> None:
    if not 0 <= part <= possible:
        raise ValueError(f"{part} of {possible} sessions can't be: count between 0 and the possible sessions.")
