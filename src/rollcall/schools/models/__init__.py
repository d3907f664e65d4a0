"""The standing facts, a file for each idea."""

from rollcall.schools.models.calendar import Closure, SchoolYear, Term
from rollcall.schools.models.families import Contact, ContactPhone, PupilContact
from rollcall.schools.models.letterheads import Letterhead
from rollcall.schools.models.policies import PolicyVersion
from rollcall.schools.models.pupils import (
    ClassMembership,
    Enrolment,
    Exclusion,
    Hold,
    PartTimePattern,
    Pupil,
)
from rollcall.schools.models.schools import Federation, LedgerCount, School, SchoolClass, SchoolTimes
from rollcall.schools.models.staff import Person, Post

__all__ = [
    "ClassMembership",
    "Closure",
    "Contact",
    "ContactPhone",
    "Enrolment",
    "Exclusion",
    "Federation",
    "Hold",
    "LedgerCount",
    "Letterhead",
    "PartTimePattern",
    "Person",
    "PolicyVersion",
    "Post",
    "Pupil",
    "PupilContact",
    "School",
    "SchoolClass",
    "SchoolTimes",
    "SchoolYear",
    "Term",
]
