"""What a message rests on, asked just before it goes: the room that has the reason answers whether it still stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rollcall.outbox.models import Message


@dataclass(frozen=True)
class Answer:
    """Whether a message's ground still stands, and if not, why, in a sentence."""

    stands: bool
    why: str = ""


Question = Callable[[Message, datetime], Answer]
Grounds = Mapping[str, Question]


def ask(message: Message, grounds: Grounds, at: datetime) -> Answer:
    """The answer of whoever has the reason; a kind that nobody answers for never goes."""
    question = grounds.get(message.ground)
    if question is None:
        return Answer(False, f"Nobody answers for '{message.ground}', so it is not sent.")
    return question(message, at)
