"""Marks with how they came to stand: each session's entries in few words, for pages and for evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rollcall.registers.models import Entry
from rollcall.rules.sessions import Half, half_of
from rollcall.rules.words import day_words, time_words
from rollcall.schools.queries.facts import LONDON

Where = tuple[int, date, Half]
"""An enrolment (by id) and its session."""


@dataclass(frozen=True)
class Said:
    """One entry of a mark: the code, who, in which position, when, and the reason that was given."""

    code: str
    who: str
    position: str
    when: str
    reason: str

    @property
    def words(self) -> str:
        """It in one line."""
        because = f": {self.reason}" if self.reason else ""
        return f"{self.code}, {self.who} ({self.position}), {self.when}{because}"


def histories(sessions: Iterable[Where]) -> dict[Where, tuple[Said, ...]]:
    """The entries of sessions, each in order, in one query."""
    wanted = set(sessions)
    if not wanted:
        return {}
    rows = Entry.objects.filter(
        enrolment__in={one[0] for one in wanted}, day__in={one[1] for one in wanted}
    ).select_related("deed")
    found: dict[Where, list[Said]] = {one: [] for one in wanted}
    for row in rows.order_by("number"):
        where = (row.enrolment_id, row.day, half_of(row.half))
        if where in found:
            at = row.deed.at.astimezone(LONDON)
            when = f"{day_words(at.date())} {at.year} at {time_words(at)}"
            found[where].append(Said(row.code, row.deed.name, row.deed.position, when, row.deed.reason))
    return {where: tuple(said) for where, said in found.items()}


def standing_codes(histories: Mapping[Where, tuple[Said, ...]]) -> dict[Where, str]:
    """The mark that stands for each session; `-` where none does."""
    return {where: said[-1].code if said else "-" for where, said in histories.items()}
