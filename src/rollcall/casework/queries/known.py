"""What is known already and copied onto a form, so that nobody types it again: each fact with the right it needs."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from rollcall.casework.models import LetterWritten, SupportOffered
from rollcall.casework.queries.place import end_of_last_day
from rollcall.registers.queries.figures import YearFigures, year_figures
from rollcall.registers.queries.windows import kept_rows
from rollcall.rules.codes import COUNTS, LATE, TEXT, Counts
from rollcall.rules.policy import Form, Policy
from rollcall.rules.stages import conclude
from rollcall.rules.words import counted, day_words
from rollcall.schools.models import ClassMembership, Enrolment, School
from rollcall.schools.queries import facts_of, year_of
from rollcall.schools.queries.families import contacts_of
from rollcall.schools.queries.roll import on_roll, seats_of_school

OPEN, CONTACTS, CASE = "", "pupil:contacts", "case:see"


class Known:
    """What is known of a pupil, or of a school where there is no enrolment, at a moment."""

    def __init__(self, policy: Policy, school: School, enrolment: Enrolment | None, at: datetime) -> None:
        self.policy, self.school, self.enrolment, self.at = policy, school, enrolment, at

    def copied(self, form: Form) -> list[dict[str, str]]:
        """The facts that a form copies, in its order: label, text, and the right that is needed to see it."""
        return [
            {"label": label, "text": text, "row": row}
            for name in form.copies
            for label, text, row in _FACTS[name](self)
            if text
        ]

    @cached_property
    def figures(self) -> list[YearFigures]:
        """The pupil's figures of the year, or those of everyone on the school's roll."""
        as_of = end_of_last_day(facts_of(self.school.pk), self.at)
        return list(year_figures(self.school.pk, self._enrolments, year_of(self.at.date()), as_of).values())

    @cached_property
    def _enrolments(self) -> list[int]:
        if self.enrolment is not None:
            return [self.enrolment.pk]
        return [seat.enrolment for seat in seats_of_school(self.school.pk, self.at.date())]


Fact = tuple[str, str, str]


def _pupil(known: Known) -> Iterator[Fact]:
    if known.enrolment is not None:
        yield "Pupil", known.enrolment.pupil.known_name, OPEN


def _born(known: Known) -> Iterator[Fact]:
    if known.enrolment is not None:
        yield "Born", f"{known.enrolment.pupil.born:%-d %B %Y}", OPEN


def _class(known: Known) -> Iterator[Fact]:
    if known.enrolment is not None:
        rooms = ClassMembership.objects.filter(on_roll(known.at.date()), enrolment=known.enrolment)
        yield "Class", ", ".join(rooms.values_list("school_class__name", flat=True)), OPEN


def _school(known: Known) -> Iterator[Fact]:
    yield "School", known.school.name, OPEN


def _figures(known: Known) -> Iterator[Fact]:
    if known.enrolment is None:
        attended, possible = (sum(getattr(one, n) for one in known.figures) for n in ("attended", "possible"))
        share = f"{attended} of {possible} sessions attended" if possible else "no session yet"
        yield "Attendance this year", f"{share}, {counted(len(known.figures), 'pupil')}", OPEN
    for one in known.figures if known.enrolment is not None else ():
        missed = f"{one.authorised} authorised and {one.unauthorised} unauthorised absences"
        told = f"{one.percent}% ({one.attended} of {one.possible} sessions)" if one.possible else "no session yet"
        yield "Attendance this year", f"{told}; {missed}", OPEN


def _marks(known: Known) -> Iterator[Fact]:
    if known.enrolment is None:
        return
    rows = kept_rows(known.school.pk, [known.enrolment.pk], year_of(known.at.date()))
    found = Counter(TEXT[ord(mark)] for row in rows.values() for mark in row)
    away = (Counts.AUTHORISED, Counts.UNAUTHORISED)
    told = [f"{code}: {n}" for code, n in sorted(found.items()) if COUNTS.get(code) in away or code == LATE]
    yield "Absences and lateness by code", ", ".join(told) or "none", OPEN


def _tier(known: Known) -> Iterator[Fact]:
    tiers = Counter(conclude(one, known.policy).tier for one in known.figures)
    names = {tier.number: tier.name for tier in known.policy.tiers}
    if known.enrolment is not None:
        yield "Tier of the figure", "".join(names[number] for number in tiers if number), OPEN
    else:
        told = [f"{names[n]}: {counted(tiers[n], 'pupil')}" for n in sorted(names) if tiers[n]]
        yield "Pupils by tier", "\n".join(told), OPEN


def _support(known: Known) -> Iterator[Fact]:
    if known.enrolment is None:
        return
    offers = SupportOffered.objects.filter(pupil=known.enrolment.pupil_id).prefetch_related("answers")
    yield "Support offered", "\n".join(map(_offer, offers)) or "none on record", CASE


def _offer(offer: Any) -> str:
    answers = list(offer.answers.all())
    became = answers[-1].get_answer_display().lower() if answers else "no answer yet"
    return f"{day_words(offer.day)}: {offer.what} ({became})"


def _letters(known: Known) -> Iterator[Fact]:
    if known.enrolment is None:
        return
    names = {letter.id: letter.name for letter in known.policy.letters}
    rows = LetterWritten.objects.filter(pupil=known.enrolment.pupil_id, withdrawn__isnull=True, round__isnull=True)
    yield "Letters", "\n".join(f"{day_words(row.day)}: {names.get(row.letter, row.letter)}" for row in rows), CASE


def _contacts(known: Known) -> Iterator[Fact]:
    """Adults who may be reached; of one who is barred nothing is copied."""
    if known.enrolment is None:
        return
    people = [one for one in contacts_of(known.enrolment.pupil_id) if not one.barred]
    told = [
        f"{one.name} ({one.relationship.lower()}{', parental responsibility' if one.parental_responsibility else ''})"
        + "".join(f", {number}" for number, _ in one.phones[:1])
        for one in people
    ]
    yield "Parents and carers", "\n".join(told), CONTACTS


_FACTS: dict[str, Callable[[Known], Iterator[Fact]]] = {
    "pupil": _pupil,
    "born": _born,
    "class": _class,
    "school": _school,
    "figures": _figures,
    "marks": _marks,
    "tier": _tier,
    "support": _support,
    "letters": _letters,
    "contacts": _contacts,
}
