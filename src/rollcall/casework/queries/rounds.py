"""Rounds of updates as they were made: who had which text, what became of it, who was left out and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from rollcall.casework.models import LetterWritten, UpdateRound
from rollcall.casework.queries.judged import version_policy
from rollcall.casework.queries.written import WRITTEN
from rollcall.outbox.models import Message
from rollcall.rules.stages import percent_down
from rollcall.rules.updates import SENSITIVE, UNTOLD

LISTED = 12
_STATES = dict(Message.STATES)


@dataclass(frozen=True)
class RoundLine:
    """One round in a school's list."""

    id: int
    day: date
    last_week: bool
    n: int
    kept: int
    by: str
    withdrawn: bool


@dataclass(frozen=True)
class KeptLine:
    """Somebody who was kept back: why, and why they were included all the same; as who reads may know it."""

    pupil: int
    name: str
    class_name: str
    reasons: tuple[str, ...]
    included: str


@dataclass(frozen=True)
class SentLine:
    """One pupil's update in a round: the figure, the text, and each message with what became of it."""

    pupil: int
    name: str
    letter: str
    percent: str
    attended: int
    possible: int
    messages: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class Told:
    """A child in care whose social worker is told as well: who that is, and the letters of which a copy is printed."""

    name: str
    social_worker: str
    messages: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class RoundView:
    """A round with all of it. states: how many messages are in each state, in words."""

    round: UpdateRound
    lines: tuple[SentLine, ...]
    kept: tuple[KeptLine, ...]
    included: tuple[KeptLine, ...]
    states: tuple[tuple[str, int], ...]
    told: tuple[Told, ...]
    has_gone: bool


def rounds_of(school: int) -> list[RoundLine]:
    """The latest rounds of a school (by id), newest first."""
    rows = UpdateRound.objects.filter(school=school).select_related("deed").annotate(n=Count("letters"))
    return [
        RoundLine(
            row.pk, row.day, row.last_week, row.n, sum(not one["included"] for one in row.left_out), row.deed.name,
            row.withdrawn_id is not None,
        )
        for row in rows[:LISTED]
    ]  # fmt: skip


def round_view(round: UpdateRound, *, knows: bool) -> RoundView:
    """A round in four statements. knows: whether who reads may know of safeguarding facts."""
    letters = list(LetterWritten.objects.filter(round=round).select_related("pupil").order_by("pupil"))
    messages = _messages([letter.pk for letter in letters])
    kept = [_kept(one, knows) for one in round.left_out]
    found = [(one.state, one.n) for one in _counts(messages)]
    return RoundView(
        round=round,
        lines=tuple(_sent(letter, messages, _names(letters)) for letter in letters),
        kept=tuple(one for one in kept if not one.included),
        included=tuple(one for one in kept if one.included),
        states=tuple((_STATES[state], n) for state, n in found),
        told=tuple(_told(letters, messages)) if knows else (),
        has_gone=any(state in ("sending", "sent", "unsure") for state, _ in found),
    )


@dataclass(frozen=True)
class _Count:
    state: str
    n: int


Messages = Mapping[int, Sequence[tuple[int, str, str]]]
"""The messages of each letter (by id): their id, to whom, in which state."""


def _messages(letters: Sequence[int]) -> Messages:
    found: dict[int, list[tuple[int, str, str]]] = {}
    rows = Message.objects.filter(ground=WRITTEN, ground_id__in=letters).order_by("id")
    for letter, pk, to, state in rows.values_list("ground_id", "id", "to_name", "state"):
        found.setdefault(letter, []).append((pk, to, state))
    return found


def _counts(messages: Messages) -> list[_Count]:
    states = [state for some in messages.values() for _, _, state in some]
    return [_Count(state, n) for state in _STATES if (n := states.count(state))]


def _names(letters: Sequence[LetterWritten]) -> Mapping[str, str]:
    """The name of each letter in the policy that the round was made under."""
    if not letters:
        return {}
    policy = version_policy(letters[0].rests_on["policy"]["id"])
    return {one.id: one.name for one in policy.letters} if policy else {}


def _sent(letter: LetterWritten, messages: Messages, names: Mapping[str, str]) -> SentLine:
    counts: dict[str, Any] = letter.rests_on["figures"]
    return SentLine(
        pupil=letter.pupil_id,
        name=letter.pupil.known_name,
        letter=names.get(letter.letter, letter.letter),
        percent=percent_down(counts["attended"], counts["possible"]),
        attended=counts["attended"],
        possible=counts["possible"],
        messages=tuple((pk, to, _STATES[state]) for pk, to, state in messages.get(letter.pk, ())),
    )


def _kept(one: Mapping[str, Any], knows: bool) -> KeptLine:
    hidden = not knows and any(reason["kind"] in SENSITIVE for reason in one["reasons"])
    reasons = (UNTOLD,) if hidden else tuple(reason["why"] for reason in one["reasons"])
    included = "a reason that they wrote down." if hidden and one["included"] else one["included"]
    return KeptLine(one["pupil"], one["name"], one["class"], reasons, included)


def _told(letters: Sequence[LetterWritten], messages: Messages) -> list[Told]:
    return [
        Told(
            letter.pupil.known_name,
            letter.pupil.social_worker or "not on record: add who it is",
            tuple((pk, to, _STATES[state]) for pk, to, state in messages.get(letter.pk, ())),
        )
        for letter in letters
        if letter.pupil.looked_after
    ]
