"""What a figure and the day propose on the authority's process (A5), and what stands in the way of each exit.

A tier is placed by whole percent, rounded down (A5-f), and so is every line of an exit. This proposes, with reasons; a
named person takes an exit, another one than proposed with a reason. What an exit needs can't be reasoned away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from rollcall.rules.policy import Exit, Policy, State
from rollcall.rules.proposal import Number, Proposal, Reason, propose
from rollcall.rules.stages import change, percent_down, tier_of
from rollcall.rules.words import counted, day_words


@dataclass(frozen=True)
class Filled:
    """A form as it was last filled in during the case: whether since the state was entered, and with no no on it."""

    here: bool
    all_yes: bool


@dataclass(frozen=True)
class Position:
    """Where a pupil stands on the process, with all that a proposal looks at.

    entered: the day on which the state was entered, with the counts (attended, possible) of the figure then; attended
    and possible are those of `day`. filled: by the form's id. lacking: for each kind of record that is not there, the
    sentence that says so. last_entered: when each state of the case was entered last.
    """

    state: str
    entered: date
    then: tuple[int, int]
    attended: int
    possible: int
    day: date
    filled: Mapping[str, Filled] = field(default_factory=dict)
    lacking: Mapping[str, str] = field(default_factory=dict)
    last_entered: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class ExitNow:
    """An exit today: whether it is the one proposed, and what is still lacking, a sentence each."""

    exit: Exit
    proposed: bool
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class StateNow:
    """A state today: its exits in order, the span in which it is reviewed, and what is proposed with its reasons.

    proposal: None while there is nothing to do but wait, or where only a person can know the answer.
    """

    state: State
    exits: tuple[ExitNow, ...]
    review_from: date | None
    review_by: date | None
    proposal: Proposal | None
    day: date

    @property
    def is_due(self) -> bool:
        """Whether the review may be held now."""
        return self.review_from is not None and self.day >= self.review_from

    @property
    def is_overdue(self) -> bool:
        """Whether the review should have been held."""
        return self.review_by is not None and self.day > self.review_by

    @property
    def proposed(self) -> ExitNow | None:
        """The exit that is proposed."""
        return next((one for one in self.exits if one.proposed), None)


def states(policy: Policy) -> tuple[State, ...]:
    """The states of the process in order; none where the policy has none."""
    return policy.authority_path.steps


def first_state(policy: Policy) -> State | None:
    """Where the process begins; None where the policy has none."""
    return next(iter(policy.authority_path.steps), None)


def entry(policy: Policy, attended: int, possible: int) -> Exit | None:
    """How a pupil with a figure comes onto the process: the first exit of the first state whose line it is under.

    None for a figure that calls for nothing but the first state itself, and where no session was possible.
    """
    first = first_state(policy)
    if first is None:
        return None
    falls = (one for one in first.exits if one.below_percent is not None)
    return next((one for one in falls if _by_figure(one, attended, possible)), None)


def entry_reason(policy: Policy, attended: int, possible: int) -> Reason:
    """Why a pupil with a figure comes onto the process where `entry` says."""
    number = tier_of(attended, possible, policy)
    if number is None:
        return Reason("No session was possible, so there is no figure to judge.", section=policy.tiers[0].section)
    tier = policy.tiers[number - 1]
    return Reason(f"{_figure(attended, possible)}: {tier.name}.", tier.name, tier.section)


def review_span(state: State, entered: date) -> tuple[date | None, date | None]:
    """The first and the last day for the review of a state that was entered on a day; None where it has none."""
    least, most = state.review_least_weeks, state.review_most_weeks
    return (
        entered + timedelta(weeks=least.value) if least else None,
        entered + timedelta(weeks=most.value) if most else None,
    )


def state_now(policy: Policy, at: Position) -> StateNow:
    """A pupil's state with its exits as they are today. Raises LookupError for a state that the policy has not."""
    state = policy.state(at.state)
    begins, ends = review_span(state, at.entered)
    chosen = next((one for one in state.exits if _is_candidate(one, state, begins, at)), None)
    exits = tuple(ExitNow(one, one is chosen, _lacks(one, policy, at)) for one in state.exits)
    proposal = None if chosen is None else _proposal(chosen, state, policy, at, begins)
    return StateNow(state, exits, begins, ends, proposal, at.day)


