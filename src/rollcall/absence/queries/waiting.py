"""What of the day waits for a person, for their home page: alerts and calls first, then what only they can decide."""

from datetime import datetime

from rollcall.absence.queries import activities, day_waits, leave, reports_for_others, waits
from rollcall.absence.queries.waits import Waits
from rollcall.accounts.queries import Standing


def waiting(may: Standing, at: datetime) -> list[Waits]:
    """What waits for somebody now, the most urgent first."""
    found = [one for room in (waits, reports_for_others, day_waits, leave, activities) for one in room.waiting(may, at)]
    return sorted(found, key=lambda one: not one.urgent)
