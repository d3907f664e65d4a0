"""The test behind "improved?" (FC-b): what is asked, what it was answered with, in whole numbers and in words.

Reads the policy's `path.improved`. Sessions are counted elsewhere (`window`); nothing here says what follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rollcall.rules.codes import table
from rollcall.rules.policy import Improved, Policy, number_text
from rollcall.rules.proposal import Reason
from rollcall.rules.stages import percent_down
from rollcall.rules.words import counted


@dataclass(frozen=True)
class Window:
    """Sessions since the step, or since the review before: what "improved?" is asked of.

    attended, possible and unauthorised leave out the codes that the policy sets apart (`apart` counts them).
    `unexplained` counts N, `missing` sessions without a mark, both in the whole window; school_weeks those that have
    ended since.
    """

    attended: int
    possible: int
    apart: int
    unauthorised: int
    unexplained: int
    missing: int
    school_weeks: int


@dataclass(frozen=True)
class Agreed:
    """A target agreed with a family, and what was counted from its first day to its last, or up to now.

    percent: the share to reach by the last day; None for in on every day. is_over: the last day has passed.
    """

    percent: Fraction | None
    ends: date
    is_over: bool
    seen: Window


@dataclass(frozen=True)
class Improvement:
    """The answer to "improved?" with its reasons; None while there is too little to ask."""

    answer: bool | None
    reasons: tuple[Reason, ...]


def improved(
    window: Window,
    policy: Policy,
    at_step: tuple[int, int] | None = None,
    agreed: Sequence[Agreed] | None = None,
) -> Improvement:
    """Whether attendance improved in a window, by the policy's own test.

    at_step: sessions attended and possible up to the step, without the codes set apart; None where nothing was counted
    then. agreed: the targets of a step that sets them, empty where none was agreed; None for a step that sets none.
    Where a target was agreed, meeting it is the test; else the share attended and no unauthorised session are. Every
    possible session attended is an improvement, though nothing can be above. None while the window or a target's days
    are not over, and where there are too few sessions to ask or nothing to compare with.
    """
    test = policy.path.improved
    if agreed is not None and test.targets is not None and test.targets.value:
        if agreed:
            return _by_targets(window, test, agreed)
        none = Reason("No target was agreed: the test for all steps is used.", section=test.targets.section)
        plain = _by_sessions(window, test, at_step)
        return Improvement(plain.answer, (none, *plain.reasons))
    return _by_sessions(window, test, at_step)


def stated(policy: Policy) -> tuple[str, ...]:
    """The test as families can read it, a sentence for each part."""
    test = policy.path.improved
    weeks = counted(test.over_school_weeks.value, "school week")
    asked = []
    if _asks(test.above_that_at_step):
        asked.append("a greater share of sessions was attended than up to the step, or all of them")
    if test.at_least_percent is not None:
        asked.append(f"at least {number_text(test.at_least_percent.value)}% of sessions were attended")
    if _asks(test.no_unauthorised):
        asked.append("no session was missed without authorisation")
    codes = table(policy.edition)
    apart = "; ".join(f"{codes[code].meaning} ({code})" for code in test.codes_apart.value if code in codes)
    said = [f"Once {weeks} since the step have ended, attendance has improved where {', and '.join(asked)}."]
    said.append(f"Absences that count neither way: {apart}.")
    if _asks(test.targets):
        said.append("Where a target was agreed at a meeting, attendance has improved where the target was met.")
    return tuple(said)


def _asks(value: object) -> bool:
    return bool(getattr(value, "value", False))


def _by_sessions(window: Window, test: Improved, at_step: tuple[int, int] | None) -> Improvement:
    if (early := _too_early(window, test)) is not None:
        return Improvement(None, (early,))
    answers, reasons = zip(*_parts(window, test, at_step), strict=True)
    answer = False if False in answers else None if None in answers else True
    return Improvement(answer, reasons)


def _too_early(window: Window, test: Improved) -> Reason | None:
    weeks, least = test.over_school_weeks, test.least_sessions
    if window.school_weeks < weeks.value:
        said = f"{_seen(window)}; {window.school_weeks} of {weeks.value} school weeks have ended."
        return Reason(said, counted(weeks.value, "school week"), weeks.section, weeks.source)
    if window.possible < least.value:
        said = f"{_seen(window)}; at least {least.value} are needed."
        return Reason(said, counted(least.value, "session"), least.section, least.source)
    return None


def _parts(window: Window, test: Improved, at_step: tuple[int, int] | None) -> Iterator[tuple[bool | None, Reason]]:
    """Each thing that the policy asks, answered."""
    if test.above_that_at_step is not None and test.above_that_at_step.value:
        answer, said = _above(window, at_step)
        yield answer, Reason(f"{_seen(window)}: {said}.", "above that at the step", test.above_that_at_step.section)
    if test.at_least_percent is not None:
        line = f"{number_text(test.at_least_percent.value)}%"
        reached = 100 * window.attended >= window.possible * test.at_least_percent.value
        verdict = f"{percent_down(window.attended, window.possible)}%, {'at or over' if reached else 'under'} {line}"
        yield reached, Reason(f"{_seen(window)}: {verdict}.", line, test.at_least_percent.section)
    if test.no_unauthorised is not None and test.no_unauthorised.value:
        n = window.unauthorised
        said = f"{counted(n, 'unauthorised session')} since." if n else "No unauthorised session since."
        yield n == 0, Reason(said, "no unauthorised session", test.no_unauthorised.section)


def _above(window: Window, at_step: tuple[int, int] | None) -> tuple[bool | None, str]:
    now = f"{percent_down(window.attended, window.possible)}%"
    if window.attended == window.possible:
        return True, f"{now}, every possible session"
    if at_step is None or at_step[1] == 0:
        return None, f"{now}, and nothing was counted at the step to compare it with"
    attended, possible = at_step
    answer = window.attended * possible > attended * window.possible
    then = f"{percent_down(attended, possible)}% at the step ({attended} of {possible})"
    return answer, f"{now}, {'above' if answer else 'not above'} the {then}"


def _by_targets(window: Window, test: Improved, agreed: Sequence[Agreed]) -> Improvement:
    answers, reasons = zip(*(_met(one, test) for one in agreed), strict=True)
    if window.school_weeks < test.over_school_weeks.value:
        answers = (*answers, None)
        said = f"{window.school_weeks} of {test.over_school_weeks.value} school weeks have ended since."
        reasons = (*reasons, Reason(said, section=test.over_school_weeks.section))
    answer = None if None in answers else all(answers)
    return Improvement(answer, reasons)


def _met(one: Agreed, test: Improved) -> tuple[bool | None, Reason]:
    until = f"{one.ends:%-d %B %Y}"
    wanted = f"in every day until {until}" if one.percent is None else f"{number_text(one.percent)}% by {until}"
    seen, section = _seen(one.seen, "in its days"), test.targets.section if test.targets else ""
    if not one.is_over:
        return None, Reason(f"The target agreed, {wanted}, still has days to come: {seen}.", wanted, section)
    if one.seen.possible == 0:
        return None, Reason(f"The target agreed, {wanted}: no session was possible in its days.", wanted, section)
    share = Fraction(100) if one.percent is None else one.percent
    answer = 100 * one.seen.attended >= one.seen.possible * share
    figure = f"{percent_down(one.seen.attended, one.seen.possible)}%"
    return answer, Reason(
        f"{seen}: {figure}; the target agreed, {wanted}, was {'met' if answer else 'missed'}.", wanted, section
    )


def _seen(window: Window, when: str = "since") -> str:
    return f"{window.attended} of {window.possible} sessions attended {when}, {window.apart} set apart"
