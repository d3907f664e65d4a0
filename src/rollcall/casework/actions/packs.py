"""Making an evidence pack: everything at a moment, copied, certified by a named person, with the digest of its PDF."""

from datetime import date, datetime

from django.db import transaction

from rollcall.casework.models import Case, Notice, Pack
from rollcall.casework.queries.packing import Certified, contents_of, digest_of, subject_of
from rollcall.documents.pack import pack_pdf
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules.words import day_words


class NotMade(ValueError):
    """A pack that was not made; the message is a sentence for who wanted it."""


def make_pack(
    pupil: int,
    *,
    school: int,
    by: Actor,
    at: datetime,
    key: str,
    case: Case | None = None,
    notice: Notice | None = None,
    certified: Certified | None = None,
    since: date | None = None,
) -> Pack:
    """Make the evidence pack about a pupil (by id), as a school (by id) has it at a moment (A5-c, 4.1-c).

    certified: the person who certifies the extracts of the register, and of which schools; None where nobody does yet,
    which the pack says. since: the first day of the extract; without it the period that `period_of` gives. The same key
    again gives the same pack. Raises NotMade for a case or notice of another pupil, and for a day that lies ahead.
    """
    if done := Pack.objects.filter(deed__key=key).first():
        return done
    _check(pupil, case, notice, since, at)
    about = subject_of(pupil, school, at, since=since, notice=notice, case=case, certified=certified)
    contents = contents_of(about, by=by)
    digest = digest_of(pack_pdf(contents))
    with transaction.atomic():
        try:
            deed = _deed(about.pupil.known_name, certified, by=by, at=at, key=key, school=school)
        except journal.AlreadyDone as before:
            return Pack.objects.get(deed=before.deed)
        return Pack.objects.create(
            pupil_id=pupil, school_id=school, case=case, notice=notice, contents=contents, digest=digest, deed=deed
        )


def _check(pupil: int, case: Case | None, notice: Notice | None, since: date | None, at: datetime) -> None:
    for one, what in ((case, "case"), (notice, "notice")):
        if one is not None and one.pupil_id != pupil:
            raise NotMade(f"This {what} is about another pupil: choose one of this pupil's.")
    if since is not None and since > at.date():
        raise NotMade(f"The extract can't begin on {day_words(since)}, which is still to come.")


def _deed(name: str, certified: Certified | None, *, by: Actor, at: datetime, key: str, school: int) -> Deed:
    words = f"certified by {certified.name}, {certified.position}" if certified else "not certified"
    return journal.begin("pack.made", by=by, at=at, key=key, reason=words, school=school, about=name)
