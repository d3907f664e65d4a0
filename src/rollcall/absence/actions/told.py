"""What is said in a call about an absence, what logging it gives, and how one that was logged before is told."""

from dataclasses import dataclass
from datetime import date, datetime, time

from rollcall.absence.actions.words import NotLogged
from rollcall.absence.queries.reports import Reported
from rollcall.rules.appointments import MEDICAL
from rollcall.rules.reporting import Part
from rollcall.rules.words import day_words, time_words


class Known(NotLogged):
    """All of it is known already, so nothing was written; the message says who logged it and when."""


class PerhapsKnown(NotLogged):
    """The same caller was logged for this child minutes ago, with another reason; `beside` enters it all the same."""


@dataclass(frozen=True)
class Caller:
    """Who rang. link: the number of an adult as a contact of one of the pupils (PupilContact); else the name given.

    otherwise: why it is not the barred adult whom the name or number may mean, once they were stopped.
    """

    name: str = ""
    number: str = ""
    link: int | None = None
    channel: str = "phone"
    otherwise: str = ""


@dataclass(frozen=True)
class Absence:
    """What was said. reason: an id of the policy's; out_at, back_at: of an appointment; back_on: the day of return."""

    reason: str
    day: date
    part: Part = "day"
    back_on: date | None = None
    out_at: time | None = None
    back_at: time | None = None
    evidence_seen: bool = False
    note: str = ""


@dataclass(frozen=True)
class Logged:
    """What a save made: the word and the reports by id, and sentences about what was known or is to be decided."""

    word: int
    reports: tuple[int, ...]
    said: tuple[str, ...]


def same_times(one: Reported, absence: Absence) -> bool:
    """Whether what is said has the times of a report; only those of an appointment matter."""
    return one.reason != MEDICAL or (one.out_at, one.back_at) == (absence.out_at, absence.back_at)


def logged_before(one: Reported, at: datetime) -> str:
    """That a report was logged before, by whom, when and on whose word, in a sentence."""
    then = one.logged_at.astimezone(at.tzinfo)
    day = "" if then.date() == at.date() else f" on {day_words(then.date())}"
    who = f"; {one.caller} told us" if one.caller else ""
    when = f"{day} at {time_words(then)}"
    return f"{one.name}, {one.span}: {one.logged_by} logged this{when} ({one.reason_name}{who})."
