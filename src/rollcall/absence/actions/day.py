"""Ticking off a line of the day's list, and taking a tick back: done at once, undone as easily (A6-a)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from rollcall.absence.models import StepDone
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.rules.day_list import SEEN
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON


def tick(facts: SchoolFacts, step: str, turn: int, *, by: Actor, at: datetime) -> bool:
    """Say that a line of the day of `at` is done. step: its id in the policy; turn: how often it had been ticked.

    The same press twice, or two people at once, make one tick. Returns whether this one made it. Raises ValueError,
    with a sentence, for a line that the day's list has not, or that the program sees for itself.
    """
    day = at.astimezone(LONDON).date()
    ours = {one.id: one.action for one in facts.policy_on(day).day if one.id not in SEEN}
    if step not in ours:
        raise ValueError("That line of the day can't be ticked off: open the day again.")
    key = f"day.tick.{facts.school}.{day}.{step}.{turn}"
    try:
        with transaction.atomic():
            deed = journal.begin("day.ticked", by=by, at=at, key=key, school=facts.school, about=ours[step])
            StepDone.objects.create(school_id=facts.school, day=day, step=step, deed=deed)
    except (journal.AlreadyDone, IntegrityError):
        return False
    return True


def untick(facts: SchoolFacts, row: int, *, by: Actor, at: datetime) -> bool:
    """Take a tick of the school back, by its row. Returns whether it stood until now."""
    with transaction.atomic():
        stands = StepDone.objects.select_related("deed").filter(pk=row, school=facts.school, undone=None).first()
        if stands is None:
            return False
        try:
            deed = journal.begin(
                "day.unticked", by=by, at=at, key=f"day.untick.{row}", school=facts.school, about=stands.deed.about
            )
        except journal.AlreadyDone:
            return False
        stands.undone = deed
        stands.save(update_fields=["undone"])
    return True