def _is_candidate(one: Exit, state: State, review_from: date | None, at: Position) -> bool:
    """Whether figure, day and forms speak for an exit, whatever may still be lacking for it."""
    if one.choice or not _by_figure(one, at.attended, at.possible):
        return False
    if one.unless_improved and change((at.attended, at.possible), at.then) == "up":
        return False
    if one.after_review and review_from is not None and at.day < review_from:
        return False
    if one.least_weeks and at.day < _not_before(one, at):
        return False
    if one.proposed_on_no:
        form = _counting(one.proposed_on_no, state, at)
        return form is not None and not form.all_yes
    return not (one.needs_all_yes and (form := _counting(one.needs_all_yes, state, at)) and not form.all_yes)


def _counting(name: str, state: State, at: Position) -> Filled | None:
    """A form as it counts in a state: one of the state's own only since the state was entered."""
    form = at.filled.get(name)
    return None if form is None or (name in state.forms and not form.here) else form


def _by_figure(one: Exit, attended: int, possible: int) -> bool:
    if one.below_percent is None and one.at_least_percent is None:
        return True
    if possible == 0:
        return False
    whole = 100 * attended // possible
    under = one.below_percent is None or whole < one.below_percent
    return under and (one.at_least_percent is None or whole >= one.at_least_percent)


def _not_before(one: Exit, at: Position) -> date:
    since = at.last_entered.get(one.since, at.entered) if one.since else at.entered
    return since + timedelta(weeks=one.least_weeks or 0)


def _lacks(one: Exit, policy: Policy, at: Position) -> tuple[str, ...]:
    """All that must be there before an exit may be taken and is not."""
    found = [_form_lacks(name, policy, at) for name in one.needs_forms]
    if one.needs_all_yes and (said := _form_lacks(one.needs_all_yes, policy, at)):
        found.append(said)
    elif one.needs_all_yes and not at.filled[one.needs_all_yes].all_yes:
        found.append(f"Not every answer on “{policy.form(one.needs_all_yes).name}” is yes.")
    found += [at.lacking[name] for name in one.needs_records if name in at.lacking]
    if one.least_weeks and at.day < (day := _not_before(one, at)):
        found.append(f"Not before {day_words(day)}: {counted(one.least_weeks, 'week')} from the start.")
    return tuple(dict.fromkeys(said for said in found if said))


def _form_lacks(name: str, policy: Policy, at: Position) -> str:
    """A form of the state itself must be filled in since it was entered; any other at some time in the case."""
    form, done = policy.form(name), at.filled.get(name)
    if done is None:
        return f"Fill in “{form.name}” first."
    if not done.here and name in policy.state(at.state).forms:
        return f"Fill in “{form.name}” anew first: it was last filled in before {day_words(at.entered)}."
    return ""


def _proposal(one: Exit, state: State, policy: Policy, at: Position, review_from: date | None) -> Proposal:
    why = []
    if one.below_percent is not None or one.at_least_percent is not None:
        line = f"below {one.below_percent}%" if one.below_percent is not None else f"{one.at_least_percent}% or more"
        why.append(Reason(f"{_figure(at.attended, at.possible)}, which is {line}.", line, state.section))
    if at.possible and at.then[1]:
        moved = {"up": "higher now", "down": "lower now", "same": "the same now", "": "not to be compared"}
        then = f"{percent_down(*at.then)}% ({at.then[0]} of {at.then[1]}) on {day_words(at.entered)}"
        why.append(Reason(f"It was {then}, and is {moved[change((at.attended, at.possible), at.then)]}."))
    if one.after_review and review_from:
        weeks = state.review_least_weeks
        why.append(Reason(f"The review is due from {day_words(review_from)}.", section=weeks.section if weeks else ""))
    if one.proposed_on_no:
        why.append(Reason(f"An answer on “{policy.form(one.proposed_on_no).name}” is no.", section=state.section))
    return propose(one.answer, tuple(why) or (Reason(state.question, section=state.section),), _numbers(policy, at))


def _numbers(policy: Policy, at: Position) -> dict[str, Number]:
    return {
        "attended": at.attended,
        "possible": at.possible,
        "tier": tier_of(at.attended, at.possible, policy),
        "then_attended": at.then[0],
        "then_possible": at.then[1],
    }


def _figure(attended: int, possible: int) -> str:
    whole = 100 * attended // possible
    return f"{attended} of {possible} possible sessions attended is {whole}% in whole percents, rounded down"
