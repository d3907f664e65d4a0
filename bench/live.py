"""Two hundred open day pages on one process: how old what they show is, while a mark is saved each second."""

import json
from collections.abc import Iterator
from statistics import quantiles
from typing import Any

from django.urls import reverse

from bench.asking import Person
from bench.at_once import served
from bench.school import BenchSchool
from bench.screens import pressing, watch
from rollcall.accounts.roles import Role
from rollcall.wsgi import application

SCREENS, SECONDS = 200, 30
OLDEST = 2.0
Row = dict[str, Any]


def day_live(made: BenchSchool, scale: float = 1.0) -> Iterator[Row]:
    """The age of what the screens show, in seconds from the press; one process, `scale` a part of the screens."""
    n, seconds = max(5, int(SCREENS * scale)), max(2, int(SECONDS * scale))
    path = reverse("absence:day", args=[made.school.slug])
    watchers = [Person(made.people[role], application).session for role in (Role.HEAD, Role.SECRETARY, Role.DSL)]
    teacher, room = Person(made.teachers[0], application).session, made.classes[0]
    save = reverse("registers:save", args=[room.pk, made.today, "AM"])

    def press(number: int) -> bytes:
        mark = {"enrolment": made.places[room.pk][number], "code": "/"}
        return pressing(save, teacher, json.dumps({"key": f"bench-live-{number}", "marks": [mark]}).encode())

    with served(made.at, workers=1) as port:
        seen = watch(port, path, watchers, n, seconds, press)
    ages, waits = sorted(seen.ages()), quantiles(seen.waits, n=100)
    middle, slow = waits[49] * 1000, waits[98] * 1000
    answers = f"{len(seen.waits):,} questions, answered in {middle:.0f} ms (median), {slow:.0f} ms (99th)"
    about = f"median {ages[len(ages) // 2]:.2f} s, oldest {ages[-1]:.2f} s, {len(ages):,} times; {answers}"
    who = f"{n} open day pages on one process while marks are saved"
    yield {
        "name": f"{who}, 99th percentile of age",
        "value": round(ages[max(0, -(-99 * len(ages) // 100) - 1)], 2),
        "unit": "s",
        "limit": OLDEST if scale >= 1 else None,
        "note": about,
    }
    yield {
        "name": f"{who}, errors",
        "value": len(seen.errors),
        "unit": "errors",
        "limit": 0,
        "note": "".join(seen.errors[:1]),
    }
