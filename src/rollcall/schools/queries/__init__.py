"""Reading the standing facts, a file for each idea."""

from rollcall.schools.queries.facts import SchoolFacts, Times, facts_of, forget_facts, times_from_policy
from rollcall.schools.queries.roll import Seat, seats_in_class, seats_of_school, siblings_of, year_of

__all__ = [
    "SchoolFacts",
    "Seat",
    "Times",
    "facts_of",
    "forget_facts",
    "seats_in_class",
    "seats_of_school",
    "siblings_of",
    "times_from_policy",
    "year_of",
]
