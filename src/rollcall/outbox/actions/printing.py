"""Letters on paper: all that wait as one PDF to print, the word of a person that they went, or GOV.UK Notify's post."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rollcall.documents.letter import LetterPage, letters_pdf
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.outbox import outcomes
from rollcall.outbox.actions.recording import name_of, write
from rollcall.outbox.actions.staying import Gate
from rollcall.outbox.carriers import check_channel
from rollcall.outbox.grounds import Grounds
from rollcall.outbox.models import Attempt, Message
from rollcall.schools.queries.letterheads import logos_of, pdf_of


@dataclass(frozen=True)
class Printed:
    """Letters to print as one PDF, the ids of its messages in order, and those stopped because their ground is gone."""

    pdf: bytes | None
    messages: tuple[int, ...]
    stopped: tuple[int, ...]


def print_all(schools: Iterable[int], *, grounds: Grounds, by: Actor, at: datetime) -> Printed:
    """All letters that wait to be printed at these schools (by id), as one PDF; `mark_printed` says that they went.

    A letter whose ground no longer stands is stopped and left out. The PDF is None where nothing is left.
    """
    waiting = Message.objects.filter(school__in=list(schools), channel="print", state="waiting").order_by("id")
    kept, stopped, gate = [], [], Gate(grounds, by, at)
    for message in waiting:
        if gate.stays(message):
            stopped.append(message.pk)
        else:
            kept.append(message)
    pages = [LetterPage.from_json(message.evidence["letter"]) for message in kept]
    pdf = letters_pdf(pages, dated=at.date(), title="Letters to print", logos=logos_of(pages)) if pages else None
    return Printed(pdf, tuple(message.pk for message in kept), tuple(stopped))


def mark_printed(messages: Iterable[int], *, by: Actor, at: datetime, key: str) -> int:
    """Say that letters (messages by id) were printed and posted; returns how many were waiting until now.

    A key used before marks nothing again and returns 0.
    """
    ids = list(messages)
    with transaction.atomic():
        try:
            journal.begin("letters.printed", by=by, at=at, key=key, reason=f"{len(ids)} letters")
        except journal.AlreadyDone:
            return 0
        marked = [
            pk
            for pk in ids
            if Message.objects.filter(pk=pk, channel="print", state="waiting").update(state="sent", sent_at=at) == 1
        ]
        Attempt.objects.bulk_create(
            [
                Attempt(message_id=pk, at=at, outcome=outcomes.PRINTED, detail="Printed and posted.", by=name_of(by))
                for pk in marked
            ]
        )
    return len(marked)


def post_out(messages: Iterable[int], *, by: Actor, at: datetime, key: str) -> int:
    """Have letters that wait to be printed (messages by id) printed and posted by GOV.UK Notify; returns how many.

    Each is set anew from its evidence, in the layout that Notify takes, and waits for the worker. A key used before
    does nothing. Raises ValueError where Notify is not set up, or a letter can't be set.
    """
    check_channel("letter")
    ids = list(messages)
    with transaction.atomic():
        try:
            journal.begin("letters.posted_out", by=by, at=at, key=key, reason=f"{len(ids)} letters")
        except journal.AlreadyDone:
            return 0
        waiting = Message.objects.select_for_update().filter(pk__in=ids, channel="print", state="waiting")
        rows = list(waiting.order_by("id"))
        for row in rows:
            row.pdf = pdf_of(LetterPage.from_json(row.evidence["letter"]), at.date(), posted=True)
            row.channel, row.next_try = "letter", at
            row.save(update_fields=["pdf", "channel", "next_try"])
            write(row.pk, outcomes.POSTED, "By GOV.UK Notify.", by, at)
    return len(rows)
