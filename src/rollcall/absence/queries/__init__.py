"""What the room answers for others: whether a message still stands, what happened to a pupil, what waits for whom."""

from rollcall.absence.queries.grounds import grounds
from rollcall.absence.queries.happenings import happenings
from rollcall.absence.queries.waiting import waiting

__all__ = ["grounds", "happenings", "waiting"]
