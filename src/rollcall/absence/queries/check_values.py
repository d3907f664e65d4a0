"""What a check finds and what all of them share: the school's rows read once, and how sessions are put in words."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from rollcall.absence.queries import check_rows as rows
from rollcall.absence.queries.check_rows import Expected, Seat, Session, Window
from rollcall.accounts.templatetags.words import half as half_words
from rollcall.rules.words import counted, day_words, listed
from rollcall.schools.queries import SchoolFacts

NAMED = 5
"""How many pupils a sentence names before it counts the rest."""


@dataclass(frozen=True)
class Finding:
    """One thing that can't be right. about: the pupil or class.

    route, args: the page on which it is mended; act: what its link says; row: who may open it (permission table).
    """

    kind: str
    about: str
    sentence: str
    route: str
    args: tuple[Any, ...]
    act: str
    row: str


KINDS = {
    "illness": "Marked present, and reported ill",
    "unmarked": "Sessions without a mark",
    "closed": "Marks on a day when nobody met",
    "classes": "In no class, or in two",
    "leavers": "Left, and still marked",
    "siblings": "Brothers and sisters with reasons that contradict",
    "takers": "A register that two people took",
    "numbers": "Nobody to ring",
}
"""The kinds in the order of the page, with their headings."""


@dataclass(frozen=True)
class Read:
    """What all checks of one school and day share: read once."""

    facts: SchoolFacts
    day: date
    at: datetime
    windows: list[Window]

    @cached_property
    def seats(self) -> list[list[Seat]]:
        """Everybody of the school in each window."""
        return [rows.seats_between(window, school=self.facts.school) for window in self.windows]

    @cached_property
    def expected(self) -> list[Expected]:
        """What is expected of the school's pupils in the windows."""
        first = min((window.first for window in self.windows), default=self.day)
        return rows.expected_between(first, self.day, school=self.facts.school)

    @cached_property
    def rooms(self) -> dict[int, str]:
        """The name of each class in the windows by its number."""
        return {seat.school_class: seat.class_name for seats in self.seats for seat in seats}

    def is_open(self, session: Session, room: int) -> bool:
        """Whether a class meets in a session."""
        return self.facts.is_open(*session, room)

    def places(self, window: Window, room: int, *, is_open: bool) -> list[int]:
        """Where the sessions stand on a strip in which a class meets, or does not, up to the moment."""
        return [
            place
            for place, session in enumerate(window.sessions)
            if self.is_open(session, room) is is_open and self.facts.has_begun(*session, self.at)
        ]


def when(sessions: list[Session]) -> str:
    """Sessions in words: "on the morning of Tuesday 14 May", "on Tuesday 14 May", "in 3 sessions since ..."."""
    first = sessions[0]
    if len(sessions) == 1:
        return f"on the {half_words(first[1])} of {day_words(first[0])}"
    if all(on == first[0] for on, _ in sessions):
        return f"on {day_words(first[0])}"
    return f"in {counted(len(sessions), 'session')} since {day_words(first[0])}"


def names_of(names: list[str]) -> str:
    """Names as a sentence has them: the first five, and how many more there are."""
    more = len(names) - NAMED
    return listed([*names[:NAMED], f"{more} more"]) if more > 0 else listed(names)
