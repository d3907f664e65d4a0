"""The times of a school's day under the names that the policy gives them, the school's own first (4.1-f, A6)."""

from datetime import date, time

from rollcall.rules.day_list import times_of_day
from rollcall.schools.queries import SchoolFacts

OWN = {
    "gate": "gate",
    "morning_opens": "am_due",
    "morning_closes": "am_closes",
    "afternoon_opens": "pm_due",
    "afternoon_closes": "pm_closes",
    "friendly_call": "day_ends",
}
"""The policy's name of a time, and what it is called among the times that a school keeps for itself."""


def times_on(facts: SchoolFacts, day: date) -> dict[str, time]:
    """Every time of a day by the policy's name: `times_on(facts, day)["absentee_report"]`.

    Raises LookupError where the school has no times or no policy.
    """
    own = facts.times_on(day)
    return times_of_day(facts.policy_on(day), facts.slug, {name: getattr(own, ours) for name, ours in OWN.items()})
