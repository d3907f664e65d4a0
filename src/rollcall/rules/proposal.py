"""What the rooms put before a person: a proposal with its reasons, the numbers it used, and what it rests on.

A proposal decides nothing. It is kept as it was made, so it goes to plain JSON and comes back the same; a page that
shows it years later needs neither the figures nor the policy of that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

Number = int | str | bool | None


@dataclass(frozen=True)
class Reason:
    """One reason in plain words: the value of the policy that was used, as read aloud, and where it stands."""

    text: str
    value: str = ""
    section: str = ""
    source: str = ""


@dataclass(frozen=True)
class Proposal:
    """What is proposed and why. `numbers` are whole numbers, text or dates written as text; never floats.

    `sources` are the sections and laws the reasons rest on, each once, in the order of the reasons.
    """

    what: str
    why: tuple[Reason, ...]
    numbers: Mapping[str, Number] = field(default_factory=dict)
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Close the numbers against change; a number that JSON or another machine could round is refused."""
        for name, number in self.numbers.items():
            if not isinstance(number, (int, str, bool, type(None))):
                raise TypeError(f"The number '{name}' of a proposal is {number!r}: give a whole number or text.")
        object.__setattr__(self, "numbers", MappingProxyType(dict(self.numbers)))

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        reasons = [asdict(reason) for reason in self.why]
        return {"what": self.what, "why": reasons, "numbers": dict(self.numbers), "sources": list(self.sources)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Proposal:
        """The proposal that `to_json` wrote."""
        why = tuple(Reason(**reason) for reason in kept["why"])
        return cls(kept["what"], why, kept["numbers"], tuple(kept["sources"]))


def propose(what: str, why: tuple[Reason, ...], numbers: Mapping[str, Number]) -> Proposal:
    """A proposal whose sources are those of its reasons, each once."""
    named = (one for reason in why for one in (reason.section, reason.source) if one)
    return Proposal(what, why, numbers, tuple(dict.fromkeys(named)))
