"""A trip for tests: planned by the office, led by Tom Teacher, confirmed by whoever a test says."""

from rollcall.absence.actions.activities import Plan, Said, confirm, plan_activity
from rollcall.absence.models import Activity
from rollcall.absence.queries.accounted import not_accounted
from rollcall.absence.queries.activities import seated_in
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.queries.standing import read_standing
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment

LIST = "/day/hamsey/activities/"
ADD = f"{LIST}add/"
PHONE = "07700 900999"


def plan(cast: Cast, *names: str, key: str = "trip", first=DAY, last=None, code: str = "V", halves="AM PM", **more):
    """A museum trip of some children, led by Tom Teacher."""
    first_half, last_half = halves.split()
    leader = cast.users["teacher"].person
    wanted = Plan(
        "Museum", code, (first, first_half), (last or first, last_half), leader, str(leader), "07700 900999", **more
    )
    children = [cast.enrolments[name] for name in names or ("Aisha", "Ben", "Chloe")]
    return plan_activity(cast.hamsey, wanted, children, by=cast.actor("secretary"), at=moment(8, 0), key=key)


def trip(cast: Cast, *names: str, **more) -> Activity:
    return plan(cast, *names, **more).activities[0]


def say(
    cast: Cast, activity: Activity, at=None, day=DAY, half="AM", key="", by="teacher", **said: bool
) -> dict[int, str]:
    """What the leader says: Aisha=True."""
    places = {one.name.split()[0]: one.place for one in seated_in(activity, day, half)}
    found = {places[name]: Said(there) for name, there in said.items()}
    at = at or moment(9, 0, day)
    return confirm(activity, day, half, found, said_by="Tom Teacher", by=cast.actor(by), at=at, key=key)


def code(cast: Cast, name: str, day=DAY, half="AM") -> str:
    enrolment = cast.enrolments[name].pk
    return read_standing(cast.hamsey.pk, [enrolment], day, half)[enrolment].code


def mark(cast: Cast, at=None, half="AM", **marks: str) -> None:
    new = [NewMark(cast.enrolments[name].pk, code) for name, code in marks.items()]
    at = at or cast.at
    registers.record_marks(cast.kestrels, DAY, half, new, by=cast.actor("head"), at=at, key=f"{half}{marks}{at}"[:80])


def names_on_call_list(cast: Cast, at=None) -> list[str]:
    found = not_accounted(facts_of(cast.hamsey.pk), DAY, at or moment(9, 20))
    return [one.standing.name.split()[0] for one in found if one.standing.class_name == "Kestrels"]
