"""The demo's schools with the authority: its point of contact, a termly meeting that was held, and the next one."""

from contextlib import suppress
from datetime import datetime, time, timedelta

from rollcall.casework.actions.meetings import NotPlanned, Plan
from rollcall.casework.actions.outcomes import Agreement, Outcome
from rollcall.casework.actions.with_authority import Contact, plan_with_authority, record_with_authority, set_contact
from rollcall.casework.queries.meetings import Asked
from rollcall.demo.actions.scene import Scene
from rollcall.demo.steps import moment

CONTACT = Contact("Jo Maple", "jo.maple@authority.example", "01632 960701", "01632 960700")
SAID = "Mondays after a long weekend are the worst of the term. Two families are talked through, with their consent."
NO_NEXT = "The school year is nearly over: the first date of the next one is asked for."


def lay_spoc(scene: Scene) -> None:
    """Do it at a school, where the demo has the days."""
    if len(scene.days) < 30:
        return
    first, day = scene.back(28), scene.back(13)
    set_contact(
        scene.school.pk, CONTACT, by=scene.who("head", first), at=moment(first, time(9)), key=f"demo.spoc.{scene.slug}"
    )
    later = [one for one in scene.ahead if one >= day + timedelta(weeks=10)]
    next_at = moment(later[0], time(14)) if later else None
    with suppress(NotPlanned):
        _meet(scene, next_at)


def _meet(scene: Scene, next_at: datetime | None) -> None:
    first, day = scene.back(28), scene.back(13)
    head = scene.who("head", day)
    asked = (Asked(CONTACT.name, "Single point of contact"), Asked(head.name, head.position, None, head.id))
    plan = Plan("termly", moment(day, time(14)), "Online", asked=asked)
    meeting = plan_with_authority(
        plan, school=scene.school.pk, by=head, at=moment(first, time(9, 10)), key=f"demo.termly.{scene.slug}"
    )
    outcome = Outcome(
        "held",
        said=SAID,
        came=asked,
        actions=(
            Agreement("school", head.name, "A soft start on Mondays", day + timedelta(weeks=4), head.id),
            Agreement("authority", CONTACT.name, "Sends the leaflet of the family hub", day + timedelta(weeks=1)),
        ),
    )
    record_with_authority(
        meeting, outcome, next_at=next_at, why_none="" if next_at else NO_NEXT, by=head,
        at=moment(day, time(15, 5)), key=f"demo.termly.{scene.slug}.held",
    )  # fmt: skip
