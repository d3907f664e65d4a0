"""The only writer of deeds, changes and looks."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from django.db import connection

from rollcall.journal.actor import Actor
from rollcall.journal.models import Change, Deed

LEAST_REASON = 3
"""How many characters a reason has at least, wherever one is asked for."""


MOST_ABOUT = 160
MOST_KEY = 80


class AlreadyDone(Exception):
    """This request's key has been used: the deed it names was done before. `deed` is that deed."""

    def __init__(self, deed: Deed) -> None:
        super().__init__(f"This was already done: {deed}.")
        self.deed = deed


_INSERT = """
    INSERT INTO journal_deed (key, kind, actor, name, position, at, reason, about, school)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING RETURNING id
"""
_LOOK = (
    "INSERT INTO journal_look (actor, name, position, at, what, thing_id, detail) VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


def new_key() -> str:
    """A fresh request key for a form, or for a deed that no request can repeat."""
    return uuid4().hex


def begin(
    kind: str,
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    reason: str = "",
    school: int | None = None,
    about: str = "",
) -> Deed:
    """Record a deed, first thing in its transaction; `school` is a school's id, `about` says what it is about in words.

    Raises AlreadyDone when `key` was used before, so that a repeat stops here and writes nothing.
    """
    key = key[:MOST_KEY] or new_key()
    about = about[:MOST_ABOUT]
    shown_at = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [key, kind, by.id, by.name, by.position, shown_at, reason, about, school])
        row = cursor.fetchone()
    if row is None:
        raise AlreadyDone(Deed.objects.get(key=key))
    return Deed(
        id=row[0],
        key=key,
        kind=kind,
        actor=by.id,
        name=by.name,
        position=by.position,
        at=at,
        reason=reason,
        about=about,
        school=school,
    )


def note_changes(deed: Deed, thing: str, thing_id: int, changes: Mapping[str, tuple[object, object]]) -> None:
    """Keep what standing facts were: `changes` is field -> (before, after); equal pairs are left out."""
    Change.objects.bulk_create(
        [
            Change(deed=deed, thing=thing, thing_id=thing_id, field=field, before=_text(before), after=_text(after))
            for field, (before, after) in changes.items()
            if before != after
        ]
    )


def note_look(what: str, *, by: Actor, at: datetime, thing_id: int | None = None, detail: str = "") -> None:
    """Keep that somebody looked at `what` (a kind of thing, such as "pupil") with this id."""
    shown_at = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [by.id, by.name, by.position, shown_at, what, thing_id, detail[:200]])


def _text(value: object) -> str:
    return "" if value is None else str(value)
