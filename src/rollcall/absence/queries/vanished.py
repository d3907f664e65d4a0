"""Who was here in the morning and is not in the afternoon, without having been signed out: an alert at once (4.5-a).

Cheap enough to be asked every few seconds: only pupils without a mark, or with N, are read.
"""

from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.queries.accounted import PASSED, begun, closed_since
from rollcall.absence.queries.explained import explained_by
from rollcall.registers.queries.missing import register_states
from rollcall.registers.queries.today import counts_now, open_marks
from rollcall.rules.codes import MISSING, UNEXPLAINED
from rollcall.rules.whereabouts import IN_OUR_CARE, where
from rollcall.schools.queries import facts_of


@dataclass(frozen=True)
class Vanished:
    """One child, by enrolment: the morning's mark and the afternoon's (N, or `-` for none).

    is_untouched: nobody in the class has a mark this afternoon, so that the register is missing rather than the child.
    """

    enrolment: int
    pupil: int
    name: str
    school_class: int
    class_name: str
    morning: str
    afternoon: str
    is_untouched: bool


def vanished(school: int, day: date, at: datetime) -> list[Vanished]:
    """The children of a school (by id) who came in the morning and are not in at the afternoon register, by class.

    At the afternoon register they are N, or have no mark though it is in or has closed. Left out are those who were
    signed out and are not back, and those whose absence is known: expected, reported, excluded.
    """
    facts = facts_of(school)
    if "PM" not in begun(facts, day, at):
        return []
    schools = {school: facts.when_begun(day, "PM")}
    states = {one.school_class: one.state for one in register_states(schools, day, "PM", at)}
    closed = closed_since(facts, day, "PM", states)
    over = [room for room, state in states.items() if state in PASSED or room in closed]
    found = [
        one
        for one in open_marks([school], day, {"PM": over})
        if where(one.morning) in IN_OUR_CARE and one.school_class in states
    ]
    if not found:
        return []
    marked_n = {one.enrolment for one in found if one.afternoon == UNEXPLAINED}
    known: dict[int, str] = {}
    for closure in (None, *dict.fromkeys(closed.values())):
        those = [one.enrolment for one in found if closed.get(one.school_class) == closure]
        known |= explained_by(those, facts, day, "PM", at, contradicted=marked_n, closed=closure)
    counts = counts_now([school], day, "PM")
    no_more = {room for room, state in states.items() if state == "late" or room in closed}
    untouched = {room for room in no_more if set(counts.get(room, {})) == {MISSING}}
    return [
        Vanished(
            enrolment=one.enrolment,
            pupil=one.pupil,
            name=one.name,
            school_class=one.school_class,
            class_name=one.class_name,
            morning=one.morning,
            afternoon=one.afternoon,
            is_untouched=one.school_class in untouched,
        )
        for one in found
        if one.enrolment not in known
    ]
