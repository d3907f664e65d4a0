"""Recognising attendance that has risen: the letters to the families chosen, by one press (A5-a)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from rollcall.casework.actions.letters import NotWritten, write_many
from rollcall.casework.models import LetterWritten
from rollcall.casework.queries.recognition import risen_pupils
from rollcall.casework.queries.written import prepare_letters, sending
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.registers.queries.standing import lock


def recognise(school: int, pupils: Iterable[int], *, by: Actor, at: datetime, key: str) -> list[LetterWritten]:
    """Write to the families of pupils (by id) of a school whose attendance has risen, all or none.

    The same key again gives the same letters. Raises NotWritten for nobody, for one whose attendance is not proposed
    (any more), and for one that can't go.
    """
    chosen = set(pupils)
    if not chosen:
        raise NotWritten("Choose at least one pupil.")
    with transaction.atomic():
        try:
            deed = journal.begin("attendance.recognised", by=by, at=at, key=key, school=school)
        except journal.AlreadyDone as done:
            return list(LetterWritten.objects.filter(deed=done.deed))
        lock(school)
        wanted = [line.wanted() for line in risen_pupils(school, at) if line.seat.pupil in chosen]
        if len(wanted) != len(chosen):
            raise NotWritten("Somebody chosen is not on the list any more: look at it once more.")
        go = sending(school, at=at, signed=(by.name, by.position))
        return write_many(prepare_letters(wanted, go), go, deed=deed)
