"""What of the day waits for a person, for their home page: alerts and calls first, then what only they can decide."""

from datetime import datetime

from rollcall.absence.queries import activities, day_waits, leave, reports_for_others, waits
from rollcall.absence.queries.waits import Waits
from rollcall.accounts.queries import Standing


def waiting(may: Standing, at: datetime) -> list[Waits]:
    """What waits for somebody now, the most urgent first."""
    found = list(waits.waiting(may, at))
    found += [Waits(one.words, one.url, one.n, one.urgent) for one in reports_for_others.waiting(may, at)]
    found += [Waits(one.words, one.url, one.n, one.urgent) for one in day_waits.waiting(may, at)]
    found += [Waits(one.words, one.url, one.n) for one in leave.waiting(may, at)]
    found += activities.waiting(may, at)
    return sorted(found, key=lambda one: not one.urgent)
