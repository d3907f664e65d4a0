"""Who is late so often that something is due, with the marks that say so and what was raised with whom (A3-d)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rollcall.casework.models import LetterWritten, Raised
from rollcall.registers.queries.figures import stored_rows
from rollcall.rules.codes import TEXT
from rollcall.rules.policy.paths import Punctuality
from rollcall.rules.punctuality import LateMark, Lateness, late_words, lateness
from rollcall.rules.school_age import compulsory_age
from rollcall.rules.sessions import SchoolYear, school_mondays
from rollcall.rules.words import day_words
from rollcall.schools.queries import SchoolFacts, facts_of, year_of
from rollcall.schools.queries.roll import Seat, seats_of_school


@dataclass(frozen=True)
class LateLine:
    """A pupil with what is proposed; `raised` is the talk that it counts from; `too_young` for a warning."""

    seat: Seat
    lateness: Lateness
    raised: Raised | None
    too_young: bool

    @property
    def told(self) -> list[str]:
        """Each mark that it counts, in words."""
        return [late_words(mark) for mark in self.lateness.marks]


def late_pupils(school: int, at: datetime) -> list[LateLine]:
    """The pupils of a school (by id) for whom something is proposed at a moment, warnings first; a few queries."""
    facts, day = facts_of(school), at.date()
    settings = facts.policy_on(day).punctuality
    seats = seats_of_school(school, day)
    if settings is None or not seats:
        return []
    first = first_day(facts, day, settings)
    marks = late_marks(facts, seats, first, at, settings)
    raised, warned = _raised(seats, first), _warned(seats, first, settings.letter)
    lines = [_line(seat, marks.get(seat.enrolment, []), raised, warned, settings, day) for seat in seats]
    order = {"warn": 0, "raise": 1, "watch": 2}
    return sorted((line for line in lines if line.lateness.what), key=lambda line: order[line.lateness.what])


def _line(
    seat: Seat, marks: list[LateMark], raised: Mapping[int, Raised], warned: Mapping[int, date], settings: Punctuality,
    day: date,
) -> LateLine:  # fmt: skip
    talk = raised.get(seat.pupil)
    found = lateness(marks, talk.day if talk else None, warned.get(seat.pupil), settings)
    return LateLine(seat, found, talk, not compulsory_age(seat.born, day))


def first_day(facts: SchoolFacts, day: date, settings: Punctuality) -> date:
    """The first day of the school weeks that count: the week of the day is the last of them."""
    mondays = [one for one in school_mondays([facts.calendar(year_of(day))]) if one <= day]
    weeks = mondays[-settings.school_weeks.value :]
    return weeks[0] if weeks else day - timedelta(days=day.weekday())


def late_marks(
    facts: SchoolFacts, seats: Iterable[Seat], first: date, at: datetime, settings: Punctuality
) -> dict[int, list[LateMark]]:
    """The late marks of pupils from a day on up to a moment, by enrolment, in order; in one query."""
    year, codes = SchoolYear.of(at.date()), set(settings.codes.value)
    columns = range(year.column(max(first, year.first), "AM"), facts.last_columns(year.start, at))
    found: dict[int, list[LateMark]] = {}
    for row in stored_rows([seat.enrolment for seat in seats], year.start, facts):
        for column in columns:
            if (code := TEXT[row.marks[column]]) in codes:
                day, half = year.session(column)
                found.setdefault(row.enrolment, []).append(LateMark(day, half, code, row.minutes[column]))
    return found


def _raised(seats: Iterable[Seat], first: date) -> dict[int, Raised]:
    """The last talk about punctuality with a parent of each pupil, within the weeks that count."""
    rows = Raised.objects.filter(pupil__in=[seat.pupil for seat in seats], about="punctuality", day__gte=first)
    return {row.pupil_id: row for row in rows.order_by("day", "id")}


def _warned(seats: Iterable[Seat], first: date, letter: str) -> dict[int, date]:
    rows = LetterWritten.objects.filter(
        pupil__in=[seat.pupil for seat in seats], letter=letter, day__gte=first, withdrawn__isnull=True
    )
    return dict(rows.order_by("day", "id").values_list("pupil_id", "day"))


def late_line(school: int, pupil: int, at: datetime) -> LateLine | None:
    """What is proposed for one pupil (by id) of a school; None where nothing is."""
    return next((line for line in late_pupils(school, at) if line.seat.pupil == pupil), None)


def warning_of(line: LateLine) -> tuple[dict[str, str], dict[str, Any]]:
    """The fields of the warning to a pupil's family, and what it rests on: the talk, and each mark with its minutes."""
    assert line.raised is not None
    more = {"raised_on": day_words(line.raised.day), "late_marks": "\n".join(f"- {one}" for one in line.told)}
    marks = [
        {
            "enrolment": line.seat.enrolment,
            "day": mark.day.isoformat(),
            "half": mark.half,
            "code": mark.code,
            "minutes": mark.minutes,
        }
        for mark in line.lateness.marks
    ]
    raised = {"id": line.raised.pk, "day": line.raised.day.isoformat(), "with": line.raised.with_whom}
    why = [{"text": reason.text} for reason in line.lateness.why]
    return more, {"raised": raised, "marks": marks, "proposal": {"why": why}}
