"""Building the demo into an empty database: founded, filled, ten days played by hand, and its clock started."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction

from rollcall.absence.actions.reporting import keep_and_send
from rollcall.accounts.actions import grant
from rollcall.accounts.queries import standing
from rollcall.accounts.roles import Role
from rollcall.demo.actions.admitting import admit_all
from rollcall.demo.actions.around import lay_around
from rollcall.demo.actions.days import Places, places_by_year, play
from rollcall.demo.actions.founding import Founded, close, found
from rollcall.demo.actions.helping import lay_help, lay_updates
from rollcall.demo.actions.meetings import meet_regularly
from rollcall.demo.actions.notices import lay_notices
from rollcall.demo.actions.process import lay_process
from rollcall.demo.actions.reviews import BEGINNING, WHOLE, hold_reviews, refer_one
from rollcall.demo.actions.scene import Scene, scene_of
from rollcall.demo.actions.spoc import lay_spoc
from rollcall.demo.actions.weeks import Span, bring_in
from rollcall.demo.families import PLACES
from rollcall.demo.models import DemoClock
from rollcall.demo.mornings import laggards, steps_of_day, steps_of_days
from rollcall.demo.roster import roster_of
from rollcall.demo.steps import Step, moment
from rollcall.demo.terms import latest_school_day, school_days
from rollcall.journal.actor import INSTALLER, Actor
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import School
from rollcall.schools.queries.facts import facts_of_all

MORNING = time(9, 20)
REPORT = time(9, 15)
BY_HAND = 10
EVERYWHERE = tuple(place.slug for place in PLACES)
Hands = Callable[[Sequence[Step], Mapping[int, Places]], int]


class NotEmpty(Exception):
    """The database holds a school already, and a school's database is never made into a demo."""


@dataclass(frozen=True)
class Built:
    """What was built: the time at which the demo's clock starts."""

    shown: datetime


@transaction.atomic
def build(
    today: date,
    *,
    wall: datetime,
    slugs: tuple[str, ...] = EVERYWHERE,
    since: date | None = None,
    hands: Hands = play,
) -> Built:
    """Build the demo as it stands at 9.20 on the latest school day up to `today`.

    slugs: the schools to build. since: bring no marks in from before this day. hands: who plays the steps of the last
    ten school days, by default the pages' own actions. Raises NotEmpty for a database that holds any school.
    """
    if School.objects.exists() or DemoClock.objects.exists():
        raise NotEmpty("This database holds a school already. The demo is only made in an empty database of its own.")
    day = latest_school_day(today)
    start = SchoolYear.of(day).start
    made, roster = found(slugs, start), roster_of(start)
    close(made, start, day)
    there = admit_all(made, roster, day)
    days = _last_days(day, BY_HAND)
    bring_in(made, there, roster, _takers(made), Span(since, days[0]))
    _look_at_tables()
    scenes = [scene_of(slug, school, made.users, day, since) for slug, school in made.schools.items()]
    _hold_reviews(scenes, _last_days(days[0] - timedelta(days=1), 1)[0])
    shown = moment(day, MORNING)
    steps = _steps(days, shown, start, slugs)
    report = moment(day, REPORT)
    hands([step for step in steps if step.at < report], places_by_year(steps))
    for facts in facts_of_all().values():
        keep_and_send(facts, report)
    hands([step for step in steps if step.at >= report], places_by_year(steps))
    _cover(made, day)
    lay_around(made.schools, made.users, day)
    for scene in scenes:
        _casework(scene, is_whole=scene is scenes[0])
    DemoClock.objects.create(shown=shown, wall=wall)
    return Built(shown)


def _casework(scene: Scene, *, is_whole: bool) -> None:
    """What was done about absence besides the reviews; at the first school all of it."""
    if is_whole and len(scene.days) > 2:
        refer_one(scene, scene.back(1))
        lay_process(scene)
        lay_notices(scene)
        lay_updates(scene)
    if len(scene.days) > 3:
        meet_regularly(scene)
    lay_help(scene)
    lay_spoc(scene)


def _hold_reviews(scenes: list[Scene], last: date) -> None:
    """At the first school families come as far as the path goes, at the others to its beginning."""
    for n, scene in enumerate(scenes):
        hold_reviews(scene, last, BEGINNING if n else WHOLE)


def _look_at_tables() -> None:
    """Let PostgreSQL see how full its tables are by now: it plans by what it saw of them when they were empty."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _last_days(day: date, n: int) -> list[date]:
    """The last `n` days on which some school is open, up to a day."""
    start = SchoolYear.of(day).start
    days = {d for slug in EVERYWHERE for year in (start - 1, start) for d in school_days(year, slug)}
    return sorted(d for d in days if d <= day)[-n:]


def _steps(days: list[date], shown: datetime, start: int, slugs: tuple[str, ...]) -> list[Step]:
    """The steps of the days; what was already known of them before they began comes first."""
    earlier = [days[0] - timedelta(days=n) for n in range(30, 0, -1)]
    known = [
        step
        for day in earlier
        for slug in slugs
        for step in steps_of_day(slug, day, start)
        if step.kind == "expect" and step.last is not None and step.last[0] >= days[0]
    ]
    return sorted(known, key=lambda s: (s.at, s.key)) + steps_of_days(days, shown, start, slugs)


def _takers(made: Founded) -> dict[tuple[str, int, str], Actor]:
    takers = {}
    for (slug, year, name), school_class in made.classes.items():
        teacher = made.users[f"{name.lower()}@{slug}.example"]
        takers[slug, year, name] = standing(teacher, date(year, 10, 1)).actor(school_class.school_id)
    return takers


def _cover(made: Founded, day: date) -> None:
    """The supply teacher has the class whose register nobody has begun, or the first one that is not in."""
    late = [who for who in laggards(day) if who[0] in made.schools]
    slug, name = late[0] if late else (next(iter(made.schools)), PLACES[0].classes[0])
    school_class = made.classes.get((slug, SchoolYear.of(day).start, name))
    if school_class is not None:
        at = moment(day, time(8, 5))
        user = made.users["supply@federation.example"]
        grant(user, Role.COVER, school_class=school_class, begins=day, ends=day, by=INSTALLER, at=at)
