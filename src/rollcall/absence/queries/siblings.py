"""The brothers and sisters of some pupils, at any school, with where they are; in one statement by hand (ADR 12)."""

from collections.abc import Iterable
from datetime import date

from rollcall.absence.queries.report_values import Sibling
from rollcall.journal.by_hand import day_given, places, rows
from rollcall.rules.absentees import Where, where_of
from rollcall.rules.codes import MISSING, TEXT
from rollcall.rules.sessions import Half, SchoolYear
from rollcall.schools.queries import SchoolFacts

# Who shares an adult with a pupil, both living there.
_SIBLINGS = """
    SELECT DISTINCT own.pupil_id, p.id, p.known_first, p.known_last, p.confidential, c.name, e.school_id, o.name,
        substr(r.marks, %s, 1)
    FROM schools_pupilcontact own
    JOIN schools_pupilcontact k ON k.contact_id = own.contact_id AND k.lives_with AND k.pupil_id <> own.pupil_id
    JOIN schools_pupil p ON p.id = k.pupil_id
    JOIN schools_enrolment e ON e.pupil_id = p.id AND e.admitted <= %s AND (e."left" IS NULL OR e."left" >= %s)
    JOIN schools_school o ON o.id = e.school_id
    JOIN schools_classmembership m ON m.enrolment_id = e.id AND m.begins <= %s AND (m.ends IS NULL OR m.ends >= %s)
    JOIN schools_schoolclass c ON c.id = m.school_class_id
    LEFT JOIN registers_sheetrow r ON r.enrolment_id = e.id AND r.year_start = %s
    WHERE own.lives_with AND own.pupil_id IN ({pupils})
"""


def siblings_now(facts: SchoolFacts, pupils: Iterable[int], day: date, half: Half) -> dict[int, tuple[Sibling, ...]]:
    """The brothers and sisters of some pupils (by id), at any school, with where they are.

    Where somebody's presence is confidential it is not said at another school.
    """
    wanted, year, on = sorted(set(pupils)), SchoolYear.of(day), day_given(day)
    if not wanted:
        return {}
    given: list[int | str | bytes] = [year.column(day, half) + 1, on, on, on, on, year.start, *wanted]
    found: dict[int, dict[int, Sibling]] = {}
    for pupil, other, first, last, confidential, room, school, school_name, mark in rows(
        _SIBLINGS.format(pupils=places(len(wanted))), given
    ):
        here = school == facts.school
        code = TEXT[bytes(mark)[0]] if mark else MISSING
        where = "ask the safeguarding lead" if confidential and not here else _where_words(code)
        one = Sibling(other, f"{first} {last}", room, "" if here else school_name, where)
        found.setdefault(pupil, {})[other] = one
    return {pupil: tuple(sorted(those.values(), key=lambda s: s.name)) for pupil, those in found.items()}


def _where_words(code: str) -> str:
    where = where_of(code)
    if where in (Where.HERE, Where.UNKNOWN):
        return "in" if where is Where.HERE else "not marked"
    return f"{where.value} ({code})"
