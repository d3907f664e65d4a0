"""Contacts that can't be reached: without a number, with one that was wrong, and pupils with too few (3.7-b)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from rollcall.absence.models import Call
from rollcall.rules.phones import dialled
from rollcall.rules.soundness import working_numbers
from rollcall.schools.models import Enrolment, PupilContact
from rollcall.schools.queries.roll import in_force

A_YEAR = timedelta(days=365)

Wrong = dict[tuple[int, str], date]
"""The day on which a number, as (contact, as dialled), was found wrong."""


@dataclass
class Adult:
    """One contact, the same for all children of a family: what they are to which pupil, and their numbers."""

    id: int
    name: str
    pupil: int
    of: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Who it is: "Pat Begum (Mother of Aisha Begum, Aunt of Ben Carter)"."""
        return f"{self.name} ({', '.join(self.of)})"


@dataclass
class Family:
    """One pupil's numbers to ring, of everybody who is not barred."""

    pupil: int
    name: str
    numbers: list[tuple[int, str]] = field(default_factory=list)


def families_of(school: int, day: date) -> tuple[list[Family], list[Adult]]:
    """The pupils on a school's roll on a day, and their contacts who are not barred, in two statements."""
    here = Enrolment.objects.filter(in_force(day, "admitted", "left"), school=school)
    pupils = here.order_by("pupil__known_first", "pupil__known_last", "pupil_id").values_list(
        "pupil_id", "pupil__known_first", "pupil__known_last"
    )
    families = {pk: Family(pk, f"{first} {last}") for pk, first, last in pupils}
    rows = PupilContact.objects.filter(pupil__in=here.values("pupil"), barred=False).order_by(
        "pupil_id", "order", "id", "contact__phones__order"
    )
    adults: dict[int, Adult] = {}
    for pupil, contact, first, last, relation, number in rows.values_list(
        "pupil_id", "contact_id", "contact__first", "contact__last", "relationship", "contact__phones__number"
    ):
        adult = adults.setdefault(contact, Adult(contact, f"{first} {last}", pupil))
        is_what = f"{relation} of {families[pupil].name}"
        if is_what not in adult.of:
            adult.of.append(is_what)
        if number:
            families[pupil].numbers.append((contact, number))
            if number not in adult.numbers:
                adult.numbers.append(number)
    return list(families.values()), list(adults.values())


def wrong_numbers(school: int, day: date) -> Wrong:
    """The numbers, as (contact, as dialled), whose last call of the past year found a stranger, with that day."""
    rows = Call.objects.filter(
        enrolment__school=school, withdrawn__isnull=True, contact__isnull=False, day__gt=day - A_YEAR, day__lte=day
    ).exclude(outcome="no_answer")
    last: dict[tuple[int, str], tuple[str, date]] = {}
    for contact, number, outcome, on in rows.order_by("id").values_list(
        "contact__contact_id", "number", "outcome", "day"
    ):
        last[contact, dialled(number)] = (outcome, on)
    return {key: on for key, (outcome, on) in last.items() if outcome == "wrong_number"}


def still_wrong(adult: Adult, wrong: Wrong) -> Iterable[tuple[str, date]]:
    """The numbers of an adult that were found wrong and are still there, with the day."""
    for number in adult.numbers:
        if on := wrong.get((adult.id, dialled(number))):
            yield number, on


def to_ring(family: Family, wrong: Wrong) -> list[str]:
    """The different numbers of a pupil that may work."""
    return working_numbers(number for contact, number in family.numbers if (contact, dialled(number)) not in wrong)
