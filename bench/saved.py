"""What the office saves many times a morning, in a process of its own: a late slip, a reported absence, a call.

The whole request, from the pressed button to the answer that sends on. Run by `bench.pages` with the database in the
environment; prints rows as JSON on its last line.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.urls import reverse

from bench.asking import FORM, Answer, Cost, Person, many
from bench.inside import database_name
from bench.school import BY, BenchSchool, make
from rollcall.accounts.roles import Role
from rollcall.demo import middleware
from rollcall.journal.actions import new_key
from rollcall.journal.actor import INSTALLER
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.schools import actions as schools
from rollcall.schools.models import Enrolment, PupilContact, School
from rollcall.wsgi import application

N_PUPILS, N_DAYS = 420, 10
SLIP = 30
Row = dict[str, Any]


def main() -> None:
    """Make a school whose registers are in, with a class of which nobody came, and save. argument: the scale."""
    scale = float(sys.argv[1])
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    made = make(max(40, int(N_PUPILS * scale)), N_DAYS)
    middleware.time_shown = lambda row, wall: made.at
    rows = list(_saved(made, max(1, int(40 * scale))))
    print(json.dumps([{**row, "name": f"{row['name']}, {database_name()}"} for row in rows]))


def _saved(made: BenchSchool, n: int) -> Iterator[Row]:
    """Each save is of other children, whom a register that is in has as N."""
    office, n_each = Person(made.people[Role.SECRETARY], application), n + 2
    away = [enrolment for own in made.places.values() for enrolment in own][: 4 * n_each]
    late, rung, one, other = (away[number::4] for number in range(4))
    for pair in zip(one, other, strict=False):
        as_siblings(*pair, made.school)
    _registers_in(made, set(away))
    for name, limit, send in (
        ("a late slip saved", SLIP, _slip(office, late)),
        ("an unanswered call saved", None, _call(office, made, rung)),
        ("a reported absence of two siblings saved", None, _report(office, made, list(zip(one, other, strict=False)))),
    ):
        yield _row(name, many(n, send, expected=302), limit)


def _row(name: str, cost: Cost, limit: float | None) -> Row:
    about = f"best {cost.best:.1f}, p95 {cost.p95:.1f}, own work {cost.work:.1f}, {cost.n_statements} statements"
    return {"name": name, "value": round(cost.median, 1), "unit": "ms", "limit": limit, "note": about}


def as_siblings(one: int, other: int, school: School) -> None:
    """Let two children (by enrolment) have a parent in common."""
    first, second = (Enrolment.objects.select_related("pupil").get(pk=pk).pupil for pk in (one, other))
    parent = first.contacts.select_related("contact").get().contact
    link = PupilContact(pupil=second, contact=parent, relationship="Mother", order=2)
    link.parental_responsibility = link.lives_with = True
    schools.link_contact(link, school=school, **BY)


def _registers_in(made: BenchSchool, away: set[int]) -> None:
    for number, room in enumerate(made.classes):
        marks = [NewMark(e, "N" if e in away else "/") for e in made.places[room.pk]]
        by: dict[str, Any] = {"by": INSTALLER, "at": made.at}
        registers.record_marks(room, made.today, "AM", marks, key=f"bench-am-{number}", **by)
        registers.submit_register(room, made.today, "AM", key=f"bench-in-{number}", **by)


def _slip(office: Person, late: list[int]) -> Callable[[], Answer]:
    """A slip for the next child."""
    turn = iter(late)

    def send() -> Answer:
        return _press(office, reverse("absence:fill", args=[next(turn)]), reason="overslept")

    return send


def _call(office: Person, made: BenchSchool, rung: list[int]) -> Callable[[], Answer]:
    """A call for the next child to a first contact; nobody answers."""
    path, turn = reverse("absence:call_log", args=[made.school.slug]), iter(rung)
    links = dict(PupilContact.objects.filter(order=1).values_list("pupil__enrolments", "id"))

    def send() -> Answer:
        child = next(turn)
        return _press(office, path, tap=f"{child}|{links[child]}|07700 900123|no_answer|0")

    return send


def _report(office: Person, made: BenchSchool, pairs: list[tuple[int, int]]) -> Callable[[], Answer]:
    """A call by the mother of the next two children: both are ill today."""
    path, turn = reverse("absence:report_add", args=[made.school.slug]), iter(pairs)
    links = dict(PupilContact.objects.filter(order=1).values_list("pupil__enrolments", "id"))

    def send() -> Answer:
        children = next(turn)
        told = {"children": children, "caller": f"{links[children[0]]}:07700 900123", "reason": "illness"}
        return _press(office, f"{path}?pupil={children[0]}", **told, day=made.today, part="day", channel="phone")

    return send


def _press(office: Person, path: str, **told: Any) -> Answer:
    body = urlencode({"key": new_key(), **told}, doseq=True).encode()
    return office.ask(path, body, FORM)
