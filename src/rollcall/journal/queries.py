"""Reading the journal: deeds, changes and looks, newest first, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rollcall.journal.models import Change, Look


@dataclass(frozen=True)
class Line:
    """One line of the journal as a page shows it."""

    at: datetime
    who: str
    position: str
    what: str
    detail: str


def changes_of(thing: str, thing_id: int, limit: int = 200) -> list[Line]:
    """What changed on one standing fact's row, newest first."""
    rows = Change.objects.filter(thing=thing, thing_id=thing_id).select_related("deed").order_by("-deed__at", "-id")
    return [
        Line(c.deed.at, c.deed.name, c.deed.position, c.field, f"{c.before or '(empty)'} to {c.after or '(empty)'}")
        for c in rows[:limit]
    ]


def looks_since(what: str, things: Iterable[int], since: datetime) -> dict[int, list[Line]]:
    """Who looked at each of some things (by id) since a moment, newest first; a thing nobody looked at is left out."""
    found: dict[int, list[Line]] = {}
    for look in Look.objects.filter(what=what, thing_id__in=list(things), at__gte=since).order_by("-at", "-id"):
        line = Line(look.at, look.name, look.position, look.what, look.detail)
        found.setdefault(look.thing_id or 0, []).append(line)
    return found
