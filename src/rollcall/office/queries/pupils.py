"""Pupils as the office sees them: who is on roll, whose numbers are too few, one pupil's standing facts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q

from rollcall.office.queries.setup import year_words
from rollcall.rules.phones import dialled
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import ClassMembership, Contact, ContactPhone, Enrolment, Pupil, PupilContact, SchoolClass
from rollcall.schools.queries.roll import in_force, on_roll


@dataclass(frozen=True)
class PupilLine:
    """A pupil in a list."""

    id: int
    name: str
    legal_name: str
    upn: str
    class_name: str
    year: str
    admitted: date
    left: date | None


def pupils_of(school: int, day: date, *, school_class: int | None = None, words: str = "") -> list[PupilLine]:
    """The pupils on a school's roll on a day, by name: one query. `words` are looked for in names and UPN."""
    rows = ClassMembership.objects.filter(on_roll(day), enrolment__school=school)
    if school_class is not None:
        rows = rows.filter(school_class=school_class)
    for word in words.split():
        rows = rows.filter(_named(word, "enrolment__pupil__"))
    rows = rows.select_related("enrolment__pupil", "school_class")
    return [
        _line(m.enrolment, m.school_class.name, year_words(m.year_group))
        for m in rows.order_by("enrolment__pupil__known_last", "enrolment__pupil__known_first", "enrolment")
    ]


def others_of(school: int, day: date, words: str = "") -> list[PupilLine]:
    """Pupils of a school who are not there on a day: those who left, and those who are still to join."""
    rows = Enrolment.objects.filter(school=school).exclude(in_force(day, "admitted", "left"))
    for word in words.split():
        rows = rows.filter(_named(word, "pupil__"))
    return [_line(row, "", "") for row in rows.select_related("pupil").order_by("-admitted", "pupil__known_last")[:500]]


def _named(word: str, at: str) -> Q:
    fields = ("known_first", "known_last", "legal_first", "legal_last", "upn")
    found = Q()
    for one in fields:
        found |= Q(**{f"{at}{one}__icontains": word})
    return found


def _line(row: Enrolment, class_name: str, year: str) -> PupilLine:
    pupil = row.pupil
    return PupilLine(pupil.pk, pupil.known_name, pupil.legal_name, pupil.upn, class_name, year, row.admitted, row.left)


@dataclass(frozen=True)
class FewNumbers:
    """A pupil with fewer different emergency numbers than the policy asks for (3.7-b)."""

    id: int
    name: str
    class_name: str
    numbers: tuple[str, ...]
    contacts: int


def few_numbers(school: int, day: date, least: int) -> list[FewNumbers]:
    """The pupils with fewer than `least` different numbers; a barred adult's number is none to ring. Two queries."""
    seats = pupils_of(school, day)
    numbers: dict[int, dict[str, str]] = defaultdict(dict)
    contacts: dict[int, set[int]] = defaultdict(set)
    links = PupilContact.objects.filter(pupil__in=[seat.id for seat in seats], barred=False)
    for pupil, contact, number in links.values_list("pupil", "contact", "contact__phones__number"):
        contacts[pupil].add(contact)
        if number:
            numbers[pupil].setdefault(dialled(number), number)
    return [
        FewNumbers(seat.id, seat.name, seat.class_name, tuple(numbers[seat.id].values()), len(contacts[seat.id]))
        for seat in seats
        if len(numbers[seat.id]) < least
    ]


@dataclass(frozen=True)
class Record:
    """One pupil's standing facts."""

    enrolments: list[Enrolment]
    memberships: list[ClassMembership]
    contacts: list[PupilContact]
    holds: list[Any]
    part_time: list[Any]
    exclusions: list[Any]

    @property
    def now(self) -> ClassMembership | None:
        """The place in a class that has not ended."""
        return next((m for m in reversed(self.memberships) if m.ends is None), None)


def record_of(pupil: Pupil) -> Record:
    """All that stands of a pupil, in six queries."""
    phones = Prefetch("contact__phones", queryset=ContactPhone.objects.order_by("order"))
    enrolments = list(
        pupil.enrolments.select_related("school").prefetch_related("part_time", "exclusions").order_by("-admitted")
    )
    return Record(
        enrolments=enrolments,
        memberships=list(
            ClassMembership.objects.filter(enrolment__pupil=pupil)
            .select_related("school_class", "enrolment__school")
            .order_by("begins")
        ),
        contacts=list(pupil.contacts.select_related("contact").prefetch_related(phones).order_by("order", "id")),
        holds=list(pupil.holds.order_by("-begins")),
        part_time=[one for row in enrolments for one in row.part_time.all()],
        exclusions=[one for row in enrolments for one in row.exclusions.all() if not one.withdrawn_id],
    )


def known_contacts(school: int, words: str, pupil: int) -> list[tuple[Contact, list[str]]]:
    """Adults of a school's other pupils whose name has these words, with whose adults they are; at most ten."""
    rows = Contact.objects.filter(pupils__pupil__enrolments__school=school).exclude(pupils__pupil=pupil)
    for word in words.split():
        rows = rows.filter(Q(first__icontains=word) | Q(last__icontains=word))
    found = rows.distinct().prefetch_related("pupils__pupil")[:10] if words.strip() else []
    return [(one, [link.pupil.known_name for link in one.pupils.all()]) for one in found]


def classes_to_choose(day: date, school: int | None = None, but: int | None = None) -> list[tuple[int, str]]:
    """The classes of this school year and the next to choose from: of one school, or of all but one."""
    this = SchoolYear.of(day).start
    rows = SchoolClass.objects.filter(year_start__in=(this, this + 1)).select_related("school")
    rows = rows.filter(school=school) if school is not None else rows.exclude(school=but)
    return [
        (one.pk, f"{one.name}, {SchoolYear(one.year_start)}" + (f", {one.school}" if school is None else ""))
        for one in rows.order_by("school__name", "year_start", "name")
    ]
