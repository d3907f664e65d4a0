"""What the files page shows: the schools somebody may bring in or take out for, what was brought in, saved layouts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rollcall.exchange.models import Intake, Preset
from rollcall.schools.models import School, SchoolYear


@dataclass(frozen=True)
class Past:
    """One file that was brought in."""

    id: int
    school: str
    kind: str
    filename: str
    at: datetime
    who: str
    position: str
    reason: str
    n_rows: int
    added: int
    changed: int
    unchanged: int
    passed_over: int


def past_intakes(schools: Collection[int] | None, limit: int = 50) -> list[Past]:
    """The files brought in at some schools (None: at all), newest first, in one query."""
    rows = Intake.objects.select_related("school", "deed")
    if schools is not None:
        rows = rows.filter(school__in=schools)
    return [past(one) for one in rows[:limit]]


def past(one: Intake) -> Past:
    """One intake as a page shows it."""
    return Past(
        id=one.pk,
        school=one.school.name,
        kind=one.kind,
        filename=one.filename,
        at=one.deed.at,
        who=one.deed.name,
        position=one.deed.position,
        reason=one.deed.reason,
        n_rows=one.n_rows,
        added=one.added,
        changed=one.changed,
        unchanged=one.unchanged,
        passed_over=one.passed_over,
    )


def school_choices(schools: Collection[int] | None) -> list[tuple[int, str]]:
    """(id, name) of some schools (None: all), for a form."""
    rows = School.objects.order_by("name")
    if schools is not None:
        rows = rows.filter(pk__in=schools)
    return list(rows.values_list("pk", "name"))


def years_of(schools: Collection[int]) -> list[int]:
    """The school years that these schools have."""
    return sorted(set(SchoolYear.objects.filter(school__in=schools).order_by().values_list("start", flat=True)))


def saved_presets() -> list[tuple[int, str, str]]:
    """(id, name, kind) of the layouts saved in the federation."""
    return list(Preset.objects.values_list("pk", "name", "kind"))
