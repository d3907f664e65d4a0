"""A made-up school to measure on: 400 pupils in 14 classes with 190 days marked, and a 191st about to be.

A larger one has a class more for every thirty pupils.

Made through the rooms' own actions, and the same each time. One class has sixty pupils, the most that a register is
promised for; the second has thirty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from random import Random
from typing import Any

from django.db import transaction

from rollcall.accounts.actions import grant, make_user
from rollcall.accounts.models import User
from rollcall.accounts.roles import Role
from rollcall.casework.actions import open_review
from rollcall.casework.models import Review
from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.registers.actions import NewEntry, write_entries
from rollcall.registers.actions.bringing import HandedIn, hand_in_brought
from rollcall.registers.queries.standing import lock
from rollcall.rules.identifiers import upn_letter
from rollcall.rules.policy import load, shipped_text
from rollcall.rules.sessions import Half
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, Federation, Pupil, PupilContact, School, SchoolClass
from rollcall.schools.queries import facts_of, times_from_policy
from rollcall.schools.queries.facts import LONDON

START = 2023
N_CLASSES, LARGEST = 14, 60
TERMS = [
    ("Autumn 1", date(2023, 9, 4), date(2023, 10, 20)),
    ("Autumn 2", date(2023, 10, 30), date(2023, 12, 15)),
    ("Spring 1", date(2024, 1, 2), date(2024, 2, 9)),
    ("Spring 2", date(2024, 2, 19), date(2024, 3, 28)),
    ("Summer 1", date(2024, 4, 15), date(2024, 5, 24)),
    ("Summer 2", date(2024, 6, 3), date(2024, 7, 23)),
]
FOUNDED = datetime(2023, 7, 1, 12, 0, tzinfo=LONDON)
BY: dict[str, Any] = {"by": INSTALLER, "at": FOUNDED}
FIRST = ("Ada", "Bram", "Cleo", "Dina", "Emil", "Fay", "Gil", "Hope", "Ines", "Jory", "Kim", "Lior", "Mona", "Nils")
LAST = ("Ash", "Birch", "Cedar", "Dale", "Elm", "Fern", "Gorse", "Hazel", "Ivy", "Juniper", "Lark", "Moss", "Nettle")
KINDS = ("I", "I", "I", "I", "M", "O", "G", "C", "I", "I")
BANDS = ((0.561, 0.05), (0.838, 0.1), (0.93, 0.15), (0.962, 0.2), (0.993, 0.5), (1.0, 0.8))
"""How many pupils miss at most what share, added up (absence_bands_primary of the Department's statistics)."""

Session = tuple[date, Half]


@dataclass(frozen=True)
class BenchSchool:
    """What was made: the moment at which pages are asked for, and who asks. `places`: enrolments by class.

    ordinary, missing_most: the enrolments of who misses as much as the middle of them all, and of who misses most.
    """

    school: School
    classes: list[SchoolClass]
    places: dict[int, list[int]]
    people: dict[Role, User]
    teachers: list[User]
    sessions: list[Session]
    at: datetime
    ordinary: int
    missing_most: int
    review: Review

    @property
    def today(self) -> date:
        """The day that is about to be marked."""
        return self.at.date()


def make(n_pupils: int = 400, n_days: int = 190) -> BenchSchool:
    """Make the school, its marks and an open review of it. n_days: how many school days are marked, 190 at most."""
    school = _school()
    n_classes = max(N_CLASSES, n_pupils // 30)
    classes = [schools.add_class(school, START, f"Class {n + 1}", **BY) for n in range(n_classes)]
    places = {
        c.pk: _admit(c, n, size) for n, (c, size) in enumerate(zip(classes, _sizes(n_pupils, n_classes), strict=True))
    }
    calendar = facts_of(school.pk).calendar(START)
    sessions = [calendar.year.session(column) for column in calendar.columns_from(0)]
    at = datetime.combine(sessions[2 * n_days][0], time(9, 5), LONDON)
    first = min(places[classes[0].pk])
    draws = {enrolment: _draw(enrolment - first) for own in places.values() for enrolment in own}
    by_share = sorted(draws, key=lambda enrolment: draws[enrolment])
    _mark(school, places, sessions[: 2 * n_days], draws)
    return BenchSchool(
        school,
        classes,
        places,
        _people(school),
        [_person(f"Teacher {n + 1}", Role.TEACHER, school, c) for n, c in enumerate(classes)],
        sessions,
        at,
        by_share[len(by_share) // 2],
        by_share[-1],
        open_review(school, by=INSTALLER, at=at),
    )


def _school() -> School:
    federation: Federation = schools.found_federation("Bench Federation", **BY)
    names: dict[str, Any] = {"name": "Hamsey Primary School", "slug": "hamsey"}
    numbers: dict[str, Any] = {"urn": "114400", "la_number": "845", "establishment_number": "2062"}
    school = schools.found_school(federation, **names, **numbers, **BY)
    days: dict[str, Any] = {"effective": date(2022, 8, 1), "approved": date(2022, 7, 1), "review": date(2025, 7, 1)}
    schools.adopt_policy(federation, document=shipped_text("federation"), founding=True, **days, **BY)
    schools.add_year(school, START, TERMS, **BY)
    times: dict[str, Any] = times_from_policy(load("federation"), "hamsey")
    schools.set_times(school, begins=date(2022, 8, 1), **times, **BY)
    shut = date(2024, 5, 6)
    schools.close_sessions(school, first=shut, last=shut, kind="bank_holiday", ground="Early May", **BY)
    return school


def _sizes(n_pupils: int, n_classes: int) -> list[int]:
    """How many pupils each class has: the largest first, then one of half its size, then the others alike."""
    largest = min(LARGEST, n_pupils * 3 // 20)
    others = n_pupils - largest - largest // 2
    each, more = divmod(others, n_classes - 2)
    return [largest, largest // 2, *(each + (n < more) for n in range(n_classes - 2))]


def _admit(school_class: SchoolClass, n: int, size: int) -> list[int]:
    """Put a class's pupils on roll, each with a parent who may be written to; gives their enrolments."""
    return [_pupil(school_class, n, number) for number in range(size)]


def _pupil(school_class: SchoolClass, n: int, number: int) -> int:
    rest = f"845{4000 + n:04}20{number:03}"
    first, last = FIRST[number % len(FIRST)], LAST[(number + n) % len(LAST)] + LAST[number // len(FIRST)].lower()
    year_group = n % N_CLASSES // 2
    born = date(2018 - year_group, 1 + number % 12, 1 + number % 28)
    pupil = Pupil(upn=upn_letter(rest) + rest, legal_first=first, legal_last=last, known_first=first, known_last=last)
    pupil.born, pupil.sex = born, "FM"[number % 2]
    place = schools.admit(pupil, school_class, year_group=year_group, admitted=TERMS[0][1], **BY)
    parent = Contact(title="Ms", first="Pat", last=last, email=f"pat.{n}.{number}@example.org")
    parent.address = f"{number} Mill Lane\nHamsey\nBN8 5TT"
    schools.add_contact(parent, [("07700 900123", "mobile")], **BY)
    link = PupilContact(pupil=pupil, contact=parent, relationship="Mother")
    link.parental_responsibility = link.lives_with = True
    schools.link_contact(link, school=school_class.school, **BY)
    return place.pk


def _people(school: School) -> dict[Role, User]:
    everywhere = (Role.EXECUTIVE, Role.ADMINISTRATOR)
    roles = (Role.HEAD, Role.SECRETARY, Role.DSL, *everywhere)
    return {role: _person(f"One {role.name.title()}", role, None if role in everywhere else school) for role in roles}


def _person(name: str, role: Role, school: School | None, own: SchoolClass | None = None) -> User:
    first, last = name.split()
    person = schools.add_person(first, last, **BY)
    schools.add_post(person, role.label, begins=date(2022, 8, 1), school=school, **BY)
    user: User = make_user(person, email=f"{first}.{last}@example.org".lower(), password=None, **BY)
    grant(user, role, school=None if own else school, school_class=own, begins=date(2022, 8, 1), **BY)
    return user


def _draw(number: int) -> float:
    """What share of the year a pupil misses, by the bands of England's primary schools in 2022/23."""
    luck = Random(f"away {number}").random()
    n = next(n for n, (reached, _) in enumerate(BANDS) if luck < reached)
    (below, least), (reached, most) = BANDS[n - 1] if n else (0, 0), BANDS[n]
    return least + (most - least) * (luck - below) / (reached - below)


def _mark(school: School, places: dict[int, list[int]], sessions: list[Session], draws: dict[int, float]) -> None:
    """Bring in every class's registers, week by week, marks and handing in alike."""
    for week, mine in groupby(sessions, key=lambda session: session[0].isocalendar()[:2]):
        days = list(mine)
        at = datetime.combine(days[-1][0], time(15), LONDON)
        with transaction.atomic():
            deed = journal.begin("register.brought", by=INSTALLER, at=at, key=f"bench.{week}", school=school.pk)
            lock(school.pk)
            write_entries(school.pk, [e for own in places.values() for e in _week(own, days, draws)], deed)
            handed = [HandedIn(own, day, half, at) for own in places for day, half in days]
            hand_in_brought(school.pk, handed, deed)


def _week(own: list[int], sessions: list[Session], draws: dict[int, float]) -> Iterator[NewEntry]:
    """A week's marks: days away come in spells, which a week's end may break."""
    for enrolment in own:
        rng, away, code, share = Random(f"{sessions[0][0]} {enrolment}"), False, "I", draws[enrolment]
        for number, (day, half) in enumerate(sessions):
            if half == "AM":
                lasts = 0.5 + share / 2
                begins = share if number == 0 else share * (1 - lasts) / (1 - share)
                away, code = rng.random() < (lasts if away else begins), code if away else rng.choice(KINDS)
            late = half == "AM" and not away and rng.random() < 0.02
            present = "L" if late else "/" if half == "AM" else "\\"
            yield NewEntry(enrolment, day, half, code if away else present, rng.randrange(1, 14) if late else None)
