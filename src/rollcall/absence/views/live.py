"""Pages that keep themselves up to date: asked every second by many screens, drawn once for all of them.

A page's script asks with the version that it shows. The version is what has been done at the school today, its
standing facts and the minute: "due" turns "late" though nothing was written. Where nothing is new the answer is 304;
else the live part, which is drawn once for a version and kept in memory for whoever asks with the same rights. Who
may see it is asked each time.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from threading import Lock
from time import monotonic
from typing import Any

from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from rollcall.absence.views.places import SchoolPlace
from rollcall.accounts.door import Request
from rollcall.registers.views.answers import tagged, unchanged
from rollcall.schools.models import School
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON

EVERY = 1000
"""How often a page asks, in milliseconds after the last answer."""

AGAIN = 200
"""After how many milliseconds it asks again where something new is just being drawn."""

# By hand for the cost: every open screen runs this every second.
_NEWS = """
    SELECT s.id, c.facts, (SELECT count(*) FROM journal_deed d WHERE d.school = s.id AND d.at >= %s)
    FROM schools_school s JOIN schools_ledgercount c ON c.school_id = s.id WHERE s.slug = %s
"""


@dataclass(frozen=True)
class LivePlace(SchoolPlace):
    """A school of an address with the version of what happens there, read in one statement.

    read_at: the process's own clock after the reading; what is drawn later than that is at least as new.
    """

    version: str = ""
    number: int = 0
    read_at: float = 0.0

    @property
    def here(self) -> School:
        """The school; one more statement."""
        assert self.school is not None
        return School.objects.get(pk=self.school)

    @property
    def facts(self) -> SchoolFacts:
        """What stands of it."""
        assert self.school is not None
        return facts_of(self.school, self.number)


def live_place(school: str, at: datetime, **_: object) -> LivePlace:
    """The school whose slug an address names, with its version; 404 for one that is not there."""
    local = at.astimezone(LONDON)
    midnight = datetime.combine(local.date(), time(0), LONDON)
    with connection.cursor() as cursor:
        cursor.execute(_NEWS, [connection.ops.adapt_datetimefield_value(midnight), school])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    pk, number, n_deeds = row
    return LivePlace(pk, version=f"{local:%Y%m%d-%H%M}-{number}-{n_deeds}", number=number, read_at=monotonic())


@dataclass(frozen=True)
class Drawn:
    """A part as it was drawn: its version, its text, and when the drawing began."""

    tag: str
    text: str
    begun: float


_KEPT: dict[str, Drawn] = {}
_DRAWING: defaultdict[str, Lock] = defaultdict(Lock)


def live_page(
    request: Request,
    whole: str,
    part: str,
    draw: Callable[[], Mapping[str, Any]],
    *,
    frame: Callable[[], Mapping[str, Any]] = dict,
    rights: Sequence[str] = (),
    variant: str = "",
) -> HttpResponse:
    """A page with a live part, or for its script that part alone; 304 where the part is as the asker has it.

    304 with X-Again where something new is just being drawn for another.

    whole, part: templates; the whole shows the part by including "absence/_partials/live.html". draw: what the part
    needs, asked only where it is not in memory; it must depend on nothing but the school, the time, the `rights` (rows
    of the permission table, of which the part sees `may`, those held) and the `variant`. frame: what the whole needs
    besides. The view's door is `@allows(row, place=live_place)`.
    """
    place: LivePlace = request.place
    may = frozenset(row for row in rights if request.may.can(row, place))
    name = f"{part} {place.school} {' '.join(sorted(may))} {variant}"
    asks = request.headers.get("X-Part") == "live"
    tag = f"{place.version}-{hashlib.blake2s(name.encode(), digest_size=4).hexdigest()}"
    if asks and (same := unchanged(request, tag)):
        return same
    has_one = asks and "If-None-Match" in request.headers
    drawn = _drawn(name, tag, place.read_at, lambda: render_to_string(part, {**draw(), "may": may}), waits=not has_one)
    if drawn is None:
        return HttpResponseNotModified(headers={"X-Again": str(AGAIN)})
    if asks:
        return tagged(HttpResponse(drawn.text), drawn.tag)
    context = {**frame(), "part": _safe(drawn.text), "tag": f'"{drawn.tag}"', "every": EVERY}
    return tagged(render(request, whole, context), drawn.tag)


def _safe(text: str) -> SafeString:
    """What a template of ours has drawn and escaped."""
    return mark_safe(text)


def _drawn(name: str, tag: str, read_at: float, draw: Callable[[], str], waits: bool = True) -> Drawn | None:
    """The part from memory where it is at least as new as what the asker has read; else drawn, by one at a time.

    A drawing begun after the asker had read the version holds all that the asker knows of, and maybe more. None for
    who does not wait for another's drawing: the few threads of a process have others to answer meanwhile.
    """
    if kept := _fresh(name, tag, read_at):
        return kept
    lock = _DRAWING[name]
    if not lock.acquire(blocking=waits):
        return None
    try:
        if kept := _fresh(name, tag, read_at):
            return kept
        begun = monotonic()
        _KEPT[name] = Drawn(tag, draw(), begun)
        return _KEPT[name]
    finally:
        lock.release()


def _fresh(name: str, tag: str, read_at: float) -> Drawn | None:
    kept = _KEPT.get(name)
    return kept if kept and (kept.tag == tag or kept.begun >= read_at) else None


def forget_drawn() -> None:
    """Forget what is in memory: for tests, which begin again with the same numbers."""
    _KEPT.clear()
