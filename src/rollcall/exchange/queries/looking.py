"""A file looked at before it is brought in: its rows, the layout it is read by, and the plan of what it would do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rollcall.exchange import waiting
from rollcall.exchange.guessing import fit
from rollcall.exchange.layouts import Layout, Options, from_data, shipped
from rollcall.exchange.models import Draft, Preset
from rollcall.exchange.queries.mark_file import MarkFile, read_marks
from rollcall.exchange.queries.mark_plan import MarkPlan, plan_marks
from rollcall.exchange.queries.pupil_file import PupilFile, read_pupils
from rollcall.exchange.queries.pupil_plan import PupilPlan, plan_pupils
from rollcall.exchange.reading import Grid, read_grid
from rollcall.schools.models import School
from rollcall.schools.queries import facts_of


@dataclass(frozen=True)
class Named:
    """A preset as a page offers it: `key` is what a form sends, `source` is empty for a saved one."""

    key: str
    name: str
    source: str
    layout: Layout


def presets_for(school: School, kind: str) -> list[Named]:
    """The presets for a kind of file: those saved in the federation, then those shipped."""
    saved = Preset.objects.filter(federation=school.federation_id, kind=kind).order_by("name")
    own = [Named(f"saved:{one.pk}", one.name, "", from_data({**one.layout, "kind": kind})) for one in saved]
    ours = [
        Named(f"shipped:{one.name}", one.name, one.source, one.layout) for one in shipped() if one.layout.kind == kind
    ]
    return own + ours


def fitted(preset: Named, grid: Grid) -> Layout:
    """A preset laid over a file."""
    return fit(preset.layout, grid)


def grid_of(draft: Draft) -> Grid:
    """The rows of a draft's file. Raises UnreadableTable, and FileNotFoundError where the file is gone."""
    return read_grid(waiting.take(draft.token))


def options_of(draft: Draft) -> Options:
    """What was said of a draft's file."""
    return Options(**(draft.layout or {})["options"])


def layout_of(draft: Draft) -> Layout | None:
    """How a draft is read, None before anybody has said so."""
    kept = (draft.layout or {}).get("layout")
    return from_data(kept) if kept else None


def read_as(grid: Grid, layout: Layout, options: Options, rows: Collection[str]) -> MarkFile | PupilFile:
    """A file read by a layout, by who holds some rows of the permission table. Raises UnreadableTable."""
    if layout.kind == "marks":
        return read_marks(grid, layout, options)
    return read_pupils(grid, layout, rows)


def plan_of(file: MarkFile | PupilFile, school: School, options: Options, at: datetime) -> MarkPlan | PupilPlan:
    """What a file would do at a school at a moment."""
    if isinstance(file, MarkFile):
        return plan_marks(file, facts_of(school.pk), at)
    return plan_pupils(file, school, options, at.date())
