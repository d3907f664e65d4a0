"""What of a school is set up, and what is still missing on the way to its first real register."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from rollcall.accounts.models import Grant
from rollcall.registers.models import Submission
from rollcall.rules.sessions import SchoolYear, bank_holidays
from rollcall.schools.actions import places_to_roll
from rollcall.schools.models import Closure, Enrolment, School, SchoolClass, SchoolTimes, Term
from rollcall.schools.queries.roll import in_force


@dataclass(frozen=True)
class Step:
    """One thing to set up: what it is, where, whether it is done, and what there is so far."""

    name: str
    route: str
    done: bool
    so_far: str


@dataclass(frozen=True)
class SchoolSetUp:
    """A school's way to its first register."""

    id: int
    slug: str
    name: str
    number: str
    steps: tuple[Step, ...]

    @property
    def n_done(self) -> int:
        """How many steps are done."""
        return sum(step.done for step in self.steps)

    @property
    def next(self) -> Step | None:
        """Where to begin, or go on; None where all is set."""
        return next((step for step in self.steps if not step.done), None)


def set_up(schools: set[int] | None, day: date) -> list[SchoolSetUp]:
    """How far each school (by id; None for all) is, as of a day; one query, whatever the number of schools."""
    year = SchoolYear.of(day)
    rows = School.objects.all() if schools is None else School.objects.filter(pk__in=schools)
    on_roll = in_force(day, "admitted", "left")
    rows = rows.annotate(
        has_times=Exists(SchoolTimes.objects.filter(school=OuterRef("pk"), begins__lte=year.last)),
        n_terms=_count(Term.objects.filter(year__start=year.start), "year__school"),
        n_classes=_count(SchoolClass.objects.filter(year_start=year.start)),
        n_pupils=_count(Enrolment.objects.filter(on_roll)),
        n_staff=_count(Grant.objects.filter(in_force(day), user__is_active=True), of="user"),
        has_register=Exists(Submission.objects.filter(school=OuterRef("pk"))),
    )
    return [_school(row, year) for row in rows]


def _count(rows: QuerySet[Any], school: str = "school", of: str = "pk") -> Any:
    """How many rows belong to each school: a query within the query, for joins would multiply each other."""
    found = rows.filter(**{school: OuterRef("pk")}).order_by().values(school).annotate(n=Count(of, distinct=True))
    return Coalesce(Subquery(found.values("n")), 0)


def _school(row: Any, year: SchoolYear) -> SchoolSetUp:
    steps = (
        Step("The school", "office:school_change", True, f"URN {row.urn}, {row.la_number}/{row.establishment_number}"),
        Step("Times of the day", "office:times", row.has_times, "set" if row.has_times else "none yet"),
        Step(
            "School year and terms",
            "office:years",
            row.n_terms > 0,
            f"{row.n_terms} {'term' if row.n_terms == 1 else 'terms'} in {year}",
        ),
        Step("Classes", "office:classes", row.n_classes > 0, f"{row.n_classes} in {year}"),
        Step("Staff who can sign in", "office:people", row.n_staff > 0, f"{row.n_staff} with a role here"),
        Step("Pupils", "office:pupils", row.n_pupils > 0, f"{row.n_pupils} on roll"),
        Step("First register", "registers:today", row.has_register, "taken" if row.has_register else "not yet taken"),
    )
    return SchoolSetUp(row.pk, row.slug, row.name, f"{row.la_number}/{row.establishment_number}", steps)


@dataclass(frozen=True)
class YearLine:
    """A school year with its terms."""

    start: int
    label: str
    terms: tuple[Term, ...]


def years_of(school: int, day: date) -> list[YearLine]:
    """The years that have terms, this year and the next, newest first."""
    terms: dict[int, list[Term]] = {SchoolYear.of(day).start + n: [] for n in (0, 1)}
    for term in Term.objects.filter(year__school=school).select_related("year"):
        terms.setdefault(term.year.start, []).append(term)
    return [YearLine(start, SchoolYear(start).label, tuple(terms[start])) for start in sorted(terms, reverse=True)]


