"""A pupil's page: the year, its figures with the sessions behind each, what follows from them, what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence import queries as absence
from rollcall.casework import queries as casework
from rollcall.casework.queries.doings import doings
from rollcall.insight.queries.picture import Week, weeks_of
from rollcall.insight.queries.who import KnownPupil
from rollcall.registers.queries.figures import YearFigures
from rollcall.registers.queries.happenings import happenings
from rollcall.registers.queries.pupil import PupilYear, Stay, pupil_year
from rollcall.rules import headroom
from rollcall.rules.codes import MISSING, table
from rollcall.rules.policy import Policy
from rollcall.rules.pupil_year import Cell
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.stages import Conclusion, conclude

STAGE_TONES = ("good", "waiting", "attention", "urgent")


def stage_words(policy: Policy, stage: int) -> str:
    """A stage as pages call it: its number and name."""
    return f"Stage {stage}: {policy.stages[stage].name.lower()}"


@dataclass(frozen=True)
class Behind:
    """The sessions behind one number, grouped by code: what the code means, and where the law says so."""

    code: str
    meaning: str
    source: str
    cells: tuple[Cell, ...]

    @property
    def in_words(self) -> str:
        """The sessions by their days: '30 Apr am, 2 May pm (12 min)'."""
        return ", ".join(_session(cell) for cell in self.cells)


def _session(cell: Cell) -> str:
    late = f" ({cell.minutes} min)" if cell.minutes else ""
    return f"{cell.day.day} {cell.day:%b} {cell.half.lower()}{late}"


@dataclass(frozen=True)
class Opened:
    """One number of the page that can be opened: its name, how many, and the sessions behind it."""

    name: str
    n: int
    words: str
    groups: tuple[Behind, ...]


@dataclass(frozen=True)
class Window:
    """The unauthorised sessions of the latest school weeks, and the most that any such window had."""

    n_weeks: int
    line: int
    first: date | None
    last: date | None
    cells: tuple[Cell, ...]
    worst: int
    reached_on: date | None

    @property
    def left(self) -> int:
        """How many more reach the line."""
        return max(self.line - len(self.cells), 0)


@dataclass(frozen=True)
class SchoolPart:
    """What one school answers for."""

    stay: Stay
    school: str
    class_name: str
    figures: YearFigures


@dataclass(frozen=True)
class Happened:
    """One thing that happened; `route` with its arguments leads to it."""

    at: datetime
    what: str
    who: str
    detail: str
    route: str = ""
    session: tuple[int, date, str] | None = None
    number: int = 0
    url: str = ""


@dataclass(frozen=True)
class OnPath:
    """A pupil's place on the school's path: the step by its name, and since when."""

    name: str
    since: date


@dataclass(frozen=True)
class PupilPage:
    """All that the page says of a year; `span` is what the figures answer for, None where nothing has passed."""

    year: SchoolYear
    is_this_year: bool
    span: tuple[date, date] | None
    n_sessions: int
    figures: YearFigures
    schools: tuple[SchoolPart, ...]
    weeks: tuple[Week, ...]
    opened: tuple[Opened, ...]
    conclusion: Conclusion
    policy: Policy
    policy_from: date
    lines: tuple[headroom.Line, ...]
    fall: headroom.Line | None
    recover: headroom.Line | None
    n_ahead: int
    window: Window
    days_lost: str
    hours_a_day: int

    @property
    def stage_name(self) -> str:
        """The stage in words."""
        return "" if self.conclusion.stage is None else stage_words(self.policy, self.conclusion.stage)

    @property
    def stage_tone(self) -> str:
        """How the stage's tag looks."""
        return STAGE_TONES[min(self.conclusion.stage or 0, len(STAGE_TONES) - 1)]

    @property
    def tier_name(self) -> str:
        """The tier in words."""
        return "" if self.conclusion.tier is None else self.policy.tiers[self.conclusion.tier - 1].name


def pupil_page(known: KnownPupil, year_start: int, at: datetime) -> PupilPage | None:
    """The page of one school year; None where the pupil was on no roll in it."""
    found = pupil_year(known.stays, year_start, at)
    if found is None:
        return None
    facts = found.by_stay[-1][0].facts
    day = min(max(at.date(), found.year.first), found.year.last)
    policy, figures, counted = facts.policy_on(day), found.figures, found.counted
    is_this_year = found.year == SchoolYear.of(at.date())
    lines = headroom.lines(figures.attended, figures.possible, policy, [day for day, _ in found.ahead])
    fall, recover = headroom.nearest(lines) if is_this_year else (None, None)
    hours = policy.year.hours_a_day.value
    return PupilPage(
        year=found.year,
        is_this_year=is_this_year,
        span=(counted[0].day, counted[-1].day) if counted else None,
        n_sessions=len(counted),
        figures=figures,
        schools=_schools(known, found),
        weeks=tuple(weeks_of(found, day)),
        opened=_opened(counted, figures, policy),
        conclusion=conclude(figures, policy),
        policy=policy,
        policy_from=facts.policy_from(day),
        lines=tuple(lines) if is_this_year else (),
        fall=fall,
        recover=recover,
        n_ahead=len(found.ahead),
        window=_window(found, policy),
        days_lost=headroom.days_text(headroom.days_lost(figures.minutes_late, hours)),
        hours_a_day=hours,
    )


