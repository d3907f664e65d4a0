"""Founding a federation and its schools; years, times, closures, policy versions, staff."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.rules import identifiers
from rollcall.rules.policy import loads
from rollcall.schools.actions.counting import next_numbers, stale
from rollcall.schools.models import (
    Closure,
    Federation,
    LedgerCount,
    Person,
    PolicyVersion,
    Post,
    School,
    SchoolClass,
    SchoolTimes,
    SchoolYear,
    Term,
)


class Refused(ValueError):
    """A standing fact that can't be; the message is a sentence for the person who gave it."""


@transaction.atomic
def found_federation(name: str, *, by: Actor, at: datetime) -> Federation:
    """Found the installation's one federation. Raises Refused when there is one already."""
    if Federation.objects.exists():
        raise Refused("This installation has its federation already; each federation keeps a database of its own.")
    journal.begin("federation.founded", by=by, at=at, reason=name)
    return Federation.objects.create(name=name)


@transaction.atomic
def found_school(
    federation: Federation,
    *,
    name: str,
    slug: str,
    urn: str,
    la_number: str,
    establishment_number: str,
    by: Actor,
    at: datetime,
    phone: str = "",
    email: str = "",
    address: str = "",
) -> School:
    """Found a school with its ledger count. Raises Refused for a URN or LA/establishment number that can't be one."""
    try:
        identifiers.check_urn(urn)
        identifiers.check_school_number(f"{la_number}/{establishment_number}")
    except ValueError as error:
        raise Refused(str(error)) from error
    school = School.objects.create(
        federation=federation,
        name=name,
        slug=slug,
        urn=urn,
        la_number=la_number,
        establishment_number=establishment_number,
        phone=phone,
        email=email,
        address=address,
    )
    LedgerCount.objects.create(school=school)
    journal.begin("school.founded", by=by, at=at, reason=name, school=school.pk)
    return school


@transaction.atomic
def set_times(school: School, *, begins: date, by: Actor, at: datetime, **times: time) -> SchoolTimes:
    """Set a school's times from a day on: gate, am_opens, am_due, am_closes, pm_opens, pm_due, pm_closes, day_ends.

    Raises Refused where they are out of order.
    """
    order = ["am_opens", "am_due", "am_closes", "pm_opens", "pm_due", "pm_closes", "day_ends"]
    for earlier, later in zip(order, order[1:], strict=False):
        if times[earlier] > times[later]:
            words = (earlier.replace("_", " "), later.replace("_", " "))
            raise Refused(f"{words[0]} ({times[earlier]:%H:%M}) must not be after {words[1]} ({times[later]:%H:%M}).")
    row, _ = SchoolTimes.objects.update_or_create(school=school, begins=begins, defaults=times)
    journal.begin("times.set", by=by, at=at, reason=f"from {begins:%-d %B %Y}", school=school.pk)
    stale(school.pk)
    return row


@transaction.atomic
def add_year(
    school: School, start: int, terms: Sequence[tuple[str, date, date]], *, by: Actor, at: datetime
) -> SchoolYear:
    """Add a school year with its terms (name, first day, last day), in date order and apart from each other.

    Raises Refused naming the term that lies outside the year or over another.
    """
    first, last = date(start, 8, 1), date(start + 1, 7, 31)
    before: date | None = None
    for name, begins, ends in sorted(terms, key=lambda term: term[1]):
        if not first <= begins <= ends <= last:
            raise Refused(f"{name} ({begins} to {ends}) must lie between {first} and {last} and end after it begins.")
        if before is not None and begins <= before:
            raise Refused(f"{name} begins on {begins}, before the term ahead of it has ended ({before}).")
        before = ends
    year, _ = SchoolYear.objects.get_or_create(school=school, start=start)
    year.terms.all().delete()
    Term.objects.bulk_create([Term(year=year, name=n, first=b, last=e) for n, b, e in terms])
    journal.begin("year.set", by=by, at=at, reason=str(year), school=school.pk)
    stale(school.pk)
    return year


