"""Putting a finished message in, in the deed's own transaction; the school's switch says if a person looks first."""

from collections.abc import Mapping
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
    if channel == "text" and len(body) + len(secret) > TEXT_MOST:
        raise ValueError(f"A text has at most {TEXT_MOST} characters; this one has {len(body) + len(secret)}.")
    if channel == "letter" and pdf is None and "letter" in evidence:
        pdf = pdf_of(LetterPage.from_json(evidence["letter"]), at.date(), posted=True)
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
            "subject": " ".join(subject.split())[:200],
            "body": body,
            "pdf": pdf,
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


def first_state(school: int, kind: str, seen: bool) -> tuple[str, str]:
    """The state that a message begins in by the school's switch, and why it does not simply wait."""
    mode = mode_of(school, kind)
    if mode == OFF:
        return OFF, f"{KINDS[kind].words}: {WHY_OFF[0].lower()}{WHY_OFF[1:]}"
    if mode == ASK and not seen:
        return HELD, WHY_HELD
    return "waiting", ""
