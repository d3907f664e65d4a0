"""Founding the federation: schools, policy, years, closures, classes, and the people who work there."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from rollcall.accounts.actions import grant, make_user, share_password
from rollcall.accounts.models import User
from rollcall.accounts.roles import Role
from rollcall.demo.families import BY_SLUG
from rollcall.demo.staff import PASSWORD, Member, members
from rollcall.demo.steps import moment
from rollcall.demo.terms import closures_of, terms_of
from rollcall.journal.actor import INSTALLER
from rollcall.rules.policy import load, shipped_text
from rollcall.rules.sessions import SchoolYear
from rollcall.schools import actions as schools
from rollcall.schools.models import Federation, School, SchoolClass
from rollcall.schools.queries import times_from_policy

NAME = "Federation of Hamsey, Plumpton, Barcombe, and Iford and Kingston"


@dataclass
class Founded:
    """What was founded: classes by (slug, year, name), users by e-mail address."""

    schools: dict[str, School] = field(default_factory=dict)
    classes: dict[tuple[str, int, str], SchoolClass] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)


def found(slugs: tuple[str, ...], start: int) -> Founded:
    """Found the federation in the summer before the year ahead of `start`, with that year and `start` itself."""
    at = moment(date(start - 1, 7, 1), time(12))
    federation = schools.found_federation(NAME, by=INSTALLER, at=at)
    made = Founded()
    for slug in slugs:
        made.schools[slug] = _school(federation, slug, at)
    schools.adopt_policy(
        federation,
        document=shipped_text("federation"),
        effective=date(start - 1, 8, 1),
        approved=date(start - 1, 7, 1),
        review=date(start + 1, 7, 1),
        founding=True,
        by=INSTALLER,
        at=at,
    )
    for slug, school in made.schools.items():
        _times_and_classes(made, school, slug, start, at)
    _people(made, slugs, start, at)
    return made


def _school(federation: Federation, slug: str, at: datetime) -> School:
    place = BY_SLUG[slug]
    return schools.found_school(
        federation,
        name=place.name,
        slug=slug,
        urn=place.urn,
        la_number="845",
        establishment_number=place.establishment,
        phone=f"01632 96000{place.urn[-1]}",
        email=f"office@{slug}.example",
        address=f"School Lane\n{place.name.removesuffix(' Primary School')}\nEast Sussex\nBN8 {place.urn[-1]}CV",
        by=INSTALLER,
        at=at,
    )


def _times_and_classes(made: Founded, school: School, slug: str, start: int, at: datetime) -> None:
    times: dict[str, Any] = times_from_policy(load("federation"), slug)
    schools.set_times(school, begins=date(start - 1, 8, 1), **times, by=INSTALLER, at=at)
    for year in (start - 1, start):
        schools.add_year(school, year, terms_of(year).spans, by=INSTALLER, at=at)
        for name in BY_SLUG[slug].classes:
            made.classes[slug, year, name] = schools.add_class(school, year, name, by=INSTALLER, at=at)


def close(made: Founded, start: int, today: date) -> None:
    """Lay the closures of both years: planned ones when the school was founded, others on the day, if it has come."""
    for slug, school in made.schools.items():
        for shut in (s for year in (start - 1, start) for s in closures_of(year, slug)):
            planned = shut.kind != "unplanned"
            if not planned and shut.first > today:
                continue
            classes = [made.classes[slug, SchoolYear.of(shut.first).start, shut.class_name]] if shut.class_name else []
            at = moment(date(start - 1, 7, 2), time(9)) if planned else moment(shut.first, time(7, 30))
            schools.close_sessions(
                school,
                first=shut.first,
                last=shut.last,
                half=shut.half,
                kind=shut.kind,
                code=shut.code,
                ground=shut.ground,
                classes=classes,
                by=INSTALLER,
                at=at,
            )


def _people(made: Founded, slugs: tuple[str, ...], start: int, at: datetime) -> None:
    for member in members(slugs):
        first, last = member.name.split(" ", 1)
        person = schools.add_person(first, last, by=INSTALLER, at=at)
        school = made.schools.get(member.slug)
        begins = date(start - 1, 8, 1)
        schools.add_post(person, member.position, begins=begins, school=school, by=INSTALLER, at=at)
        user = make_user(person, email=member.email, password=None, by=INSTALLER, at=at)
        made.users[member.email] = user
        _grants(made, member, user, start, at)
    share_password(list(made.users.values()), PASSWORD, by=INSTALLER, at=at)


def _grants(made: Founded, member: Member, user: User, start: int, at: datetime) -> None:
    first = date(start - 1, 8, 1)
    if member.role is Role.TEACHER:
        for year, ends in ((start - 1, date(start, 7, 31)), (start, None)):
            own = made.classes[member.slug, year, member.class_name]
            begins = date(year, 8, 1)
            grant(user, member.role, school_class=own, begins=begins, ends=ends, by=INSTALLER, at=at)
    elif member.role is not None:
        grant(user, member.role, school=made.schools.get(member.slug), begins=first, by=INSTALLER, at=at)
