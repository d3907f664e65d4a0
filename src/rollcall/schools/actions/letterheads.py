"""The only writer of letterheads: each change is a new row, so that earlier letters keep the logo they had."""

from datetime import datetime

from django.db import transaction

from rollcall.documents.logo import NoLogo, checked_logo, name_of
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.schools.actions.refusing import Refused
from rollcall.schools.models import Letterhead, School


def set_letterhead(
    school: School,
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    logo: bytes | None = None,
    no_logo: bool = False,
    logo_alt: str = "",
    strapline: str = "",
    signatory: str = "",
    signatory_position: str = "",
) -> Letterhead:
    """Set what a school's letters bear. logo: a PNG or SVG file's bytes; None keeps the one there is, no_logo ends it.

    logo_alt: what the logo shows, for who listens to the letter; needed with a logo. signatory with their position
    signs every letter; empty for who sends it. Raises Refused with a sentence, AlreadyDone for a key used before.
    """
    last = Letterhead.objects.filter(school=school).order_by("-id").first()
    row = Letterhead(
        school=school,
        strapline=" ".join(strapline.split()),
        signatory=" ".join(signatory.split()),
        signatory_position=" ".join(signatory_position.split()),
    )
    _put_logo(row, last, logo, no_logo, " ".join(logo_alt.split()))
    if bool(row.signatory) != bool(row.signatory_position):
        raise Refused("Give the name and the position of who signs, or neither.", "signatory")
    with transaction.atomic():
        row.deed = journal.begin("letterhead.set", by=by, at=at, key=key, school=school.pk, about=str(school))
        row.save()
        fields = ("logo_name", "logo_alt", "strapline", "signatory", "signatory_position")
        changes = {one: (getattr(last, one, ""), getattr(row, one)) for one in fields}
        journal.note_changes(row.deed, "letterhead", row.pk, changes)
    return row


def _put_logo(row: Letterhead, last: Letterhead | None, content: bytes | None, ends: bool, alt: str) -> None:
    if content is not None:
        try:
            logo = checked_logo(content)
        except NoLogo as error:
            raise Refused(str(error), "logo") from error
        row.logo, row.logo_kind, row.logo_name = logo.content, logo.kind, name_of(logo)
    elif last is not None and last.logo_name and not ends:
        row.logo, row.logo_kind, row.logo_name = last.logo, last.logo_kind, last.logo_name
    if row.logo_name:
        if not alt:
            raise Refused("Say what the logo shows: a letter is read aloud to some parents.", "logo_alt")
        row.logo_alt = alt
