"""The measuring itself, in a process of its own for each database, for settings are read once.

Run by `bench.pages` with the database in the environment; prints rows as JSON on its last line.
"""

import json
import logging
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from bench.asking import Answer, Cost, Person, many
from bench.at_once import Visit, served, together
from bench.school import BenchSchool, make
from rollcall.accounts.roles import Role
from rollcall.casework.models import ReviewRow
from rollcall.demo import middleware
from rollcall.schools.models import Enrolment
from rollcall.wsgi import application

ROOMS = ("insight", "registers", "absence", "casework", "office", "exchange")
PAGE_KB = 300
Row = dict[str, Any]


def main() -> None:
    """Make the school in an empty database and measure. argument: the scale, 1 for the whole school."""
    scale = float(sys.argv[1])
    logging.disable(logging.WARNING)  # asking for pages that somebody may not see is logged
    call_command("migrate", verbosity=0)
    made = make(max(40, int(400 * scale)), max(10, int(190 * scale)))
    middleware.time_shown = lambda row, wall: made.at
    rows = [*_promised(made, max(3, int(60 * scale))), *_sizes(made, max(1, int(7 * scale)))]
    rows += _all_at_once(made, max(1, int(10 * scale)))
    print(json.dumps([{**row, "name": f"{row['name']}, {database_name()}"} for row in rows]))


def database_name() -> str:
    """The database that is measured."""
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]


def _promised(made: BenchSchool, n: int) -> Iterator[Row]:
    """The pages that have a time promised."""
    teachers = [Person(user, application) for user in made.teachers[:2]]
    head, secretary = (Person(made.people[role], application) for role in (Role.HEAD, Role.SECRETARY))
    ordinary, worst = (Enrolment.objects.get(pk=pk).pupil_id for pk in (made.ordinary, made.missing_most))
    for number in (1, 0):
        size = f"{len(made.places[made.classes[number].pk])} pupils"
        register, person = _register(made, number), teachers[number]
        yield from _rows(f"open a register, {size}", many(n, asking(person, register)), 30, 10)
        yield from _rows(f"save a register, {size}", _saving(made, number, person, n), 50, 10)
    for name, person, path, limit in (
        ("who has not registered", secretary, reverse("registers:missing"), 15),
        ("a pupil's year", head, reverse("insight:pupil", args=[ordinary]), 20),
        ("a pupil's year, of who misses most", head, reverse("insight:pupil", args=[worst]), 20),
        ("whole-school figures for the year", head, reverse("insight:school", args=[made.school.slug]), 50),
        ("consecutive absences", head, reverse("insight:absences", args=[made.school.slug]), 50),
    ):
        yield from _rows(name, many(n, asking(person, path)), limit, None)


def asking(person: Person, path: str) -> Callable[[], Answer]:
    """Somebody asking for a page."""
    return lambda: person.ask(path)


def _register(made: BenchSchool, number: int, name: str = "register") -> str:
    return reverse(f"registers:{name}", args=[made.classes[number].pk, made.today, "AM"])


def _saving(made: BenchSchool, number: int, person: Person, n: int) -> Cost:
    """Saves of a whole class from nothing; before each the marks are cleared again, not measured."""
    path, enrolments, turn = _register(made, number, "save"), made.places[made.classes[number].pk], count()

    def send(code: str) -> Answer:
        return person.ask(path, _marks(enrolments, code, f"bench-{number}-{next(turn)}"))

    cost = many(n, lambda: send("/"), before=lambda: send("-"))
    send("-")
    return cost


def _marks(enrolments: list[int], code: str, key: str) -> bytes:
    return json.dumps({"key": key, "marks": [{"enrolment": e, "code": code} for e in enrolments]}).encode()


