"""A school's times, terms, closures and policy as values, kept in memory until one of them changes.

`LedgerCount.facts` goes up with each change, so one small number tells whether what is in memory still stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from rollcall.journal import by_hand
from rollcall.rules.policy import Policy, loads
from rollcall.rules.sessions import HALVES, Calendar, Half, SchoolYear
from rollcall.schools.models import Closure, LedgerCount, PolicyVersion, School, SchoolTimes, Term

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Times:
    """When a school's registers open, are due and close, and from when lateness counts (4.1-f)."""

    begins: date
    gate: time
    am_opens: time
    am_due: time
    am_closes: time
    pm_opens: time
    pm_due: time
    pm_closes: time
    day_ends: time

    def opens(self, half: Half) -> time:
        """When the register of a half-day may first be taken."""
        return self.am_opens if half == "AM" else self.pm_opens

    def due(self, half: Half) -> time:
        """From when the register is due."""
        return self.am_due if half == "AM" else self.pm_due

    def closes(self, half: Half) -> time:
        """When the register closes: who comes later is U."""
        return self.am_closes if half == "AM" else self.pm_closes

    def late_from(self, half: Half) -> time:
        """From when minutes late run: the gate's time in the morning (EM-a), the register's in the afternoon."""
        return self.gate if half == "AM" else self.pm_due


@dataclass(frozen=True)
class ClosureFact:
    """One closure in force; `classes` empty means the whole school. announced: when it was entered."""

    id: int
    number: int
    first: date
    last: date
    half: str
    kind: str
    code: str
    ground: str
    classes: frozenset[int]
    announced: datetime

    def covers(self, day: date, half: Half, school_class: int | None) -> bool:
        """Whether it closes this session for a class (None asks for the whole school)."""
        return self.covers_in_part(day, half) and (not self.classes or school_class in self.classes)

    def covers_in_part(self, day: date, half: Half) -> bool:
        """Whether it closes this session for the school or some of it."""
        return self.first <= day <= self.last and self.half in ("", half)


@dataclass(frozen=True)
class SchoolFacts:
    """What stands of one school; ask it by date."""

    school: int
    slug: str
    name: str
    times: tuple[Times, ...]
    terms: Mapping[int, tuple[tuple[str, date, date], ...]]
    closures: tuple[ClosureFact, ...]
    policies: tuple[tuple[date, int, str], ...]

    def times_on(self, day: date) -> Times:
        """The times in force on a day; raises LookupError naming school and day where there are none."""
        for times in self.times:
            if times.begins <= day:
                return times
        raise LookupError(f"{self.name} has no register times on {day:%-d %B %Y}: set them up under Set-up, Times.")

    def policy_id_on(self, day: date) -> int:
        """The id of the policy version in force on a day (the earliest one for days before any)."""
        return self._version_on(day)[1]

    def policy_from(self, day: date) -> date:
        """The day from which the policy version in force on a day holds."""
        return self._version_on(day)[0]

    def policy_on(self, day: date) -> Policy:
        """The policy that judges a day (8-b). Raises LookupError where none was ever adopted."""
        _, _, text = self._version_on(day)
        return _read_policy(text)

    def policy_of(self, version: int) -> Policy | None:
        """A version of the policy by its id; None for one that is not the federation's."""
        return next((_read_policy(text) for _, number, text in self.policies if number == version), None)

    def edition_on(self, day: date) -> str:
        """The edition of the law whose codes a day's marks are written in."""
        return self.policy_on(day).edition

    def _version_on(self, day: date) -> tuple[date, int, str]:
        for version in self.policies:
            if version[0] <= day:
                return version
        if not self.policies:
            raise LookupError(f"{self.name} has no policy yet: adopt one under Policy.")
        return self.policies[-1]

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The school years that have terms, by the calendar year they begin in."""
        return tuple(sorted(self.terms))

    def calendar(self, year_start: int, school_class: int | None = None) -> Calendar:
        """A year's calendar for a class, or for the whole school; a year without terms has no open session."""
        return _calendar(self, year_start, school_class)

    def is_open(self, day: date, half: Half, school_class: int | None = None) -> bool:
        """Whether a session is a school session for a class."""
        return self.calendar(SchoolYear.of(day).start, school_class).is_open(day, half)

    def is_school_day(self, day: date) -> bool:
        """Whether the school is open in some part of a day."""
        return any(self.is_open(day, half) for half in HALVES)

    def closure_on(self, day: date, half: Half, school_class: int | None = None) -> ClosureFact | None:
        """The closure that covers a session, if one does."""
        return next((c for c in self.closures if c.covers(day, half, school_class)), None)

    def when_begun(self, day: date, half: Half) -> "SchoolFacts":
        """What stood when a session began: without the closures announced later. Itself on nearly every day."""
        if not any(times.begins <= day for times in self.times):
            return self
        later = [c for c in self.closures if c.covers_in_part(day, half) and self.has_begun(day, half, c.announced)]
        return replace(self, closures=tuple(c for c in self.closures if c not in later)) if later else self

    def closed_since(self, day: date, half: Half, school_class: int | None = None) -> ClosureFact | None:
        """The closure that ended a session which had begun (of two the earlier one); None where it was never on."""
        if self.is_open(day, half, school_class) or not self.when_begun(day, half).is_open(day, half, school_class):
            return None
        found = (c for c in self.closures if c.covers(day, half, school_class))
        return min(found, key=lambda c: c.announced, default=None)

    def moment(self, day: date, at: time) -> datetime:
        """A school's time of day as a moment."""
        return datetime.combine(day, at, LONDON)

    def closes_at(self, day: date, half: Half) -> datetime:
        """When the register of a session closes."""
        return self.moment(day, self.times_on(day).closes(half))

    def session_now(self, at: datetime) -> tuple[date, Half] | None:
        """The session whose register is open for taking at a moment, if the school is open."""
        local = at.astimezone(LONDON)
        day, clock = local.date(), local.time()
        times = self.times_on(day)
        for half in ("PM", "AM"):
            if clock >= times.opens(half) and self.is_open(day, half):
                return day, half
        return None

    def has_begun(self, day: date, half: Half, at: datetime) -> bool:
        """Whether a session's register may hold marks at a moment: the ledger holds no future session."""
        return at >= self.moment(day, self.times_on(day).opens(half))

    def last_columns(self, year_start: int, at: datetime) -> int:
        """How many columns of a year's axis lie behind a moment: those whose register has closed."""
        year = SchoolYear(year_start)
        local = at.astimezone(LONDON)
        day = min(max(local.date(), year.first), year.last + timedelta(days=1))
        if day > year.last:
            return year.n
        if day != local.date():
            return 0
        times = self.times_on(day)
        passed = sum(local.time() >= times.closes(half) for half in ("AM", "PM"))
        return year.column(day, "AM") + passed


