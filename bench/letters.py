"""The weekly letters of a school: chosen by figure, written out, and set in one PDF to be printed."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from bench.school import BenchSchool
from rollcall.casework.actions.updates import Press, send_updates
from rollcall.casework.models import UpdateRound
from rollcall.casework.queries.updates import update_plan
from rollcall.casework.queries.written import Sending, Wanted, prepare_letters, sending
from rollcall.documents.letter import letters_pdf
from rollcall.journal.actor import Actor
from rollcall.registers.queries.figures import year_figures
from rollcall.rules.policy import Letter, Policy
from rollcall.rules.stages import is_below
from rollcall.schools.models import School
from rollcall.schools.queries import year_of
from rollcall.schools.queries.roll import seats_of_school

LIMIT = 10_000
PRESS = 3_000
PROMISED = 420
Row = dict[str, Any]


def weekly(made: BenchSchool, scale: float) -> Iterator[Row]:
    """Every family's letter of the week, from the marks to the printed page."""
    School.objects.filter(pk=made.school.pk).update(phone="01273 555010")
    begun = time.perf_counter()
    go = sending(made.school.pk, at=made.at, signed=("Harriet Head", "Head of school"), by_post=True)
    ready = [one for one in prepare_letters(_wanted(made, go), go) if not one.problem]
    written = time.perf_counter() - begun
    pages = [letter.composed.page for one in ready for letter in one.letters]
    taken = _seconds(lambda: letters_pdf(pages, dated=made.at.date(), title="The letters of the week"))
    note = f"written in {1000 * written:.0f} ms, set in {1000 * taken:.0f} ms"
    yield {
        "name": f"{len(pages):,} weekly letters in one PDF",
        "value": round(1000 * (written + taken)),
        "unit": "ms",
        "limit": LIMIT if scale >= 1 and len(pages) <= PROMISED else None,
        "note": note,
    }


def press(made: BenchSchool, scale: float) -> Iterator[Row]:
    """The update to all parents: who is kept back, and the press that writes to everybody else."""
    at = made.at
    taken = _seconds(lambda: update_plan(made.school.pk, at))
    plan = update_plan(made.school.pk, at)
    include = {line.seat.pupil: "measured" for line in plan.kept if line.may_go and not line.is_sensitive}
    by = Actor("user:0", "Harriet Head", "Head of school")
    pressed = _seconds(lambda: send_updates(made.school.pk, Press(include), by=by, at=at, key="bench-updates"))
    n = UpdateRound.objects.get(deed__key="bench-updates").letters.count()
    limit = PRESS if scale >= 1 and n <= PROMISED else None
    note = f"who is kept back worked out in {1000 * taken:.0f} ms"
    yield {
        "name": f"{n:,} updates by one press",
        "value": round(1000 * pressed),
        "unit": "ms",
        "limit": limit,
        "note": note,
    }


def _wanted(made: BenchSchool, go: Sending) -> list[Wanted]:
    seats = seats_of_school(made.school.pk, go.day)
    found = year_figures(made.school.pk, [seat.enrolment for seat in seats], year_of(go.day), made.at)
    counts = {seat.pupil: found[seat.enrolment] for seat in seats if found[seat.enrolment].possible}
    return [Wanted(pupil, _letter(go.policy, one.attended, one.possible).id) for pupil, one in counts.items()]


def _letter(policy: Policy, attended: int, possible: int) -> Letter:
    """The update in whose band a figure lies."""

    def holds(letter: Letter) -> bool:
        least, below = letter.from_percent, letter.below_percent
        enough = least is None or not is_below(attended, possible, least.value)
        return enough and (below is None or is_below(attended, possible, below.value))

    return next(letter for letter in policy.letters if letter.kind == "update" and holds(letter))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
