"""The sections of a pupil's casework page, in their order. A part of the room adds one line here.

A section is a partial template with its context, worked out by a query of its own part.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rollcall.absence.views.places import PupilPlace
from rollcall.accounts.queries import Standing


@dataclass(frozen=True)
class Section:
    """One section: its id in the page, its heading, its partial, the row that opens it, and what it shows.

    shows: (place, at) -> what the partial reads as `section`. acts: the rows of the table that its buttons need, which
    the partial asks as `"meeting:plan" in part.may`.
    """

    id: str
    heading: str
    template: str
    row: str
    shows: Callable[[PupilPlace, datetime], dict[str, Any]]
    rows: tuple[str, ...] = ()

    def shown(self, place: PupilPlace, at: datetime) -> dict[str, Any]:
        """What the page needs of it."""
        return {"id": self.id, "heading": self.heading, "template": self.template, "section": self.shows(place, at)}

    def acts(self, may: Standing, place: PupilPlace) -> frozenset[str]:
        """Which of its buttons somebody may press."""
        return frozenset(row for row in self.rows if may.can(row, place))


SECTIONS: tuple[Section, ...] = ()
