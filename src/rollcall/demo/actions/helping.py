"""Help that the demo's schools offer: support with what became of it, a breakfast club, and a talk about mornings."""

from contextlib import suppress
from datetime import time

from rollcall import worker
from rollcall.casework.actions.punctuality import NotRaised, raise_in_person
from rollcall.casework.actions.strategies import NotFollowed, Strategy, start_strategy
from rollcall.casework.actions.support import NotSupported, Offer, answer_offer, offer_support
from rollcall.casework.actions.updates import NotUpdated, Press, send_updates
from rollcall.casework.models import Case
from rollcall.casework.queries.punctuality import late_pupils
from rollcall.demo.actions.scene import Scene
from rollcall.demo.steps import moment
from rollcall.journal.actor import WORKER
from rollcall.outbox.actions import drain
from rollcall.schools.queries.families import contacts_of_all

OFFERS = (
    ("breakfast", "A place at the breakfast club", "", "taken_up", ""),
    (
        "early-help",
        "Early help for the family",
        "East Sussex early help",
        "refused",
        "They wish to manage alone.",
    ),
    ("health", "A talk with the school nurse", "School health service", "", ""),
)
CLUB = "Breakfast club for late starters"
AIM = "Fewer late and missed mornings in the weeks after than in the weeks before"
LED_BY = "The cook and a teaching assistant"
PLACES, MOST = 6, 400


def lay_help(scene: Scene) -> None:
    """Do it at a school, as far as the demo has the days."""
    if len(scene.days) < 30:
        return
    _support(scene)
    _club(scene)
    _talks(scene)


def lay_updates(scene: Scene) -> None:
    """The updates of last week to all parents by one press, with who was kept back listed, and sent (4.6-a)."""
    day = scene.back(min(5, len(scene.days) - 1))
    at = moment(day, time(15, 35))
    head = scene.who("head", day)
    with suppress(NotUpdated):
        send_updates(scene.school.pk, Press(), by=head, at=at, key=f"demo.updates.{scene.slug}")
        drain(grounds=worker.grounds(), by=WORKER, at=moment(day, time(16)), most=MOST)


def _support(scene: Scene) -> None:
    """The families who are furthest on a path are offered help first."""
    cases = Case.objects.filter(school=scene.school, closed__isnull=True).order_by("-path", "id")
    pupils = list(dict.fromkeys(cases.values_list("pupil", flat=True)))
    day, later = scene.back(9), scene.back(6)
    for pupil, (kind, what, provider, answer, note) in zip(pupils, OFFERS, strict=False):
        with suppress(NotSupported):
            offer = offer_support(
                Offer(kind, day, what, provider), pupil=pupil, school=scene.school.pk,
                policy=scene.facts.policy_on(day), by=scene.who("head", day), at=moment(day, time(15, 45)),
                key=f"demo.offer.{pupil}",
            )  # fmt: skip
            if answer:
                answer_offer(
                    offer, answer, note=note, school=scene.school.pk, by=scene.who("head", later),
                    at=moment(later, time(8, 50)), key=f"demo.answer.{pupil}",
                )  # fmt: skip


def _club(scene: Scene) -> None:
    """Those who are late most go to breakfast."""
    day = scene.back(22)
    at = moment(day, time(16))
    pupils = [line.seat.pupil for line in late_pupils(scene.school.pk, at)][:PLACES]
    wanted = Strategy(CLUB, "breakfast", AIM, day, led_by=LED_BY, tier=2)
    with suppress(NotFollowed):
        start_strategy(
            wanted, pupils, school=scene.school.pk, policy=scene.facts.policy_on(day), by=scene.who("head", day),
            at=at, key=f"demo.club.{scene.slug}",
        )  # fmt: skip


def _talks(scene: Scene) -> None:
    """Lateness is raised in person first; with two families it was, some weeks ago."""
    day = scene.back(12)
    at = moment(day, time(8, 55))
    lines = [line for line in late_pupils(scene.school.pk, at) if line.raised is None][:2]
    contacts = contacts_of_all([line.seat.pupil for line in lines])
    for line in lines:
        adult = next((one for one in contacts[line.seat.pupil] if not one.barred), None)
        if adult is None:
            continue
        with suppress(NotRaised):
            raise_in_person(
                line.seat.pupil, school=scene.school.pk, with_whom=adult.name, day=day,
                said="They will set out ten minutes earlier, and tell us when the bus does not come.",
                by=scene.who(line.seat.class_name, day), at=at, key=f"demo.talk.{line.seat.pupil}",
            )  # fmt: skip
