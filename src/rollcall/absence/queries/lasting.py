"""Absences that last, at the end of a day: what is due to be put to the head of school, with its evidence (4.5-c, d).

Which runs count is in `rules.episodes`; returns to the authority are of pupils of compulsory school age.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rollcall.absence.models import Call
from rollcall.registers.queries.figures import YearFigures, year_figures
from rollcall.registers.queries.reading import Reading, read_year
from rollcall.rules.codes import TEXT
from rollcall.rules.episodes import DayOfOne, Run, stopped_run, unauthorised_run, unexplained_run
from rollcall.rules.policy import Policy
from rollcall.rules.school_age import compulsory_age
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.sheet import session_of
from rollcall.schools.queries import SchoolFacts, seats_of_school
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import Seat

RULES = {
    "welfare_officer": "{n} school days in a row on which nobody has said why the pupil is away; from day {line} on "
    "the policy asks whether an education welfare officer is to be involved.",
    "unauthorised_run": "{n} school days in a row of which every session that the pupil had to attend is unauthorised "
    "(G, N, O or U); the return is due from {line}.",
    "stopped": "{n} school days in a row without a session attended, not all of it authorised; the return is due from "
    "{line}.",
    "irregular": "{n} unauthorised sessions within ten school weeks; the line is {line}.",
}


@dataclass(frozen=True)
class Due:
    """One thing to be put to the head of school. since: the first day of the episode; evidence: plain JSON."""

    enrolment: int
    name: str
    kind: str
    since: date
    evidence: dict[str, Any]


def lasting(facts: SchoolFacts, at: datetime) -> list[Due]:
    """Everything that is due at a school by its marks at a moment, whether or not it was put before."""
    day = at.astimezone(LONDON).date()
    year, policy = SchoolYear.of(day), facts.policy_on(day)
    seats = {seat.enrolment: seat for seat in seats_of_school(facts.school, day)}
    reading = read_year(facts, seats, year.start, at)
    figures = year_figures(facts.school, seats, year.start, at)
    within = reading.figures
    found: list[tuple[Seat, str, Run | date, int, int]] = []
    for enrolment, run in reading.running(2):
        days = _days(facts, reading, enrolment, run.since)
        found += [(seats[enrolment], *one) for one in _runs(days, policy, _is_of_age(seats[enrolment], day))]
    for enrolment, seat in seats.items():
        reached = _reached(figures.get(enrolment), within.get(enrolment), year)
        if reached and _is_of_age(seat, day):
            line = policy.measures.threshold_sessions.value
            found.append((seat, "irregular", reached, figures[enrolment].worst_window, line))
    return [_due(facts, reading, figures, one, day) for one in found]


def _is_of_age(seat: Seat, day: date) -> bool:
    return compulsory_age(seat.born, day)


def _runs(days: Sequence[DayOfOne], policy: Policy, of_age: bool) -> Iterable[tuple[str, Run, int, int]]:
    """The runs that have come to their line: kind, run, how many days, the line."""
    officer, ten = policy.absence.welfare_officer_from_day.value, policy.registers.irregular_school_days.value
    kinds = [("welfare_officer", unexplained_run(days), officer)]
    if of_age:
        kinds += [("unauthorised_run", unauthorised_run(days), ten), ("stopped", stopped_run(days), ten)]
    reached = [(kind, run, run.n, line) for kind, run, line in kinds if run.n >= line]
    # A run that is unauthorised throughout is one return, not two.
    whole = {run.since for kind, run, _, _ in reached if kind == "unauthorised_run"}
    return [one for one in reached if one[0] != "stopped" or one[1].since not in whole]


def _days(facts: SchoolFacts, reading: Reading, enrolment: int, since: date) -> list[DayOfOne]:
    """A pupil's days from one on; where the year begins with the absence, those of the year before as well."""
    days = days_of(reading, enrolment, since)
    first = next(iter(facts.calendar(reading.year.start).school_days()), None)
    if since != first or reading.year.start - 1 not in facts.years:
        return days
    end = facts.moment(SchoolYear(reading.year.start - 1).last, facts.times_on(since).day_ends)
    before = read_year(facts, [enrolment], reading.year.start - 1, end)
    running = before.running(1)
    return (days_of(before, enrolment, running[0][1].since) if running else []) + days


def days_of(reading: Reading, enrolment: int, since: date) -> list[DayOfOne]:
    """A pupil's school days of a reading from a day on, with the codes of the sessions that are theirs."""
    row = list(reading.enrolments).index(enrolment)
    sheet = reading.laid.sheet
    codes: dict[date, list[str]] = {}
    cells = zip(sheet.sessions.tolist(), sheet.marks[row].tolist(), reading.laid.within[row].tolist(), strict=True)
    for session, byte, is_theirs in cells:
        day = session_of(session)[0]
        if is_theirs and day >= since:
            codes.setdefault(day, []).append(TEXT[byte])
    return [DayOfOne(day, tuple(found)) for day, found in codes.items()]


def _reached(both: YearFigures | None, this: YearFigures | None, year: SchoolYear) -> date | None:
    """When ten unauthorised sessions in ten school weeks were first reached in this year, over the summer too."""
    found = both.threshold_reached_on if both else None
    if found and found < year.first:
        return this.threshold_reached_on if this else None
    return found


def _due(
    facts: SchoolFacts,
    reading: Reading,
    figures: dict[int, YearFigures],
    one: tuple[Seat, str, Run | date, int, int],
    day: date,
) -> Due:
    seat, kind, run, n, line = one
    since = run if isinstance(run, date) else run.days[0]
    first = since - timedelta(weeks=10) if kind == "irregular" else since
    days = days_of(reading, seat.enrolment, max(first, reading.year.first))
    own = figures[seat.enrolment]
    evidence = {
        "rule": RULES[kind].format(n=n, line=line),
        "n": n,
        "line": line,
        "class": seat.class_name,
        "year": reading.year.label,
        "days": [{"day": d.day.isoformat(), "codes": list(d.codes)} for d in days],
        "figures": {name: getattr(own, name) for name in _FIGURES} | {"percent": own.percent},
        "calls": _calls(seat.enrolment, first, day),
        "policy": facts.policy_id_on(day),
    }
    return Due(seat.enrolment, seat.name, kind, since, evidence)


_FIGURES = ("possible", "attended", "authorised", "unauthorised", "missing", "worst_window")


def _calls(enrolment: int, first: date, last: date) -> list[dict[str, str]]:
    rows = Call.objects.filter(enrolment=enrolment, day__gte=first, day__lte=last, withdrawn__isnull=True)
    return [
        {
            "at": row.deed.at.astimezone(LONDON).isoformat(timespec="minutes"),
            "name": row.name,
            "number": row.number,
            "outcome": row.get_outcome_display(),
            "words": row.words,
            "who": f"{row.deed.name}, {row.deed.position}",
        }
        for row in rows.select_related("deed").order_by("id")
    ]


__all__ = ["Due", "days_of", "lasting"]
