"""Writing a letter of the policy about a pupil, by a named person: who has it, what it rests on, the messages (FC-c).

Letters are composed and set before anything is written; then the letter and a message for each adult who may be
written to are put down together, so that either all of it happened or nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from rollcall.casework.models import Case, LetterWritten, UpdateRound
from rollcall.casework.queries.letters import ToSend
from rollcall.casework.queries.written import (
    WRITTEN,
    Ready,
    Sending,
    Wanted,
    prepare_letters,
    sending,
    written_may_have_gone,
)
from rollcall.documents.letter import CannotSet
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.outbox import actions as outbox
from rollcall.schools.queries.letterheads import pdf_of

KINDS = {
    "update": "letter.update",
    "meeting": "letter.meeting",
    "punctuality": "letter.warning",
    "warning": "letter.warning",
    "recognition": "letter.recognition",
    "notice": "letter.notice",
}
"""The kind of message, which a school switches, by the kind of the policy's letter; "letter" for any other."""


class NotWritten(ValueError):
    """A letter of which nothing was written; the message is a sentence for who wanted it."""


def write_letter(
    pupil: int,
    letter: str,
    more: Mapping[str, str],
    *,
    school: int,
    by: Actor,
    at: datetime,
    key: str = "",
    deed: Deed | None = None,
    case: Case | None = None,
    about: str = "",
    about_id: int | None = None,
    rests_on: Mapping[str, Any] | None = None,
    round: UpdateRound | None = None,
    contacts: Iterable[int] | None = None,
    by_post: bool = False,
) -> LetterWritten:
    """Write a letter of the policy (by id) about a pupil (id) of a school (id) to each adult who may have it.

    more: the values of its own fields (`letters.fields.FIELDS`). rests_on: plain JSON copied as evidence; "figures"
    with "through" for the year's figure (worked out where the letter tells it and none is given), "marks" for marks
    that it counts, each {"enrolment", "day", "half", "code"}. about, about_id: asked again before it goes
    (`queries.abouts`). contacts: only these adults (ids). by_post: printed for those who have an e-mail address too.
    deed: the act that this is a part of, inside its transaction; without one it is an act of its own, and the same key
    again gives the same letter. Raises NotWritten with a sentence, and nothing is written.
    """
    given = Wanted(pupil, letter, more, rests_on or {}, None if contacts is None else tuple(contacts))
    go = sending(school, at=at, signed=(by.name, by.position), case=case, letter=letter, by_post=by_post)
    ready = prepare_letters([given], go)
    check_ready(ready)
    pdfs = [_set(one, go) for one in ready[0].letters]
    with transaction.atomic() if deed is None else nullcontext():
        try:
            within = deed or journal.begin(
                "letter.written", by=by, at=at, key=key, reason=letter, school=school, about=ready[0].pupil
            )
        except journal.AlreadyDone as done:
            return LetterWritten.objects.get(deed=done.deed)
        row = _row(ready[0], go, within, case=case, round=round, about=about, about_id=about_id)
        _save_once(row)
        _put(row, ready[0], pdfs, go, within)
    return row


