"""What was done to find a pupil, newest first, for their page: calls, alerts, what was put to the head and decided.

That a social worker was to be told is left out: not everybody who sees the page may know that there is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.models import Alert, Call, Referral
from rollcall.journal.by_hand import as_day, as_moment, rows

# By hand for the cost, as what happened to a pupil's registers is. Each part gives kind, moment, name, position, the
# deed's reason, then three texts of its own and the day it is about.
_HAPPENED = """
    SELECT h.kind, d.at, d.name, d.position, d.reason, h.one, h.two, h.three, h.day
    FROM (
        SELECT 'call' AS kind, deed_id, name AS one, outcome AS two, words AS three, day FROM absence_call
        WHERE enrolment_id IN (_IDS) AND withdrawn_id IS NULL
        UNION ALL SELECT 'found', deed_id, words, '', '', day FROM absence_found
        WHERE enrolment_id IN (_IDS) AND withdrawn_id IS NULL
        UNION ALL SELECT 'alert', deed_id, kind, words, '', day FROM absence_alert
        WHERE enrolment_id IN (_IDS) AND kind <> 'social_worker'
        UNION ALL SELECT 'acknowledged', acknowledged_id, kind, '', '', day FROM absence_alert
        WHERE enrolment_id IN (_IDS) AND kind <> 'social_worker'
        UNION ALL SELECT 'closed', closed_id, kind, '', '', day FROM absence_alert
        WHERE enrolment_id IN (_IDS) AND kind <> 'social_worker'
        UNION ALL SELECT 'put', deed_id, kind, '', '', since FROM absence_referral WHERE enrolment_id IN (_IDS)
        UNION ALL SELECT CASE WHEN accepted THEN 'accepted' ELSE 'declined' END, decided_id, kind, '', '', since
        FROM absence_referral WHERE enrolment_id IN (_IDS)
        UNION ALL SELECT 'returned', returned_id, kind, '', '', since FROM absence_referral WHERE enrolment_id IN (_IDS)
    ) h JOIN journal_deed d ON d.id = h.deed_id
"""
_ORDER = ("call", "found", "alert", "acknowledged", "closed", "put", "accepted", "declined", "returned")
_OUTCOMES, _ALERTS, _REFERRALS = dict(Call.OUTCOMES), dict(Alert.KINDS), dict(Referral.KINDS)


@dataclass(frozen=True)
class Happening:
    """One thing that happened."""

    at: datetime
    what: str
    who: str
    detail: str


def happenings(enrolments: Iterable[int]) -> list[Happening]:
    """All of it for these enrolments (by id), in one query."""
    wanted = list(enrolments)
    if not wanted:
        return []
    statement = _HAPPENED.replace("_IDS", ", ".join(["%s"] * len(wanted)))
    found = rows(statement, wanted * _HAPPENED.count("_IDS"))
    newest = sorted(found, key=lambda row: (as_moment(row[1]), _ORDER.index(row[0])), reverse=True)
    return [_told(*row) for row in newest]


def _told(
    kind: str, at: datetime | str, name: str, position: str, reason: str, one: str, two: str, three: str,
    day: date | str,
) -> Happening:  # fmt: skip
    when, who = as_moment(at), f"{name}, {position}"
    if kind == "call":
        return Happening(when, f"Called {one}: {_OUTCOMES[two].lower()}", who, three)
    if kind == "found":
        return Happening(when, "Accounted for after the school had closed", who, one)
    if kind in ("alert", "acknowledged", "closed"):
        head = {"alert": "Alert", "acknowledged": "Alert acknowledged", "closed": "Alert closed"}[kind]
        return Happening(when, f"{head}: {_lower(_ALERTS[one])}", who, two or reason)
    since = as_day(day)
    head = {"put": "Put to the head of school", "returned": "Sent"}.get(kind, kind.capitalize())
    return Happening(
        when, f"{head}: {_lower(_REFERRALS[one])}, since {since.day} {since:%B %Y}", who, _said(kind, reason)
    )


def _said(kind: str, reason: str) -> str:
    """The words of a deed; what the scheduler noted for itself is none."""
    return "" if kind == "put" else reason


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]
