"""The states of a penalty notice as a table: who sees to each, and where it leads (design law 10).

A state is told from what was recorded and what `penalties` works out for the day; nothing moves by itself but time.
"""

from collections.abc import Collection
from dataclasses import dataclass

from rollcall.rules.penalties import Due


@dataclass(frozen=True)
class State:
    """One state: its words, who sees to it, which states follow; `over` where nothing more is due."""

    id: str
    words: str
    owner: str
    next: tuple[str, ...] = ()
    over: bool = False


_OF_ISSUED = ("not_received", "reduced", "full", "paid", "unpaid")
TABLE: tuple[State, ...] = (
    State("proposed", "Proposed", "the executive headteacher", ("authorised", *_OF_ISSUED, "dropped")),
    State("authorised", "Authorised, not issued yet", "the head of school", (*_OF_ISSUED, "dropped")),
    State("not_received", "Issued, not received yet", "the office", ("reduced", "full", "paid", "withdrawn")),
    State("reduced", "To pay at the lower amount", "the authority", ("full", "paid", "withdrawn")),
    State("full", "To pay in full", "the authority", ("paid", "unpaid", "withdrawn")),
    State("unpaid", "Unpaid: prosecute or withdraw", "the authority", ("prosecuted", "not_prosecuted", "withdrawn")),
    State("not_prosecuted", "Not prosecuted: to be withdrawn", "the head of school", ("withdrawn",)),
    State("paid", "Paid", "nobody", ("withdrawn",), True),
    State("prosecuted", "Prosecuted", "nobody", ("withdrawn",), True),
    State("withdrawn", "Withdrawn", "nobody", (), True),
    State("dropped", "Not issued after all", "nobody", (), True),
)  # fmt: skip
BY_ID = {state.id: state for state in TABLE}


def state_of(*, authorised: bool, issued: bool, due: Due, events: Collection[str]) -> State:
    """The state of a notice. events: the kinds of those that stand; due: what `penalties.standing` says on the day."""
    for ended in ("dropped", "withdrawn", "prosecuted"):
        if ended in events:
            return BY_ID[ended]
    if not issued:
        return BY_ID["authorised" if authorised else "proposed"]
    if due == "paid":
        return BY_ID["paid"]
    if "not_prosecuted" in events:
        return BY_ID["not_prosecuted"]
    return BY_ID[due.replace(" ", "_")]
