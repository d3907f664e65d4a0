"""Penalty notices of the demo: one paid, one issued that can still be paid, one that waits for its authorisation."""

from contextlib import suppress
from datetime import date, datetime, time
from functools import partial

from rollcall.casework.actions.notice_events import Told, record
from rollcall.casework.actions.notice_issuing import Issuer, issue
from rollcall.casework.actions.notices import NotDone, Wanted, authorise, propose
from rollcall.casework.models import LetterWritten, Notice
from rollcall.casework.queries.gate import Gate, checklist_of
from rollcall.casework.queries.notices import ABOUT
from rollcall.casework.queries.prompts import ForParents, prompts_of_school
from rollcall.casework.queries.written import WRITTEN
from rollcall.demo.actions.scene import Scene
from rollcall.demo.steps import moment
from rollcall.outbox.actions import mark_printed
from rollcall.outbox.models import Message

NOT_APT = "One holiday, asked for and refused: there is nothing in it that help would change."
AT_THE_AUTHORITY = "Sam Lamb, penalty notices"


def lay_notices(scene: Scene) -> None:
    """Go from the prompts of each day on; without enough of them, or of days, there are fewer notices."""
    for days, what in ((30, _paid), (8, _issued), (2, _proposed)):
        if len(scene.days) > days + 1:
            with suppress(NotDone):
                what(scene, scene.back(days))


def _paid(scene: Scene, day: date) -> None:
    n = scene.days.index(day)
    for notice in _first(scene, day):
        issuer: Issuer = "executive_headteacher"
        on = moment(scene.days[n + 1], time(9, 5))
        issue(
            notice.pk, issuer=issuer, school=scene.school.pk, in_demo=True, by=scene.executive(on.date()), at=on,
            key=f"demo.notice.{notice.pk}.issued",
        )  # fmt: skip
        _posted(scene, notice, moment(on.date(), time(14)))
        told = Told("paid", scene.days[n + 9], pence=6000, told_by=AT_THE_AUTHORITY)
        at = moment(scene.days[n + 10], time(9, 50))
        record(notice.pk, told, by=scene.who("office", at.date()), at=at, key=f"demo.notice.{notice.pk}.paid")


def _issued(scene: Scene, day: date) -> None:
    n = scene.days.index(day)
    for notice in _first(scene, day):
        on, then = moment(scene.days[n + 1], time(9, 5)), moment(scene.days[n + 2], time(11))
        words = "Read it all; a notice is right here."
        key = f"demo.notice.{notice.pk}"
        authorise(notice.pk, because=words, by=scene.executive(on.date()), at=on, key=f"{key}.authorised")
        issue(
            notice.pk, issuer="head_of_school", school=scene.school.pk, in_demo=True,
            by=scene.who("head", then.date()), at=then, key=f"{key}.issued",
        )  # fmt: skip
        _posted(scene, notice, moment(then.date(), time(14)))


def _proposed(scene: Scene, day: date) -> None:
    _first(scene, day)


def _first(scene: Scene, day: date) -> list[Notice]:
    """The first prompt of a day that stands, proposed to each parent; after a warning before a holiday."""
    at = moment(day, time(10, 15))
    found = [one for one in prompts_of_school(scene.facts, at) if one.is_open and one.prompt.stands and one.parents]
    found.sort(key=lambda one: one.prompt.kind != "irregular")
    return _propose(scene, found[0], at) if found else []


def _propose(scene: Scene, one: ForParents, at: datetime) -> list[Notice]:
    policy = scene.facts.policy_on(at.date())
    answers = {point.id: "yes" for point in checklist_of(policy, one.prompt.kind)}
    wanted = Wanted(
        [parent.contact for parent in one.parents],
        one.prompt.kind,
        [seen.session for seen in one.prompt.sessions],
        gate=Gate(not_apt=NOT_APT, answers=answers),
    )
    key = f"demo.notice.{one.pupil}.{one.key}"
    give = partial(propose, one.pupil, wanted, school=scene.school.pk)
    return give(by=scene.who("head", at.date()), at=at, key=key)


def _posted(scene: Scene, notice: Notice, at: datetime) -> None:
    letters = LetterWritten.objects.filter(about=ABOUT, about_id=notice.pk)
    waiting = Message.objects.filter(ground=WRITTEN, ground_id__in=letters.values("pk"), channel="print")
    by = scene.who("office", at.date())
    mark_printed(waiting.values_list("pk", flat=True), by=by, at=at, key=f"demo.notice.{notice.pk}.posted")