def _save_once(row: LetterWritten) -> None:
    """Save a letter; the database holds that a meeting has each of its letters once, whoever presses when."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NotWritten("This letter about the meeting was written already: withdraw that one first.") from error


def write_many(
    ready: Sequence[Ready], go: Sending, *, deed: Deed, round: UpdateRound | None = None
) -> list[LetterWritten]:
    """Write letters that were prepared (`queries.written.prepare_letters`) inside an act's transaction, in order.

    Those by e-mail have no PDF of their own, and those on paper are set when they are printed, all in one. Raises
    NotWritten for one that can't go.
    """
    check_ready(ready)
    rows = LetterWritten.objects.bulk_create([_row(one, go, deed, round=round) for one in ready], batch_size=200)
    many: dict[str, list[outbox.New]] = {}
    for row, one in zip(rows, ready, strict=True):
        many.setdefault(_kind(row, go), []).extend(_new(row, to, None, go) for to in one.letters)
    for kind, new in many.items():
        outbox.put_many(new, deed=deed, school=go.school.pk, kind=kind, at=go.at, seen=True)
    return rows


def withdraw_letter(letter: LetterWritten, *, because: str, by: Actor, at: datetime, key: str) -> None:
    """Take back a letter of which nothing has gone; the outbox, which asks before it sends, stops what waits.

    Raises NotWritten without a reason, for one withdrawn before, and where it has gone to anybody or may have.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotWritten("Say why it is withdrawn: the pupil's record keeps the reason.")
    with transaction.atomic():
        try:
            deed = journal.begin(
                "letter.withdrawn", by=by, at=at, key=key, reason=because.strip(), school=letter.school_id
            )
        except journal.AlreadyDone:
            return
        if written_may_have_gone(letter.pk):
            raise NotWritten("This letter has gone, or may have: what was sent can't be taken back.")
        if LetterWritten.objects.filter(pk=letter.pk, withdrawn__isnull=True).update(withdrawn=deed) == 0:
            raise NotWritten("This letter was withdrawn before.")


def check_ready(ready: Iterable[Ready]) -> None:
    """Raise NotWritten, naming the pupil, for the first letter that can't go."""
    for one in ready:
        if one.problem:
            raise NotWritten(f"{one.pupil}: {one.problem}")


def _set(one: ToSend, go: Sending) -> bytes:
    try:
        return pdf_of(one.composed.page, go.day)
    except CannotSet as error:
        raise NotWritten(str(error)) from error


def _row(
    ready: Ready, go: Sending, deed: Deed, *, case: Case | None = None, round: UpdateRound | None = None,
    about: str = "", about_id: int | None = None,
) -> LetterWritten:  # fmt: skip
    return LetterWritten(
        pupil_id=ready.wanted.pupil,
        school=go.school,
        case=case,
        round=round,
        letter=ready.wanted.letter,
        about=about,
        about_id=about_id,
        day=go.day,
        rests_on=dict(ready.rests_on),
        deed=deed,
    )


def _put(row: LetterWritten, ready: Ready, pdfs: Sequence[bytes | None], go: Sending, deed: Deed) -> None:
    for one, pdf in zip(ready.letters, pdfs, strict=True):
        new = vars(_new(row, one, pdf, go))
        outbox.put(**new, deed=deed, school=row.school_id, at=go.at, kind=_kind(row, go), seen=True)


def _kind(row: LetterWritten, go: Sending) -> str:
    return KINDS.get(go.policy.letter(row.letter).kind, "letter")


def _new(row: LetterWritten, one: ToSend, pdf: bytes | None, go: Sending) -> outbox.New:
    """The message of a letter to one adult."""
    return outbox.New(
        once=f"{WRITTEN}:{row.pk}:{one.recipient.contact}",
        channel=one.channel,
        to_name=one.recipient.name,
        to_address=one.recipient.email if one.channel == "email" else "\n".join(one.recipient.address),
        subject=one.composed.subject,
        body=one.composed.text,
        ground=WRITTEN,
        ground_id=row.pk,
        pupil=row.pupil_id,
        evidence=_evidence(row, one, go),
        pdf=pdf,
        pdf_name=f"{row.letter}.pdf",
    )


def _evidence(row: LetterWritten, one: ToSend, go: Sending) -> dict[str, Any]:
    """What a letter to one adult rests on, copied: the page, the wording, each field, the values of the policy told."""
    return {
        "letter": one.composed.page.to_json(),
        "wording": one.composed.wording,
        "fields": dict(one.composed.fields),
        "contact": one.recipient.contact,
        "relationship": one.recipient.relationship,
        "rests_on": row.rests_on,
        "values": [line._asdict() for field in one.composed.fields for line in go.told.get(field, ())],
        "reply_to": go.school.email,
    }


__all__ = ["NotWritten", "check_ready", "withdraw_letter", "write_letter", "write_many"]
