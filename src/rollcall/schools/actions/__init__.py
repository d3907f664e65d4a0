"""The only writers of the standing facts, a file for each idea."""

from rollcall.schools.actions.calendar import add_year, close_bank_holidays, close_sessions, lift_closure
from rollcall.schools.actions.counting import next_numbers, stale
from rollcall.schools.actions.families import (
    add_contact,
    change_contact,
    change_contact_of,
    link_contact,
    move_up,
    say_why_barred,
    take_on,
    unlink_contact,
)
from rollcall.schools.actions.policies import adopt_policy, check_dates
from rollcall.schools.actions.pupils import admit, change_pupil, move_class, move_school, record_leaver
from rollcall.schools.actions.refusing import Refused
from rollcall.schools.actions.rolling import Rolled, places_to_roll, roll_forward, same_classes
from rollcall.schools.actions.setup import (
    add_class,
    add_classes,
    change_school,
    found_federation,
    found_school,
    rename_class,
    set_times,
)
from rollcall.schools.actions.spans import (
    arrange_provision,
    end_hold,
    end_part_time,
    hold,
    record_exclusion,
    set_part_time,
    withdraw_exclusion,
)
from rollcall.schools.actions.staff import add_person, add_post, end_post, rename_person, take_on_person

__all__ = [
    "arrange_provision",
    "withdraw_exclusion",
    "Refused",
    "Rolled",
    "add_class",
    "add_classes",
    "add_contact",
    "add_person",
    "add_post",
    "add_year",
    "admit",
    "adopt_policy",
    "change_contact",
    "change_contact_of",
    "change_pupil",
    "change_school",
    "check_dates",
    "close_bank_holidays",
    "close_sessions",
    "end_hold",
    "end_part_time",
    "end_post",
    "found_federation",
    "found_school",
    "hold",
    "lift_closure",
    "link_contact",
    "move_class",
    "move_school",
    "move_up",
    "next_numbers",
    "places_to_roll",
    "record_exclusion",
    "record_leaver",
    "rename_class",
    "rename_person",
    "roll_forward",
    "same_classes",
    "say_why_barred",
    "set_part_time",
    "set_times",
    "stale",
    "take_on",
    "take_on_person",
    "unlink_contact",
]
