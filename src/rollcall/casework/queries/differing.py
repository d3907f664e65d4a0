"""Steps whose evidence and today's register differ: a mark was amended after the letter went, and a person is asked.

What was kept with the step stays as it was. What somebody said about a difference is an answer to that difference
alone: another amendment asks anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from rollcall.casework.models import StepTaken
from rollcall.casework.queries.difference import Difference
from rollcall.casework.queries.taken import SCHOOL
from rollcall.journal.models import Change
from rollcall.registers.queries.windows import kept_rows
from rollcall.rules.codes import COUNTS, TEXT
from rollcall.rules.sessions import SchoolYear

THING, FIELD = "step", "marks"


@dataclass(frozen=True)
class Differing:
    """A step with the sessions that differ; `answer` is what was said about exactly these, empty while it is asked."""

    step: int
    name: str
    day: date
    sessions: tuple[Difference, ...]
    answer: str = ""

    @property
    def sum(self) -> str:
        """What tells this difference from any other."""
        return " ".join(f"{one.day}/{one.half}/{one.was}/{one.now}" for one in self.sessions)


def differing(case: int, names: Mapping[str, str]) -> list[Differing]:
    """The steps of a case (by id) on the school's path that differ from today's registers; names: of the steps."""
    rows = StepTaken.objects.filter(case=case, path=SCHOOL, withdrawn__isnull=True).order_by("day", "id")
    kept = rows.annotate(
        marks=F("evidence__marks"),
        enrolment=F("evidence__enrolment"),
        year=F("evidence__year_start"),
        place=F("evidence__school__id"),
        through=F("evidence__through"),
    ).values("id", "step", "day", "marks", "enrolment", "year", "place", "through")
    wanted = [row for row in kept if row["marks"] and row["through"]]
    now: dict[tuple[int, int, int], str] = {}
    for school, enrolment, year in {(row["place"], row["enrolment"], row["year"]) for row in wanted}:
        now[school, enrolment, year] = kept_rows(school, [enrolment], year).get(enrolment, "")
    answers = _answers([row["id"] for row in wanted])
    return [one for row in wanted if (one := _differing(row, now, names, answers)) is not None]


def _differing(
    row: Mapping[str, Any],
    now: Mapping[tuple[int, int, int], str],
    names: Mapping[str, str],
    answers: Mapping[tuple[int, str], str],
) -> Differing | None:
    today = now[row["place"], row["enrolment"], row["year"]]
    year = SchoolYear(row["year"])
    last = year.column(date.fromisoformat(row["through"]), "PM")
    # Marks that retention has let go say nothing about what was amended.
    if not today:
        return None
    sessions = tuple(
        Difference(*year.session(n), TEXT[ord(was)], TEXT[ord(is_now)], "in what it rests on")
        for n, (was, is_now) in enumerate(zip(row["marks"], today, strict=False))
        if n <= last and was != is_now and COUNTS.get(TEXT[ord(was)]) != COUNTS.get(TEXT[ord(is_now)])
    )
    if not sessions:
        return None
    found = Differing(row["id"], names.get(row["step"], row["step"]), row["day"], sessions)
    return Differing(found.step, found.name, found.day, sessions, answers.get((found.step, found.sum), ""))


def _answers(steps: list[int]) -> dict[tuple[int, str], str]:
    rows = Change.objects.filter(thing=THING, field=FIELD, thing_id__in=steps).select_related("deed").order_by("id")
    return {(row.thing_id, row.after): f"{row.deed.reason} ({row.deed.name}, {row.deed.position})" for row in rows}
