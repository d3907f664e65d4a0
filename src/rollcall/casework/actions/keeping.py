"""Saying that a step stands though marks that it rests on were amended since, with the reason; nothing is changed."""

from datetime import datetime

from django.db import transaction

from rollcall.casework.models import StepTaken
from rollcall.casework.queries.differing import FIELD, THING, differing
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor


class NotKept(ValueError):
    """A step about which nothing was written; the message is a sentence for who wanted to."""


def keep_step(step: StepTaken, seen: str, *, because: str, school: int, by: Actor, at: datetime, key: str) -> None:
    """Say that a step of an open case stands, for the difference that was seen (`Differing.sum`).

    school: where the pupil is now, by id. The same key again changes nothing. Raises NotKept without a reason, and
    where the difference is another by now.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotKept("Say why it stands though marks were amended: the case keeps the reason.")
    with transaction.atomic():
        try:
            deed = journal.begin("step.kept", by=by, at=at, key=key, reason=because.strip(), school=school)
        except journal.AlreadyDone:
            return
        now = {one.step: one.sum for one in differing(step.case_id or 0, {})}
        if not seen or now.get(step.pk) != seen:
            raise NotKept("What differs is not as it was shown: look at it once more.")
        journal.note_changes(deed, THING, step.pk, {FIELD: ("", seen)})