def _rows(name: str, cost: Cost, milliseconds: float, statements: int | None) -> Iterator[Row]:
    about = f"best {cost.best:.1f}, p95 {cost.p95:.1f}, this process's own work {cost.work:.1f}"
    yield {"name": name, "value": round(cost.median, 1), "unit": "ms", "limit": milliseconds, "note": about}
    yield {"name": name, "value": cost.n_statements, "unit": "statements", "limit": statements, "note": ""}
    yield {"name": name, "value": _kb(cost.n_bytes), "unit": "KB", "limit": PAGE_KB, "note": ""}


def _kb(n_bytes: int) -> float:
    return math.ceil(n_bytes / 100) / 10


def _sizes(made: BenchSchool, n: int) -> Iterator[Row]:
    """Every page of the rooms that somebody can open, by size; then those that nobody here could."""
    people = [Person(user, application) for user in (*made.people.values(), made.teachers[0])]
    known, unseen = _arguments(made), []
    for name, pattern in _routes():
        wanted = pattern.pattern.converters
        opened = _first_page(name, {key: known[key] for key in wanted}, people) if set(wanted) <= set(known) else None
        if opened is None:
            unseen.append(name)
            continue
        person, path = opened
        cost = many(n, asking(person, path))
        about = f"{cost.median:.0f} ms, {cost.n_statements} statements"
        yield {"name": f"page {name}", "value": _kb(cost.n_bytes), "unit": "KB", "limit": PAGE_KB, "note": about}
    yield {
        "name": "routes that show no page by themselves",
        "value": len(unseen),
        "unit": "routes",
        "limit": None,
        "note": " ".join(unseen),
    }


def _arguments(made: BenchSchool) -> dict[str, Any]:
    """What routes ask for: the largest class, and the pupil with most absences."""
    worst = Enrolment.objects.select_related("pupil").get(pk=made.missing_most)
    row = ReviewRow.objects.filter(review=made.review).order_by("id").first()
    marked = made.sessions[0][0]
    return {
        "school_class": made.classes[0].pk,
        "enrolment": worst.pk,
        "pupil": worst.pupil_id,
        "school": made.school.slug,
        "day": marked,
        "half": "AM",
        "person": made.people[Role.HEAD].person_id,
        "user": made.people[Role.HEAD].pk,
        "contact": worst.pupil.contacts.get().contact_id,
        "review": made.review.pk,
        "row": row.pk if row else 0,
        "year": 2023,
    }


def _routes() -> Iterator[tuple[str, URLPattern]]:
    for room in get_resolver().url_patterns:
        if isinstance(room, URLResolver) and room.namespace in ROOMS:
            for pattern in room.url_patterns:
                if isinstance(pattern, URLPattern):
                    yield f"{room.namespace}:{pattern.name}", pattern


def _first_page(name: str, given: dict[str, Any], people: list[Person]) -> tuple[Person, str] | None:
    """The first of the people to whom this route shows a page; None where it shows none to anybody."""
    with suppress(NoReverseMatch):
        path = reverse(name, kwargs=given)
        for person in people:
            if person.ask(path).is_page:
                return person, path
    return None


def _all_at_once(made: BenchSchool, rounds: int) -> Iterator[Row]:
    """Every teacher opens and saves a register in the same moment."""
    sessions = [Person(user, application).session for user in made.teachers]
    paths = [(_register(made, n), _register(made, n, "save")) for n in range(len(made.classes))]

    def opening(turn: int) -> list[Visit]:
        return [(session, path, None) for session, (path, _) in zip(sessions, paths, strict=True)]

    def saving(turn: int) -> list[Visit]:
        everybody = zip(sessions, paths, made.places.values(), strict=True)
        code = "-" if turn % 2 else "/"
        return [(s, path, _marks(own, code, f"together-{turn}")) for s, (_, path), own in everybody]

    with served(made.at) as port:
        for name, visits in (("open", opening), ("save", saving)):
            middle, slowest = together(port, rounds, visits)
            about = f"median {middle:.0f} ms, over the network, the callers on the same machine"
            who = f"{len(sessions)} teachers {name} a register at once, the slowest"
            yield {"name": who, "value": round(slowest, 1), "unit": "ms", "limit": None, "note": about}
