"""What can't be right at a school, found every morning before the gate opens, each with where it is mended (part 1).

It looks back ten school days, and over the standing facts. One sentence each; nothing is changed by looking. A fixed
number of statements, whatever the size of the school.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from rollcall.absence.queries import check_marks as marks
from rollcall.absence.queries import check_people as people
from rollcall.absence.queries.check_rows import windows_before
from rollcall.absence.queries.check_values import KINDS, Finding, Read
from rollcall.schools.queries import SchoolFacts

# In the order of KINDS.
_CHECKS: tuple[Callable[[Read], Iterator[Finding]], ...] = (
    marks.marked_though_ill,
    marks.without_mark,
    marks.marked_when_closed,
    people.in_no_class_or_two,
    marks.marked_after_leaving,
    people.contradicting_siblings,
    marks.taken_by_two,
    people.nobody_to_ring,
)


def findings(facts: SchoolFacts, day: date, at: datetime) -> tuple[Finding, ...]:
    """Everything that can't be right at a school on a day as known at a moment, kind by kind as `KINDS` has them."""
    if not (facts.times and facts.policies and facts.years):
        return ()
    read = Read(facts, day, at, windows_before(facts, day))
    return tuple(found for check in _CHECKS for found in check(read))


def count(facts: SchoolFacts, day: date, at: datetime) -> int:
    """How many things can't be right, for the line of the day's page before the gate opens."""
    return len(findings(facts, day, at))


__all__ = ["KINDS", "Finding", "count", "findings"]
