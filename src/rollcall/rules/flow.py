"""The school's flow chart as a table of states, and what the fortnightly review proposes from a pupil's place on it.

The steps, their owners, letters and answers come from the policy; this reads them and proposes, with reasons. A named
person decides (FC-c). Where marks in the window are missing or unexplained, those are looked into first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rollcall.rules.improving import Agreed, Improvement, Window, improved
from rollcall.rules.policy import Policy, Step, number_text
from rollcall.rules.proposal import Number, Proposal, Reason, propose
from rollcall.rules.stages import Conclusion, percent_down

CHECK_FIRST = "check first"
WATCH = "keep monitoring"
WAIT = "wait for the window"


@dataclass(frozen=True)
class Place:
    """Where a pupil stands on the path, and since when.

    `returned_at` holds the counts (attended, possible) of the figure with which the pupil last came back to monitoring;
    None for one who was never on the path. `below_before`: below the target at the review before as well. `at_step`:
    the counts up to the step, or to the review before, without the codes set apart: what the window is held against.
    `agreed`: the targets agreed with the family since the step.
    """

    step: str
    since: date | None = None
    returned_at: tuple[int, int] | None = None
    below_before: bool = False
    at_step: tuple[int, int] | None = None
    agreed: tuple[Agreed, ...] = ()


def steps(policy: Policy) -> tuple[Step, ...]:
    """The states of the path in order, each with id, name, owners, letter, question, and where yes and no lead."""
    return policy.path.steps


def first_step(policy: Policy) -> Step:
    """Where every pupil begins, and where an improvement leads back to."""
    return policy.path.steps[0]


def edges(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """The arrows of the chart: (from, yes or no, to), for whoever draws it."""
    for step in policy.path.steps:
        yield step.id, "yes", step.yes
        yield step.id, "no", step.no


def next_step(
    policy: Policy,
    place: Place,
    conclusion: Conclusion,
    window: Window,
) -> Proposal | None:
    """What the review proposes for a pupil, with reasons; None for one on target and not on the path.

    `what` is CHECK_FIRST, WATCH, WAIT or the id of the step proposed. Raises LookupError for an unknown place.
    """
    step = policy.step(place.step)
    on_path = step.id != first_step(policy).id
    if not on_path and not conclusion.below_target:
        return None
    test = improvement(policy, place, window)
    if window.unexplained or window.missing:
        what, why = CHECK_FIRST, (_unclear(window, policy), *_standing(conclusion))
    elif on_path:
        what, why = _after(step, test), (_reached(step, place), *test.reasons)
    else:
        what, why = _from_monitoring(policy, place, conclusion, test)
    return propose(what, why, _numbers(conclusion, window, place, test))


def improvement(policy: Policy, place: Place, window: Window) -> Improvement:
    """The answer to the question of the step at which a pupil is. Raises LookupError for an unknown place."""
    step = policy.step(place.step)
    return improved(window, policy, place.at_step, place.agreed if step.sets_targets else None)


def _after(step: Step, test: Improvement) -> str:
    if test.answer is None:
        return WAIT
    return step.yes if test.answer else step.no


def _from_monitoring(
    policy: Policy, place: Place, conclusion: Conclusion, test: Improvement
) -> tuple[str, tuple[Reason, ...]]:
    start = first_step(policy).yes
    if conclusion.few:
        return WATCH, (conclusion.few_reason, *_standing(conclusion))
    if _below_line(policy, conclusion):
        return _on_a_fall(policy, place, conclusion, test)
    stage = policy.path.starts_without_improvement_at_stage
    stuck = conclusion.stage == stage.value and place.below_before and test.answer is False
    if stuck and place.returned_at is None:
        said = "Below the target at the review before as well, and no improvement since."
        return start, (Reason(said, f"stage {stage.value}", stage.section), *test.reasons, conclusion.stage_reason)
    return WATCH, _standing(conclusion)


def _on_a_fall(
    policy: Policy, place: Place, conclusion: Conclusion, test: Improvement
) -> tuple[str, tuple[Reason, ...]]:
    """Below the line the path begins; for one who came back from it, only by a fresh fall (FC-b)."""
    line = policy.path.starts_below_percent
    fall = Reason(f"Attendance is below {number_text(line.value)}%.", f"{number_text(line.value)}%", line.section)
    if place.returned_at is None:
        return first_step(policy).yes, (fall, *_standing(conclusion))
    attended, possible = place.returned_at
    lower = conclusion.attended * possible < attended * conclusion.possible
    then = f"{percent_down(attended, possible)}% ({attended} of {possible}) on coming back to monitoring"
    if lower and test.answer is False:
        fresh = Reason(f"A fresh fall: attendance was {then}, and is lower now.", section=line.section)
        return first_step(policy).yes, (fall, fresh, *test.reasons, conclusion.stage_reason)
    held = Reason(f"No fresh fall: attendance was {then}.", section=line.section)
    return WATCH, (held, *test.reasons, *_standing(conclusion))


def _below_line(policy: Policy, conclusion: Conclusion) -> bool:
    return 100 * conclusion.attended < conclusion.possible * policy.path.starts_below_percent.value


def _standing(conclusion: Conclusion) -> tuple[Reason, ...]:
    extra = [conclusion.persistent_reason] if conclusion.persistent else []
    return (conclusion.target_reason, conclusion.stage_reason, *extra)


def _reached(step: Step, place: Place) -> Reason:
    since = f" since {place.since:%-d %B %Y}" if place.since else ""
    return Reason(f"On the path{since}: {step.name}.", step.name, step.section)


def _unclear(window: Window, policy: Policy) -> Reason:
    limit = policy.registers.code_within_working_days
    said = f"Since the step, or in the last fortnight, {unclear_text(window.unexplained, window.missing)}."
    return Reason(said, f"{limit.value} working days", limit.section, limit.source)


def unclear_text(unexplained: int, missing: int) -> str:
    """How many absences have no reason yet (N) and how many sessions no mark, as a clause; what is none goes unsaid."""
    absences = "absence has" if unexplained == 1 else "absences have"
    sessions = "session has" if missing == 1 else "sessions have"
    parts = [f"{unexplained} {absences} no reason yet"] if unexplained or not missing else []
    return " and ".join(parts + ([f"{missing} {sessions} no mark"] if missing else []))


def _numbers(conclusion: Conclusion, window: Window, place: Place, test: Improvement) -> dict[str, Number]:
    attended, possible = place.at_step or (None, None)
    return {
        "attended": conclusion.attended,
        "possible": conclusion.possible,
        "stage": conclusion.stage,
        "tier": conclusion.tier,
        "window_attended": window.attended,
        "window_possible": window.possible,
        "window_apart": window.apart,
        "window_unauthorised": window.unauthorised,
        "window_unexplained": window.unexplained,
        "window_missing": window.missing,
        "window_school_weeks": window.school_weeks,
        "attended_at_step": attended,
        "possible_at_step": possible,
        "improved": test.answer,
    }
