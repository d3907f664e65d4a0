"""Pupils of the demo on the authority's process, in each tier, with the forms that were filled in on the way."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from rollcall.casework.actions.authority import NotTaken, open_authority_case, take
from rollcall.casework.actions.forms import NotFilled, fill_form
from rollcall.casework.models import Case
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.known import Known
from rollcall.demo.actions.scene import Scene
from rollcall.demo.process_words import CHOSEN, LONG, SHORT
from rollcall.demo.steps import moment
from rollcall.registers.queries.figures import year_figures
from rollcall.rules.policy import Form
from rollcall.rules.stages import tier_of
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import year_of
from rollcall.schools.queries.roll import Seat, seats_of_school

SEEN = "What the school sees each morning says so, whatever the year's figure is."


@dataclass(frozen=True)
class Story:
    """One pupil: in which tier they are looked for, on which school day back the case is opened, and what follows.

    acts: each (days back, "form" or "take", the form or the answer, who).
    """

    tier: int
    opened: int
    answer: str
    acts: tuple[tuple[int, str, str, str], ...] = ()


STORIES = (
    Story(4, 44, "fell-to-tier-4", (
        (43, "form", "keywork-criteria", "safeguarding"), (43, "take", "met", "safeguarding"),
        (41, "form", "keywork-referral", "safeguarding"), (41, "take", "sent", "safeguarding"),
        (33, "take", "accepted", "head"), (31, "form", "early-help-plan", "safeguarding"),
    )),
    Story(3, 40, "fell-to-tier-3", (
        (39, "form", "support-plan", "head"), (39, "form", "formal-warning", "head"),
        (19, "take", "no-improvement", "head"), (17, "form", "group-work", "teacher"),
    )),
    Story(3, 18, "fell-to-tier-3", ((16, "form", "support-plan", "head"),)),
    Story(2, 30, "fell-to-tier-2", (
        (28, "form", "additional-needs", "head"), (27, "take", "looked-into", "head"),
        (25, "form", "assess-plan-do-review", "head"), (24, "form", "pupil-voice", "teacher"),
    )),
    Story(2, 9, "fell-to-tier-2"),
    Story(1, 22, "begin"),
)  # fmt: skip


def lay_process(scene: Scene) -> None:
    """Carry a pupil along each story for which the demo has the days and the pupil."""
    used: set[int] = set()
    for story in STORIES:
        if len(scene.days) <= story.opened + 1:
            continue
        day = scene.back(story.opened)
        seat = next((one for one in _in_tier(scene, story.tier, day) if one.pupil not in used), None)
        if seat is not None:
            used.add(seat.pupil)
            with suppress(NotTaken, NotFilled):
                _carry(scene, story, seat)


def _in_tier(scene: Scene, tier: int, day: date) -> Iterator[Seat]:
    """Pupils in a tier on a day: the most absent of tiers up to 3, and of tier 4 the least so."""
    seats, policy = seats_of_school(scene.school.pk, day), scene.facts.policy_on(day)
    at = moment(day, time(8))
    figures = year_figures(scene.school.pk, [one.enrolment for one in seats], year_of(day), at)
    known = [(one, figures[one.enrolment]) for one in seats if one.enrolment in figures]
    known.sort(key=lambda pair: pair[1].attended / max(1, pair[1].possible))
    yield from (seat for seat, own in known if tier_of(own.attended, own.possible, policy) == tier)


def _carry(scene: Scene, story: Story, seat: Seat) -> None:
    day = scene.back(story.opened)
    case = open_authority_case(
        seat.pupil, school=scene.school.pk, by=scene.who("head", day), at=moment(day, time(11)),
        key=f"demo.process.{seat.pupil}", answer=story.answer, because=SEEN,
    )  # fmt: skip
    for n, (back, kind, what, who) in enumerate(story.acts):
        on = scene.back(back)
        by, at = scene.who(seat.class_name if who == "teacher" else who, on), moment(on, time(13, 10 + 5 * n))
        key = f"demo.process.{seat.pupil}.{n}"
        if kind == "take":
            case.refresh_from_db()
            take(case, what, school=scene.school.pk, by=by, at=at, key=key, because=SEEN)
        else:
            _fill(scene, seat, case, what, by, at, key)


def _fill(scene: Scene, seat: Seat, case: Case, form: str, by: Any, at: datetime, key: str) -> None:
    policy = policy_of(case)
    wanted = policy.form(form)
    enrolment = Enrolment.objects.select_related("pupil").get(pk=seat.enrolment)
    known = Known(policy, scene.school, enrolment, at)
    fill_form(
        wanted, answers_of(wanted, at.date(), by.name), copied=known.copied(wanted), policy=policy,
        school=scene.school.pk, by=by, at=at, key=key, pupil=seat.pupil, case=case,
    )  # fmt: skip


def answers_of(form: Form, day: date, name: str) -> dict[str, Any]:
    """A form filled in on a day by somebody: the fields that are needed, and those with words of their own."""
    given: dict[str, Any] = {}
    for field in form.fields:
        by_kind = {
            "yes_no": "yes",
            "date": f"{day + timedelta(weeks=4) if field.review else day}",
            "percent": "95",
            "number": "6",
            "people": [name],
            "text": SHORT.get(field.id, name),
            "choice": CHOSEN.get(form.id, field.choices[0] if field.choices else ""),
            "long": LONG.get(
                (form.id, field.id), LONG.get(("", field.id), "Talked through with the family at school.")
            ),
        }
        if field.needed or (form.id, field.id) in LONG:
            given[field.id] = by_kind[field.kind]
    return given
