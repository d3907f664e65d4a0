"""What happened to some enrolments' registers, newest first: marks changed, absences expected, changes asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.registers.models import ChangeRequest, Expectation
from rollcall.registers.queries.history import amendments_of
from rollcall.rules.codes import MISSING


@dataclass(frozen=True)
class RegisterHappening:
    """One thing that happened. `session` is the mark's own (enrolment, day, half), where it is about one mark."""

    at: datetime
    what: str
    who: str
    detail: str
    session: tuple[int, date, str] | None = None


def happenings(enrolments: Iterable[int]) -> list[RegisterHappening]:
    """All of it for these enrolments (by id), in three queries, four where a mark was changed."""
    wanted = list(enrolments)
    found = [*_amended(wanted), *_expected(wanted), *_asked(wanted)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _amended(enrolments: list[int]) -> list[RegisterHappening]:
    found = []
    for entry, mark in amendments_of(enrolments):
        before = mark.history[-2].code
        what = f"Mark changed from {_said(before)} to {_said(entry.code)}, {_session(entry.day, entry.half)}"
        deed = entry.deed
        session = (entry.enrolment_id, entry.day, entry.half)
        found.append(RegisterHappening(deed.at, what, f"{deed.name}, {deed.position}", deed.reason, session))
    return found


def _expected(enrolments: list[int]) -> list[RegisterHappening]:
    found = []
    for e in Expectation.objects.filter(enrolment__in=enrolments).select_related("deed", "withdrawn"):
        until = "" if e.last_day == e.first_day else f" to {_day(e.last_day)}"
        told = f" Told by {e.told_by}." if e.told_by else ""
        what = f"Absence expected ({e.code}), {_day(e.first_day)}{until}"
        found.append(RegisterHappening(e.deed.at, what, f"{e.deed.name}, {e.deed.position}", f"{e.ground}.{told}"))
        if e.withdrawn:
            gone = e.withdrawn
            what = f"Expected absence withdrawn, {_day(e.first_day)}{until}"
            found.append(RegisterHappening(gone.at, what, f"{gone.name}, {gone.position}", gone.reason))
    return found


def _asked(enrolments: list[int]) -> list[RegisterHappening]:
    found = []
    for wish in ChangeRequest.objects.filter(enrolment__in=enrolments).select_related("deed", "decided"):
        said = f"{_said(wish.standing)} to {_said(wish.wanted)}, {_session(wish.day, wish.half)}"
        session = (wish.enrolment_id, wish.day, wish.half)
        deed, decided = wish.deed, wish.decided
        who = f"{deed.name}, {deed.position}"
        found.append(RegisterHappening(deed.at, f"Change asked for: {said}", who, deed.reason, session))
        if decided is not None:
            answer = "accepted" if wish.accepted else "declined"
            who = f"{decided.name}, {decided.position}"
            found.append(RegisterHappening(decided.at, f"Change {answer}: {said}", who, decided.reason, session))
    return found


def _said(code: str) -> str:
    return "no mark" if code == MISSING else code


def _session(day: date, half: str) -> str:
    return f"{_day(day)}, {'morning' if half == 'AM' else 'afternoon'}"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
