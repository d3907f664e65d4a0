"""Who may look at a message that waits and send it: the office, and letters only whoever may see letters."""

from collections.abc import Iterable

from rollcall.accounts.queries import Place, Standing
from rollcall.outbox.queries import Held

LETTERS = {"letter"}


def may_look(may: Standing, found: Iterable[Held]) -> list[Held]:
    """Those of some held messages that somebody may look at and send."""
    return [one for one in found if may_look_at(may, one.kind, Place(one.school or None))]


def may_look_at(may: Standing, kind: str, place: Place) -> bool:
    """Whether somebody may look at a kind of message that waits at a place, and send it."""
    return may.can("outbox:send", place) and (kind not in LETTERS or may.can("letter:see", place))
