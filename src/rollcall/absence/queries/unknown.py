"""Marks of N with the working days left until each must have its code (4.5-b, A1-c): read from the marks themselves."""

from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.queries.reports import undecided
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.registers.models import SheetRow
from rollcall.rules.codes import BYTE, UNEXPLAINED
from rollcall.rules.sessions import Half, SchoolYear
from rollcall.rules.working_days import days_left, working_day_after
from rollcall.schools.models import ClassMembership
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON

GROUND = "absence.unknown"
_N = bytes([BYTE[UNEXPLAINED]])


@dataclass(frozen=True)
class Unknown:
    """One pupil's day with N in one or both sessions. left: working days until the last day for a code, 0 on that day.

    said: what was reported, where somebody must decide the code of it.
    """

    enrolment: int
    pupil: int
    name: str
    class_name: str
    day: date
    halves: tuple[Half, ...]
    last: date
    left: int
    said: str

    @property
    def is_past(self) -> bool:
        """Whether the last day for a code has passed."""
        return self.left < 0

    @property
    def is_last(self) -> bool:
        """Whether it is the last day now."""
        return self.left == 0


def unknown_reasons(facts: SchoolFacts, at: datetime) -> list[Unknown]:
    """Every N at a school of this school year and the one before, the one with the least time first."""
    today = at.astimezone(LONDON).date()
    within = facts.policy_on(today).registers.code_within_working_days.value
    found = _days_with_n(facts, SchoolYear.of(today).start, today)
    names = _names({(enrolment, day) for enrolment, day in found})
    said = {one.enrolment: one for one in undecided([facts.school])} if found else {}
    lines = []
    for (enrolment, day), halves in found.items():
        if (enrolment, day) not in names:
            continue
        pupil, name, room, room_name = names[enrolment, day]
        halves = [half for half in halves if facts.is_open(day, half, room)]
        if not halves:
            continue
        told = said.get(enrolment)
        words = f"{told.caller}: {told.reason_name}" if told and any(told.covers(day, half) for half in halves) else ""
        last, left = working_day_after(day, within), days_left(day, today, within)
        lines.append(Unknown(enrolment, pupil, name, room_name, day, tuple(halves), last, left, words))
    return sorted(lines, key=lambda one: (one.left, one.day, one.class_name, one.name))


def _days_with_n(facts: SchoolFacts, start: int, today: date) -> dict[tuple[int, date], list[Half]]:
    """The sessions marked N by enrolment and day, those of closed sessions left out, in one query."""
    rows = SheetRow.objects.filter(enrolment__school=facts.school, year_start__in=(start - 1, start))
    found: dict[tuple[int, date], list[Half]] = {}
    for enrolment, year_start, stored in rows.values_list("enrolment_id", "year_start", "marks"):
        marks, year = bytes(stored), SchoolYear(year_start)
        column = marks.find(_N)
        while column >= 0:
            day, half = year.session(column)
            if day <= today and facts.is_open(day, half):
                found.setdefault((enrolment, day), []).append(half)
            column = marks.find(_N, column + 1)
    return found


def _names(wanted: set[tuple[int, date]]) -> dict[tuple[int, date], tuple[int, str, int, str]]:
    """The pupil, name and class of each of these on the day, in one query; who was in no class then is left out."""
    rows = ClassMembership.objects.filter(enrolment__in={enrolment for enrolment, _ in wanted}).values_list(
        "enrolment_id", "begins", "ends", "enrolment__pupil_id", "enrolment__pupil__known_first",
        "enrolment__pupil__known_last", "school_class_id", "school_class__name",
    )  # fmt: skip
    days: dict[int, list[date]] = {}
    for enrolment, day in wanted:
        days.setdefault(enrolment, []).append(day)
    return {
        (enrolment, day): (pupil, f"{first} {last}", room, name)
        for enrolment, begins, ends, pupil, first, last, room, name in rows
        for day in days[enrolment]
        if begins <= day and (ends is None or day <= ends)
    }


def last_day_stands(message: Message, at: datetime) -> Answer:
    """Whether a reminder may still go: while there is an N whose last day it is."""
    found = unknown_reasons(facts_of(message.ground_id), at)
    return Answer(True) if any(one.is_last for one in found) else Answer(False, "Each has its code by now.")
