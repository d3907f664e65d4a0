"""The call home at the end of a day away, as the teacher or the office logged it (A6-d)."""

from datetime import date, datetime

from django.db import transaction

from rollcall.absence.actions.barred import say_otherwise, stop_barred
from rollcall.absence.models import FriendlyCall
from rollcall.absence.queries.barred import Spoken
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of


def log_friendly_call(
    enrolment: Enrolment,
    day: date,
    outcome: str,
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    spoke_to: str = "",
    words: str = "",
    tomorrow: str = "",
    back_on: date | None = None,
    otherwise: str = "",
) -> FriendlyCall:
    """Log a call about a day away. outcome: one of FriendlyCall.OUTCOMES; tomorrow: what the next day brings.

    Raises Stopped where it was spoken to somebody barred from the child, or who may be, unless `otherwise` says why it
    was another adult; ValueError for another outcome or a return that is not after the day, AlreadyDone for a used key.
    """
    if outcome not in dict(FriendlyCall.OUTCOMES):
        raise ValueError(f"A call was answered, left as a message, or not answered; {outcome!r} is none of them.")
    if back_on is not None and back_on <= day:
        raise ValueError(f"The day they are back must come after {day:%-d %B %Y}.")
    said = " ".join(part for part in (words.strip(), tomorrow.strip()) if part)
    spoken = Spoken("friendly", spoke_to, words=said, otherwise=otherwise)
    facts = facts_of(enrolment.school_id)
    passed = stop_barred([enrolment], spoken, facts=facts, by=by, at=at, key=key)
    with transaction.atomic():
        about = f"{enrolment.pupil}, {day:%-d %B %Y}"
        deed = journal.begin("friendly.called", by=by, at=at, key=key, reason=words, school=facts.school, about=about)
        say_otherwise(passed, otherwise, by=by, at=at, school=facts.school)
        told = {"spoke_to": spoke_to, "words": words, "tomorrow": tomorrow, "back_on": back_on}
        return FriendlyCall.objects.create(enrolment=enrolment, day=day, outcome=outcome, deed=deed, **told)
