"""Where the demo's clock can be moved to, and whom one may become."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

from rollcall.accounts.models import User
from rollcall.demo.families import PLACES
from rollcall.demo.steps import moment
from rollcall.demo.terms import school_days
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import SchoolYear as Year
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class Move:
    """One button of the bar: its name in the form, its words, and the time that it leads to."""

    name: str
    label: str
    to: datetime


@dataclass(frozen=True)
class Somebody:
    """One of the demo's people: `school` is empty for who serves the federation."""

    user: int
    name: str
    position: str
    school: str


def moves(at: datetime) -> list[Move]:
    """The times that the clock can be moved on to from a moment, in order."""
    local = at.astimezone(LONDON)
    found = [Move("quarter", "15 minutes on", local + timedelta(minutes=15))]
    for name, label, hour, minute in (("afternoon", "To 1.05pm", 13, 5), ("end", "To 3.30pm", 15, 30)):
        if local.time() < time(hour, minute):
            found.append(Move(name, label, moment(local.date(), time(hour, minute))))
    following = _next_school_day(local)
    return [*found, Move("next", "To the next school day", following)] if following else found


def _next_school_day(at: datetime) -> datetime | None:
    """8.35, before the gates close, on the next day on which any school is open; None after the demo's last day."""
    last = Year.objects.order_by("-start").values_list("start", flat=True).first()
    start = SchoolYear.of(at.date()).start
    years = [year for year in (start, start + 1) if last is not None and year <= last]
    days = {d for year in years for place in PLACES for d in school_days(year, place.slug) if d > at.date()}
    return moment(min(days), time(8, 35)) if days else None


def people() -> list[tuple[str, list[Somebody]]]:
    """Everybody who can sign in, in one query: the federation's own people first, then school by school."""
    rows = (
        User.objects.filter(is_active=True, person__isnull=False, person__posts__isnull=False)
        .order_by("person__posts__school__name", "id")
        .values_list(
            "id", "person__first", "person__last", "person__posts__position", "person__posts__school__name", "email"
        )
    )
    found = [
        Somebody(pk, f"{first} {last}", _with_class(position, email), school or "")
        for pk, first, last, position, school, email in rows
    ]
    found.sort(key=lambda s: (s.school != "", s.school))
    return [(school, list(those)) for school, those in groupby(found, key=lambda s: s.school)]


def _with_class(position: str, email: str) -> str:
    """A teacher's position with the class that the demo's address names."""
    return f"{position}, {email.split('@')[0].title()}" if position == "Class teacher" else position


def sign_ins() -> list[tuple[str, str, str]]:
    """Everybody's e-mail address, position and school, for the command to print."""
    emails = dict(User.objects.values_list("id", "email"))
    return [(emails[one.user], one.position, one.school) for _, those in people() for one in those]
