"""What happened to some enrolments' registers, newest first: marks changed, absences expected, changes asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.journal.by_hand import as_day, as_moment, rows
from rollcall.rules.codes import MISSING

# By hand for the cost: the ORM needs five statements, and to put them together takes it longer than to run them. Each
# part gives kind, moment, name, position, reason, enrolment, first and last day, half, then two words of its own.
# Nearly every session has one entry, and a year has four hundred: which have more is counted in the index.
_DEED = "d.at, d.name, d.position"
_HAPPENED = f"""
    SELECT 'changed', {_DEED}, d.reason, e.enrolment_id, e.day, e.day, e.half, e.code, (
        SELECT b.code FROM registers_entry b
        WHERE b.enrolment_id = e.enrolment_id AND b.day = e.day AND b.half = e.half AND b.number < e.number
        ORDER BY b.number DESC LIMIT 1)
    FROM (SELECT enrolment_id, day, half, MAX(number) AS number FROM registers_entry WHERE enrolment_id IN (_IDS)
          GROUP BY enrolment_id, day, half HAVING COUNT(*) > 1) s
    JOIN registers_entry e
    ON e.enrolment_id = s.enrolment_id AND e.day = s.day AND e.half = s.half AND e.number = s.number
    JOIN journal_deed d ON d.id = e.deed_id
    UNION ALL SELECT 'expected', {_DEED}, x.ground, x.enrolment_id, x.first_day, x.last_day, '', x.code, x.told_by
    FROM registers_expectation x JOIN journal_deed d ON d.id = x.deed_id WHERE x.enrolment_id IN (_IDS)
    UNION ALL SELECT 'withdrawn', {_DEED}, d.reason, x.enrolment_id, x.first_day, x.last_day, '', x.code, ''
    FROM registers_expectation x JOIN journal_deed d ON d.id = x.withdrawn_id WHERE x.enrolment_id IN (_IDS)
    UNION ALL SELECT 'asked for', {_DEED}, d.reason, w.enrolment_id, w.day, w.day, w.half, w.wanted, w.standing
    FROM registers_changerequest w JOIN journal_deed d ON d.id = w.deed_id WHERE w.enrolment_id IN (_IDS)
    UNION ALL SELECT CASE WHEN w.accepted THEN 'accepted' ELSE 'declined' END, {_DEED}, d.reason, w.enrolment_id,
        w.day, w.day, w.half, w.wanted, w.standing
    FROM registers_changerequest w JOIN journal_deed d ON d.id = w.decided_id WHERE w.enrolment_id IN (_IDS)
"""


@dataclass(frozen=True)
class RegisterHappening:
    """One thing that happened. `session` is the mark's own (enrolment, day, half), where it is about one mark."""

    at: datetime
    what: str
    who: str
    detail: str
    session: tuple[int, date, str] | None = None


def happenings(enrolments: Iterable[int]) -> list[RegisterHappening]:
    """All of it for these enrolments (by id), in one query."""
    wanted = list(enrolments)
    if not wanted:
        return []
    statement = _HAPPENED.replace("_IDS", ", ".join(["%s"] * len(wanted)))
    found = [_told(*row) for row in rows(statement, wanted * _HAPPENED.count("_IDS"))]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _told(
    kind: str, at: datetime | str, name: str, position: str, reason: str, enrolment: int,
    first: date | str, last: date | str, half: str, code: str, other: str,
) -> RegisterHappening:  # fmt: skip
    """One row as a happening. other: the code that stood before, or who told the school of an absence."""
    begins, ends, who = as_day(first), as_day(last), f"{name}, {position}"
    if half:
        about = "Mark changed from" if kind == "changed" else f"Change {kind}:"
        what = f"{about} {_said(other)} to {_said(code)}, {_session(begins, half)}"
        return RegisterHappening(as_moment(at), what, who, reason, (enrolment, begins, half))
    days = _day(begins) if begins == ends else f"{_day(begins)} to {_day(ends)}"
    if kind == "withdrawn":
        return RegisterHappening(as_moment(at), f"Expected absence withdrawn, {days}", who, reason)
    told = f" Told by {other}." if other else ""
    return RegisterHappening(as_moment(at), f"Absence expected ({code}), {days}", who, f"{reason}.{told}")


def _said(code: str) -> str:
    return "no mark" if code == MISSING else code


def _session(day: date, half: str) -> str:
    return f"{_day(day)}, {'morning' if half == 'AM' else 'afternoon'}"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
