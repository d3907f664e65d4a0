"""What people have done of a school's day: lines ticked off, the report kept, calls made; in one statement by hand."""

from dataclasses import dataclass, field
from datetime import date, datetime

from rollcall.journal.by_hand import as_moment, day_given, rows

_DONE = """
    SELECT 'tick', x.id, x.step, x.undone_id, d.name, d.at, 1 FROM absence_stepdone x
    JOIN journal_deed d ON d.id = x.deed_id WHERE x.school_id = %s AND x.day = %s
    UNION ALL SELECT 'kept', x.id, '', NULL, d.name, d.at, 1 FROM absence_keptreport x
    JOIN journal_deed d ON d.id = x.deed_id WHERE x.school_id = %s AND x.day = %s
    UNION ALL SELECT 'calls', 0, '', NULL, d.name, max(d.at), count(*) FROM absence_call x
    JOIN journal_deed d ON d.id = x.deed_id JOIN schools_enrolment e ON e.id = x.enrolment_id
    WHERE e.school_id = %s AND x.day = %s AND x.withdrawn_id IS NULL GROUP BY d.name
    ORDER BY 1, 2, 5
"""


@dataclass(frozen=True)
class Tick:
    """One time that a line was ticked off; `stands` unless it was taken back."""

    row: int
    stands: bool
    who: str
    at: datetime


@dataclass(frozen=True)
class DoneToday:
    """ticks: by the line, in order. kept: who kept the report, and when. calls: who, how many, when last."""

    ticks: dict[str, list[Tick]] = field(default_factory=dict)
    kept: list[tuple[str, datetime]] = field(default_factory=list)
    calls: list[tuple[str, int, datetime]] = field(default_factory=list)


def done_today(school: int, day: date) -> DoneToday:
    """What people have done at a school (by id) on a day."""
    found = DoneToday()
    for kind, row, step, undone, who, moment, n in rows(_DONE, [school, day_given(day)] * 3):
        at = as_moment(moment)
        if kind == "tick":
            found.ticks.setdefault(step, []).append(Tick(row, undone is None, who, at))
        elif kind == "kept":
            found.kept.append((who, at))
        else:
            found.calls.append((who, n, at))
    return found
