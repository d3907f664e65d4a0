"""A mark as somebody enters it, whether it can be true (A1-b), and as it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rollcall.registers.actions.writing import NewEntry
from rollcall.registers.queries.standing import Standing
from rollcall.rules import codes
from rollcall.rules.codes import MISSING, Circumstances, CodeRefused, UnknownCode
from rollcall.rules.lateness import MOST_MINUTES
from rollcall.rules.school_age import compulsory_age
from rollcall.rules.sessions import Half
from rollcall.schools.queries import SchoolFacts


@dataclass(frozen=True)
class NewMark:
    """A mark as somebody entered it. `seen` is the code they saw standing (None: they did not look)."""

    enrolment: int
    code: str
    minutes_late: int | None = None
    seen: str | None = None
    ground: str = ""


def entry_of(mark: NewMark, seat: Standing, day: date, half: Half, edition: str) -> NewEntry:
    """A mark as it is written: the minutes of a late pupil stay when L becomes U or U becomes L without new ones."""
    minutes = mark.minutes_late
    if minutes is None and mark.code != seat.code and {mark.code, seat.code} <= codes.WITH_MINUTES:
        minutes = seat.minutes or None
    ground = mark.ground.strip() if codes.needs_ground(mark.code, edition) else ""
    return NewEntry(mark.enrolment, day, half, mark.code, minutes, ground)


def stands(entry: NewEntry, seat: Standing, grounds: Mapping[int, str]) -> bool:
    """Whether an entry would say what stands already."""
    same = (seat.code, seat.minutes or None) == (entry.code, entry.minutes_late or None)
    return same and grounds.get(seat.enrolment, "") == entry.ground


def was_changed(mark: NewMark, seat: Standing, entry: NewEntry) -> bool:
    """Whether something stands that its taker has not seen: another code, or this one on another ground."""
    return seat.code != mark.seen and (seat.code != mark.code or bool(entry.ground))


def problem_with(mark: NewMark, seat: Standing, facts: SchoolFacts, day: date, half: Half, granted: bool) -> str:
    """Why a mark can't be true for a pupil, in a sentence; empty when it can."""
    if mark.minutes_late is not None:
        if mark.code not in codes.WITH_MINUTES:
            return f"Minutes late go with {' or '.join(sorted(codes.WITH_MINUTES))}, not with {mark.code}."
        if not 0 <= mark.minutes_late <= MOST_MINUTES:
            return f"{mark.minutes_late} minutes late can't be: give 0 to {MOST_MINUTES}."
    if mark.code == MISSING:
        return ""
    circumstances = Circumstances(
        half=half,
        year_group=seat.year_group,
        compulsory_age=compulsory_age(seat.born, day),
        traveller=seat.traveller,
        on_roll=True,
        planned_closure=False,
        leave_granted=granted,
    )
    edition = facts.edition_on(day)
    try:
        codes.check(mark.code, edition, circumstances)
    except (UnknownCode, CodeRefused) as refusal:
        return str(refusal)
    if codes.needs_ground(mark.code, edition) and not codes.says_ground(mark.ground):
        return f"Say in words on which ground {seat.name} is marked {mark.code}: the register keeps it with the mark."
    return ""
