"""What stands in a session for some pupils, read under the school's lock by whoever is about to write."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import FilteredRelation, Q

from rollcall.registers.models import Entry, Expectation, SheetRow, Submission
from rollcall.rules.ahead import is_away
from rollcall.rules.codes import MISSING, TEXT
from rollcall.rules.sessions import HALVES, Half, SchoolYear
from rollcall.schools.models import ClassMembership, LedgerCount, PartTimePattern
from rollcall.schools.queries.roll import in_force, on_roll

TAKEN = "register.save"
"""The kind of deed by which marks are made while a register is taken."""

BROUGHT = ("marks.brought_in", "register.brought")
"""The kinds of deed by which registers that were kept elsewhere are brought in: they decide on nothing."""


@dataclass(frozen=True)
class Standing:
    """One pupil's seat in a session: who, in which class, and the mark that stands."""

    enrolment: int
    school_class: int
    name: str
    year_group: int
    born: date
    traveller: bool
    year_start: int
    code: str
    minutes: int
    row: SheetRow | None


def lock(school: int) -> None:
    """Hold a school's write lock until the transaction ends. SQLite's transaction is that lock already."""
    if connection.vendor != "sqlite":
        LedgerCount.objects.select_for_update().filter(school=school).values_list("last").first()


def lock_and_read(school: int, enrolments: Iterable[int], day: date, half: Half) -> dict[int, Standing]:
    """The standing of each enrolment on a day, by id; who is in no class of the school that day is left out."""
    lock(school)
    return read_standing(school, enrolments, day, half)


def read_standing(school: int, enrolments: Iterable[int], day: date, half: Half) -> dict[int, Standing]:
    """As `lock_and_read`, for who only looks."""
    year = SchoolYear.of(day)
    column = year.column(day, half)
    rows = (
        ClassMembership.objects.filter(on_roll(day), enrolment__in=list(enrolments), enrolment__school=school)
        .annotate(row=FilteredRelation("enrolment__rows", condition=Q(enrolment__rows__year_start=year.start)))
        .values_list(
            "enrolment_id",
            "school_class_id",
            "enrolment__pupil__known_first",
            "enrolment__pupil__known_last",
            "year_group",
            "enrolment__pupil__born",
            "enrolment__pupil__traveller",
            "row__marks",
            "row__minutes",
            "row__upto",
        )
    )
    found = {}
    for enrolment, school_class, first, last, group, born, traveller, marks, minutes, upto in rows:
        row = None
        if marks is not None:
            row = SheetRow(
                enrolment_id=enrolment, year_start=year.start, marks=bytes(marks), minutes=bytes(minutes), upto=upto
            )
        found[enrolment] = Standing(
            enrolment=enrolment,
            school_class=school_class,
            name=f"{first} {last}",
            year_group=group,
            born=born,
            traveller=traveller,
            year_start=year.start,
            code=TEXT[row.marks[column]] if row else MISSING,
            minutes=row.minutes[column] if row else 0,
            row=row,
        )
    return found


def last_grounds(enrolments: Iterable[int], day: date, half: Half) -> dict[int, str]:
    """The ground kept with the last entry of a session for each of these enrolments; no query where there are none."""
    if not (asked := list(enrolments)):
        return {}
    rows = Entry.objects.filter(enrolment__in=asked, day=day, half=half).order_by("number")
    return dict(rows.values_list("enrolment_id", "ground"))


def was_in(school_class: int, day: date, half: Half) -> bool:
    """Whether a register has been handed in."""
    return Submission.objects.filter(school_class=school_class, day=day, half=half).exists()


def unmarked(school_class: int, day: date, half: Half) -> list[str]:
    """The names of a class's pupils who have no mark in a session."""
    members = list(
        ClassMembership.objects.filter(on_roll(day), school_class=school_class).values_list(
            "enrolment_id", "enrolment__school_id"
        )
    )
    if not members:
        return []
    standing = read_standing(members[0][1], [enrolment for enrolment, _ in members], day, half)
    return sorted(seat.name for seat in standing.values() if seat.code == MISSING)


def covering(day: date, half: Half) -> Q:
    """The condition that an expectation stands and covers a session."""
    return Q(withdrawn__isnull=True) & spanning(day, half)


def spanning(day: date, half: Half) -> Q:
    """The condition that a span of sessions covers one."""
    after_first = Q(first_day__lt=day) | Q(first_day=day, first_half__in=HALVES[: HALVES.index(half) + 1])
    before_last = Q(last_day__gt=day) | Q(last_day=day, last_half__in=HALVES[HALVES.index(half) :])
    return after_first & before_last


def with_leave(enrolments: Iterable[int], day: date, half: Half, before: datetime) -> set[int]:
    """Those for whom leave for this session was granted, and recorded before a moment, as some codes need (A1-b).

    A part-time timetable that was agreed before the moment is leave for the sessions that are not attended.
    """
    if not (asked := list(enrolments)):
        return set()
    rows = Expectation.objects.filter(covering(day, half), enrolment__in=asked, leave_granted=True, deed__at__lt=before)
    patterns = PartTimePattern.objects.filter(in_force(day), enrolment__in=asked, deed__at__lt=before)
    part_time = {pk for pk, away in patterns.values_list("enrolment_id", "away") if is_away(away, day, half)}
    return part_time | set(rows.values_list("enrolment_id", flat=True))


def taken_since(enrolments: Iterable[int], day: date, half: Half, since: datetime | None) -> set[int]:
    """Those whose last entry of a session was made at or after a moment by taking the register, not by an amendment.

    Nobody where there is no moment.
    """
    if since is None or not (asked := list(enrolments)):
        return set()
    rows = Entry.objects.filter(enrolment__in=asked, day=day, half=half).order_by("number")
    last = {one: (at, kind) for one, at, kind in rows.values_list("enrolment_id", "deed__at", "deed__kind")}
    return {enrolment for enrolment, (at, kind) in last.items() if at >= since and kind == TAKEN}
