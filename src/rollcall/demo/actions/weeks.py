"""The weeks before the last ten school days, brought in as earlier marks are: a deed for each class and week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby

from django.db import transaction

from rollcall.demo.absences import Session, open_sessions, year_at
from rollcall.demo.actions.admitting import Admitted
from rollcall.demo.actions.founding import Founded
from rollcall.demo.families import BY_SLUG
from rollcall.demo.mornings import final_code, is_forgotten
from rollcall.demo.roster import Child, Roster, classes_in, is_here
from rollcall.demo.steps import moment
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.registers.actions import NewEntry, write_entries
from rollcall.registers.actions.bringing import HandedIn, hand_in_brought
from rollcall.registers.models import SheetRow
from rollcall.registers.queries.standing import lock
from rollcall.rules.sessions import monday

TAKEN = {"AM": time(9, 2), "PM": time(13, 3)}


@dataclass(frozen=True)
class Span:
    """The first day to bring in (None: all), and the day on which the days made by hand begin."""

    since: date | None
    before: date


@transaction.atomic
def bring_in(
    made: Founded, there: Admitted, roster: Roster, takers: dict[tuple[str, int, str], Actor], span: Span
) -> None:
    """Bring in both years' marks and registers of every school up to (not with) `span.before`."""
    for slug, school in made.schools.items():
        lock(school.pk)
        for year in (roster.start - 1, roster.start):
            groups = classes_in(BY_SLUG[slug], roster, year)
            for name in BY_SLUG[slug].classes:
                children = [c for c in roster.of_year(slug, year) if groups[c.upn] == name]
                brought = _Class(made, there, roster.start, slug, year, name, children)
                brought.write(takers[slug, year, name], span)


class _Class:
    """One class's year."""

    def __init__(
        self, made: Founded, there: Admitted, start: int, slug: str, year: int, name: str, children: list[Child]
    ) -> None:
        self.school, self.own = made.schools[slug], made.classes[slug, year, name]
        self.slug, self.year, self.name, self.start = slug, year, name, start
        self.children = [c for c in children if (slug, c.upn) in there.enrolments]
        self.ids = {c.upn: there.enrolments[slug, c.upn].pk for c in self.children}
        self.cells = year_at(slug, year, start)
        self.rows: dict[tuple[int, int], SheetRow] = {}

    def write(self, by: Actor, span: Span) -> None:
        """Write the year week by week; the rows that the next week begins from are kept by `rows`."""
        sessions = [s for s in open_sessions(self.slug, self.year, self.name) if s[0] < span.before]
        if span.since is not None:
            sessions = [s for s in sessions if s[0] >= span.since]
        for week, mine in groupby(sessions, key=lambda s: monday(s[0])):
            self._week(week, [s for s in mine if not is_forgotten(self.slug, self.name, s)], by)

    def _week(self, week: date, sessions: list[Session], by: Actor) -> None:
        if not sessions:
            return
        at = moment(max(s[0] for s in sessions), time(13, 20))
        key = f"demo.week.{self.own.pk}.{week}"
        deed = journal.begin("register.brought", by=by, at=at, key=key, school=self.school.pk)
        write_entries(self.school.pk, list(self._entries(sessions)), deed, self.rows)
        handed = [HandedIn(self.own.pk, d, h, moment(d, TAKEN[h], 4)) for d, h in sessions]
        hand_in_brought(self.school.pk, handed, deed)

    def _entries(self, sessions: list[Session]) -> Iterable[NewEntry]:
        for session in sessions:
            for child in self.children:
                if is_here(child, self.slug, session[0]):
                    cell = self.cells[child.upn].get(session)
                    code, minutes = final_code(child, session, cell, self.slug, self.start)
                    if code != "-":
                        yield NewEntry(self.ids[child.upn], session[0], session[1], code, minutes)
