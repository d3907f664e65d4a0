"""Sessions of enrolments in spans of their own, however many school years these cross: plain shares."""

from collections.abc import Mapping
from datetime import date, datetime

from rollcall.registers.queries.reading import read_year
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.shares import Share
from rollcall.rules.spans import Span, shares_between
from rollcall.schools.queries import SchoolFacts


def shares_in_spans(facts: SchoolFacts, spans: Mapping[int, Span], at: datetime) -> dict[int, Share]:
    """The sessions of each enrolment (by id) of a school in its own span, up to a moment; one query a school year."""
    found = dict.fromkeys(spans, Share())
    for year in _years(facts, spans):
        first, last = SchoolYear(year).first, SchoolYear(year).last
        here = {one: span for one, span in spans.items() if span[0] <= last and span[1] >= first}
        reading = read_year(facts, here, year, at)
        shares = shares_between(reading.laid, reading.kinds, [here[one] for one in reading.enrolments])
        for one, share in zip(reading.enrolments, shares, strict=True):
            found[one] += share
    return found


def school_days_of(facts: SchoolFacts, through: date) -> list[date]:
    """Every school day of the years that a school has terms for, in order, up to a day and with it."""
    return [day for year in facts.years for day in facts.calendar(year).school_days() if day <= through]


def _years(facts: SchoolFacts, spans: Mapping[int, Span]) -> list[int]:
    if not spans:
        return []
    first = SchoolYear.of(min(span[0] for span in spans.values())).start
    last = SchoolYear.of(max(span[1] for span in spans.values())).start
    return [year for year in facts.years if first <= year <= last]
