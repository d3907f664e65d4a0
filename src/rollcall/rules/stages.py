"""Where a pupil's counts stand against the policy's lines: stage, tier, persistent, severe, percent in print.

Whole numbers only: a line is compared by cross-multiplying, for in floats a child at exactly one tenth is missed.
The array functions take and give NumPy arrays of one value a pupil; NONE stands where no session was possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from rollcall.rules.policy import Cut, Entry, Letter, Policy, Stage, Tier, Value, number_text
from rollcall.rules.proposal import Reason

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


def is_below(attended: int, possible: int, percent: Fraction) -> bool:
    """Whether a figure is under a percentage; never where no session was possible. Raises ValueError for bad counts."""
    _sensible(attended, possible)
    return 100 * attended < possible * percent


def is_below_target(attended: int, possible: int, policy: Policy) -> bool:
    """Whether a figure is under the target (A3, A4); never where no session was possible."""
    return is_below(attended, possible, policy.measures.target_percent.value)


def change(now: tuple[int, int], then: tuple[int, int]) -> str:
    """Whether a figure went "up" or "down" or is the "same", each as (attended, possible); '' where either is none."""
    if not now[1] or not then[1]:
        return ""
    here, before = now[0] * then[1], then[0] * now[1]
    return "up" if here > before else "down" if here < before else "same"


def is_persistent(absent: int, possible: int, policy: Policy) -> bool:
    """Whether a tenth or more of the possible sessions was missed (7.4, W-b); never where none was possible."""
    return _missed_at_least(absent, possible, policy.measures.persistent_absent_percent.value)


def is_severe(absent: int, possible: int, policy: Policy) -> bool:
    """Whether half or more of the possible sessions was missed (7.4); never where none was possible."""
    return _missed_at_least(absent, possible, policy.measures.severe_absent_percent.value)


def update_letter(attended: int, possible: int, policy: Policy) -> Letter | None:
    """The weekly update whose figures this is (A3-c); None where no session was possible."""
    _sensible(attended, possible)
    if possible == 0:
        return None
    share = Fraction(100 * attended, possible)
    updates = (letter for letter in policy.letters if letter.kind == "update")
    return next((letter for letter in updates if _fits(letter, share)), None)


def _fits(letter: Letter, percent: Fraction) -> bool:
    over = letter.from_percent is None or percent >= letter.from_percent.value
    return over and (letter.below_percent is None or percent < letter.below_percent.value)


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


class Counted(Protocol):
    """Whatever has the two counts that a conclusion needs."""

    @property
    def attended(self) -> int:
        """Sessions attended."""

    @property
    def possible(self) -> int:
        """Sessions possible: attended, authorised and unauthorised."""


@dataclass(frozen=True)
class Conclusion:
    """What follows from a pupil's counts, each with its reason. `few`: too few sessions to judge by (a setting).

    stage and tier are None, and all else is False, where no session was possible.
    """

    attended: int
    possible: int
    stage: int | None
    stage_reason: Reason
    tier: int | None
    tier_reason: Reason
    persistent: bool
    persistent_reason: Reason
    severe: bool
    severe_reason: Reason
    below_target: bool
    target_reason: Reason
    few: bool
    few_reason: Reason

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All of the reasons, for a page."""
        named = (self.target_reason, self.stage_reason, self.tier_reason, self.persistent_reason, self.severe_reason)
        return (*named, self.few_reason)


def conclude(counts: Counted, policy: Policy) -> Conclusion:
    """What the policy concludes from counts of sessions. Raises ValueError for more attended than possible."""
    attended, possible = int(counts.attended), int(counts.possible)
    absent, lines = possible - attended, policy.measures
    return Conclusion(
        attended=attended,
        possible=possible,
        stage=stage_of(attended, possible, policy),
        stage_reason=_why_stage(attended, possible, policy),
        tier=tier_of(attended, possible, policy),
        tier_reason=_why_tier(attended, possible, policy),
        persistent=is_persistent(absent, possible, policy),
        persistent_reason=_why_missed(absent, possible, lines.persistent_absent_percent, "persistent absence"),
        severe=is_severe(absent, possible, policy),
        severe_reason=_why_missed(absent, possible, lines.severe_absent_percent, "severe absence"),
        below_target=is_below_target(attended, possible, policy),
        target_reason=_why_target(attended, possible, lines.target_percent),
        few=possible < lines.few_sessions.value,
        few_reason=_why_few(possible, lines.few_sessions),
    )


def _why_target(attended: int, possible: int, target: Value[Fraction]) -> Reason:
    line = f"{number_text(target.value)}%"
    if possible == 0:
        return _nothing_possible(line, target)
    side = "under" if 100 * attended < possible * target.value else "at or over"
    return Reason(f"{_figure(attended, possible)}, {side} the target of {line}.", line, target.section, target.source)


def _why_stage(attended: int, possible: int, policy: Policy) -> Reason:
    number = stage_of(attended, possible, policy)
    if number is None:
        return _nothing_possible("", policy.stages[0])
    stage = policy.stages[number]
    band = _stage_band(policy, stage)
    said = f"{_figure(attended, possible)}, which is {band}: stage {number}, {stage.name}."
    return Reason(said, band, stage.section, stage.source)


def _stage_band(policy: Policy, stage: Stage) -> str:
    above = policy.stages[stage.number - 1] if stage.number else None
    top = "" if above is None else f"{'below' if above.cut.plus == 0 else 'up to'} {number_text(above.line)}%"
    bottom = f"{'above ' if stage.cut.plus else ''}{number_text(stage.line)}%{'' if stage.cut.plus else ' or more'}"
    return " and ".join(part for part in (bottom if stage.line else "", top) if part) or "any figure"


def _why_tier(attended: int, possible: int, policy: Policy) -> Reason:
    number = tier_of(attended, possible, policy)
    if number is None:
        return _nothing_possible("", policy.tiers[0])
    tier: Tier = policy.tiers[number - 1]
    band = f"{tier.to_percent}% to {tier.from_percent}%"
    whole = 100 * attended // possible
    said = f"{_figure(attended, possible)}, which is {whole} in whole percents rounded down: {tier.name}, {band}."
    return Reason(said, band, tier.section, tier.source)


def _why_missed(absent: int, possible: int, line: Value[Fraction], called: str) -> Reason:
    share = f"{number_text(line.value)}%"
    if possible == 0:
        return _nothing_possible(share, line)
    reached = _missed_at_least(absent, possible, line.value)
    fewest = -(-possible * line.value.numerator // (100 * line.value.denominator))
    verdict = f"{called} begins at {fewest}" if not reached else f"with {fewest} or more it is {called}"
    said = f"{absent} of {possible} possible sessions missed; {verdict} ({share})."
    return Reason(said, share, line.section, line.source)


def _why_few(possible: int, line: Value[int]) -> Reason:
    side = "too few to judge a figure by" if possible < line.value else "enough to judge a figure by"
    were = "session was" if possible == 1 else "sessions were"
    said = f"{possible} {were} possible, {side}; the least is {line.value}."
    return Reason(said, f"{line.value} sessions", line.section, line.source)


def _figure(attended: int, possible: int) -> str:
    return f"{attended} of {possible} possible sessions attended is {percent_down(attended, possible)}%"


def _nothing_possible(value: str, entry: Entry) -> Reason:
    return Reason("No session was possible, so there is no figure to judge.", value, entry.section, entry.source)


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
