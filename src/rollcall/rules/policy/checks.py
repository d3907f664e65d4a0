"""Where a policy contradicts itself: names that lead nowhere, bands that leave a gap or run backwards.

The models see one value at a time; this sees how they hang together. It names what is wrong and mends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rollcall.rules.policy.model import Policy
from rollcall.rules.policy.values import number_text


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong: the key, the value found there (or MISSING), and what was expected."""

    MISSING: ClassVar[object] = object()

    key: str
    value: object
    expected: str


def contradictions(policy: Policy) -> tuple[Wrong, ...]:
    """All that contradicts itself in the policy, in reading order; empty for a sound one."""
    return (*_stages(policy), *_tiers(policy))


def _stages(policy: Policy) -> Iterator[Wrong]:
    for at, stage in enumerate(policy.stages):
        if stage.number != at:
            yield Wrong(f"stages[{at}].number", stage.number, f"{at}, for stages are numbered from 0 downwards")
        if (stage.from_percent is None) == (stage.above_percent is None):
            yield Wrong(f"stages[{at}]", stage.name, "either from_percent or above_percent")
        if at and stage.line >= policy.stages[at - 1].line:
            expected = f"less than {number_text(policy.stages[at - 1].line)}, the line of the stage before"
            yield Wrong(f"stages[{at}].from_percent", number_text(stage.line), expected)
    last = policy.stages[-1]
    if last.from_percent != 0:
        yield Wrong(f"stages[{len(policy.stages) - 1}].from_percent", number_text(last.line), "0 for the last stage")


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
