"""How the marks of who is not in came about: on what ground, guessed by who took the register, or decided by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rollcall.absence.queries.report_known import said
from rollcall.registers.models import Entry
from rollcall.registers.queries.standing import TAKEN
from rollcall.registers.queries.today import Standing
from rollcall.rules.absentees import UNKNOWN_CIRCUMSTANCES, Where, with_guesses
from rollcall.rules.codes import needs_ground
from rollcall.rules.sessions import Half


@dataclass(frozen=True)
class Made:
    """One mark's last entry. by: who recorded it and when, of O that somebody decided; empty for any other."""

    ground: str = ""
    is_guess: bool = False
    by: str = ""


UNSAID = Made()


def made_by(shown: Iterable[Standing], day: date, half: Half, edition: str) -> dict[int, Made]:
    """How the marks came about that do not say why by themselves, by enrolment; no statement where there are none."""
    codes = {s.enrolment: s.code for s in shown if s.code == UNKNOWN_CIRCUMSTANCES or needs_ground(s.code, edition)}
    if not codes:
        return {}
    rows = Entry.objects.filter(enrolment__in=codes, day=day, half=half).order_by("number")
    found = {}
    for pk, ground, kind, name, at, why in rows.values_list(
        "enrolment_id", "ground", "deed__kind", "deed__name", "deed__at", "deed__reason"
    ):
        if codes[pk] != UNKNOWN_CIRCUMSTANCES:
            found[pk] = Made(ground)
        elif kind == TAKEN:
            found[pk] = Made(ground, is_guess=True)
        else:
            found[pk] = Made(ground or why, by=f"recorded by {name}, {said(at, day)}")
    return found


def place_of(s: Standing, made: Made) -> Where:
    """Where a pupil is: O by whoever took the register says no more than N."""
    return with_guesses(s.code, made.is_guess)
