"""Moving the demo's clock, and what the schools do meanwhile; becoming another of the demo's people."""

from datetime import datetime

from django.db import transaction

from rollcall.accounts.models import User
from rollcall.accounts.queries import standing
from rollcall.demo.actions.days import places_by_year, play
from rollcall.demo.models import DemoClock
from rollcall.demo.mornings import steps_between
from rollcall.journal import actions as journal
from rollcall.schools.models import School, SchoolYear


@transaction.atomic
def move(to: datetime, *, wall: datetime) -> int:
    """Set the demo's clock on to `to` and play what the schools do until then; returns how many steps took effect.

    Registers that somebody has touched are left to them. The steps run from where the clock was last set, for it has
    ticked since. Raises ValueError for a time that is not later, DemoClock.DoesNotExist outside the demo.
    """
    row = DemoClock.objects.select_for_update().get()
    if to <= row.shown + (wall - row.wall):
        raise ValueError("The demo's clock only goes forward.")
    slugs = tuple(School.objects.order_by("slug").values_list("slug", flat=True))
    steps = steps_between(row.shown, to, _latest_year(), slugs)
    done = play(steps, places_by_year(steps), over=True)
    row.shown, row.wall = to, wall
    row.save(update_fields=["shown", "wall"])
    return done


def _latest_year() -> int:
    """The school year on which the demo's people and plans hang."""
    return SchoolYear.objects.order_by("-start").values_list("start", flat=True)[0]


def become(user: User, *, at: datetime) -> None:
    """Note that the demo's bar signed somebody in as this person, as every sign-in is noted."""
    by = standing(user, at.date()).actor()
    journal.note_look("sign-in", by=by, at=at, thing_id=user.pk, detail="from the demonstration's bar")
