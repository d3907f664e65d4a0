"""Whose attendance has risen, to be recognised (A5-a): proposed with the counts, and counted by term."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rollcall.casework.models import LetterWritten
from rollcall.casework.queries.written import Wanted
from rollcall.registers.queries.figures import YearFigures, year_figures
from rollcall.rules.policy.paths import Recognition
from rollcall.rules.proposal import Reason
from rollcall.rules.recognising import Spans, risen, share, spans
from rollcall.rules.words import counted
from rollcall.schools.queries import SchoolFacts, facts_of, year_of
from rollcall.schools.queries.roll import Seat, seats_of_school

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Risen:
    """A pupil whose attendance rose: both shares with their counts, and why it is recognised."""

    seat: Seat
    before: tuple[int, int]
    after: tuple[int, int]
    why: tuple[Reason, ...]
    spans: Spans
    settings: Recognition

    def wanted(self) -> Wanted:
        """The letter about it, with what it rests on."""
        weeks = counted(self.settings.school_weeks.value, "school week")
        more = {"risen_from": share(self.before), "risen_to": share(self.after), "risen_weeks": weeks}
        return Wanted(self.seat.pupil, self.settings.letter, more, self._rests_on())

    def _rests_on(self) -> dict[str, Any]:
        days = {name: [str(day) for day in span] for name, span in vars(self.spans).items()}
        why = {"why": [{"text": reason.text} for reason in self.why]}
        return {"before": self.before, "after": self.after, "days": days, "proposal": why}


def risen_pupils(school: int, at: datetime) -> list[Risen]:
    """The pupils of a school whose attendance has risen and who had no such letter this term; four queries."""
    facts, day = facts_of(school), at.date()
    settings = facts.policy_on(day).recognition
    found = spans(facts.calendar(year_of(day)), day, settings) if settings else None
    if settings is None or found is None:
        return []
    had = set(_letters(school, settings.letter, term_begins(facts, day)))
    seats = [seat for seat in seats_of_school(school, day) if seat.pupil not in had]
    before, after = (_counts(school, seats, span, at) for span in (found.before, found.after))
    lines = [
        Risen(seat, before[seat.enrolment], after[seat.enrolment], why, found, settings)
        for seat in seats
        if seat.enrolment in before
        and seat.enrolment in after
        and (why := risen(before[seat.enrolment], after[seat.enrolment], settings))
    ]
    return sorted(lines, key=lambda line: (line.seat.class_name, line.seat.name))


def _counts(school: int, seats: list[Seat], span: tuple[date, date], at: datetime) -> dict[int, tuple[int, int]]:
    enrolments = [seat.enrolment for seat in seats]
    found = year_figures(school, enrolments, year_of(span[0]), at, since=span[0], through=span[1])
    return {pk: _pair(one) for pk, one in found.items()}


def _pair(one: YearFigures) -> tuple[int, int]:
    return one.attended, one.possible


def term_begins(facts: SchoolFacts, day: date) -> date:
    """The first day of the term of a day, or of the last one before it; 1 August where there was none this year."""
    begun = [first for _, first, _ in facts.terms.get(year_of(day), ()) if first <= day]
    return max(begun, default=date(year_of(day), 8, 1))


def _letters(school: int, letter: str, since: date) -> dict[int, date]:
    rows = LetterWritten.objects.filter(school=school, letter=letter, day__gte=since, withdrawn__isnull=True)
    return dict(rows.values_list("pupil_id", "day"))


def recognised_by_term(school: int, at: datetime) -> list[tuple[str, int]]:
    """How many pupils of a school were recognised in each term of the year so far, in order."""
    facts, day = facts_of(school), at.date()
    settings, terms = facts.policy_on(day).recognition, facts.terms.get(year_of(day), ())
    if settings is None:
        return []
    begun = [(name, first) for name, first, _ in terms if first <= day]
    rows = LetterWritten.objects.filter(
        school=school, letter=settings.letter, day__gte=date(year_of(day), 8, 1), withdrawn__isnull=True
    )
    counts: Counter[str] = Counter()
    for on in rows.values_list("day", flat=True):
        counts[next((name for name, first in reversed(begun) if first <= on), "")] += 1
    return [(name, counts[name]) for name, _ in begun]
