"""What happened to some enrolments' registers, newest first: marks changed, absences expected, changes asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.journal.by_hand import as_day, as_moment, rows
from rollcall.rules.codes import MISSING
from rollcall.rules.words import day_words

# By hand for the cost: the ORM needs five statements, and to put them together takes it longer than to run them. Each
# part gives kind, deed, ground, enrolment, first and last day, half, the code, and what stood before or who told of it.
# Nearly every session has one entry, and a year has four hundred: which have more is counted in the index.
_HAPPENED = """
    SELECT h.kind, d.at, d.name, d.position, d.reason,
        h.ground, h.enrolment_id, h.day, h.last_day, h.half, h.code, h.other
    FROM (
        SELECT 'changed' AS kind, e.deed_id, '' AS ground, e.enrolment_id, e.day, e.day AS last_day, e.half, e.code,
            (SELECT b.code FROM registers_entry b
             WHERE b.enrolment_id = e.enrolment_id AND b.day = e.day AND b.half = e.half AND b.number < e.number
             ORDER BY b.number DESC LIMIT 1) AS other
        FROM registers_entry e JOIN (
            SELECT enrolment_id, day, half, MAX(number) AS number FROM registers_entry
            WHERE enrolment_id IN (_IDS) GROUP BY enrolment_id, day, half HAVING COUNT(*) > 1
        ) s ON e.enrolment_id = s.enrolment_id AND e.day = s.day AND e.half = s.half AND e.number = s.number
        UNION ALL SELECT 'expected', deed_id, ground, enrolment_id, first_day, last_day, '', code, told_by
        FROM registers_expectation WHERE enrolment_id IN (_IDS)
        UNION ALL SELECT 'withdrawn', withdrawn_id, '', enrolment_id, first_day, last_day, '', code, ''
        FROM registers_expectation WHERE enrolment_id IN (_IDS)
        UNION ALL SELECT 'asked for', deed_id, '', enrolment_id, day, day, half, wanted, standing
        FROM registers_changerequest WHERE enrolment_id IN (_IDS)
        UNION ALL SELECT CASE WHEN accepted THEN 'accepted' ELSE 'declined' END, decided_id, '', enrolment_id,
            day, day, half, wanted, standing
        FROM registers_changerequest WHERE enrolment_id IN (_IDS)
    ) h JOIN journal_deed d ON d.id = h.deed_id ORDER BY d.at DESC, h.kind DESC, h.day
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
    return [_told(*row) for row in rows(statement, wanted * _HAPPENED.count("_IDS"))]


def _told(
    kind: str, at: datetime | str, name: str, position: str, reason: str, ground: str,
    enrolment: int, first: date | str, last: date | str, half: str, code: str, other: str,
) -> RegisterHappening:  # fmt: skip
    """One row as a happening. other: the code that stood before, or who told the school of an absence."""
    begins, ends, who = as_day(first), as_day(last), f"{name}, {position}"
    if half:
        about = "Mark changed from" if kind == "changed" else f"Change {kind}:"
        what = f"{about} {_said(other)} to {_said(code)}, {_session(begins, half)}"
        return RegisterHappening(as_moment(at), what, who, reason, (enrolment, begins, half))
    days = day_words(begins) if begins == ends else f"{day_words(begins)} to {day_words(ends)}"
    if kind == "withdrawn":
        return RegisterHappening(as_moment(at), f"Expected absence withdrawn, {days}", who, reason)
    told = f" Told by {other}." if other else ""
    return RegisterHappening(as_moment(at), f"Absence expected ({code}), {days}", who, f"{ground}.{told}")


def _said(code: str) -> str:
    return "no mark" if code == MISSING else code


def _session(day: date, half: str) -> str:
    return f"{day_words(day)}, {'morning' if half == 'AM' else 'afternoon'}"