@transaction.atomic
def close_sessions(
    school: School,
    *,
    first: date,
    last: date,
    kind: str,
    ground: str,
    by: Actor,
    at: datetime,
    half: str = "",
    code: str = "#",
    classes: Iterable[SchoolClass] = (),
    key: str = "",
) -> Closure:
    """Lay a closure over sessions; marks beneath stay as they are. Raises Refused when it ends before it begins."""
    if last < first:
        raise Refused(f"The closure ends on {last:%-d %B %Y}, before it begins on {first:%-d %B %Y}.")
    deed = journal.begin("closure.made", by=by, at=at, key=key, reason=ground, school=school.pk)
    number = next_numbers(school.pk, 1)[0]
    closure = Closure.objects.create(
        school=school, number=number, deed=deed, first=first, last=last, half=half, kind=kind, code=code, ground=ground
    )
    closure.classes.set(classes)
    stale(school.pk)
    return closure


@transaction.atomic
def lift_closure(closure: Closure, *, by: Actor, at: datetime, reason: str) -> None:
    """Lift a closure; it stays on record, and the marks beneath show again. Raises Refused when lifted before."""
    if closure.lifted_id:
        raise Refused("This closure was lifted before.")
    closure.lifted = journal.begin("closure.lifted", by=by, at=at, reason=reason, school=closure.school_id)
    closure.lifted_number = next_numbers(closure.school_id, 1)[0]
    closure.save(update_fields=["lifted", "lifted_number"])
    stale(closure.school_id)


@transaction.atomic
def adopt_policy(
    federation: Federation,
    *,
    document: str,
    effective: date,
    approved: date,
    review: date,
    by: Actor,
    at: datetime,
    founding: bool = False,
) -> PolicyVersion:
    """Adopt a policy from a day on (8-a). Raises PolicyError for a wrong document, Refused for wrong dates.

    A version never takes effect in the past; only the first, adopted while founding (or brought in with a
    school's earlier marks), may name the earlier day on which the board's policy began.
    """
    policy = loads(document, "the policy to adopt")
    if not founding and effective <= at.date():
        raise Refused(f"A policy can't take effect on {effective:%-d %B %Y}: choose a day after today.")
    if approved > effective:
        raise Refused("The board must have approved the policy before it takes effect.")
    if not approved < review <= _years_on(approved, 3):
        raise Refused("The next review must come after the approval, and at most 3 years after it.")
    if federation.policies.filter(effective=effective).exists():
        raise Refused(f"Another version takes effect on {effective:%-d %B %Y} already.")
    deed = journal.begin("policy.adopted", by=by, at=at, reason=f"{policy.name} from {effective:%-d %B %Y}")
    version = PolicyVersion.objects.create(
        federation=federation,
        name=policy.name,
        document=document,
        effective=effective,
        approved=approved,
        review=review,
        deed=deed,
    )
    for school in federation.schools.all():
        stale(school.pk)
    return version


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def add_class(school: School, year_start: int, name: str, *, by: Actor, at: datetime) -> SchoolClass:
    """Add a class for a year."""
    with transaction.atomic():
        journal.begin("class.added", by=by, at=at, reason=name, school=school.pk)
        return SchoolClass.objects.create(school=school, year_start=year_start, name=name)


def add_person(first: str, last: str, *, by: Actor, at: datetime) -> Person:
    """Add a member of staff or a governor."""
    with transaction.atomic():
        journal.begin("person.added", by=by, at=at, reason=f"{first} {last}")
        return Person.objects.create(first=first, last=last)


def add_post(
    person: Person, position: str, *, begins: date, by: Actor, at: datetime, school: School | None = None
) -> Post:
    """Give a person a position at a school, or across the federation."""
    with transaction.atomic():
        journal.begin("post.given", by=by, at=at, reason=f"{position}: {person}", school=school.pk if school else None)
        return Post.objects.create(person=person, school=school, position=position, begins=begins)