def _schools(known: KnownPupil, found: PupilYear) -> tuple[SchoolPart, ...]:
    return tuple(
        SchoolPart(stay, stay.facts.name, known.classes.get(stay.enrolment, (0, ""))[1], figures)
        for stay, figures in found.by_stay
    )


def _window(found: PupilYear, policy: Policy) -> Window:
    cells = found.window
    return Window(
        n_weeks=policy.measures.threshold_school_weeks.value,
        line=policy.measures.threshold_sessions.value,
        first=cells[0].day if cells else None,
        last=cells[-1].day if cells else None,
        cells=tuple(cell for cell in cells if cell.counted and cell.is_unauthorised),
        worst=found.figures.worst_window,
        reached_on=found.figures.threshold_reached_on,
    )


def _opened(cells: Sequence[Cell], figures: YearFigures, policy: Policy) -> tuple[Opened, ...]:
    """The numbers under the figure. Sessions attended are too many to list, but for those marked late."""
    absent = [cell for cell in cells if cell.is_absent]
    authorised = [cell for cell in absent if not cell.is_unauthorised]
    unauthorised = [cell for cell in absent if cell.is_unauthorised]
    late = [cell for cell in cells if cell.is_late]
    missing = [cell for cell in cells if cell.is_missing]
    outside = [cell for cell in cells if cell.kind == 0]
    came = figures.late + figures.late_after_close
    minutes = f"{figures.minutes_late} minutes in all; {figures.late_after_close} after the register had closed"
    return (
        Opened("Authorised absence", figures.authorised, "counted as missed", _by_code(authorised, policy)),
        Opened("Unauthorised absence", figures.unauthorised, "counted as missed", _by_code(unauthorised, policy)),
        Opened("Late", came, minutes, _by_code(late, policy)),
        Opened("No mark", figures.missing, "not counted as present or absent", _by_code(missing, policy)),
        Opened("Not counted", len(outside), "outside the possible sessions", _by_code(outside, policy)),
    )


def _by_code(cells: Iterable[Cell], policy: Policy) -> tuple[Behind, ...]:
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.code, []).append(cell)
    codes = table(policy.edition)
    behind = []
    for code, group in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        known = codes.get(code)
        meaning = "no mark" if code == MISSING else known.meaning if known else "a code of another edition of the law"
        behind.append(Behind(code, meaning, known.source if known else "", tuple(group)))
    return tuple(behind)


def happened(known: KnownPupil, *, with_steps: bool, with_letters: bool, with_calls: bool = False) -> list[Happened]:
    """What happened to a pupil, newest first: marks changed, absences expected, changes asked for, steps, letters.

    with_calls: what the office did about absences as well: reports, calls, slips, leave.
    """
    return story(known, with_steps=with_steps, with_letters=with_letters, with_calls=with_calls)[0]


def story(
    known: KnownPupil, *, with_steps: bool, with_letters: bool, with_calls: bool = False, with_case: bool = False
) -> tuple[list[Happened], OnPath | None]:
    """As `happened`, with the pupil's place on the school's path, where steps are wanted and there is one.

    with_case: what was done beside the steps as well: meetings, support, forms, notices.
    """
    seen = [
        Happened(h.at, h.what, h.who, h.detail, "registers:history" if h.session else "", h.session)
        for h in happenings(stay.enrolment for stay in known.stays)
    ]
    path, spot = casework.told_of(known.pupil.pk, steps=with_steps, letters=with_letters)
    seen += [Happened(h.at, h.what, h.who, h.detail, h.route, None, h.number) for h in path]
    if with_calls:
        calls = absence.happenings(stay.enrolment for stay in known.stays)
        seen += [Happened(h.at, h.what, h.who, h.detail, url=h.url) for h in calls]
    if with_case:
        seen += [Happened(h.at, h.what, h.who, h.detail, url=h.url) for h in doings(known.pupil.pk)]
    return sorted(seen, key=lambda one: one.at, reverse=True), _on_path(known, spot) if spot else None


def _on_path(known: KnownPupil, spot: casework.Spot) -> OnPath:
    policy = known.now.facts.policy_of(spot.policy)
    named = {step.id: step.name for step in policy.path.steps} if policy else {}
    return OnPath(named.get(spot.step, spot.step), spot.since)
