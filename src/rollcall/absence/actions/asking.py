"""Asking a family by text or e-mail why their child is not in: what a person has seen and sent (4.5-a)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from rollcall.absence.actions.words import NotLogged
from rollcall.absence.queries.accounted import why_accounted_by_now
from rollcall.absence.queries.asking import offers_for, wording
from rollcall.absence.queries.tried import ABSENT
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.outbox.actions import put
from rollcall.rules.sessions import Half
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON

KIND = "absence.unexplained"


@transaction.atomic
def ask_family(
    enrolment: Enrolment, half: Half, chosen: Collection[str], *, facts: SchoolFacts, by: Actor, at: datetime, key: str
) -> int:
    """Put "we have not heard why" to the adults chosen (ids of Offer) into the outbox; returns how many messages.

    It is asked again in the second before each goes. Raises NotLogged where nobody was chosen who may be written to,
    or the child is accounted for by now (the sentence says how); AlreadyDone for a used key.
    """
    day = at.astimezone(LONDON).date()
    deed = journal.begin("family.asked", by=by, at=at, key=key, school=facts.school, about=str(enrolment.pupil))
    if why := why_accounted_by_now(enrolment, day, half, at):
        raise NotLogged(f"Nothing was sent. {why}")
    offers = [one for one in offers_for(enrolment, day).offers if one.id in chosen]
    if not offers:
        raise NotLogged("Choose at least one adult to write to.")
    words = wording(enrolment, enrolment.school, half)
    for one in offers:
        put(
            once=f"absent-{enrolment.pk}-{day}-{half}-{one.id}",
            deed=deed,
            school=facts.school,
            channel=one.channel,
            to_name=one.name,
            to_address=one.where,
            subject=words.subject,
            body=words.body,
            ground=ABSENT,
            ground_id=enrolment.pk,
            pupil=enrolment.pupil_id,
            evidence={"enrolment": enrolment.pk, "day": day.isoformat(), "half": half},
            at=at,
            kind=KIND,
            seen=True,
            expires=facts.moment(day, facts.times_on(day).day_ends),
        )
    return len(offers)
