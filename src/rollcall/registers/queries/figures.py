"""A school's, class's or pupil's figures for a year, from the stored rows: plain values, worked out in `rules`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import FilteredRelation, Q

from rollcall.rules import overlay as rules
from rollcall.rules.figures import NEVER, Figures
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import HALVES, SchoolYear
from rollcall.rules.sheet import session_of
from rollcall.rules.stages import percent_down
from rollcall.schools.models import ClassMembership, Enrolment
from rollcall.schools.queries import SchoolFacts, facts_of


@dataclass(frozen=True)
class YearFigures:
    """One enrolment's figures over a span; stage and tier are None where no session was possible.

    `worst_window` is the greatest unauthorised count in any ten school weeks, across last year and this.
    """

    enrolment: int
    possible: int
    attended: int
    authorised: int
    unauthorised: int
    missing: int
    late: int
    late_after_close: int
    minutes_late: int
    persistent: bool
    severe: bool
    stage: int | None
    tier: int | None
    longest_absence: int
    current_absence: int
    worst_window: int = 0
    threshold_reached_on: date | None = None

    @property
    def absent(self) -> int:
        """Sessions missed, authorised or not."""
        return self.authorised + self.unauthorised

    @property
    def percent(self) -> str:
        """Attendance to one decimal, rounded down; empty where nothing was possible."""
        return percent_down(self.attended, self.possible)


def stored_rows(enrolments: Iterable[int], year_start: int, facts: SchoolFacts) -> list[rules.StoredRow]:
    """The stored rows of a year for these enrolments, by id; a blank one where nothing is stored."""
    year = SchoolYear(year_start)
    found = (
        Enrolment.objects.filter(id__in=list(enrolments))
        .annotate(row=FilteredRelation("rows", condition=Q(rows__year_start=year_start)))
        .order_by("id")
        .values_list("id", "admitted", "left", "row__marks", "row__minutes")
    )
    rows = [
        row_of(enrolment, admitted, left, None if marks is None else (bytes(marks), bytes(minutes)), year)
        for enrolment, admitted, left, marks, minutes in found
    ]
    return shut_for_class(rows, facts, year)


def row_of(
    enrolment: int, admitted: date, left: date | None, stored: tuple[bytes, bytes] | None, year: SchoolYear
) -> rules.StoredRow:
    """An enrolment's row of a year from its stored marks and minutes; a blank one where nothing is stored."""
    if stored is None:
        return rules.blank(enrolment, year, admitted, left)
    return rules.StoredRow(enrolment, *stored, admitted, left)


def shut_for_class(rows: list[rules.StoredRow], facts: SchoolFacts, year: SchoolYear) -> list[rules.StoredRow]:
    """The same rows with the columns on which their class alone was closed."""
    shut = _shut_for_classes(facts, year)
    return [replace(row, shut=frozenset(shut.get(row.enrolment, ()))) for row in rows] if shut else rows


def _shut_for_classes(facts: SchoolFacts, year: SchoolYear) -> dict[int, set[int]]:
    """The columns on which some classes alone were closed, by enrolment; no query where there are none."""
    shut: dict[int, set[int]] = {}
    for closure in facts.closures:
        if not closure.classes or closure.last < year.first or closure.first > year.last:
            continue
        members = ClassMembership.objects.filter(
            Q(ends__isnull=True) | Q(ends__gte=closure.first),
            school_class__in=closure.classes,
            begins__lte=closure.last,
        ).values_list("enrolment_id", "begins", "ends")
        for enrolment, begins, ends in members:
            first = max(begins, closure.first, year.first)
            last = min(ends or closure.last, closure.last, year.last)
            for n in range((last - first).days + 1):
                for half in HALVES:
                    if closure.half in ("", half):
                        shut.setdefault(enrolment, set()).add(year.column(first + timedelta(days=n), half))
    return shut


@lru_cache(maxsize=64)
def editions_of(facts: SchoolFacts, year_start: int) -> tuple[str, ...]:
    """The edition of the law for each column of a year, by the policy in force on its day."""
    return tuple(edition for day in SchoolYear(year_start).days() for edition in [facts.edition_on(day)] * 2)


def year_figures(
    school: int,
    enrolments: Iterable[int],
    year_start: int,
    at: datetime,
    *,
    since: date | None = None,
    through: date | None = None,
) -> dict[int, YearFigures]:
    """Figures of enrolments at one school for a year up to a moment, by enrolment id.

    since, through: cut to a span of days inside the year. Sessions whose register has not closed by `at` are left out.
    """
    facts = facts_of(school)
    rows = stored_rows(enrolments, year_start, facts)
    if not rows:
        return {}
    year, calendar = SchoolYear(year_start), facts.calendar(year_start)
    upto = facts.last_columns(year_start, at)
    if through is not None:
        upto = min(upto, year.column(through, "PM") + 1)
    first = year.column(since, "AM") if since is not None else 0
    policy = facts.policy_on(min(max(at.date(), year.first), year.last))
    laid = rules.overlay(rows, calendar, upto, first)
    found = rules.figures_of(laid, editions_of(facts, year_start), policy)
    values = values_of([row.enrolment for row in rows], found)
    return _with_windows(values, rows, laid, facts, year_start, policy) if first == 0 else values


def values_of(enrolments: Sequence[int], found: Figures) -> dict[int, YearFigures]:
    """The figures of some rows as plain values by enrolment, given in the order of the rows."""
    minutes = found.minutes_late
    columns = {
        "possible": found.possible,
        "attended": found.attended,
        "authorised": found.authorised,
        "unauthorised": found.unauthorised,
        "missing": found.missing,
        "late": found.late,
        "late_after_close": found.late_after_close,
        "minutes_late": minutes if minutes is not None else found.possible * 0,
        "longest_absence": found.longest_absence,
        "current_absence": found.current_absence,
        "persistent": found.persistent,
        "severe": found.severe,
        "stage": found.stage,
        "tier": found.tier,
    }
    lists = {name: array.tolist() for name, array in columns.items()}
    values = {}
    for n, enrolment in enumerate(enrolments):
        fields = {name: column[n] for name, column in lists.items()}
        for name in ("stage", "tier"):
            fields[name] = None if fields[name] < 0 else fields[name]
        values[enrolment] = YearFigures(enrolment=enrolment, **fields)
    return values


def _with_windows(
    values: dict[int, YearFigures],
    rows: Sequence[rules.StoredRow],
    laid: rules.Overlay,
    facts: SchoolFacts,
    year_start: int,
    policy: Policy,
) -> dict[int, YearFigures]:
    """Put in the ten-week counts, which run across the summer from last year into this."""
    before = stored_rows([row.enrolment for row in rows], year_start - 1, facts)
    calendars = (facts.calendar(year_start - 1), facts.calendar(year_start))
    both = rules.side_by_side(rules.overlay(before, calendars[0], SchoolYear(year_start - 1).n), laid, calendars)
    editions = editions_of(facts, year_start - 1) + editions_of(facts, year_start)
    found = rules.figures_of(both, editions, policy)
    worst, reached = found.unauthorised_in_10_weeks.tolist(), found.threshold_reached_on.tolist()
    for n, row in enumerate(rows):
        day = None if reached[n] == NEVER else session_of(int(both.sheet.sessions[reached[n]]))[0]
        old = values[row.enrolment]
        values[row.enrolment] = YearFigures(**{**old.__dict__, "worst_window": worst[n], "threshold_reached_on": day})
    return values
