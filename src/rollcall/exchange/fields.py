"""What Rollcall takes from a file about pupils and about marks, and by which headings it knows each.

A heading in a file is compared without capitals, spaces and signs. The first name of each field is the heading of our
own exports, so that what went out comes back in unmapped.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

N_CONTACTS = 4
N_PHONES = 3
SENSITIVE, SPANS = "pupil:sensitive", "pupil:edit"
NEEDED = frozenset({SENSITIVE, SPANS})
"""The rows of the permission table that fields ask for, as the pages of the same facts do."""

SPAN_STARTS = ("hold_", "part_time_", "exclusion_")


@dataclass(frozen=True)
class Field:
    """One thing that a column can hold. `needs`: the row of the permission table without which it is passed over."""

    key: str
    label: str
    names: tuple[str, ...] = ()
    needs: str = ""

    @property
    def known_by(self) -> tuple[str, ...]:
        """Its headings, bare, the best first."""
        return tuple(bare(name) for name in (self.label, *self.names))


def bare(heading: str) -> str:
    """A heading without capitals, spaces and signs."""
    return re.sub(r"[^a-z0-9]", "", heading.casefold())


_PUPIL = (
    Field("upn", "UPN", ("Unique pupil number", "Pupil UPN", "Student UPN", "UPN number")),
    Field("name", "Name", ("Full name", "Pupil name", "Student", "Student name", "Pupil", "Legal name", "Child")),
    Field("legal_first", "Legal first name", ("Legal forename", "Forename", "First name", "Given name", "Forenames")),
    Field("legal_last", "Legal last name", ("Legal surname", "Surname", "Last name", "Family name")),
    Field(
        "known_first",
        "Known-as first name",
        ("Preferred first name", "Preferred forename", "Known as", "Chosen name", "Preferred name", "Called"),
    ),
    Field("known_last", "Known-as last name", ("Preferred last name", "Preferred surname", "Chosen surname")),
    Field("born", "Date of birth", ("DOB", "Birth date", "Birthday", "D.O.B.", "Born")),
    Field("sex", "Sex", ("Gender", "Legal sex", "M/F", "Sex or gender")),
    Field(
        "school_class", "Class", ("Registration form", "Reg group", "Form", "Reg", "Registration group", "Tutor group")
    ),
    Field("year_group", "Year group", ("Year", "NC year", "NCY", "Curriculum year", "Yr", "National curriculum year")),
    Field("admitted", "Admission date", ("Date of admission", "Joined", "Start date", "Entry date", "DOA", "Enrolled")),
    Field("left", "Leaving date", ("Date of leaving", "Left", "Leave date", "End date", "DOL", "Last day")),
    Field("sen", "SEN", ("SEN status", "SEND", "SEN provision", "SEN need", "SEND status", "SEN code")),
    Field("free_meals", "Free school meals", ("FSM", "FSM eligible", "Eligible for free meals", "Free meals")),
    Field("pupil_premium", "Pupil premium", ("PP", "Pupil premium indicator", "PPG", "Pupil premium eligible")),
    Field("traveller", "Traveller family", ("Traveller", "GRT", "Traveller indicator")),
    Field("looked_after", "Looked after", ("In care", "LAC", "CLA", "Looked after child", "In LA care"), SENSITIVE),
    Field("child_protection", "Child protection", ("CPP", "Child protection plan", "CP plan", "On CP plan"), SENSITIVE),
    Field("social_worker", "Social worker", ("Social worker details", "Allocated social worker"), SENSITIVE),
    Field("young_carer", "Young carer", ("Carer", "Is a young carer"), SENSITIVE),
    Field("risk", "Risk", ("RAG", "Risk rating"), SENSITIVE),
    Field("medical", "Medical condition", ("Medical", "Medical conditions", "Medical notes", "Condition")),
    Field("confidential", "Presence confidential", ("Confidential",), SENSITIVE),
)
_SPANS = (
    Field("hold_kind", "Hold: why", ("Hold", "Hold reason", "Hold kind", "Reason for hold"), SPANS),
    Field("hold_begins", "Hold from", ("Hold start", "Hold begins", "Hold start date"), SPANS),
    Field("hold_ends", "Hold until", ("Hold to", "Hold end", "Hold ends", "Hold end date"), SPANS),
    Field("hold_note", "Hold note", ("Hold: note",), SPANS),
    Field(
        "part_time_away",
        "Part-time: sessions not attended",
        ("Part-time sessions not attended", "Sessions not attended", "Part-time pattern"),
        SPANS,
    ),
    Field("part_time_begins", "Part-time from", ("Part-time start", "Part-time start date"), SPANS),
    Field("part_time_ends", "Part-time until", ("Part-time to", "Part-time end", "Part-time end date"), SPANS),
    Field(
        "exclusion_permanent",
        "Exclusion: kind",
        ("Exclusion", "Exclusion type", "Exclusion category", "Suspension or exclusion"),
        SPANS,
    ),
    Field(
        "exclusion_begins",
        "Exclusion from",
        ("Exclusion start", "Exclusion start date", "Suspension from", "Suspension start date"),
        SPANS,
    ),
    Field(
        "exclusion_ends",
        "Exclusion until",
        ("Exclusion to", "Exclusion end", "Exclusion end date", "Suspension until", "Suspension end date"),
        SPANS,
    ),
    Field("exclusion_provision_from", "Alternative provision from", ("Provision from",), SPANS),
)
_CONTACT = (
    ("name", "name", ("full name", "")),
    ("title", "title", ()),
    ("first", "first name", ("forename",)),
    ("last", "last name", ("surname",)),
    ("relationship", "relationship", ("relation", "relationship to pupil")),
    ("responsible", "parental responsibility", ("pr", "has parental responsibility")),
    ("lives_with", "lives with", ("at same address", "resident")),
    ("phone_1", "phone 1", ("phone", "telephone", "mobile", "tel", "mobile phone", "main phone")),
    ("phone_2", "phone 2", ("home phone", "home telephone", "telephone 2")),
    ("phone_3", "phone 3", ("work phone", "work telephone", "telephone 3")),
    ("email", "e-mail", ("email address", "email", "primary email")),
    ("address", "address", ("home address", "postal address")),
    ("language", "language", ("first language", "home language")),
    ("barred", "barred", ("no contact",)),
    ("barred_do", "barred: what to do", ("court order note",)),
)


def _contact(n: int) -> list[Field]:
    starts = [f"Contact {n}", f"Priority {n}", f"Parent {n}", f"Priority {n} contact", f"Carer {n}"]
    if n == 1:
        starts += ["Contact", "Parent", "Parent/carer", "Priority contact"]
    return [
        Field(
            f"contact_{n}_{key}",
            f"Contact {n} {label}",
            tuple(f"{start} {name}" for start in starts for name in (label, *more)),
        )
        for key, label, more in _CONTACT
    ]


PUPIL_FIELDS: tuple[Field, ...] = (*_PUPIL, *_SPANS, *(one for n in range(1, N_CONTACTS + 1) for one in _contact(n)))
MARK_FIELDS: tuple[Field, ...] = (
    Field("upn", "pupil", ("UPN", "Unique pupil number", "Pupil UPN", "Student UPN", "UPN number")),
    Field("name", "Name", ("Full name", "Pupil name", "Student", "Student name", "Legal name", "Child")),
    Field(
        "first", "First name", ("Forename", "Given name", "Preferred forename", "Legal forename", "Legal first name")
    ),
    Field("last", "Last name", ("Surname", "Family name", "Preferred surname", "Legal surname", "Legal last name")),
    Field("born", "Date of birth", ("DOB", "Birth date", "Birthday")),
    Field("school_class", "Class", ("Registration form", "Reg group", "Form", "Registration group")),
    Field("date", "date", ("Day", "Mark date", "Session date", "Attendance date", "Event date")),
    Field("session", "session", ("Session name", "AM/PM", "Period", "Half day", "Session type", "Roll call")),
    Field("code", "code", ("Mark", "Attendance code", "Attendance mark", "Mark code", "Register mark")),
    Field("minutes", "minutes_late", ("Minutes late", "Mins late", "Minutes", "Late minutes")),
)
BY_KIND: dict[str, tuple[Field, ...]] = {"pupils": PUPIL_FIELDS, "marks": MARK_FIELDS}


def fields_of(kind: str, rows: Collection[str] = NEEDED) -> Sequence[Field]:
    """The fields of a kind of file for who holds some rows of the permission table, of those that fields need."""
    return [field for field in BY_KIND[kind] if not field.needs or field.needs in rows]


def is_of_pupil(key: str) -> bool:
    """Whether a field says what a pupil is, not whom they have or what holds of them for a time."""
    return not key.startswith(("contact_", *SPAN_STARTS))


def label_of(kind: str, key: str) -> str:
    """How a field is called on pages and in our own files."""
    return next(field.label for field in BY_KIND[kind] if field.key == key)
