"""A school's policy as one frozen value, in the order in which a reader of the policy meets its parts.

It answers questions about itself and decides nothing: what follows from a figure is said in `stages` and `flow`.
"""

from __future__ import annotations

from typing import Any, Literal

from rollcall.rules.policy.measures import Measures, Stages, Tiers
from rollcall.rules.policy.values import Frozen, Words


class Policy(Frozen):
    """The policy that governors adopted, under an edition of the law."""

    slug: Words
    name: Words
    edition: Literal["2006", "2024"]
    measures: Measures
    stages: Stages
    tiers: Tiers

    def snapshot(self) -> dict[str, Any]:
        """The whole policy in plain JSON values, to be kept beside what was decided under it; `restore` reads it."""
        return self.model_dump(mode="json", exclude_defaults=True)
