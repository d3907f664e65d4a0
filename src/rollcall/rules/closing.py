"""Why a school or a part of it closes, and the code that each edition of the law gives for it (4.1-d, A1-e).

A planned closure is #; under edition 2024 only for the whole school. One that nobody planned is Y under edition 2006,
with its ground in words, and the Y code of its cause under edition 2024.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Why:
    """A reason to close: its words, the kind of closure it makes, and the code of edition 2024 (whole school, part)."""

    words: str
    kind: str
    whole: str
    part: str


WHYS: dict[str, Why] = {
    "site": Why("The site, or a part of it, can't be used", "unplanned", "Y4", "Y3"),
    "travel": Why("Nobody can travel here: snow, flood, an emergency", "unplanned", "Y2", "Y2"),
    "health": Why("Public health guidance or law keeps them away", "unplanned", "Y6", "Y6"),
    "planned": Why("It was planned: training, polling, an event", "planned", "#", "Y3"),
}
"""The reasons in the order in which they are offered."""


def closure_code(why: str, edition: str, *, is_part: bool) -> str:
    """The code of a closure under an edition. Raises KeyError for a reason that is not offered."""
    found = WHYS[why]
    if edition == "2006":
        return "#" if found.kind == "planned" else "Y"
    return found.part if is_part else found.whole
