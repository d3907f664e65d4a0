"""Raising lateness with a parent in person, and the warning in writing that may follow (A3-d)."""

from datetime import date, datetime

from django.db import transaction

from rollcall.casework.actions.letters import NotWritten, write_letter
from rollcall.casework.models import LetterWritten, Raised
from rollcall.casework.queries.punctuality import late_line, warning_of
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.schools.queries import facts_of


class NotRaised(ValueError):
    """A talk that can't be written down; the message is a sentence for who wanted it."""


def raise_in_person(
    pupil: int,
    *,
    school: int,
    with_whom: str,
    said: str,
    day: date,
    by: Actor,
    at: datetime,
    key: str = "",
    about: str = "punctuality",
) -> Raised:
    """Write down that a matter ("punctuality" or "attendance") was raised with a parent of a pupil (id) in person.

    The same key again gives the same row. Raises NotRaised without a name or words, and for a day to come.
    """
    whom, words = " ".join(with_whom.split()), said.strip()
    if len(whom) < journal.LEAST_REASON or len(words) < journal.LEAST_REASON:
        raise NotRaised("Say with whom it was raised, and what was said.")
    if day > at.date():
        raise NotRaised("It can't have been raised on a day that is still to come.")
    with transaction.atomic():
        try:
            deed = journal.begin("matter.raised", by=by, at=at, key=key, school=school, about=whom)
        except journal.AlreadyDone as done:
            return Raised.objects.get(deed=done.deed)
        return Raised.objects.create(
            pupil_id=pupil, school_id=school, about=about, day=day, with_whom=whom[:120], said=words, deed=deed
        )


def warn(pupil: int, *, school: int, by: Actor, at: datetime, key: str, by_post: bool = False) -> LetterWritten:
    """Send the punctuality warning about a pupil (id), resting on the late marks since it was raised in person.

    Raises NotWritten where it is not proposed (any more), or can't go; the same key again gives the same letter.
    """
    sent = LetterWritten.objects.filter(deed__key=key).first() if key else None
    if sent is not None:
        return sent
    settings, line = facts_of(school).policy_on(at.date()).punctuality, late_line(school, pupil, at)
    if settings is None or line is None or line.lateness.what != "warn" or line.raised is None:
        raise NotWritten("A warning is not due: see the late marks once more, and whether it was raised in person.")
    more, rests_on = warning_of(line)
    return write_letter(
        pupil,
        settings.letter,
        more,
        school=school,
        by=by,
        at=at,
        key=key,
        about="punctuality",
        about_id=line.raised.pk,
        rests_on=rests_on,
        by_post=by_post,
    )
