"""Whether a mark may be given as it is given: what rests on a record or a decision has one (4.2-c, 4.5-b, A1-d)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.registers.actions.writing import NewEntry
from rollcall.registers.queries.footing import footings
from rollcall.registers.queries.standing import Standing
from rollcall.rules.codes import table
from rollcall.rules.giving import Footing, Giver, why_not, why_not_late
from rollcall.rules.sessions import Half
from rollcall.rules.words import time_words
from rollcall.schools.queries import SchoolFacts


@dataclass(frozen=True)
class Judge:
    """Says of the marks of one save, why one may not be given; least: the fewest minutes of U."""

    giver: Giver
    edition: str
    closes: datetime
    closed: bool
    least: int
    footings: Mapping[int, Footing]

    def why_not(self, entry: NewEntry, standing: str) -> str:
        """Why an entry over a standing code may not be written, in a sentence; empty where it may."""
        closes = time_words(self.closes)
        given = (entry.code, entry.minutes_late)
        if late := why_not_late(*given, closed=self.closed, closes=closes, least=self.least):
            return late
        footing = self.footings.get(entry.enrolment, Footing(standing))
        return why_not(entry.code, self.edition, self.giver, footing)


def judge_of(
    codes: Mapping[int, str],
    seats: Mapping[int, Standing],
    facts: SchoolFacts,
    session: tuple[date, Half],
    giver: Giver,
    at: datetime,
) -> Judge:
    """A judge of a save; codes: what is to be given, by enrolment; seats: what stands. Reads what they call for."""
    edition, closes = facts.edition_on(session[0]), facts.closes_at(*session)
    resting = [one for one, code in codes.items() if one in seats and _rests(code, edition)]
    read = footings({one: seats[one].code for one in resting}, *session, facts)
    late_from = facts.moment(session[0], facts.times_on(session[0]).late_from(session[1]))
    least = int((closes - late_from).total_seconds() // 60)
    return Judge(giver, edition, closes, at >= closes, least, read)


def _rests(code: str, edition: str) -> bool:
    found = table(edition).get(code)
    return bool(found and found.rests_on)
