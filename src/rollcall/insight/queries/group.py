"""A class's or a school's page: its sessions counted together, its pupils against the lines, who is away in a row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from rollcall.insight.queries.pupil import stage_words
from rollcall.journal.queries import Line, looks_since
from rollcall.registers.queries.figures import YearFigures
from rollcall.registers.queries.reading import Reading, read_year
from rollcall.rules.codes import MISSING, PRESENT_CODE, table
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.shares import Running, Share, best
from rollcall.rules.stages import is_below_target
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.roll import Member, members_of_year

LOOKED = "class"
LEAST_IN_A_ROW = 6
"""Three school days: from then on an absence in a row is worth a look."""


@dataclass(frozen=True)
class PupilLine:
    """One pupil with their figures; `stage_name` is empty where no session was possible yet."""

    member: Member
    figures: YearFigures
    stage_name: str
    school_name: str


@dataclass(frozen=True)
class StageCount:
    """How many pupils stand in one stage."""

    number: int
    words: str
    n: int


@dataclass(frozen=True)
class ClassLine:
    """One class: its pupils now, their sessions together, how many are below the target; who looked it through last.

    `looked` is None where nobody did within the policy's weeks (7.1-e).
    """

    id: int
    name: str
    n_pupils: int
    share: Share
    below_target: int
    persistent: int
    looked: Line | None


@dataclass(frozen=True)
class CodeLine:
    """One code: how many sessions stand in it, and what it means."""

    code: str
    meaning: str
    n: int


@dataclass(frozen=True)
class AbsenceLine:
    """A pupil whose absence has not ended."""

    member: Member
    running: Running

    @property
    def days(self) -> str:
        """The sessions as days, "3 days" or "2 and a half days"."""
        whole, rest = divmod(self.running.sessions, 2)
        return f"{whole} and a half days" if rest else f"{whole} day{'' if whole == 1 else 's'}"


@dataclass(frozen=True)
class GroupPage:
    """All that the page says; `before` is the same span a year ago, None where nothing of it is known."""

    facts: SchoolFacts
    policy: Policy
    policy_from: date
    year: SchoolYear
    span: tuple[date, date] | None
    n_sessions: int
    whole: Share
    before: Share | None
    before_through: date | None
    n_on_roll: int
    stages: tuple[StageCount, ...]
    below_target: tuple[PupilLine, ...]
    persistent: tuple[PupilLine, ...]
    severe: tuple[PupilLine, ...]
    unmarked: tuple[PupilLine, ...]
    classes: tuple[ClassLine, ...]
    weekdays: tuple[tuple[str, Share], ...]
    weeks: tuple[tuple[date, Share], ...]
    codes: tuple[CodeLine, ...]
    running: tuple[AbsenceLine, ...]
    best_week: date | None
    best_classes: tuple[str, ...]

    @property
    def others_below(self) -> tuple[PupilLine, ...]:
        """Who is below the target without being persistently absent."""
        return tuple(line for line in self.below_target if not line.figures.persistent)


def school_page(facts: SchoolFacts, at: datetime) -> GroupPage:
    """A school's page for the year of a moment, in four queries whatever the size of the school."""
    year_start = SchoolYear.of(at.date()).start
    members = members_of_year([facts.school], year_start, at.date())[facts.school]
    return _page(facts, members, at, whole_school=True)


def class_page(facts: SchoolFacts, school_class: int, at: datetime) -> GroupPage:
    """The page of a class: the pupils who are in it now, or were last if it is an earlier year's, and their year."""
    year_start = SchoolYear.of(at.date()).start
    members = members_of_year([facts.school], year_start, at.date())[facts.school]
    own = [m for m in members if m.school_class == school_class and m.is_on_roll(at.date())]
    return _page(facts, own, at, whole_school=False)


def absences_now(facts: SchoolFacts, at: datetime, least: int) -> list[AbsenceLine]:
    """Who of a school is away in a row now, of so many sessions or more, the longest first; in three queries."""
    year_start = SchoolYear.of(at.date()).start
    here = members_of_year([facts.school], year_start, at.date())[facts.school]
    members = {m.enrolment: m for m in here if m.is_on_roll(at.date())}
    return _running(read_year(facts, members, year_start, at), members, least)


