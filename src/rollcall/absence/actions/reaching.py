"""How a member of staff wants to be told of an alert: by e-mail, by text, or both; never by neither."""

from datetime import datetime

from django.db import transaction

from rollcall.absence.models import Reach
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.outbox.numbers import NotMobile
from rollcall.outbox.numbers import mobile as as_mobile
from rollcall.schools.models import Person


@transaction.atomic
def choose_reach(
    person: Person, *, by_email: bool, by_text: bool, mobile: str, by: Actor, at: datetime, key: str
) -> Reach:
    """Keep how somebody is told. Raises ValueError, with a sentence, for neither way or a number that is no mobile;
    AlreadyDone for a used key.
    """
    if not (by_email or by_text):
        raise ValueError("Choose at least one way: an alert must reach somebody.")
    if by_text:
        try:
            mobile = as_mobile(mobile)
        except NotMobile as refused:
            raise ValueError(str(refused)) from None
    deed = journal.begin("reach.chosen", by=by, at=at, key=key, about=str(person))
    values = {"by_email": by_email, "by_text": by_text, "mobile": mobile.strip()[:30], "deed": deed}
    before = Reach.objects.filter(person=person).first()
    reach, _ = Reach.objects.update_or_create(person=person, defaults=values)
    fields = ("by_email", "by_text", "mobile")
    journal.note_changes(deed, "reach", reach.pk, {f: (getattr(before, f, None), getattr(reach, f)) for f in fields})
    return reach
