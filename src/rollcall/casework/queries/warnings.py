"""Warnings that went, by pupil and parent; and the sessions that earlier notices to them rest on, which count once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rollcall.casework.models import LetterWritten, NoticeSession, StepTaken
from rollcall.casework.queries.letters import GROUND
from rollcall.casework.queries.written import WRITTEN
from rollcall.outbox.models import Message
from rollcall.rules.policy import Policy
from rollcall.rules.prompt import Session, Warned
from rollcall.rules.sessions import half_of
from rollcall.schools.queries.facts import LONDON

Whom = tuple[int, int]
"""A pupil and a contact, by id."""


KINDS = ("letter", "letter.warning")
"""The kinds of message that warnings are: letters of the review, and those that warn."""


@dataclass(frozen=True)
class _Went:
    message: int
    pupil: int
    contact: int
    day: date
    ground: str
    ground_id: int


def warnings_of(pupils: Iterable[int], policy: Policy) -> dict[Whom, list[Warned]]:
    """The warnings that were accepted for sending or printed and posted, by pupil and parent, the oldest first.

    A letter counts from the day on which it went to this parent; one that waits, was stopped or failed is none.
    """
    if policy.penalty.warned_by is None:
        return {}
    went = _went(pupils)
    letters = _letters(went, policy)
    found: dict[Whom, list[Warned]] = {}
    for one in went:
        letter = letters.get((one.ground, one.ground_id), "")
        if letter in policy.penalty.warned_by.value:
            found.setdefault((one.pupil, one.contact), []).append(Warned(letter, one.day, one.message))
    return found


def warned_at(school: int, since: date) -> set[int]:
    """The pupils (by id) of whom a school sent a letter that warns since a day: a message's kind tells it."""
    rows = Message.objects.filter(school=school, kind__in=KINDS, ground__in=(GROUND, WRITTEN), state="sent")
    return {pupil for pupil in rows.filter(sent_at__date__gte=since).values_list("pupil", flat=True) if pupil}


def _went(pupils: Iterable[int]) -> list[_Went]:
    rows = Message.objects.filter(
        pupil__in=list(pupils), ground__in=(GROUND, WRITTEN), state="sent", sent_at__isnull=False
    )
    named = ("id", "pupil", "evidence__contact", "sent_at", "ground", "ground_id")
    return [
        _Went(pk, pupil, contact, sent.astimezone(LONDON).date(), ground, ground_id)
        for pk, pupil, contact, sent, ground, ground_id in rows.order_by("sent_at", "id").values_list(*named)
        if pupil and contact
    ]


def _letters(went: Iterable[_Went], policy: Policy) -> dict[tuple[str, int], str]:
    """The policy's letter behind each ground."""
    ids: dict[str, set[int]] = {GROUND: set(), WRITTEN: set()}
    for one in went:
        ids[one.ground].add(one.ground_id)
    by_step = {step.id: step.letter or "" for step in policy.path.steps}
    steps = StepTaken.objects.filter(pk__in=ids[GROUND]).values_list("id", "step") if ids[GROUND] else ()
    written = LetterWritten.objects.filter(pk__in=ids[WRITTEN]).values_list("id", "letter") if ids[WRITTEN] else ()
    found = {(GROUND, pk): by_step.get(step, "") for pk, step in steps}
    return found | {(WRITTEN, pk): letter for pk, letter in written}


def used_of(pupils: Iterable[int]) -> Mapping[Whom, frozenset[Session]]:
    """The sessions that notices to each parent about each pupil rest on, while the notices stand."""
    rows = NoticeSession.objects.filter(pupil__in=list(pupils), counts=True)
    found: dict[Whom, set[Session]] = {}
    for pupil, contact, day, half in rows.values_list("pupil_id", "contact_id", "day", "half"):
        found.setdefault((pupil, contact), set()).add((day, half_of(half)))
    return {whom: frozenset(sessions) for whom, sessions in found.items()}
