"""What somebody who may only advise puts forward on a row of a review (3.4-a); who decides sees it beside the row."""

from datetime import datetime

from django.db import transaction

from rollcall.casework.models import Advice, Decision, Review, ReviewRow
from rollcall.casework.queries.advice import NO_ACTION, advisable
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor


class NotAdvised(ValueError):
    """Advice of which nothing was written; the message is a sentence for who gave it."""


def advise(row: ReviewRow, step: str, because: str, *, by: Actor, at: datetime, key: str) -> Advice:
    """Put a step (its id in the policy that judges the row, or "none" for no action) forward, with the reason.

    Nothing follows from it, and it is kept whatever is decided. The same key again gives the same advice. Raises
    NotAdvised with a sentence: no reason, no such step, a row decided before, a review that is closed.
    """
    reason = because.strip()
    if len(reason) < journal.LEAST_REASON:
        raise NotAdvised("Say why, in a few words: who decides reads it.")
    if step not in dict(advisable(row)):
        raise NotAdvised("Say what you put forward.")
    with transaction.atomic():
        try:
            deed = journal.begin("review.advised", by=by, at=at, key=key, reason=reason, school=row.review.school_id)
        except journal.AlreadyDone as done:
            return Advice.objects.get(deed=done.deed)
        _check_open(row)
        return Advice.objects.create(row=row, step=step, because=reason, deed=deed)


def _check_open(row: ReviewRow) -> None:
    if Review.objects.select_for_update().get(pk=row.review_id).closed_id is not None:
        raise NotAdvised("This review is closed, and stays as it is.")
    done = Decision.objects.filter(row=row).select_related("deed").first()
    if done is not None:
        raise NotAdvised(f"{done.deed.name} has decided already: {done.get_choice_display().lower()}.")


__all__ = ["NO_ACTION", "NotAdvised", "advise"]
