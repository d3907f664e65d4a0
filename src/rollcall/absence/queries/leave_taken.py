"""Leave held against the register: refused and then absent, granted and then not taken (5.1-c, 4.5-b)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rollcall.absence.models import LeaveSpan
from rollcall.absence.queries.leave import Decided, Leave, leave_of_requests
from rollcall.registers.queries.figures import stored_rows
from rollcall.rules.codes import LATE_AFTER_CLOSING, TEXT, Counts, table
from rollcall.rules.leave import Span, refused_code
from rollcall.rules.sessions import HALVES, Half, SchoolYear
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class Marked:
    """One session of a leave as its mark stands; `proposed` is the code that follows from the refusal."""

    day: date
    half: Half
    code: str
    proposed: str


@dataclass(frozen=True)
class Away:
    """A pupil who was away though leave was refused: marks to decide, and marks that another reason was given for."""

    leave: Leave
    decision: Decided
    proposed: str
    marks: tuple[Marked, ...]
    doubtful: tuple[Marked, ...]

    @property
    def is_told(self) -> bool:
        """Whether the family has the refusal, so that the marks may turn (4.2-c)."""
        return self.decision.is_told

    @property
    def ground(self) -> str:
        """What is kept with the marks."""
        then = self.decision.at.astimezone(LONDON)
        return f"Leave asked for on {self.leave.asked_on:%-d %B} was refused on {then:%-d %B}"


@dataclass(frozen=True)
class Came:
    """A pupil who was in on days for which leave was granted, as the register's taker said."""

    leave: Leave
    marks: tuple[Marked, ...]


def refused_then_away(facts: SchoolFacts, at: datetime, *, request: int | None = None) -> list[Away]:
    """Refused requests of this school year in whose days the pupil was away, with the marks that wait; few queries.

    request: one of them alone, by its number.
    """
    found = []
    for one, decision, marks in _held(facts, at, granted=False, request=request):
        edition = facts.edition_on(one.first)
        proposed, codes = refused_code(edition, one.reason), table(edition)
        open_, doubtful = [], []
        for mark in marks:
            known = codes.get(mark.code)
            if known is None or mark.code in (LATE_AFTER_CLOSING, proposed):
                continue
            if known.counts_as == Counts.UNAUTHORISED:
                open_.append(Marked(mark.day, mark.half, mark.code, proposed))
            elif known.counts_as == Counts.AUTHORISED:
                doubtful.append(mark)
        if open_ or doubtful:
            found.append(Away(one, decision, proposed, tuple(open_), tuple(doubtful)))
    return found


def not_taken(facts: SchoolFacts, at: datetime) -> list[Came]:
    """Granted leave of this school year on whose days the pupil came in after all."""
    found = []
    for one, _, marks in _held(facts, at, granted=True):
        codes = table(facts.edition_on(one.first))
        came = [mark for mark in marks if mark.code in codes and codes[mark.code].counts_as == Counts.ATTENDING]
        if came:
            found.append(Came(one, tuple(came)))
    return found


def _held(
    facts: SchoolFacts, at: datetime, *, granted: bool, request: int | None = None
) -> Iterator[tuple[Leave, Decided, list[Marked]]]:
    """Each request that stands decided so, with the sessions of those days that have begun, as they are marked."""
    today = at.astimezone(LONDON).date()
    year = SchoolYear.of(today)
    spans = LeaveSpan.objects.filter(
        granted=granted,
        decision__withdrawn__isnull=True,
        decision__request__withdrawn__isnull=True,
        decision__request__enrolment__school=facts.school,
        first_day__lte=today,
        last_day__gte=year.first,
    )
    if request is not None:
        spans = spans.filter(decision__request=request)
    requests = sorted(set(spans.values_list("decision__request", flat=True)))
    leaves = leave_of_requests(requests) if requests else []
    rows = stored_rows({one.enrolment for one in leaves}, year.start, facts) if leaves else []
    marks = {row.enrolment: row.marks for row in rows}
    for one in leaves:
        if one.decision is not None and one.enrolment in marks:
            wanted = [span for span in one.decision.spans if span.granted == granted]
            yield one, one.decision, _marked(facts, year, marks[one.enrolment], wanted, at)


def _marked(facts: SchoolFacts, year: SchoolYear, marks: bytes, spans: Sequence[Span], at: datetime) -> list[Marked]:
    found = []
    for span in spans:
        day = max(span.first, year.first)
        while day <= min(span.last, year.last, at.astimezone(LONDON).date()):
            for half in HALVES:
                if facts.is_open(day, half) and facts.has_begun(day, half, at):
                    found.append(Marked(day, half, TEXT[marks[year.column(day, half)]], ""))
            day += timedelta(days=1)
    return found
