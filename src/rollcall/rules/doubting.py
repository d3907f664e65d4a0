"""The way of a doubted reason, as a table: who has it in each state and where it can go (4.2-b, 4.2-c, 5.1-c).

Evidence is asked for, an answer comes or the day passes, the parents are told before it turns unauthorised, and only
then may a named person decide so. Illness stays authorised until that decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType


@dataclass(frozen=True)
class State:
    """One state: in words, whose turn it is ("" where it has ended), and the states it can go to."""

    words: str
    owner: str
    exits: tuple[str, ...]


STATES: Mapping[str, State] = MappingProxyType(
    {
        "asked": State(
            "Evidence asked for",
            "family",
            ("satisfied", "unsatisfied", "overdue", "telling", "told", "decided", "withdrawn"),
        ),
        "overdue": State("No answer", "head", ("satisfied", "unsatisfied", "telling", "told", "decided", "withdrawn")),
        "satisfied": State("Answered, and settled", "head", ("decided", "withdrawn")),
        "unsatisfied": State("Answered, not settled", "head", ("satisfied", "telling", "told", "decided", "withdrawn")),
        "telling": State(
            "The parents are being told",
            "office",
            ("told", "untold", "satisfied", "unsatisfied", "decided", "withdrawn"),
        ),
        "untold": State(
            "The parents could not be told",
            "head",
            ("telling", "told", "satisfied", "unsatisfied", "decided", "withdrawn"),
        ),
        "told": State("The parents are told", "head", ("satisfied", "unsatisfied", "decided", "withdrawn")),
        "decided": State("Decided", "", ()),
        "withdrawn": State("Withdrawn", "", ()),
    }
)


def state_of(
    *,
    today: date,
    due: date,
    satisfied: bool | None,
    told: str = "",
    is_decided: bool = False,
    is_withdrawn: bool = False,
) -> str:
    """The state of a doubt on a day, by its name in `STATES`.

    satisfied: what the last answer did (None: there was none). told: "" nobody is being told, "telling", "untold"
    (every try failed) or "told". An answer that settles it comes before what the parents were told.
    """
    if is_withdrawn or is_decided:
        return "withdrawn" if is_withdrawn else "decided"
    if satisfied:
        return "satisfied"
    if told:
        return told
    if satisfied is False:
        return "unsatisfied"
    return "overdue" if today > due else "asked"


def how_told(states: tuple[str, ...], was_said: bool) -> str:
    """What the tries at telling the parents came to: "told", "telling", "untold", or "" where there was none.

    states: of the messages in the outbox; was_said: somebody told them by phone or in person. They are told once a
    message is accepted and none is still on its way; a message that may have gone does not count (4.2-c).
    """
    on_their_way = any(state in ("held", "waiting", "sending") for state in states)
    if was_said or ("sent" in states and not on_their_way):
        return "told"
    if on_their_way:
        return "telling"
    return "untold" if states else ""


def may_turn_unauthorised(state: str) -> bool:
    """Whether the mark may be written: the parents were told, and nothing has settled it since (4.2-c)."""
    return state == "told"
