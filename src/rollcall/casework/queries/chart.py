"""The school's flow chart, drawn from the policy's table: for a pupil with their place, for families without anybody.

The same drawing is the public page (6-b), the page enclosed with the letter that the policy names, and the hub's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from rollcall.documents.enclosure import Sheet
from rollcall.documents.flowchart import Box, flow_chart, in_words
from rollcall.rules import flow
from rollcall.rules.improving import stated
from rollcall.rules.policy import Policy, Step, number_text
from rollcall.rules.stages import percent_down
from rollcall.rules.words import listed

HEADING = "What happens when attendance falls"


class Stood(Protocol):
    """A step that was taken for a pupil."""

    @property
    def step(self) -> str: ...

    @property
    def day(self) -> date: ...

    @property
    def attended(self) -> int: ...

    @property
    def possible(self) -> int: ...


@dataclass(frozen=True)
class Chart:
    """The chart: `svg` to be shown, `words` the same as an ordered list, `lines` what its questions mean."""

    heading: str
    svg: str
    words: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def sheet(self) -> Sheet:
        """The chart as a page to print."""
        return Sheet(self.heading, self.svg, " ".join(self.words), self.lines)


def chart(policy: Policy, came: Sequence[Stood] = (), here: str = "") -> Chart:
    """The chart of a policy; came: the steps by which a pupil came to `here`, in order."""
    found = boxes(policy, came, here)
    return Chart(HEADING, flow_chart(found, title=HEADING), in_words(found), _lines(policy))


def boxes(policy: Policy, came: Sequence[Stood] = (), here: str = "") -> tuple[Box, ...]:
    """The steps of a policy as they are drawn."""
    notes: dict[str, list[str]] = {}
    for one in came:
        figure = f"{percent_down(one.attended, one.possible)}% ({one.attended} of {one.possible})"
        notes.setdefault(one.step, []).append(f"{one.day:%-d %B %Y}: {figure if one.possible else 'taken'}")
    walked = _walked(policy, [flow.first_step(policy).id, *(one.step for one in came)] if came else [])
    return tuple(
        Box(
            id=step.id,
            name=step.name,
            owners=_owners(policy, step),
            question=step.question,
            yes=step.yes,
            no=step.no,
            notes=tuple(notes.get(step.id, ())),
            here=step.id == here,
            walked=walked.get(step.id, ""),
        )
        for step in flow.steps(policy)
    )


def encloses(policy: Policy, letter: str) -> bool:
    """Whether the chart goes with a letter (by its id in the policy)."""
    return policy.promotion.flow_chart_with_letter.value == letter


def _owners(policy: Policy, step: Step) -> str:
    names = [policy.role(owner).name for owner in step.owners]
    return listed([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])


def _walked(policy: Policy, ids: Sequence[str]) -> dict[str, Literal["", "yes", "no"]]:
    """The answer by which the pupil left each step; a person may have gone another way than the chart.

    A step of another version of the policy, from which the case was moved, is passed over.
    """
    steps = {step.id for step in flow.steps(policy)}
    known = [one for one in ids if one in steps]
    found: dict[str, Literal["", "yes", "no"]] = {}
    for one, then in zip(known, known[1:], strict=False):
        step = policy.step(one)
        found[one] = "no" if step.no == then else "yes" if step.yes == then else ""
    return found


def _lines(policy: Policy) -> tuple[str, ...]:
    line = f"The line is {number_text(policy.path.starts_below_percent.value)}% of the sessions of the school year."
    return (line, *stated(policy), "Nothing happens by itself: a named member of staff decides each step.")
