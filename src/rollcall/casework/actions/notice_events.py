"""What became of a penalty notice, as the school was told: received, paid, withdrawn, prosecuted; and taking it back.

Rows are added; one that was wrong is taken back and stays. Money goes to the authority: what it says is recorded.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from rollcall.casework.actions.notices import NotDone
from rollcall.casework.models import Notice, NoticeEvent, NoticeSession, StepTaken
from rollcall.casework.queries.notices import Line, differences, is_kept, line_of, sessions_shown, terms_of
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules.penalties import pounds
from rollcall.rules.words import day_words

GROUNDS = [
    ("ought not", "It ought not to have been issued"),
    ("wrong person", "It was issued to the wrong person"),
    ("error", "It contains a material error"),
    ("not prosecuted", "It was not paid, and the authority does not prosecute"),
]
"""The grounds on which a notice is withdrawn; those but the last set its sessions free."""
KEEPS_SESSIONS = "not prosecuted"
AFTER_UNPAID = ("prosecuted", "not_prosecuted")


@dataclass(frozen=True)
class Told:
    """What is recorded: the kind of event, its day, pence of a payment, a ground with words to it, whose word it is."""

    kind: str
    day: date
    pence: int | None = None
    ground: str = ""
    words: str = ""
    told_by: str = ""


def record(notice: int, told: Told, *, by: Actor, at: datetime, key: str) -> NoticeEvent:
    """Record what became of an issued notice (by id); the same key again gives the same event.

    Raises NotDone with a sentence: a notice that is not issued, or over; a day that is to come or before the issue; a
    payment without an amount or of more than the whole; a second day of receipt; a withdrawal without a ground; a
    prosecution while it can still be paid; nothing to keep.
    """
    with transaction.atomic():
        held = Notice.objects.select_for_update().get(pk=notice)
        try:
            deed = journal.begin(
                f"notice.{told.kind}", by=by, at=at, key=key, school=held.school_id, reason=told.words.strip()
            )
        except journal.AlreadyDone as done:
            return NoticeEvent.objects.get(deed=done.deed)
        line = line_of(notice, at)
        _check_day(line, told, at.date())
        detail = _checked(line, told)
        event = NoticeEvent.objects.create(
            notice=held,
            kind=told.kind,
            day=told.day,
            pence=told.pence if told.kind == "paid" else None,
            ground=_ground(told),
            told_by=told.told_by.strip(),
            detail=detail,
            deed=deed,
        )
        if told.kind == "withdrawn" and told.ground != KEEPS_SESSIONS:
            _set_free(held, deed)
        return event


def _check_day(line: Line, told: Told, today: date) -> None:
    notice = line.notice
    if notice.issued_on is None:
        raise NotDone("This notice was not issued.")
    if told.day > today:
        raise NotDone(f"{day_words(told.day)} is still to come: record it once it has been.", "day")
    if told.day < notice.issued_on:
        raise NotDone(f"The notice was issued on {day_words(notice.issued_on)}: give that day or a later one.", "day")
    if line.state.id == "withdrawn":
        raise NotDone("This notice was withdrawn: take that back first, if it was wrong.")


def _checked(line: Line, told: Told) -> dict[str, Any]:
    """What is kept beside the event; raises NotDone for what can't be."""
    check = {
        "received": _received,
        "paid": _paid,
        "withdrawn": _withdrawn,
        "kept": _kept,
        "prosecuted": _after_unpaid,
        "not_prosecuted": _after_unpaid,
    }.get(told.kind)
    if check is None:
        raise NotDone("Choose what became of it.", "kind")
    return check(line, told)


def _received(line: Line, told: Told) -> dict[str, Any]:
    if any(one.kind == "received" for one in line.standing_events):
        raise NotDone("A day of receipt is recorded already: take it back first, if it was wrong.", "day")
    return {}


def _paid(line: Line, told: Told) -> dict[str, Any]:
    terms = terms_of(line.notice)
    assert terms is not None and line.now is not None
    _check_told_by(told)
    if not told.pence or told.pence <= 0:
        raise NotDone("Give the amount that was paid.", "pounds")
    if line.now.paid + told.pence > terms.full * 100:
        left = pounds(terms.full * 100 - line.now.paid)
        raise NotDone(f"The whole amount is £{terms.full}, and {left} of it is left: look at the amount.", "pounds")
    return {}


def _withdrawn(line: Line, told: Told) -> dict[str, Any]:
    if told.ground not in dict(GROUNDS):
        raise NotDone("Say on which ground it is withdrawn.", "ground")
    if len(told.words.strip()) < journal.LEAST_REASON:
        raise NotDone("Say in a few words how it came to that.", "words")
    return {"ground": told.ground}


def _kept(line: Line, told: Told) -> dict[str, Any]:
    found = differences(sessions_shown(line.notice))
    if not found or is_kept(line, found):
        raise NotDone("No mark that it rests on was changed: there is nothing to decide.")
    if len(told.words.strip()) < journal.LEAST_REASON:
        raise NotDone("Say why it is kept though marks were changed.", "words")
    return {"differs": [one.to_json() for one in found]}


def _after_unpaid(line: Line, told: Told) -> dict[str, Any]:
    _check_told_by(told)
    if line.state.id != "unpaid":
        raise NotDone(
            "It can still be paid, or it is over: the authority decides once the last day has passed.", "kind"
        )
    return {}


def _check_told_by(told: Told) -> None:
    if len(told.told_by.strip()) < journal.LEAST_REASON:
        raise NotDone("Say who at the authority told you.", "told_by")


def _ground(told: Told) -> str:
    if told.kind != "withdrawn":
        return told.words.strip()
    return f"{dict(GROUNDS)[told.ground]}: {told.words.strip()}"


def _set_free(notice: Notice, deed: Deed) -> None:
    """The sessions of a notice that ought not to have been count again; so does the path that it had moved on."""
    NoticeSession.objects.filter(notice=notice).update(counts=False)
    StepTaken.objects.filter(
        pupil=notice.pupil_id, evidence__notice=notice.pk, withdrawn__isnull=True, case__closed__isnull=True
    ).update(withdrawn=deed)


def take_back(event: int, *, because: str, by: Actor, at: datetime, key: str) -> None:
    """Take back an event (by id) that was wrong: it stays, with who took it back and why.

    Raises NotDone without a reason, for one taken back before, and for a withdrawal or a giving-up whose sessions
    another notice rests on by now.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotDone("Say why it is taken back: the notice keeps the reason.", "because")
    try:
        with transaction.atomic():
            row = NoticeEvent.objects.select_related("notice").get(pk=event)
            Notice.objects.select_for_update().get(pk=row.notice_id)
            try:
                deed = journal.begin(
                    "notice.taken_back", by=by, at=at, key=key, reason=because.strip(), school=row.notice.school_id
                )
            except journal.AlreadyDone:
                return
            if NoticeEvent.objects.filter(pk=event, taken_back__isnull=True).update(taken_back=deed) == 0:
                raise NotDone("This was taken back before.")
            if row.kind in ("withdrawn", "dropped"):
                NoticeSession.objects.filter(notice=row.notice).update(counts=True)
                StepTaken.objects.filter(evidence__notice=row.notice_id, withdrawn=row.deed).update(withdrawn=None)
    except IntegrityError as error:
        raise NotDone("Another notice to this parent rests on some of its sessions by now.") from error
