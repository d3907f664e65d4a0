"""Which kinds of message go by themselves at a school: each change is a deed and a row that stays."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.outbox.kinds import KINDS
from rollcall.outbox.models import Switch
from rollcall.outbox.queries.switches import modes_of


def set_mode(school: int, kind: str, mode: str, *, by: Actor, at: datetime, key: str = "") -> bool:
    """Switch one kind of message at a school (by id) to "off", "ask" or "send"; False where it stood so already.

    Raises ValueError for a kind that is none, or a mode it can't have; AlreadyDone for a used key.
    """
    return set_modes(school, {kind: mode}, by=by, at=at, key=key) == 1


def set_modes(school: int, wanted: Mapping[str, str], *, by: Actor, at: datetime, key: str = "") -> int:
    """Switch several kinds of message at a school, kind -> mode; gives how many changed. Raises as `set_mode`."""
    for kind, mode in wanted.items():
        _check(kind, mode)
    with transaction.atomic():
        before = modes_of(school)
        changed = {kind: mode for kind, mode in wanted.items() if before[kind] != mode}
        if not changed:
            return 0
        about = "; ".join(f"{KINDS[kind].words}: {mode}" for kind, mode in changed.items())
        deed = journal.begin("switch.set", by=by, at=at, key=key, school=school, about=about)
        Switch.objects.bulk_create([Switch(school=school, kind=kind, mode=m, deed=deed) for kind, m in changed.items()])
        changes = {KINDS[kind].words: (before[kind], mode) for kind, mode in changed.items()}
        journal.note_changes(deed, "switch", school, changes)
    return len(changed)


def _check(kind: str, mode: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"There is no kind of message {kind!r}.")
    if mode not in KINDS[kind].modes:
        allowed = " or ".join(KINDS[kind].modes)
        raise ValueError(f"{KINDS[kind].words} can be {allowed}, not {mode!r}.")
