"""Handing pupils to a member of staff to look into or see to: from a review as its decision, or from a case page.

The row of a review is decided by it (FC-c); what was handed on waits for that person until they say what was done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from rollcall.casework.actions.deciding import NotDecided, check_rows, check_still_open
from rollcall.casework.models import Decision, HandedOn, ReviewRow
from rollcall.casework.queries.handed import Hand, hands
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules.words import day_words


class NotHanded(NotDecided):
    """Something that was not handed on, or not done; the message is a sentence for who wanted it."""


@dataclass(frozen=True)
class Task:
    """To whom (as `journal.Actor` has them), what is to be done, by which day."""

    to: str
    what: str
    due: date | None = None


def hand_rows(rows: Sequence[int], task: Task, *, by: Actor, at: datetime, key: str) -> list[HandedOn]:
    """Decide rows of one open review (by id), all or none, by handing the pupils to somebody.

    The same key again gives the same. Raises NotDecided with a sentence: no such person at the school, nothing said of
    what is to be done, a day that has passed, rows decided before, a closed review.
    """
    found = list(ReviewRow.objects.filter(pk__in=rows).select_related("review__school", "pupil").order_by("id"))
    review = check_rows(found, rows)
    said, to = _checked(task, review.school_id, [row.pupil_id for row in found], at)
    try:
        with transaction.atomic():
            try:
                deed = journal.begin(
                    "review.decided", by=by, at=at, key=key, reason=said, school=review.school_id, about=to.name
                )
            except journal.AlreadyDone as done:
                return list(HandedOn.objects.filter(deed=done.deed))
            check_still_open(review, found)
            return [_write(row.pupil_id, review.school_id, said, to, task.due, deed, row) for row in found]
    except IntegrityError as error:
        raise NotHanded("Somebody else decided on one of these pupils at the same moment: look again.") from error


def hand_pupil(pupil: int, school: int, task: Task, *, by: Actor, at: datetime, key: str) -> HandedOn:
    """Hand a pupil (by id) of a school (by id) to somebody, outside a review. Otherwise as `hand_rows`."""
    said, to = _checked(task, school, [pupil], at)
    with transaction.atomic():
        try:
            deed = journal.begin("pupil.handed", by=by, at=at, key=key, reason=said, school=school, about=to.name)
        except journal.AlreadyDone as done:
            return HandedOn.objects.get(deed=done.deed)
        return _write(pupil, school, said, to, task.due, deed)


def finish(handed: HandedOn, words: str, *, by: Actor, at: datetime, key: str) -> None:
    """Say that something handed on was done, and what came of it; the same key again changes nothing.

    Raises NotHanded without words, and for what was done before.
    """
    said = words.strip()
    if len(said) < journal.LEAST_REASON:
        raise NotHanded("Say in a few words what was done: who handed it to you reads it.")
    with transaction.atomic():
        try:
            deed = journal.begin("handed.done", by=by, at=at, key=key, reason=said, school=handed.school_id)
        except journal.AlreadyDone:
            return
        if not HandedOn.objects.filter(pk=handed.pk, done__isnull=True).update(done=deed, done_words=said):
            raise NotHanded("This was done before: look again.")


def _checked(task: Task, school: int, pupils: Sequence[int], at: datetime) -> tuple[str, Hand]:
    known: Mapping[str, Hand] = {one.actor: one for one in hands(school, pupils, at.date())}
    if task.to not in known:
        raise NotHanded("Choose somebody of this school who may see these pupils.")
    said = task.what.strip()
    if len(said) < journal.LEAST_REASON:
        raise NotHanded("Say what is to be done.")
    if task.due is not None and task.due < at.date():
        raise NotHanded(f"{day_words(task.due)} has passed: give today or a later day.")
    return said, known[task.to]


def _write(
    pupil: int, school: int, said: str, to: Hand, due: date | None, deed: Deed, row: ReviewRow | None = None
) -> HandedOn:
    decision = None
    if row is not None:
        decision = Decision.objects.create(row=row, choice="handed", step=row.step, because=said, deed=deed)
    return HandedOn.objects.create(
        pupil_id=pupil, school_id=school, decision=decision, actor=to.actor, name=to.name, position=to.position,
        what=said, due=due, deed=deed,
    )  # fmt: skip
