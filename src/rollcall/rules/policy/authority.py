"""The authority's process as a table of states (A5), and the kinds of support that are offered on the way.

A state belongs to a tier, carries out some of the tier's actions, and has exits: each leads to a state, with what must
be there before it may be taken. Which exit a figure proposes is worked out in `rules.authority`; a person takes it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rollcall.rules.policy.parts import Roles
from rollcall.rules.policy.values import (
    ActionId,
    Entry,
    FormId,
    Frozen,
    Positive,
    StateId,
    Value,
    WholePercent,
    Words,
)

Needed = Literal["support", "pack"]


class Exit(Frozen):
    """A way out of a state: an answer, what the button says, and the state it leads to (the state itself: once more).

    below_percent, at_least_percent: the whole percent, rounded down, at which it is proposed; one with neither is
    proposed once its forms are in. choice: never proposed, for only a person can know. unless_improved: proposed only
    while the figure is no higher than when the state was entered. after_review: and only once the review is due.
    needs_forms: filled in since the state was entered (a form of another state: in this case). needs_all_yes: a form
    whose every yes-or-no is yes; proposed_on_no: proposed when one of them is no. needs_records: what must be on
    record for the pupil. least_weeks, since: not before so many weeks in the state (or since the state named).
    by_safeguarding_lead: only the DSL or a deputy may take it. recognises: improved attendance, to be recognised.
    ends: the case is over with it.
    """

    answer: Words
    words: Words
    to: StateId
    below_percent: WholePercent | None = None
    at_least_percent: WholePercent | None = None
    choice: bool = False
    unless_improved: bool = False
    after_review: bool = False
    needs_forms: tuple[FormId, ...] = ()
    needs_all_yes: FormId | None = None
    proposed_on_no: FormId | None = None
    needs_records: tuple[Needed, ...] = ()
    least_weeks: Positive | None = None
    since: StateId | None = None
    by_safeguarding_lead: bool = False
    recognises: bool = False
    ends: Literal["improved", "done"] | None = None

    @property
    def spoken(self) -> str:
        """The exit as the policy's page shows it."""
        below = () if self.below_percent is None else (f"below {self.below_percent}%",)
        least = () if self.at_least_percent is None else (f"{self.at_least_percent}% or more",)
        return self.words + "".join(f" ({one})" for one in (*below, *least))

    @property
    def all_forms(self) -> tuple[str, ...]:
        """Every form that it looks at, by id."""
        return tuple(one for one in (*self.needs_forms, self.needs_all_yes, self.proposed_on_no) if one)


class State(Entry):
    """A state of the process: its tier (by number), what is done in it, whose it is, its forms, when it is reviewed."""

    id: Words
    tier: Positive
    name: Words
    does: tuple[ActionId, ...] = ()
    owners: Roles
    forms: tuple[FormId, ...] = ()
    question: Words
    review_least_weeks: Value[Positive] | None = None
    review_most_weeks: Value[Positive] | None = None
    exits: Annotated[tuple[Exit, ...], Field(min_length=1)]

    def exit(self, answer: str) -> Exit:
        """An exit by its answer; raises LookupError naming those there are."""
        found = next((one for one in self.exits if one.answer == answer), None)
        if found is None:
            raise LookupError(
                f"'{answer}' is no way out of {self.name}; there are {', '.join(one.answer for one in self.exits)}."
            )
        return found


class AuthorityPath(Frozen):
    """The states of the authority's process, the one in which every pupil begins first; none where there is none."""

    steps: tuple[State, ...] = ()


class SupportKind(Entry):
    """A kind of help that is offered to a family, or of a strategy for pupils (7.2, 7.4)."""

    id: Words
    name: Words
    for_groups: bool = False