def closures_of(school: int, year: SchoolYear) -> list[Closure]:
    """The closures of a year, lifted ones too, with who made and lifted them."""
    rows = Closure.objects.filter(school=school, first__lte=year.last, last__gte=year.first)
    return list(rows.select_related("deed", "lifted").prefetch_related("classes"))


def holidays_to_close(year: SchoolYear, terms: Iterable[Term], closures: Iterable[Closure]) -> list[tuple[str, str]]:
    """The bank holidays within terms that are no closure yet, as (day, words)."""
    closed = {
        one.first + timedelta(days=n)
        for one in closures
        if one.lifted_id is None and not one.half
        for n in range((one.last - one.first).days + 1)
    }
    spans = [(term.first, term.last) for term in terms]
    return [
        (day.isoformat(), f"{day:%A} {day.day} {day:%B %Y}: {name}")
        for day, name in bank_holidays(year).items()
        if day.weekday() < 5 and day not in closed and any(first <= day <= last for first, last in spans)
    ]


@dataclass(frozen=True)
class ClassLine:
    """A class with its numbers on a day."""

    id: int
    name: str
    n: int
    years: str
    teachers: str


def classes_of(school: int, year_start: int, day: date) -> list[ClassLine]:
    """The classes of a year with how many pupils, which year groups and whose they are, in three queries."""
    groups: dict[int, dict[int, int]] = {}
    seats = Enrolment.objects.filter(school=school, memberships__school_class__year_start=year_start)
    for school_class, group, n in (
        seats.filter(_seat(day))
        .values_list("memberships__school_class", "memberships__year_group")
        .annotate(Count("id"))
    ):
        groups.setdefault(school_class, {})[group] = n
    teachers: dict[int, list[str]] = {}
    held = Grant.objects.filter(school=school, role="teacher", school_class__year_start=year_start, ends__isnull=True)
    for school_class, first, last in held.values_list("school_class", "user__person__first", "user__person__last"):
        teachers.setdefault(school_class, []).append(f"{first} {last}")
    rows = SchoolClass.objects.filter(school=school, year_start=year_start)
    return [_class(row, groups.get(row.pk, {}), teachers.get(row.pk, [])) for row in rows]


def _seat(day: date) -> Q:
    return Q(memberships__begins__lte=day) & (Q(memberships__ends__isnull=True) | Q(memberships__ends__gte=day))


def _class(row: SchoolClass, groups: dict[int, int], teachers: list[str]) -> ClassLine:
    years = ", ".join(year_words(group) for group in sorted(groups))
    return ClassLine(row.pk, row.name, sum(groups.values()), years, ", ".join(teachers))


def year_words(group: int) -> str:
    """A year group as schools say it."""
    return {-1: "Nursery", 0: "Reception"}.get(group, f"Year {group}")


@dataclass(frozen=True)
class Group:
    """Pupils of one class and year group who have no place next year yet."""

    school_class: int
    class_name: str
    year_group: int
    n: int
    likely: str

    @property
    def field(self) -> str:
        """The name of its field on the form."""
        return f"to_{self.school_class}_{self.year_group}"

    @property
    def year(self) -> str:
        """The year group in words."""
        return year_words(self.year_group)


def groups_to_roll(school: int, to_year: int, last_year_group: int = 6) -> list[Group]:
    """Who has no place in `to_year` yet, by class and year group, with where they are most likely to go.

    A group goes to next year's class of the name that held most of the year group above; the oldest leave.
    """
    counts: dict[tuple[int, str, int], int] = {}
    for place in places_to_roll(school, to_year):
        group = (place.school_class_id, place.school_class.name, place.year_group)
        counts[group] = counts.get(group, 0) + 1
    names = dict(SchoolClass.objects.filter(school=school, year_start=to_year).values_list("name", "pk"))
    return [
        Group(pk, name, year, n, _likely(counts, names, name, year, last_year_group))
        for (pk, name, year), n in counts.items()
    ]


def _likely(
    counts: dict[tuple[int, str, int], int], names: dict[str, int], name: str, year: int, last_year_group: int
) -> str:
    if year >= last_year_group:
        return "leave"
    held = [(n, other) for (_, other, above), n in counts.items() if above == year + 1]
    best = name if any(other == name for _, other in held) else max(held, default=(0, name))[1]
    return str(names.get(best, names.get(name, "")))
