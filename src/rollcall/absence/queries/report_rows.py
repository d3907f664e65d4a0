"""All that a school's records say of one session's absences, in one statement by hand, for the absentee report.

The report renews itself all morning on every screen; nine statements put together by the ORM took most of its time.
Each part gives the same columns: kind, id, enrolment, six texts, a moment and a day.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db import connection

from rollcall.journal.by_hand import as_day, as_moment, rows
from rollcall.rules.sessions import Half
from rollcall.schools.queries.facts import LONDON

_COVERS = """x.withdrawn_id IS NULL AND (x.first_day < :day OR (x.first_day = :day AND x.first_half <= :half))
    AND (x.last_day > :day OR (x.last_day = :day AND x.last_half >= :half))"""
_HERE = "JOIN schools_enrolment e ON e.id = x.enrolment_id AND e.school_id = :school"

_STATEMENT = f"""
SELECT 'reported', x.id, x.enrolment_id, x.reason, x.note, x.code,
    CASE WHEN x.decided_id IS NULL THEN x.question ELSE '' END, w.channel,
    COALESCE(c.first || ' ' || c.last || ', ' || p.relationship, w.caller), w.received_at, x.back_on
FROM absence_report x {_HERE} JOIN absence_word w ON w.id = x.word_id
    LEFT JOIN schools_pupilcontact p ON p.id = x.contact_id LEFT JOIN schools_contact c ON c.id = p.contact_id
WHERE {_COVERS}
UNION ALL SELECT 'expected', x.id, x.enrolment_id, x.code, x.ground, x.told_by, d.name, COALESCE(a.title, ''),
    CASE WHEN a.id IS NULL OR EXISTS (
        SELECT 1 FROM absence_activitycheck k WHERE k.place_id = l.id AND k.day = :day AND k.half = :half
    ) THEN '' ELSE a.leader_name END, d.at, x.back_on
FROM registers_expectation x {_HERE} JOIN journal_deed d ON d.id = x.deed_id
    LEFT JOIN absence_activityplace l ON l.expectation_id = x.id LEFT JOIN absence_activity a ON a.id = l.activity_id
WHERE {_COVERS}
UNION ALL SELECT 'called', x.id, x.enrolment_id, x.outcome, x.name, '', '', '', '', d.at, NULL
FROM absence_call x {_HERE} JOIN journal_deed d ON d.id = x.deed_id
WHERE x.day = :day AND x.withdrawn_id IS NULL
UNION ALL SELECT 'alert', x.id, x.enrolment_id, x.to_role, '', '', '', '', '', NULL, NULL
FROM absence_alert x {_HERE} WHERE x.day = :day AND x.acknowledged_id IS NULL AND x.closed_id IS NULL
UNION ALL SELECT 'doubt', x.id, x.enrolment_id, CASE
    WHEN NOT x.satisfied AND NOT EXISTS (SELECT 1 FROM absence_telling t WHERE t.doubt_id = x.id) THEN 'tell'
    WHEN x.answered_id IS NOT NULL THEN 'decide' ELSE 'wait' END, '', '', '', '', '', NULL, x.due
FROM absence_doubt x {_HERE} WHERE x.first_day <= :day AND x.decided_id IS NULL AND x.withdrawn_id IS NULL
UNION ALL SELECT 'handed on', x.id, x.enrolment_id, x.caller, '', '', '', '', '', NULL, NULL
FROM absence_handover x JOIN journal_deed d ON d.id = x.deed_id AND d.at >= :midnight
WHERE x.school_id = :school AND x.done_id IS NULL AND x.enrolment_id IS NOT NULL
UNION ALL SELECT 'slip', x.id, x.enrolment_id, '', '', '', '', '', '', x.arrived_at, NULL
FROM absence_slip x {_HERE}
WHERE x.day = :day AND x.half = :half AND x.confirmed_id IS NULL AND x.withdrawn_id IS NULL
UNION ALL SELECT 'out', x.id, x.enrolment_id, x.reason, x.words, x.collector,
    COALESCE(CAST(x.back_due AS VARCHAR(20)), ''), p.known_first || ' ' || p.known_last,
    CAST(m.school_class_id AS VARCHAR(20)), x.out_at, NULL
FROM absence_outing x {_HERE} JOIN schools_pupil p ON p.id = e.pupil_id
    JOIN schools_classmembership m ON m.enrolment_id = e.id
        AND m.begins <= :day AND (m.ends IS NULL OR m.ends >= :day)
WHERE x.day = :day AND x.back_id IS NULL AND x.withdrawn_id IS NULL
UNION ALL SELECT 'word', x.id, 0, x.channel, x.caller, x.number, '', '', '', x.received_at, NULL
FROM absence_word x WHERE x.school_id = :school AND x.cleared_id IS NULL
UNION ALL SELECT 'loose', x.id, x.id, p.known_first || ' ' || p.known_last, p.risk, CAST(p.id AS VARCHAR(20)),
    '', '', '', NULL, NULL
FROM schools_enrolment x JOIN schools_pupil p ON p.id = x.pupil_id
WHERE x.school_id = :school AND x.admitted <= :day AND (x."left" IS NULL OR x."left" >= :day) AND NOT EXISTS (
    SELECT 1 FROM schools_classmembership m
    WHERE m.enrolment_id = x.id AND m.begins <= :day AND (m.ends IS NULL OR m.ends >= :day))
ORDER BY 2
"""


class Row(NamedTuple):
    """One thing that is on record; what the texts are depends on the kind, in the order of the statement."""

    kind: str
    id: int
    enrolment: int
    texts: tuple[str, ...]
    at: datetime | None
    day: date | None


_NAMED = re.compile(r":(school|day|half|midnight)\b")
_ORDER = _NAMED.findall(_STATEMENT)
_BY_HAND = _NAMED.sub("%s", _STATEMENT)


def on_record(school: int, day: date, half: Half) -> Iterable[Row]:
    """Everything on record that touches a session at a school (by id), in the order it was entered, each kind apart.

    Callers who were handed on are those of the day: who has waited longer stands among the head's tasks.
    """
    midnight = connection.ops.adapt_datetimefield_value(datetime.combine(day, time(0), LONDON))
    on: Any = connection.ops.adapt_datefield_value(day)
    given: dict[str, Any] = {"school": school, "day": on, "half": half, "midnight": midnight}
    for kind, pk, enrolment, *texts, at, about in rows(_BY_HAND, [given[name] for name in _ORDER]):
        yield Row(kind, pk, enrolment, tuple(texts), at and as_moment(at), about and as_day(about))
