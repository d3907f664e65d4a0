"""Where a policy contradicts itself: names that lead nowhere, bands that leave a gap or run backwards.

The models see one value at a time; this sees how they hang together. It names what is wrong and mends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import ClassVar

from rollcall.rules.codes import table
from rollcall.rules.policy.authority import Exit
from rollcall.rules.policy.day import TIME_NAMES
from rollcall.rules.policy.model import Policy
from rollcall.rules.policy.values import number_text
from rollcall.rules.policy.walk import leaves, own_name

ABOVE_ALL = Fraction(101)
IN_ORDER = (
    ("gate", "morning_closes"),
    ("morning_opens", "morning_overdue"),
    ("morning_opens", "morning_closes"),
    ("morning_closes", "afternoon_opens"),
    ("afternoon_opens", "afternoon_overdue"),
    ("afternoon_opens", "afternoon_closes"),
)


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong: the key, the value found there (or MISSING), and what was expected."""

    MISSING: ClassVar[object] = object()

    key: str
    value: object
    expected: str


def contradictions(policy: Policy) -> tuple[Wrong, ...]:
    """All that contradicts itself in the policy, in reading order; empty for a sound one."""
    looks = (_times, _reasons, _stages, _steps, _improved, _updates, _tiers, _states, _forms, _references)
    found = (look(policy) for look in looks)
    return (*chain.from_iterable(found), *_repeats(policy))


def _times(policy: Policy) -> Iterator[Wrong]:
    """A school without one of the times could not be run; where the policy names none, it must give them all itself."""
    own = [(f"schools[{at}].times", school.times) for at, school in enumerate(policy.schools)]
    for place, times in own or [("times", policy.times)]:
        for name in TIME_NAMES:
            if getattr(times, name) is None and getattr(policy.times, name) is None:
                yield Wrong(f"{place}.{name}", Wrong.MISSING, "a time such as 09:15:00, here or under [times]")
        for earlier, later in IN_ORDER:
            before, after = (getattr(times, name) or getattr(policy.times, name) for name in (earlier, later))
            if before and after and before.value > after.value:
                yield Wrong(f"{place}.{later}", after.value, f"{before.value} or later")


def _reasons(policy: Policy) -> Iterator[Wrong]:
    """A reason's code must be one of the policy's own edition, and each colour of risk must have its times."""
    for at, reason in enumerate(policy.reasons):
        if reason.code and reason.code not in table(policy.edition):
            yield Wrong(f"reasons[{at}].code", reason.code, f"a code of the {policy.edition} codes, or none")
    for mark in ("red", "amber", "green"):
        if [risk.mark for risk in policy.risk].count(mark) != 1:
            yield Wrong("risk", mark, "one entry of [[risk]] for each of red, amber and green")


def _references(policy: Policy) -> Iterator[Wrong]:
    """Every id that points at another list must be found there."""
    found = tuple(leaves(policy))
    known = {
        "roles": {role.id for role in policy.roles},
        "letters": {letter.id for letter in policy.letters},
        "path.steps": {step.id for step in policy.path.steps},
        "authority_path.steps": {state.id for state in policy.authority_path.steps},
        "actions of the tiers": {action.id for tier in policy.tiers for action in tier.actions},
        "forms": {form.id for form in policy.forms},
        "law": {law.id for law in policy.law},
        "times": set(TIME_NAMES),
        "keys": {leaf.key for leaf in found},
    }
    for leaf in found:
        for one in leaf.value if isinstance(leaf.value, tuple) else (leaf.value,):
            if leaf.refers_to and one not in known[leaf.refers_to]:
                yield Wrong(leaf.place, one, f"the id of one of the {leaf.refers_to} of this policy")


def _repeats(policy: Policy) -> Iterator[Wrong]:
    """An id stands for one entry of its list."""
    lists = {name: value for name, value in policy if isinstance(value, tuple)}
    lists |= {"path.steps": policy.path.steps, "authority_path.steps": policy.authority_path.steps}
    for name, entries in lists.items():
        seen: set[object] = set()
        for at, entry in enumerate(entries):
            if (own := own_name(entry)) in seen:
                yield Wrong(f"{name}[{at}]", own, f"a name that no other entry of {name} has")
            seen.add(own)


def _stages(policy: Policy) -> Iterator[Wrong]:
    for at, stage in enumerate(policy.stages):
        if stage.number != at:
            yield Wrong(f"stages[{at}].number", stage.number, f"{at}, for stages are numbered from 0 downwards")
        if (stage.from_percent is None) == (stage.above_percent is None):
            yield Wrong(f"stages[{at}]", stage.name, "either from_percent or above_percent")
        if at and stage.line >= policy.stages[at - 1].line:
            expected = f"less than {number_text(policy.stages[at - 1].line)}, the line of the stage before"
            yield Wrong(f"stages[{at}].from_percent", stage.line, expected)
    last = policy.stages[-1]
    if last.from_percent != 0:
        yield Wrong(f"stages[{len(policy.stages) - 1}].from_percent", last.line, "0 for the last stage")


