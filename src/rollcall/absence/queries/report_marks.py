"""How the marks of who is not in came about: on what ground, given by who took the register, or decided by whom."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from rollcall.absence.queries.report_known import said
from rollcall.registers.models import Entry
from rollcall.registers.queries.standing import BROUGHT, TAKEN
from rollcall.registers.queries.today import Standing
from rollcall.rules.absentees import Where, with_guesses
from rollcall.rules.codes import DECISIONS, needs_ground
from rollcall.rules.sessions import Half


@dataclass(frozen=True)
class Made:
    """One mark's last entry. by: who recorded it and when, of a code that only a decision gives; is_guess: that nobody
    decided on it, though it is such a code.
    """

    ground: str = ""
    is_guess: bool = False
    by: str = ""


UNSAID = Made()


def made_by(shown: Iterable[Standing], told: Container[int], day: date, half: Half, edition: str) -> dict[int, Made]:
    """How the marks came about that do not say why by themselves, by enrolment; no statement where there are none.

    told: of whom somebody has said why, who is therefore no guess.
    """
    codes = {s.enrolment: s.code for s in shown if s.code in DECISIONS or needs_ground(s.code, edition)}
    if not codes:
        return {}
    rows = Entry.objects.filter(enrolment__in=codes, day=day, half=half).order_by("number")
    found: dict[int, Made] = {}
    for pk, code, ground, kind, name, at, why in rows.values_list(
        "enrolment_id", "code", "ground", "deed__kind", "deed__name", "deed__at", "deed__reason"
    ):
        if code != codes[pk] or code not in DECISIONS:
            found[pk] = Made(ground)
        elif kind not in (TAKEN, *BROUGHT):
            found[pk] = Made(ground or why, by=f"recorded by {name}, {said(at, day)}")
        elif not found.get(pk, UNSAID).by:
            found[pk] = Made(ground, is_guess=pk not in told)
    return found


def place_of(s: Standing, made: Made) -> Where:
    """Where a pupil is: a decision that nobody made says no more than N."""
    return with_guesses(s.code, made.is_guess)
