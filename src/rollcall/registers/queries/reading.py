"""A school year read once for many pupils: their figures, and the same sessions by class, weekday, week and code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from rollcall.registers.queries.figures import YearFigures, editions_of, stored_rows, values_of
from rollcall.rules import overlay as rules
from rollcall.rules import shares
from rollcall.rules.figures import Kinds, figures_of_kinds
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.sheet import session_of
from rollcall.schools.queries import SchoolFacts


@dataclass(frozen=True, eq=False)
class Reading:
    """The sessions of some enrolments in one school year up to a moment; every figure of it comes from one pass."""

    year: SchoolYear
    policy: Policy
    laid: rules.Overlay
    kinds: Kinds

    @property
    def enrolments(self) -> Sequence[int]:
        """The enrolments in the order of the rows."""
        return self.laid.sheet.pupils

    @property
    def n_sessions(self) -> int:
        """How many school sessions lie in the span."""
        return len(self.laid.sheet.sessions)

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and the last day that the figures answer for; None where no session has passed."""
        sessions = self.laid.sheet.sessions
        if not len(sessions):
            return None
        return session_of(int(sessions[0]))[0], session_of(int(sessions[-1]))[0]

    @cached_property
    def figures(self) -> dict[int, YearFigures]:
        """Each enrolment's figures; the ten-week counts are those within this year."""
        late = self.laid.minutes_late
        found = figures_of_kinds(self.kinds, weeks=self.laid.weeks, policy=self.policy, minutes_late=late)
        return values_of(self.enrolments, found)

    @property
    def whole(self) -> shares.Share:
        """All of the pupils together."""
        return shares.whole_share(self.kinds)

    def by_group(self, group_of: Mapping[int, str]) -> dict[str, shares.Share]:
        """The pupils by what `group_of` says of their enrolment; who is not in it is left out of all groups."""
        found = shares.shares_by_row(self.kinds, [group_of.get(enrolment, "") for enrolment in self.enrolments])
        return {group: share for group, share in found.items() if group}

    def of_week(self, monday: date, group_of: Mapping[int, str]) -> dict[str, shares.Share]:
        """One week's sessions by group, as `by_group`."""
        part = shares.kinds_of_week(self.laid, self.kinds, monday)
        found = shares.shares_by_row(part, [group_of.get(enrolment, "") for enrolment in self.enrolments])
        return {group: share for group, share in found.items() if group}

    @property
    def by_weekday(self) -> list[shares.Share]:
        """Monday to Friday."""
        return shares.shares_by_weekday(self.laid, self.kinds)

    @property
    def by_week(self) -> list[tuple[date, shares.Share]]:
        """Week after week, by its Monday."""
        return shares.shares_by_week(self.laid, self.kinds)

    @property
    def by_code(self) -> dict[str, int]:
        """Sessions by code, the commonest first."""
        return shares.sessions_by_code(self.laid, self.kinds)

    def running(self, least: int) -> list[tuple[int, shares.Running]]:
        """The absences that still run, of so many sessions or more, longest first, by enrolment."""
        return [(self.enrolments[run.row], run) for run in shares.running_absences(self.laid, self.kinds, least)]


def read_year(
    facts: SchoolFacts,
    enrolments: Iterable[int],
    year_start: int,
    at: datetime,
    *,
    since: date | None = None,
    through: date | None = None,
) -> Reading:
    """Read a school's year up to a moment for some of its enrolments, in one query.

    since, through: cut to a span of days inside the year.
    """
    year, calendar = SchoolYear(year_start), facts.calendar(year_start)
    upto = facts.last_columns(year_start, at)
    if through is not None:
        upto = min(upto, year.column(through, "PM") + 1)
    first = year.column(since, "AM") if since is not None else 0
    laid = rules.overlay(stored_rows(enrolments, year_start, facts), calendar, upto, first)
    columns, editions = rules.session_columns(laid), editions_of(facts, year_start)
    laid = rules.cut(laid, columns)
    kinds = rules.kinds_laid(laid, [editions[column] for column in columns.tolist()])
    return Reading(year, facts.policy_on(min(max(at.date(), year.first), year.last)), laid, kinds)
