"""Putting a finished message in, in the deed's own transaction; the school's switch says if a person looks first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rollcall.documents.letter import LetterPage
from rollcall.journal.models import Deed
from rollcall.outbox.actions.staying import WHY_HELD, WHY_OFF
from rollcall.outbox.carriers import check_channel
from rollcall.outbox.kinds import ASK, KINDS, OFF, kind_of
from rollcall.outbox.models import Attempt, Message
from rollcall.outbox.notify import TEXT_MOST
from rollcall.outbox.outcomes import HELD
from rollcall.outbox.queries.switches import mode_of
from rollcall.outbox.secret import check_marked
from rollcall.schools.queries.letterheads import pdf_of


@dataclass(frozen=True)
class New:
    """One of many finished messages; what each means is said at `put`."""

    once: str
    channel: str
    to_name: str
    to_address: str
    subject: str
    body: str
    ground: str
    ground_id: int
    pupil: int | None
    evidence: Mapping[str, Any]
    pdf: bytes | None = None
    pdf_name: str = ""


def put_many(
    new: Sequence[New], *, deed: Deed, school: int, kind: str, at: datetime, seen: bool = False
) -> list[Message]:
    """Put many finished messages of one kind in, inside the deed's own transaction, in a few statements; in order.

    None of them may be there already: a `once` that was used raises IntegrityError. Otherwise as `put`.
    """
    state, why = first_state(school, kind_of(kind, "").id, seen)
    shared = {"deed": deed, "school": school, "kind": kind, "seen": seen, "state": state, "next_try": at, "made_at": at}
    rows = Message.objects.bulk_create([Message(**_values(one, at), **shared) for one in new], batch_size=100)
    if why:
        kept = [Attempt(message=row, at=at, outcome=state, detail=why, by="Rollcall") for row in rows]
        Attempt.objects.bulk_create(kept, batch_size=200)
    return rows


def _values(one: New, at: datetime) -> dict[str, Any]:
    """A message's own columns, checked."""
    check_channel(one.channel)
    check_marked(one.body, "")
    _check_length(one.channel, len(one.body))
    return {
        **vars(one),
        "to_name": one.to_name[:120],
        "subject": _subject(one.subject),
        "evidence": dict(one.evidence),
        "pdf": _pdf(one.channel, one.pdf, one.evidence, at),
    }


def put(
    *,
    once: str,
    deed: Deed,
    school: int,
    channel: str,
    to_name: str,
    to_address: str,
    subject: str,
    body: str,
    ground: str,
    ground_id: int,
    pupil: int | None,
    evidence: Mapping[str, Any],
    at: datetime,
    pdf: bytes | None = None,
    pdf_name: str = "",
    kind: str = "",
    seen: bool = False,
    secret: str = "",
    expires: datetime | None = None,
) -> Message:
    """Put a finished message in, inside the deed's own transaction; the same `once` gives the message already there.

    channel: "email", "text", "print" or "letter", of those that work here (`queries.channels`). ground: the kind of
    reason, ground_id its row: asked again just before sending. evidence: plain JSON; for a letter on paper it holds
    the LetterPage under "letter", from which a posted one's PDF is set where none is given. kind: a row of
    `kinds.KINDS`, by default the one of the ground; the school's switch for it makes the message wait, be held for a
    person, or stay. seen: a named person saw it and pressed send, so that it is not held. secret: a link that stands
    where the body has `secret.SECRET`; it is wiped once the message has gone. expires: after this moment it is not
    sent, and a secret is wiped; needed with a secret.
    Raises ValueError, with a sentence, for a channel, kind or secret that can't be.
    """
    check_channel(channel)
    check_marked(body, secret)
    if secret and expires is None:
        raise ValueError("A message with a secret says when the secret runs out (expires).")
    _check_length(channel, len(body) + len(secret))
    meant = kind_of(kind, ground)
    state, why = first_state(school, meant.id, seen)
    message, is_new = Message.objects.get_or_create(
        once=once,
        defaults={
            "deed": deed,
            "school": school,
            "channel": channel,
            "to_name": to_name[:120],
            "to_address": to_address,
            "subject": _subject(subject),
            "body": body,
            "pdf": _pdf(channel, pdf, evidence, at),
            "pdf_name": pdf_name,
            "evidence": dict(evidence),
            "ground": ground,
            "ground_id": ground_id,
            "pupil": pupil,
            "kind": meant.id,
            "seen": seen,
            "secret": "" if state == OFF else secret,
            "expires": expires,
            "state": state,
            "next_try": at,
            "made_at": at,
        },
    )
    if is_new and why:
        Attempt.objects.create(message=message, at=at, outcome=state, detail=why, by="Rollcall")
    return message


def _check_length(channel: str, n: int) -> None:
    if channel == "text" and n > TEXT_MOST:
        raise ValueError(f"A text has at most {TEXT_MOST} characters; this one has {n}.")


def _subject(text: str) -> str:
    return " ".join(text.split())[:200]


def _pdf(channel: str, given: bytes | None, evidence: Mapping[str, Any], at: datetime) -> bytes | None:
    """The PDF of a message: of a posted letter, whose page is known, it is set here."""
    if channel == "letter" and given is None and "letter" in evidence:
        return pdf_of(LetterPage.from_json(evidence["letter"]), at.date(), posted=True)
    return given


def first_state(school: int, kind: str, seen: bool) -> tuple[str, str]:
    """The state that a message begins in by the school's switch, and why it does not simply wait."""
    mode = mode_of(school, kind)
    if mode == OFF:
        return OFF, f"{KINDS[kind].words}: {WHY_OFF[0].lower()}{WHY_OFF[1:]}"
    if mode == ASK and not seen:
        return HELD, WHY_HELD
    return "waiting", ""
