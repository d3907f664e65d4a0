"""How a file is laid out: which heading is which field, how days, names, sessions and codes are written in it.

A layout is plain data. Presets are layouts with a name: saved ones lie in the database, shipped ones in `presets/`, and
those say themselves that no source for them was seen.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

SHAPES = [("long", "a row for each mark"), ("wide", "a row for each pupil, a column for each session or day")]
DAYS = [
    ("dmy", "day first: 01/09/2025, 1 Sep 2025"),
    ("iso", "year first: 2025-09-01"),
    ("mdy", "month first: 09/01/2025"),
    ("excel", "Excel's day numbers: 45901"),
]
NAMES = [("last_first", "Last, First"), ("first_last", "First Last")]
_SHIPPED = Path(__file__).parent / "presets"


@dataclass(frozen=True)
class Layout:
    """How one kind of file is read.

    heading_row: the number of the row that holds the headings. heading_rows: 1, or 2 where days stand above sessions.
    columns: our field to the file's heading. sessions, codes: the file's words to ours; a code may be empty, which
    stands for no mark. either_present: / and \\ both mean present, whichever the session.
    """

    kind: str
    shape: str = "long"
    heading_row: int = 1
    heading_rows: int = 1
    columns: Mapping[str, str] = field(default_factory=dict)
    days: str = "dmy"
    name_order: str = "last_first"
    sessions: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    either_present: bool = False

    def as_data(self) -> dict[str, Any]:
        """The layout as JSON can keep it."""
        return asdict(self)


@dataclass(frozen=True)
class Options:
    """What a person says of one file, which no preset keeps.

    year_start: the school year of its classes, and of its days where they name no year. add_classes: a class that the
    school does not have yet is added. moves_on: the ISO day from which a change of class counts, empty for the day
    of the intake.
    """

    year_start: int
    add_classes: bool = False
    moves_on: str = ""


def from_data(data: Mapping[str, Any]) -> Layout:
    """A layout that was kept; what it does not know is passed over, so that an old one can still be read."""
    known = {name: data[name] for name in Layout.__dataclass_fields__ if name in data}
    return Layout(**known)


@dataclass(frozen=True)
class Shipped:
    """A preset that comes with the program; `source` says how sure it is."""

    name: str
    source: str
    layout: Layout


@cache
def shipped() -> tuple[Shipped, ...]:
    """The presets that come with the program, by name. Each file may hold one for pupils and one for marks."""
    found = []
    for path in sorted(_SHIPPED.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for kind in ("pupils", "marks"):
            if kind in data:
                layout = from_data({"kind": kind, **data[kind]})
                found.append(Shipped(data["name"], data["source"], layout))
    return tuple(found)
