"""Founding a federation and its schools, what is known of them, their times and their classes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.rules import identifiers
from rollcall.schools.actions.counting import stale
from rollcall.schools.actions.refusing import Refused
from rollcall.schools.models import Federation, LedgerCount, School, SchoolClass, SchoolTimes

TIMES_IN_ORDER = ("am_opens", "am_due", "am_closes", "pm_opens", "pm_due", "pm_closes", "day_ends")


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
    notify_reply_to: str = "",
    key: str = "",
) -> School:
    """Found a school with its ledger count. Raises Refused for a URN or LA/establishment number that can't be one.

    notify_reply_to: the id of its reply address at GOV.UK Notify, which Refused is raised for too where it is none.
    """
    given = {
        "name": name,
        "slug": slug,
        "urn": urn,
        "la_number": la_number,
        "establishment_number": establishment_number,
        "phone": phone,
        "email": email,
        "address": address,
        "notify_reply_to": notify_reply_to,
    }
    deed = journal.begin("school.founded", by=by, at=at, key=key, reason=name)
    _check_school(given)
    school = School.objects.create(federation=federation, **given)
    LedgerCount.objects.create(school=school)
    journal.note_changes(deed, "school", school.pk, {field: ("", value) for field, value in given.items()})
    return school


@transaction.atomic
def change_school(school: School, changes: Mapping[str, str], *, by: Actor, at: datetime, key: str = "") -> None:
    """Change what is known of a school; the journal keeps each fact as it was. Raises Refused as `found_school` does.

    Its slug is its name in addresses and in the policy file, and stays.
    """
    deed = journal.begin("school.changed", by=by, at=at, key=key, school=school.pk)
    _check_school(changes, other_than=school)
    before = {field: getattr(school, field) for field in changes}
    for field, value in changes.items():
        setattr(school, field, value)
    school.save(update_fields=list(changes))
    journal.note_changes(deed, "school", school.pk, {f: (before[f], changes[f]) for f in changes})
    stale(school.pk)


def _check_school(given: Mapping[str, str], other_than: School | None = None) -> None:
    checks = {
        "urn": identifiers.check_urn,
        "la_number": identifiers.check_authority,
        "establishment_number": identifiers.check_establishment,
        "notify_reply_to": identifiers.check_notify_id,
    }
    for field, check in checks.items():
        try:
            if field in given:
                check(given[field])
        except ValueError as error:
            raise Refused(str(error), field) from error
    others = School.objects.exclude(pk=other_than.pk) if other_than else School.objects.all()
    for field in ("urn", "slug"):
        if field in given and (one := others.filter(**{field: given[field]}).first()):
            raise Refused(f"{one} has {given[field]} already.", field)
    numbers = {f: given[f] for f in ("la_number", "establishment_number") if f in given}
    if len(numbers) == 2 and (one := others.filter(**numbers).first()):
        raise Refused(f"{one} has the number {'/'.join(numbers.values())} already.", "establishment_number")


def _words(field: str) -> str:
    half, _, what = field.partition("_")
    return f"“{ {'am': 'Morning register', 'pm': 'Afternoon register', 'day': 'School day'}[half] } {what}”"


@transaction.atomic
def set_times(school: School, *, begins: date, by: Actor, at: datetime, key: str = "", **times: time) -> SchoolTimes:
    """Set a school's times from a day on: gate, am_opens, am_due, am_closes, pm_opens, pm_due, pm_closes, day_ends.

    Raises Refused where they are out of order, and for a day that is past once the school has times: what happened
    on a day is judged by the times of that day (8-b).
    """
    if begins < at.date() and SchoolTimes.objects.filter(school=school).exists():
        raise Refused("Days that have been keep their times: choose today or a later day.", "begins")
    for earlier, later in zip(TIMES_IN_ORDER, TIMES_IN_ORDER[1:], strict=False):
        if times[earlier] > times[later]:
            raise Refused(
                f"{_words(earlier)} ({times[earlier]:%H:%M}) must not be after {_words(later)} ({times[later]:%H:%M}).",
                later,
            )
    deed = journal.begin("times.set", by=by, at=at, key=key, reason=f"from {begins:%-d %B %Y}", school=school.pk)
    before = SchoolTimes.objects.filter(school=school, begins__lte=begins).order_by("-begins").first()
    was = {field: getattr(before, field) if before else None for field in times}
    row, _ = SchoolTimes.objects.update_or_create(school=school, begins=begins, defaults=times)
    journal.note_changes(deed, "school", school.pk, {field: (was[field], times[field]) for field in times})
    stale(school.pk)
    return row


@transaction.atomic
def add_class(school: School, year_start: int, name: str, *, by: Actor, at: datetime, key: str = "") -> SchoolClass:
    """Add a class for a year. Raises Refused where the school has one of this name that year."""
    deed = journal.begin("class.added", by=by, at=at, key=key, reason=name, school=school.pk)
    _check_class_name(school, year_start, name)
    made = SchoolClass.objects.create(school=school, year_start=year_start, name=name)
    journal.note_changes(deed, "class", made.pk, {"name": ("", name)})
    return made


@transaction.atomic
def rename_class(school_class: SchoolClass, name: str, *, by: Actor, at: datetime, key: str = "") -> None:
    """Give a class another name; its pupils and marks stay with it. Raises Refused for a name that is taken."""
    school = school_class.school
    deed = journal.begin("class.renamed", by=by, at=at, key=key, reason=name, school=school.pk)
    if name != school_class.name:
        _check_class_name(school, school_class.year_start, name)
    journal.note_changes(deed, "class", school_class.pk, {"name": (school_class.name, name)})
    school_class.name = name
    school_class.save(update_fields=["name"])


def _check_class_name(school: School, year_start: int, name: str) -> None:
    if school.classes.filter(year_start=year_start, name__iexact=name).exists():
        raise Refused(f"{school} has a class {name} in {year_start}/{(year_start + 1) % 100:02} already.", "name")


@transaction.atomic
def add_classes(
    school: School, year_start: int, names: Sequence[str], *, by: Actor, at: datetime, key: str = ""
) -> list[SchoolClass]:
    """Add several classes for a year in one deed; all or none. Raises Refused, with the field `names`."""
    deed = journal.begin("class.added", by=by, at=at, key=key, reason=", ".join(names), school=school.pk)
    made = []
    for name in names:
        try:
            _check_class_name(school, year_start, name)
        except Refused as refusal:
            raise Refused(str(refusal), "names") from refusal
        made.append(SchoolClass.objects.create(school=school, year_start=year_start, name=name))
        journal.note_changes(deed, "class", made[-1].pk, {"name": ("", name)})
    return made
