"""The stage of a morning at pace: the school, the clock, who comes when, and what people were told is saved.

Moments are seconds from 8.55 by the bench's clock; at 1800, 9.25, it is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from django.urls import reverse

from bench.clock import Clock
from bench.school import BenchSchool
from bench.visitor import Heard, Visitor
from rollcall.schools.models import Enrolment

OVER = 1800
REGISTERS, STRAGGLERS, N_STRAGGLERS, A_SAVE = (60, 600), 960, 5, 40
REPORTS, SLIPS, CALLS = (30, 1150), (300, 1740), (1230, 1780)
"""The last registers are taken while they close, at 1200; calls begin after that."""


@dataclass(frozen=True)
class Child:
    """Somebody at whom the office looks: by enrolment, under which name."""

    enrolment: int
    name: str


@dataclass(frozen=True)
class Plan:
    """Who is late, who is reported away (brothers and sisters at once), whom nobody reaches; classes in turn."""

    order: Sequence[int]
    late: Sequence[Child]
    reported: Sequence[tuple[Child, Child]]
    unanswered: Sequence[Child]

    @property
    def absent(self) -> set[int]:
        """Who is not in when the register is taken."""
        pairs = (one for pair in self.reported for one in pair)
        return {one.enrolment for one in (*self.late, *pairs, *self.unanswered)}


@dataclass
class Saved:
    """What somebody was told is saved. marks: the deed's key, the enrolment, the code.

    met: marks that somebody else had made in the meantime, and which were left as they were.
    """

    marks: list[tuple[str, int, str]] = field(default_factory=list)
    registers: list[int] = field(default_factory=list)
    slips: list[tuple[int, int]] = field(default_factory=list)
    reports: list[tuple[int, int]] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    met: list[int] = field(default_factory=list)


@dataclass
class Morning:
    """The stage, and what comes of it."""

    made: BenchSchool
    clock: Clock
    port: int
    plan: Plan
    heard: Heard = field(default_factory=Heard)
    saved: Saved = field(default_factory=Saved)

    def visitor(self, session: str) -> Visitor:
        """A browser of somebody."""
        return Visitor(self.port, session, self.heard)

    def register(self, number: int, name: str) -> str:
        """A path of a class's register."""
        return reverse(f"registers:{name}", args=[self.made.classes[number].pk, self.made.today, "AM"])

    def desk(self, name: str) -> str:
        """A page of the school's day."""
        return reverse(f"absence:{name}", args=[self.made.school.slug])


def planned(made: BenchSchool) -> Plan:
    """Of each class one child is late; of every second class one is reported away, of the others nobody reaches one."""
    named = _named(made)
    children = [[named[enrolment] for enrolment in own[:2]] for own in made.places.values()]
    order = list(range(len(made.classes)))
    Random("order").shuffle(order)
    away = [children[number][1] for number in order]
    reported = list(zip(away[0::4], away[1::4], strict=False))
    called = {one.enrolment for pair in reported for one in pair}
    unanswered = [one for one in away if one.enrolment not in called]
    return Plan(order, [children[number][0] for number in order], reported, unanswered)


def _named(made: BenchSchool) -> dict[int, Child]:
    rows = Enrolment.objects.filter(school=made.school).select_related("pupil")
    return {row.pk: Child(row.pk, str(row.pupil)) for row in rows}


def spread(span: tuple[float, float], n: int) -> list[float]:
    """So many moments from the first of a span to its last, evenly."""
    first, last = span
    return [first + (last - first) * number / max(1, n - 1) for number in range(n)]


def begins(plan: Plan) -> dict[int, float]:
    """When each class's register is opened: most in turn, the last few so that they close meanwhile."""
    n_last = min(N_STRAGGLERS, len(plan.order) // 4)
    moments = spread(REGISTERS, len(plan.order) - n_last)
    moments += [STRAGGLERS + A_SAVE * number for number in range(n_last)]
    return dict(zip(plan.order, moments, strict=True))
