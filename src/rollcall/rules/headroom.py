"""How far a pupil is from a line: sessions until it is crossed, sessions attended in a row until it is regained.

A boundary has a good side and a bad one, in whole numbers, so both counts are exact. The sentences say no date of their
own: the caller knows the calendar. Minutes late become days of school here too (EM-a).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rollcall.rules.policy import Cut, Policy, Value, number_text
from rollcall.rules.words import counted


@dataclass(frozen=True)
class Boundary:
    """A line with words for both of its sides: what holds once it is crossed, and once it is regained."""

    name: str
    cut: Cut
    crossed: str
    regained: str
    section: str
    source: str = ""


def boundaries(policy: Policy) -> tuple[Boundary, ...]:
    """The lines that a figure can cross under a policy: the target, those of the stages, persistent, severe absence."""
    measures = policy.measures
    target = measures.target_percent
    lines = [_of_figure("target", target.value, 0, target.section, target.source)]
    for stage in policy.stages:
        if stage.line and (stage.line, stage.cut.plus) != (target.value, 0):
            name = f"stage {stage.number}"
            lines.append(_of_figure(name, stage.line, stage.cut.plus, stage.section, stage.source))
    persistent = _of_absence("persistent", measures.persistent_absent_percent)
    return (*lines, persistent, _of_absence("severe", measures.severe_absent_percent))


def sessions_to_fall(attended: int, possible: int, boundary: Boundary) -> int:
    """How many more sessions, all missed, put a figure on the bad side of a line; 0 for one that is there already.

    Raises ValueError for counts that can't be and for a line that no figure can fall below.
    """
    cut = _checked(attended, possible, boundary)
    reaches = (attended * cut.by - cut.plus) // cut.over
    return max(reaches - possible + 1, 0 if possible else 1)


def sessions_to_recover(attended: int, possible: int, boundary: Boundary, remaining: int) -> int | None:
    """How many sessions, all attended, bring a figure back over a line; 0 for one that is there already.

    None where they don't suffice before the remaining sessions run out. Raises ValueError as `sessions_to_fall` does.
    """
    cut = _checked(attended, possible, boundary)
    short = possible * cut.over + cut.plus - attended * cut.by
    if possible == 0 or short <= 0:
        return 0
    if cut.by == cut.over:
        return None
    needed = -(-short // (cut.by - cut.over))
    return needed if needed <= remaining else None


def fall_sentence(attended: int, possible: int, boundary: Boundary) -> str:
    """'3 more sessions missed and attendance is below 95%.'"""
    left = sessions_to_fall(attended, possible, boundary)
    if left == 0:
        return f"{_opening(boundary.crossed)} already."
    return f"{_sessions(left, 'more ')} missed and {boundary.crossed}."


def recover_sentence(
    attended: int, possible: int, boundary: Boundary, remaining: int, *, until: date | None = None
) -> str:
    """'12 sessions attended in a row and attendance is at 95% or more: every session until 14 March 2025.'

    `until` is the day of the last of them, from a caller who has the calendar.
    """
    needed = sessions_to_recover(attended, possible, boundary, remaining)
    if needed is None:
        return f"Even if every remaining session is attended ({remaining}), {boundary.crossed}."
    if needed == 0:
        return f"{_opening(boundary.regained)} already." if possible else "No session was possible yet."
    said = f"{_sessions(needed)} attended in a row and {boundary.regained}"
    return f"{said}: every session until {until:%-d %B %Y}." if until else f"{said}."


@dataclass(frozen=True)
class Line:
    """One line with how far a figure is from it, in a sentence; `is_met` says on which side the figure is."""

    name: str
    is_met: bool
    sessions: int | None
    sentence: str
    share: Fraction
    section: str
    source: str


def lines(attended: int, possible: int, policy: Policy, ahead: Sequence[date]) -> list[Line]:
    """Every line of a policy in its order. ahead: the day of each session still to come this year, in order.

    `sessions` is how many more, all missed, cross the line, or how many in a row, all attended, regain it; None where
    those to come do not suffice. `share` is the part of the sessions at which the line lies. Raises ValueError for
    counts that can't be.
    """
    return [_line(attended, possible, boundary, ahead) for boundary in boundaries(policy) if boundary.cut.over]


def nearest(found: Sequence[Line]) -> tuple[Line | None, Line | None]:
    """The line that the fewest more absences cross, and the one that the fewest attended sessions regain.

    No line above that is out of reach this year is given while another is within it; then it is the lowest.
    """
    met = [line for line in found if line.is_met and line.sessions is not None]
    missed = [line for line in found if not line.is_met]
    fall = min(met, key=lambda line: line.sessions or 0, default=None)
    recover = min(missed, key=lambda line: (line.sessions is None, line.sessions or 0, line.share), default=None)
    return fall, recover


def _line(attended: int, possible: int, boundary: Boundary, ahead: Sequence[date]) -> Line:
    named = (Fraction(boundary.cut.over, boundary.cut.by), boundary.section, boundary.source)
    to_fall = sessions_to_fall(attended, possible, boundary)
    if to_fall > len(ahead):
        return Line(boundary.name, True, None, _out_of_reach(boundary, len(ahead)), *named)
    if to_fall:
        return Line(boundary.name, True, to_fall, fall_sentence(attended, possible, boundary), *named)
    needed = sessions_to_recover(attended, possible, boundary, len(ahead))
    until = ahead[needed - 1] if needed else None
    said = recover_sentence(attended, possible, boundary, len(ahead), until=until)
    return Line(boundary.name, False, needed, said, *named)


def _out_of_reach(boundary: Boundary, remaining: int) -> str:
    return f"Even if every remaining session is missed ({remaining}), {boundary.regained}."


def days_lost(minutes: int, hours_a_day: int) -> Fraction:
    """Days of school in some minutes, exactly (EM-a), at so many hours a day. Raises ValueError below nothing."""
    if minutes < 0 or hours_a_day < 1:
        raise ValueError(f"{minutes} minutes at {hours_a_day} hours a day can't be: neither is below nothing.")
    return Fraction(minutes, 60 * hours_a_day)


def days_text(days: Fraction) -> str:
    """Days to one decimal, half up: '6.5'; a whole number without it."""
    tenths = (20 * days.numerator + days.denominator) // (2 * days.denominator)
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def _of_figure(name: str, percent: Fraction, plus: int, section: str, source: str) -> Boundary:
    share, text = percent / 100, f"{number_text(percent)}%"
    bad, good = (f"at {text} or less", f"above {text}") if plus else (f"below {text}", f"at {text} or more")
    cut = Cut(share.denominator, share.numerator, plus)
    return Boundary(name, cut, f"attendance is {bad}", f"attendance is {good}", section, source)


def _of_absence(name: str, missed: Value[Fraction]) -> Boundary:
    """Missing a share or more is attending what is left or less, so only more than that is the good side."""
    share, text = 1 - missed.value / 100, f"{number_text(missed.value)}%"
    cut = Cut(share.denominator, share.numerator, 1)
    crossed, regained = f"absence is at {text} or more, which is {name}", f"absence is below {text}"
    return Boundary(name, cut, crossed, regained, missed.section, missed.source)


def _checked(attended: int, possible: int, boundary: Boundary) -> Cut:
    if not 0 <= attended <= possible:
        raise ValueError(f"{attended} of {possible} sessions can't be: count between 0 and the possible sessions.")
    if boundary.cut.over == 0:
        raise ValueError(f"The line '{boundary.name}' is at nothing: no figure can fall below it.")
    return boundary.cut


def _opening(words: str) -> str:
    return words[:1].upper() + words[1:]


def _sessions(n: int, more: str = "") -> str:
    return counted(n, f"{more}session")
