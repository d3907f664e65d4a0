"""How each kind of message goes at a school: as the last switch says, else as the kind's own default."""

from dataclasses import dataclass
from datetime import datetime

from rollcall.outbox.kinds import KINDS, SEND, Kind
from rollcall.outbox.models import Switch


def mode_of(school: int, kind: str) -> str:
    """How a kind goes at a school (by id): "off", "ask" or "send". Raises KeyError for a kind that is none."""
    return modes_of(school)[kind]


def modes_of(school: int) -> dict[str, str]:
    """Every kind's mode at a school (by id), in one query; "" is what was put in before there were kinds."""
    rows = Switch.objects.filter(school=school).order_by("id").values_list("kind", "mode")
    chosen = {kind: mode for kind, mode in rows if kind in KINDS and mode in KINDS[kind].modes}
    return {"": SEND, **{kind.id: chosen.get(kind.id, kind.default) for kind in KINDS.values()}}


@dataclass(frozen=True)
class Switched:
    """A kind of message as it goes at a school, and who switched it last, when."""

    kind: Kind
    mode: str
    by: str
    at: datetime | None


def switches(school: int) -> list[Switched]:
    """Every kind of message at a school (by id), in the order of the table; one query."""
    last = {row.kind: row for row in Switch.objects.filter(school=school).select_related("deed").order_by("id")}
    modes, found = modes_of(school), []
    for kind in KINDS.values():
        row = last.get(kind.id)
        by = f"{row.deed.name}, {row.deed.position}" if row else ""
        found.append(Switched(kind, modes[kind.id], by, row.deed.at if row else None))
    return found
