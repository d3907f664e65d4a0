"""Letters to families as lists: a pupil's, each opening as it was sent, and a school's by kind and outcome."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from rollcall.casework.queries.letters import LETTERS
from rollcall.outbox.kinds import KINDS
from rollcall.outbox.models import Message

WAITING = ("held", "waiting", "sending")
TROUBLE = ("failed", "unsure", "stopped", "off")
MOST = 200
_FIELDS = ("id", "made_at", "subject", "to_name", "channel", "state", "kind", "pupil", "deed__name")
_STATES, _CHANNELS = dict(Message.STATES), dict(Message.CHANNELS)


@dataclass(frozen=True)
class LetterLine:
    """A letter to one adult in a list."""

    id: int
    at: datetime
    subject: str
    to_name: str
    channel: str
    state: str
    kind: str
    pupil: int | None
    by: str

    @property
    def state_words(self) -> str:
        """What became of it."""
        return _STATES[self.state]

    @property
    def channel_words(self) -> str:
        """How it goes."""
        return _CHANNELS[self.channel]

    @property
    def is_in_trouble(self) -> bool:
        """Whether it did not go, or may not have."""
        return self.state in TROUBLE


@dataclass(frozen=True)
class KindLine:
    """The letters of one kind at a school since a day: how many went, wait, and did not go."""

    kind: str
    words: str
    gone: int
    waiting: int
    not_gone: int


def letters_of_pupil(pupil: int) -> list[LetterLine]:
    """Every letter about a pupil (by id) to each adult, newest first, from whichever part of the day it came."""
    return _lines(Message.objects.filter(pupil=pupil, ground__in=LETTERS).order_by("-made_at", "-id"))


def waiting_letters(school: int, since: date) -> list[LetterLine]:
    """The letters of a school (by id) that have not gone yet or could not, made since a day, the oldest first."""
    rows = Message.objects.filter(
        school=school, ground__in=LETTERS, state__in=(*WAITING, *TROUBLE), made_at__date__gte=since
    )
    return _lines(rows.order_by("made_at", "id"))


def letters_of_kind(school: int, kind: str, since: date) -> list[LetterLine]:
    """The letters of a kind at a school since a day, newest first."""
    rows = Message.objects.filter(school=school, ground__in=LETTERS, kind=kind, made_at__date__gte=since)
    return _lines(rows.order_by("-made_at", "-id"))


def kinds_of_letters(school: int, since: date) -> list[KindLine]:
    """How many letters of each kind a school has written since a day, by what became of them; in one query."""
    rows = Message.objects.filter(school=school, ground__in=LETTERS, made_at__date__gte=since)
    counts: dict[str, dict[str, int]] = {}
    for kind, state, n in rows.order_by().values_list("kind", "state").annotate(n=Count("id")):
        counts.setdefault(kind, {})[state] = n
    return [_kind(kind, counts[kind]) for kind in KINDS if kind in counts]


def _kind(kind: str, states: dict[str, int]) -> KindLine:
    waiting = sum(n for state, n in states.items() if state in WAITING)
    not_gone = sum(n for state, n in states.items() if state in TROUBLE)
    return KindLine(kind, KINDS[kind].words, states.get("sent", 0), waiting, not_gone)


def _lines(rows: Any) -> list[LetterLine]:
    found: Iterable[tuple[Any, ...]] = rows.values_list(*_FIELDS)[:MOST]
    return [LetterLine(*row) for row in found]
