"""Marks that are part of a larger act: a late slip, the end of a call, a decision about an absence.

They are written inside the act's own deed, so that what was done and the mark it made are one, or neither is.
"""

from collections.abc import Sequence
from datetime import date, datetime

from rollcall.journal.models import Deed
from rollcall.registers.actions.marking import NewMark, NotSaved, check_session, problem_with
from rollcall.registers.actions.writing import NewEntry, write_entries
from rollcall.registers.models import SheetRow
from rollcall.registers.queries.standing import Standing, lock_and_read, with_leave
from rollcall.rules import codes
from rollcall.rules.sessions import Half
from rollcall.schools.queries import SchoolFacts, facts_of


def mark_within(
    deed: Deed,
    school: int,
    marks: Sequence[tuple[date, Half, NewMark]],
    *,
    at: datetime,
    facts: SchoolFacts | None = None,
) -> int:
    """Write marks of any pupils and sessions of a school (by id) inside the caller's deed and transaction.

    Whoever the deed is by may set them after closing too: the caller has checked that (4.1-c), and the deed's reason
    stands with each entry. A mark that stands already with the same code and minutes makes no entry. Returns how many
    entries were made. Raises NotSaved, with nothing written, for a session that has no register or has not begun, a
    code that can't be true (A1-b), a pupil in no class that day, a mark that was `seen` otherwise meanwhile.
    """
    facts = facts or facts_of(school)
    wrong, entries = NotSaved(), []
    rows: dict[tuple[int, int], SheetRow] = {}
    for day, half in sorted({(day, half) for day, half, _ in marks}):
        some = [mark for on, which, mark in marks if (on, which) == (day, half)]
        standing = lock_and_read(school, [mark.enrolment for mark in some], day, half)
        entries += _entries(some, standing, facts, (day, half), at, wrong)
        rows |= {(one.enrolment, one.year_start): one.row for one in standing.values() if one.row}
    if wrong.refused or wrong.changed:
        raise wrong
    write_entries(school, entries, deed, rows)
    return len(entries)


def _entries(
    marks: Sequence[NewMark],
    standing: dict[int, Standing],
    facts: SchoolFacts,
    session: tuple[date, Half],
    at: datetime,
    wrong: NotSaved,
) -> list[NewEntry]:
    day, half = session
    asked = [mark.enrolment for mark in marks if mark.code in codes.WITH_LEAVE]
    granted = with_leave(asked, day, half, facts.closes_at(day, half))
    entries = []
    for mark in marks:
        seat = standing.get(mark.enrolment)
        if seat is None:
            wrong.refused[mark.enrolment] = f"This pupil is in no class on {day:%-d %B %Y}."
            continue
        check_session(facts, day, half, at, seat.school_class)
        if problem := problem_with(mark, seat, facts, day, half, mark.enrolment in granted):
            wrong.refused[mark.enrolment] = problem
        elif mark.seen is not None and seat.code not in (mark.seen, mark.code):
            wrong.changed[mark.enrolment] = seat.code
        elif (seat.code, seat.minutes or None) != (mark.code, mark.minutes_late or None):
            entries.append(NewEntry(mark.enrolment, day, half, mark.code, mark.minutes_late, mark.ground))
    return entries
