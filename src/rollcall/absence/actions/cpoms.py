"""Taking calls, incidents and actions out for the school's safeguarding record, each once (A6-c)."""

from datetime import date, datetime

from django.db import transaction

from rollcall.absence.models import CpomsItem, CpomsTake
from rollcall.absence.queries import cpoms
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.registers.queries.standing import lock
from rollcall.schools.models import School


@transaction.atomic
def take_out(
    school: School, first: date, last: date, *, sees: bool, by: Actor, at: datetime, key: str = ""
) -> CpomsTake:
    """Take out what has not gone out yet of a span of days, as a file that can be fetched again at any time.

    sees: whether `by` may know who has a social worker; what says so waits for somebody who does.
    Raises ValueError for a span that ends before it begins or lies ahead, or that holds nothing new; AlreadyDone for
    a used key.
    """
    if last < first:
        raise ValueError(f"The last day, {last:%-d %B %Y}, comes before the first, {first:%-d %B %Y}.")
    if last > at.date():
        raise ValueError(f"{last:%-d %B %Y} is still to come: take out days up to today.")
    deed = journal.begin(
        "cpoms.taken", by=by, at=at, key=key, school=school.pk, about=f"{first:%-d %B %Y} to {last:%-d %B %Y}"
    )
    lock(school.pk)
    lines = cpoms.lines(school.pk, first, last, sees=sees)
    if not lines:
        raise ValueError("There is nothing in these days that has not been taken out already.")
    take = CpomsTake.objects.create(school=school, first=first, last=last, deed=deed)
    CpomsItem.objects.bulk_create(
        [
            CpomsItem(
                take=take,
                pupil_id=line.pupil,
                kind=line.kind,
                thing_id=line.thing_id,
                at=line.at,
                category=line.category,
                text=line.text,
                who=line.who[:250],
            )
            for line in lines
        ]
    )
    return take
