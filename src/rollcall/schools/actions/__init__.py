"""The only writers of the standing facts, a file for each idea."""

from rollcall.schools.actions.counting import next_numbers, stale
from rollcall.schools.actions.pupils import (
    add_contact,
    admit,
    change_pupil,
    hold,
    link_contact,
    move_class,
    move_school,
    record_leaver,
)
from rollcall.schools.actions.setup import (
    add_class,
    add_person,
    add_post,
    add_year,
    adopt_policy,
    close_sessions,
    found_federation,
    found_school,
    lift_closure,
    set_times,
)

__all__ = [
    "add_class",
    "add_contact",
    "add_person",
    "add_post",
    "add_year",
    "admit",
    "adopt_policy",
    "change_pupil",
    "close_sessions",
    "found_federation",
    "found_school",
    "hold",
    "lift_closure",
    "link_contact",
    "move_class",
    "move_school",
    "next_numbers",
    "record_leaver",
    "set_times",
    "stale",
]
