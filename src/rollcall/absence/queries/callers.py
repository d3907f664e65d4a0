"""Who may have rung about a child, as choices of one tap: each contact with each number, in the order to call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rollcall.rules.phones import dialled
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import seats_of_school, siblings_of
from rollcall.schools.queries.families import contacts_of
from rollcall.schools.queries.roll import Seat, in_force

BARRED = "Do not contact, do not tell, do not release"


@dataclass(frozen=True)
class CallerChoice:
    """One contact on one of their numbers. `warning`: what to do where they are barred; they can still be logged."""

    link: int
    name: str
    relationship: str
    number: str
    kind: str
    warning: str

    @property
    def value(self) -> str:
        """The choice in a form."""
        return f"{self.link}:{self.number}"

    @property
    def label(self) -> str:
        """The choice in words."""
        number = f", {self.kind.lower()} {self.number}" if self.number else ""
        return f"{self.name} ({self.relationship.lower()}){number}"


def callers_of(pupil: int) -> list[CallerChoice]:
    """The contacts of a pupil (by id) in the order to call, each on each number, in one query."""
    return [
        CallerChoice(one.link, one.name, one.relationship, number, kind, _warning(one.barred, one.barred_do))
        for one in contacts_of(pupil)
        for number, kind in one.phones or (("", ""),)
    ]


def _warning(barred: bool, do: str) -> str:
    return f"{BARRED}. {do}".strip() if barred else ""


def who_rang(choices: Iterable[CallerChoice], number: str) -> CallerChoice | None:
    """The contact whom a number belongs to; without a number the only choice, where there is but one."""
    found = list(choices)
    if dialled(number):
        return next((one for one in found if dialled(one.number) == dialled(number)), None)
    return found[0] if len(found) == 1 and not number and not found[0].warning else None


def siblings_here(enrolment: Enrolment, day: date) -> list[Seat]:
    """The brothers and sisters of a pupil who are on the same school's roll on a day, by name."""
    wanted = {pupil for pupil, _ in siblings_of(enrolment.pupil_id)}
    return [seat for seat in seats_of_school(enrolment.school_id, day) if seat.pupil in wanted] if wanted else []


@dataclass(frozen=True)
class Elsewhere:
    """A brother or sister at another school of the federation, whose absence is logged there."""

    name: str
    enrolment: int
    school: int
    school_name: str
    slug: str


def siblings_elsewhere(enrolment: Enrolment, day: date) -> list[Elsewhere]:
    """The brothers and sisters of a pupil who are on the roll of another school on a day, by school and name."""
    wanted = [pupil for pupil, _ in siblings_of(enrolment.pupil_id)]
    rows = Enrolment.objects.filter(in_force(day, "admitted", "left"), pupil__in=wanted)
    rows = rows.exclude(school=enrolment.school_id).select_related("pupil", "school")
    found = rows.order_by("school__name", "pupil__known_first") if wanted else ()
    return [Elsewhere(str(one.pupil), one.pk, one.school_id, one.school.name, one.school.slug) for one in found]
