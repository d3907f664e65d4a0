"""Closing the school from its day, and opening it again: laid over the marks, which stay as they are (4.1-d)."""

from collections.abc import Sequence
from datetime import date, datetime

from rollcall.journal.actor import Actor
from rollcall.rules.closing import WHYS, closure_code
from rollcall.schools import actions as schools
from rollcall.schools.models import Closure, School, SchoolClass
from rollcall.schools.queries import facts_of


def close_now(
    school: School,
    day: date,
    *,
    half: str,
    why: str,
    ground: str,
    classes: Sequence[SchoolClass],
    by: Actor,
    at: datetime,
    key: str = "",
) -> Closure:
    """Close a school, or some classes of it, on a day; the code follows from the reason, a key of `WHYS`.

    half: "AM", "PM", or empty for both. Registers of those sessions are not asked for. Who was missing
    when a session that had begun was closed is looked for all the same (see `queries.accounted`).
    Raises KeyError for an unknown reason, AlreadyDone for a used key.
    """
    code = closure_code(why, facts_of(school.pk).edition_on(day), is_part=bool(classes))
    kind = WHYS[why].kind
    return schools.close_sessions(
        school,
        first=day,
        last=day,
        half=half,
        kind=kind,
        code=code,
        ground=ground,
        classes=classes,
        by=by,
        at=at,
        key=key,
    )


def open_again(closure: Closure, *, by: Actor, at: datetime, key: str = "") -> None:
    """Lift a closure with one press; the marks beneath show again. Raises Refused where it was lifted before."""
    schools.lift_closure(closure, by=by, at=at, reason="Open again", key=key)
