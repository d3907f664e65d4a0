"""Asking a family by text or e-mail why their child is not in: what a person has seen and sent (4.5-a)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from rollcall.absence.actions.words import NotLogged
from rollcall.absence.queries.asking import offers_for, why_not_said, wording
from rollcall.absence.queries.tried import ABSENT
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.outbox.actions import put
from rollcall.outbox.models import Message
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

    It is asked again in the second before each goes. One that is still on its way is not doubled. Raises NotLogged
    where nobody was chosen who may be written to, or the child is accounted for by now, or on no list (the sentence
    says which); AlreadyDone for a used key.
    """
    day = at.astimezone(LONDON).date()
    deed = journal.begin("family.asked", by=by, at=at, key=key, school=facts.school, about=str(enrolment.pupil))
    if why := why_not_said(enrolment, day, half, at):
        raise NotLogged(f"Nothing was sent. {why}")
    offers = [one for one in offers_for(enrolment, day).offers if one.id in chosen]
    if not offers:
        raise NotLogged("Choose at least one adult to write to.")
    words = wording(enrolment, enrolment.school, day, half)
    new = [(one, once) for one in offers if (once := _once(f"absent-{enrolment.pk}-{day}-{half}-{one.id}"))]
    if not new:
        raise NotLogged("Nothing was sent: this message is on its way to them already.")
    for one, once in new:
        put(
            once=once,
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
    return len(new)


def _once(name: str) -> str:
    """The name under which a message goes once; empty while one waits. One that went or was stopped may be repeated."""
    before = Message.objects.filter(Q(once=name) | Q(once__startswith=f"{name}-"))
    if before.filter(state__in=("waiting", "sending", "held")).exists():
        return ""
    return f"{name}-{n}" if (n := before.count()) else name