def _page(facts: SchoolFacts, members: Sequence[Member], at: datetime, *, whole_school: bool) -> GroupPage:
    day, year = at.date(), SchoolYear.of(at.date())
    reading = read_year(facts, [m.enrolment for m in members], year.start, at)
    here = {m.enrolment: m for m in members if m.is_on_roll(day)}
    policy = reading.policy
    lines = _lines(reading, here, policy, facts.name)
    then = a_year_before(facts, day)
    theirs = None if whole_school else [m.enrolment for m in members]
    week, winners = _best(reading, here, day)
    return GroupPage(
        facts=facts,
        policy=policy,
        policy_from=facts.policy_from(day),
        year=year,
        span=reading.span,
        n_sessions=reading.n_sessions,
        whole=reading.whole,
        before=share_through(facts, theirs, then) if then else None,
        before_through=then,
        n_on_roll=len(here),
        stages=count_stages([line.figures for line in lines], policy),
        below_target=tuple(line for line in lines if is_below(line.figures, policy)),
        persistent=tuple(line for line in lines if line.figures.persistent and not line.figures.severe),
        severe=tuple(line for line in lines if line.figures.severe),
        unmarked=tuple(line for line in lines if line.figures.missing),
        classes=_classes(reading, here, at),
        weekdays=tuple(zip(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"), reading.by_weekday, strict=False)),
        weeks=tuple(reading.by_week),
        codes=_codes(reading.by_code, policy),
        running=tuple(_running(reading, here, LEAST_IN_A_ROW)),
        best_week=week,
        best_classes=winners,
    )


def _lines(reading: Reading, here: Mapping[int, Member], policy: Policy, school: str) -> list[PupilLine]:
    """The pupils on roll, lowest attendance first; who had no session yet is left out."""
    found = [(reading.figures[enrolment], member) for enrolment, member in here.items()]
    names = {stage.number: stage_words(policy, stage.number) for stage in policy.stages}
    lines = [PupilLine(m, f, names[f.stage], school) for f, m in found if f.stage is not None]
    return sorted(lines, key=_lowest_first)


def _lowest_first(line: PupilLine) -> tuple[Fraction, str]:
    return Fraction(line.figures.attended, line.figures.possible), line.member.sort_name


def is_below(figures: YearFigures, policy: Policy) -> bool:
    """Whether a figure is below the target."""
    return is_below_target(figures.attended, figures.possible, policy)


def count_stages(figures: Sequence[YearFigures], policy: Policy) -> tuple[StageCount, ...]:
    """How many pupils stand in each stage."""
    numbers = [f.stage for f in figures]
    return tuple(StageCount(s.number, stage_words(policy, s.number), numbers.count(s.number)) for s in policy.stages)


def a_year_before(facts: SchoolFacts, day: date) -> date | None:
    """The same day a year before; None where the school has no terms in that year."""
    then = day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
    return then if SchoolYear.of(then).start in facts.years else None


def share_through(facts: SchoolFacts, enrolments: Iterable[int] | None, day: date) -> Share | None:
    """A year's sessions to the end of a day, of some enrolments; None is all of the school's of that time."""
    year_start = SchoolYear.of(day).start
    if enrolments is None:
        enrolments = [m.enrolment for m in members_of_year([facts.school], year_start, day)[facts.school]]
    evening = facts.moment(day, facts.times_on(day).day_ends)
    share = read_year(facts, enrolments, year_start, evening, through=day).whole
    return share if share.possible else None


def _classes(reading: Reading, here: Mapping[int, Member], at: datetime) -> tuple[ClassLine, ...]:
    rooms = {m.school_class: m.class_name for m in here.values() if m.school_class}
    shares = reading.by_group({pk: str(m.school_class) for pk, m in here.items() if m.school_class})
    looks = looked_through(rooms, reading.policy, at)
    lines = []
    for room, name in sorted(rooms.items(), key=lambda pair: pair[1]):
        own = [reading.figures[pk] for pk, m in here.items() if m.school_class == room]
        below, persistent = sum(is_below(f, reading.policy) for f in own), sum(f.persistent for f in own)
        lines.append(ClassLine(room, name, len(own), shares[str(room)], below, persistent, looks.get(room)))
    return tuple(lines)


def looked_through(rooms: Iterable[int], policy: Policy, at: datetime) -> dict[int, Line]:
    """Who looked each class (by id) through last, of those looked at within the policy's weeks (7.1-e)."""
    since = at - timedelta(weeks=policy.registers.looked_through_every_weeks.value)
    return {room: lines[0] for room, lines in looks_since(LOOKED, rooms, since).items()}


def _codes(counts: Mapping[str, int], policy: Policy) -> tuple[CodeLine, ...]:
    """Every code that stands, absences and the rest, without the plain present marks."""
    known = table(policy.edition)
    words = {MISSING: "No mark", **{code: found.meaning for code, found in known.items()}}
    shown = {code: n for code, n in counts.items() if code not in PRESENT_CODE.values()}
    return tuple(CodeLine(code, words.get(code, "of another edition"), n) for code, n in shown.items())


def _running(reading: Reading, here: Mapping[int, Member], least: int) -> list[AbsenceLine]:
    return [AbsenceLine(here[pk], run) for pk, run in reading.running(least) if pk in here]


def _best(reading: Reading, here: Mapping[int, Member], day: date) -> tuple[date | None, tuple[str, ...]]:
    """The class or classes that attended the greatest share in the last whole week (6-a)."""
    mondays = [monday for monday, _ in reading.by_week if monday + timedelta(days=5) <= day]
    if not mondays:
        return None, ()
    names = {pk: m.class_name for pk, m in here.items() if m.class_name}
    found = best(reading.of_week(mondays[-1], names))
    return mondays[-1], tuple(sorted(found))
