"""The schools side by side, without a name: in full for who leads them, with small numbers hidden for governors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from rollcall.insight.queries.group import a_year_before, count_stages, share_through
from rollcall.registers.queries.reading import Reading, read_year
from rollcall.rules.disclosure import can_show_group, hide_grid
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.shares import Share, together
from rollcall.schools.queries.facts import SchoolFacts, facts_of_all
from rollcall.schools.queries.roll import members_of_year

Counts = tuple[int | None, ...]


@dataclass(frozen=True)
class SchoolLine:
    """One school; a count is None where it is too small to be shown, `share` None where its pupils are too few.

    stages: pupils in each stage. absence: pupils who are severely, persistently and less absent.
    """

    school: int
    slug: str
    name: str
    n_pupils: int | None
    share: Share | None
    before: Share | None
    stages: Counts
    absence: Counts
    weeks: tuple[tuple[date, Share], ...]
    n_sessions: int
    span: tuple[date, date] | None


@dataclass(frozen=True)
class SchoolsPage:
    """All schools, and the federation together. `limit` is the least count shown, 0 where nothing is hidden."""

    lines: tuple[SchoolLine, ...]
    stage_names: tuple[str, ...]
    stage_totals: Counts
    absence_totals: Counts
    n_pupils: int | None
    whole: Share | None
    before: Share | None
    before_through: date | None
    limit: int
    target_percent: Fraction | None


@dataclass(frozen=True)
class _Counted:
    facts: SchoolFacts
    reading: Reading
    before: Share | None
    through: date | None
    stages: list[int]
    absence: list[int]


def schools_page(schools: set[int] | None, at: datetime, *, hide_small: bool) -> SchoolsPage:
    """The schools with these ids (None is all) over the year of a moment.

    hide_small: no count of pupils below the policy's limit is given, nor what it could be worked out from.
    """
    day, year_start = at.date(), SchoolYear.of(at.date()).start
    known = facts_of_all(schools)
    members = members_of_year(known, year_start, day)
    counted = []
    for school, facts in known.items():
        reading = read_year(facts, [m.enrolment for m in members[school]], year_start, at)
        here = [reading.figures[m.enrolment] for m in members[school] if m.is_on_roll(day)]
        here = [figures for figures in here if figures.possible]
        stages = [stage.n for stage in count_stages(here, reading.policy)]
        severe, persistent = sum(f.severe for f in here), sum(f.persistent for f in here)
        absence = [severe, persistent - severe, len(here) - persistent]
        then = a_year_before(facts, day)
        before = share_through(facts, None, then) if then else None
        counted.append(_Counted(facts, reading, before, then, stages, absence))
    return _page(counted, day, hide_small)


def _page(counted: Sequence[_Counted], day: date, hide_small: bool) -> SchoolsPage:
    policy = counted[0].facts.policy_on(day) if counted else None
    limit = policy.measures.disclosure_pupils.value if policy and hide_small else 0
    stages, stage_rows, stage_totals, pupils = _shown([one.stages for one in counted], limit)
    absence, _, absence_totals, _ = _shown([one.absence for one in counted], limit)
    lines = []
    for one, own_stages, own_absence, n in zip(counted, stages, absence, stage_rows, strict=True):
        enough = not limit or can_show_group(sum(one.stages), limit)
        lines.append(_line(one, own_stages, own_absence, n, enough))
    enough = not limit or all(line.share is not None for line in lines)
    befores = [one.before for one in counted if one.before is not None]
    return SchoolsPage(
        lines=tuple(lines),
        stage_names=tuple(f"Stage {s.number}" for s in policy.stages) if policy else (),
        stage_totals=stage_totals,
        absence_totals=absence_totals,
        n_pupils=pupils,
        whole=together(one.reading.whole for one in counted) if enough else None,
        before=together(befores) if enough and befores else None,
        before_through=counted[0].through if counted else None,
        limit=limit,
        target_percent=policy.measures.target_percent.value if policy else None,
    )


def _line(one: _Counted, stages: Counts, absence: Counts, n: int | None, enough: bool) -> SchoolLine:
    reading = one.reading
    return SchoolLine(
        school=one.facts.school,
        slug=one.facts.slug,
        name=one.facts.name,
        n_pupils=n,
        share=reading.whole if enough else None,
        before=one.before if enough else None,
        stages=stages,
        absence=absence,
        weeks=tuple(reading.by_week) if enough else (),
        n_sessions=reading.n_sessions,
        span=reading.span,
    )


def _shown(grid: Sequence[Sequence[int]], limit: int) -> tuple[list[Counts], list[int | None], Counts, int | None]:
    """The cells, row totals, column totals and grand total of a table, small ones hidden below a limit above 0."""
    if not grid:
        return [], [], (), None
    cells, rows, columns, grand = hide_grid(grid, max(limit, 1))
    return [tuple(row) for row in cells], list(rows), tuple(columns), grand