def _steps(policy: Policy) -> Iterator[Wrong]:
    """Every step can be reached from the first."""
    steps = {step.id: step for step in policy.path.steps}
    reached, ahead = set[str](), [policy.path.steps[0].id]
    while ahead:
        if (step := steps.get(ahead.pop())) and step.id not in reached:
            reached.add(step.id)
            ahead += [step.yes, step.no]
    for at, one in enumerate(policy.path.steps):
        if one.id not in reached:
            yield Wrong(f"path.steps[{at}].id", one.id, "a step that a yes or a no of an earlier one leads to")


def _improved(policy: Policy) -> Iterator[Wrong]:
    """The test of improvement asks for some share: above that at the step, or at least one of its own."""
    test = policy.path.improved
    if test.at_least_percent is None and not (test.above_that_at_step and test.above_that_at_step.value):
        expected = "a share to reach, unless above_that_at_step is true"
        yield Wrong("path.improved.at_least_percent", Wrong.MISSING, expected)


def _updates(policy: Policy) -> Iterator[Wrong]:
    """The weekly updates share out all figures: none without a letter, none with two."""
    updates = [(at, letter) for at, letter in enumerate(policy.letters) if letter.kind == "update"]
    ends = Fraction(0)
    for at, letter in sorted(updates, key=lambda one: one[1].from_percent.value if one[1].from_percent else 0):
        begins = letter.from_percent.value if letter.from_percent else Fraction(0)
        if begins != ends:
            expected = f"{number_text(ends)}, where the update below it ends"
            yield Wrong(f"letters[{at}].from_percent", begins, expected)
        ends = letter.below_percent.value if letter.below_percent else ABOVE_ALL
    if updates and ends != ABOVE_ALL:
        yield Wrong(
            "letters", f"{number_text(ends)} at most", "an update for the highest figures, without below_percent"
        )


def _tiers(policy: Policy) -> Iterator[Wrong]:
    highest = 100
    for at, tier in enumerate(policy.tiers):
        if tier.number != at + 1:
            yield Wrong(f"tiers[{at}].number", tier.number, f"{at + 1}, for tiers are numbered from 1 downwards")
        if tier.to_percent != highest:
            yield Wrong(f"tiers[{at}].to_percent", tier.to_percent, f"{highest}, so that no figure falls between tiers")
        if tier.from_percent > tier.to_percent:
            yield Wrong(f"tiers[{at}].from_percent", tier.from_percent, f"{tier.to_percent} at most, its to_percent")
        highest = tier.from_percent - 1
    if highest != -1:
        yield Wrong(f"tiers[{len(policy.tiers) - 1}].from_percent", highest + 1, "0 for the last tier")


def _states(policy: Policy) -> Iterator[Wrong]:
    """Every state of the authority's process can be reached from the first, is of a tier, and its exits differ."""
    states = {state.id: state for state in policy.authority_path.steps}
    numbers = {tier.number for tier in policy.tiers}
    reached, ahead = set[str](), [state.id for state in policy.authority_path.steps[:1]]
    while ahead:
        if (state := states.get(ahead.pop())) and state.id not in reached:
            reached.add(state.id)
            ahead += [one.to for one in state.exits]
    for at, state in enumerate(policy.authority_path.steps):
        place = f"authority_path.steps[{at}]"
        if state.id not in reached:
            yield Wrong(f"{place}.id", state.id, "a state that an exit of an earlier one leads to")
        if state.tier not in numbers:
            yield Wrong(f"{place}.tier", state.tier, "the number of one of the tiers")
        least, most = state.review_least_weeks, state.review_most_weeks
        if least and most and least.value > most.value:
            yield Wrong(f"{place}.review_most_weeks", most.value, f"{least.value} or more, its review_least_weeks")
        answers = [one.answer for one in state.exits]
        for n, answer in enumerate(answers):
            if answer in answers[:n]:
                yield Wrong(f"{place}.exits[{n}].answer", answer, "an answer that no other exit of the state has")
        for n, leaving in enumerate(state.exits):
            yield from _exit(f"{place}.exits[{n}]", leaving, set(states), {form.id for form in policy.forms})


def _exit(place: str, leaving: Exit, states: set[str], forms: set[str]) -> Iterator[Wrong]:
    for name in (leaving.to, *([leaving.since] if leaving.since else [])):
        if name not in states:
            yield Wrong(place, name, "the id of one of the states of the authority's process")
    for name in leaving.all_forms:
        if name not in forms:
            yield Wrong(place, name, "the id of one of the forms of this policy")


def _forms(policy: Policy) -> Iterator[Wrong]:
    """A choice has choices and nothing else has; a form asks nothing twice, and is looked at again on one date."""
    for at, form in enumerate(policy.forms):
        ids = [field.id for field in form.fields]
        for n, field in enumerate(form.fields):
            place = f"forms[{at}].fields[{n}]"
            if (field.kind == "choice") != bool(field.choices):
                yield Wrong(f"{place}.choices", list(field.choices), "choices for a choice, and for nothing else")
            if field.id in ids[:n]:
                yield Wrong(f"{place}.id", field.id, "an id that no other field of the form has")
        reviews = [field for field in form.fields if field.review]
        if len(reviews) > 1 or any(field.kind != "date" for field in reviews):
            yield Wrong(f"forms[{at}].fields", form.id, "at most one field with review, and that a date")