@lru_cache(maxsize=256)
def _calendar(facts: SchoolFacts, year_start: int, school_class: int | None) -> Calendar:
    terms = [(first, last) for _, first, last in facts.terms.get(year_start, ())]
    closed: set[date | tuple[date, Half]] = set()
    for closure in facts.closures:
        if closure.classes and school_class not in closure.classes:
            continue
        for n in range((closure.last - closure.first).days + 1):
            day = closure.first + timedelta(days=n)
            closed.add((day, closure.half) if closure.half else day)  # type: ignore[arg-type]
    return Calendar(SchoolYear(year_start), terms, frozenset(closed))


@lru_cache(maxsize=32)
def _read_policy(text: str) -> Policy:
    return loads(text, "the adopted policy")


_KEPT: dict[int, tuple[int, SchoolFacts]] = {}


def facts_of(school: int, version: int | None = None) -> SchoolFacts:
    """What stands of a school, by id: one query where it is in memory. `version` is `LedgerCount.facts` if known.

    Raises School.DoesNotExist for an id that is no school's.
    """
    if version is None:
        # By hand for the cost: nearly every page asks.
        found = by_hand.rows("SELECT facts FROM schools_ledgercount WHERE school_id = %s", [school])
        if not found:
            raise School.DoesNotExist(f"No school has the number {school}.")
        version = found[0][0]
    kept = _KEPT.get(school)
    if kept is None or kept[0] != version:
        kept = (version, _read(school))
        _KEPT[school] = kept
    return kept[1]


def facts_of_all(schools: Iterable[int] | None = None) -> dict[int, SchoolFacts]:
    """What stands of several schools (by id; None is all), by id in the order of their names: one query."""
    rows = LedgerCount.objects.order_by("school__name").values_list("school_id", "facts")
    if schools is not None:
        rows = rows.filter(school__in=list(schools))
    return {school: facts_of(school, version) for school, version in rows}


def forget_facts() -> None:
    """Forget what is in memory: for tests, which begin again with the same numbers."""
    _KEPT.clear()


def times_from_policy(policy: Policy, slug: str) -> dict[str, time]:
    """The times that a policy gives a school, as `set_times` takes them.

    The morning register may be taken from the gate on; it is due from the policy's 9.00 (W-f). Raises LookupError for
    a school that the policy does not name.
    """
    day = policy.school(slug)
    return {
        "gate": day.gate.value,
        "am_opens": day.gate.value,
        "am_due": day.morning_opens.value,
        "am_closes": day.morning_closes.value,
        "pm_opens": day.afternoon_opens.value,
        "pm_due": day.afternoon_opens.value,
        "pm_closes": day.afternoon_closes.value,
        "day_ends": day.friendly_call.value,
    }


def _read(school_id: int) -> SchoolFacts:
    school = School.objects.get(pk=school_id)
    terms: dict[int, list[tuple[str, date, date]]] = {}
    for start, name, first, last in Term.objects.filter(year__school=school_id).values_list(
        "year__start", "name", "first", "last"
    ):
        terms.setdefault(start, []).append((name, first, last))
    names = list(Times.__dataclass_fields__)
    times = SchoolTimes.objects.filter(school=school_id).order_by("-begins").values_list(*names)
    policies = PolicyVersion.objects.filter(federation=school.federation_id).order_by("-effective")
    return SchoolFacts(
        school=school_id,
        slug=school.slug,
        name=school.name,
        times=tuple(Times(*row) for row in times),
        terms=_Frozen({start: tuple(spans) for start, spans in terms.items()}),
        closures=tuple(_closures(school_id)),
        policies=tuple(policies.values_list("effective", "id", "document")),
    )


class _Frozen(dict[int, tuple[tuple[str, date, date], ...]]):
    """A mapping that is part of a cache's key; it is never changed after it is made."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted(self.items())))


def _closures(school_id: int) -> list[ClosureFact]:
    rows = Closure.objects.filter(school=school_id, lifted__isnull=True).select_related("deed")
    return [_closure(c, frozenset(k.pk for k in c.classes.all())) for c in rows.prefetch_related("classes")]


def _closure(c: Closure, classes: frozenset[int]) -> ClosureFact:
    return ClosureFact(c.pk, c.number, c.first, c.last, c.half, c.kind, c.code, c.ground, classes, c.deed.at)
