"""What the day's room knows of a pupil, newest first, for their page: reports, slips, calls, leave, trips, outings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from rollcall.absence.models import FriendlyCall
from rollcall.absence.queries import looked_for, reports_for_others
from rollcall.journal.by_hand import as_day, as_moment, rows

# By hand for the cost, as what happened to a pupil's registers is. Each part gives kind, moment, name, position, first
# and last day, then three texts of its own and the row's number.
_DEED = "d.at, d.name, d.position"
_HAPPENED = f"""
    SELECT 'slip', {_DEED}, s.day, s.day, s.code, d.reason, '', s.id FROM absence_slip s
    JOIN journal_deed d ON d.id = s.confirmed_id WHERE s.enrolment_id IN (_IDS) AND s.withdrawn_id IS NULL
    UNION ALL SELECT 'out', {_DEED}, o.day, o.day, o.collector, d.reason, '', o.id FROM absence_outing o
    JOIN journal_deed d ON d.id = o.deed_id WHERE o.enrolment_id IN (_IDS) AND o.withdrawn_id IS NULL
    UNION ALL SELECT 'back', {_DEED}, o.day, o.day, '', '', '', o.id FROM absence_outing o
    JOIN journal_deed d ON d.id = o.back_id WHERE o.enrolment_id IN (_IDS) AND o.withdrawn_id IS NULL
    UNION ALL SELECT 'friendly', {_DEED}, f.day, f.day, f.outcome, f.words, f.tomorrow, f.id FROM absence_friendlycall f
    JOIN journal_deed d ON d.id = f.deed_id WHERE f.enrolment_id IN (_IDS)
    UNION ALL SELECT 'asked', {_DEED}, l.first_day, l.last_day, l.asker, l.words, '', l.id FROM absence_leaverequest l
    JOIN journal_deed d ON d.id = l.deed_id WHERE l.enrolment_id IN (_IDS)
    UNION ALL SELECT 'decided', {_DEED}, l.first_day, l.last_day,
        CASE WHEN EXISTS (SELECT 1 FROM absence_leavespan s WHERE s.decision_id = c.id AND s.granted) THEN
            CASE WHEN EXISTS (SELECT 1 FROM absence_leavespan s WHERE s.decision_id = c.id AND NOT s.granted)
            THEN 'granted in part' ELSE 'granted' END
        ELSE 'refused' END, c.why, '', l.id FROM absence_leavedecision c
    JOIN absence_leaverequest l ON l.id = c.request_id JOIN journal_deed d ON d.id = c.deed_id
    WHERE l.enrolment_id IN (_IDS)
    UNION ALL SELECT 'undecided', {_DEED}, l.first_day, l.last_day, '', d.reason, '', l.id FROM absence_leavedecision c
    JOIN absence_leaverequest l ON l.id = c.request_id JOIN journal_deed d ON d.id = c.withdrawn_id
    WHERE l.enrolment_id IN (_IDS)
    UNION ALL SELECT 'taken back', {_DEED}, l.first_day, l.last_day, '', d.reason, '', l.id FROM absence_leaverequest l
    JOIN journal_deed d ON d.id = l.withdrawn_id WHERE l.enrolment_id IN (_IDS)
    UNION ALL SELECT 'trip', {_DEED}, a.first_day, a.last_day, a.title, a.leader_name, a.code, a.id
    FROM absence_activityplace p JOIN absence_activity a ON a.id = p.activity_id
    JOIN registers_expectation e ON e.id = p.expectation_id JOIN journal_deed d ON d.id = e.deed_id
    WHERE e.enrolment_id IN (_IDS) AND e.withdrawn_id IS NULL
    UNION ALL SELECT CASE WHEN k.there THEN 'there' ELSE 'not there' END, {_DEED}, k.day, k.day, a.title, k.said_by, '',
        a.id FROM absence_activitycheck k JOIN absence_activityplace p ON p.id = k.place_id
    JOIN absence_activity a ON a.id = p.activity_id JOIN registers_expectation e ON e.id = p.expectation_id
    JOIN journal_deed d ON d.id = k.deed_id WHERE e.enrolment_id IN (_IDS)
"""
_OF_LEAVE = ("asked", "decided", "undecided", "taken back")
_OUTCOMES = dict(FriendlyCall.OUTCOMES)


@dataclass(frozen=True)
class DayHappening:
    """One thing that happened; `url` leads to it, where it has a page."""

    at: datetime
    what: str
    who: str
    detail: str
    url: str = ""


def happenings(enrolments: Iterable[int]) -> list[DayHappening]:
    """All of it for these enrolments (by id), newest first, in five statements at most."""
    wanted = list(enrolments)
    if not wanted:
        return []
    statement = _HAPPENED.replace("_IDS", ", ".join(["%s"] * len(wanted)))
    found = [_told(*row) for row in rows(statement, wanted * _HAPPENED.count("_IDS"))]
    found += [DayHappening(h.at, h.what, h.who, h.detail) for h in looked_for.happenings(wanted)]
    found += [DayHappening(h.at, h.what, h.who, h.detail, h.url) for h in reports_for_others.happenings(wanted)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _told(
    kind: str, at: datetime | str, name: str, position: str, first: date | str, last: date | str,
    one: str, two: str, three: str, number: int,
) -> DayHappening:  # fmt: skip
    days = _days(as_day(first), as_day(last))
    url = reverse("absence:leave_one", args=[number]) if kind in _OF_LEAVE else ""
    what, detail = {
        "slip": (f"Late slip, marked {one}", two),
        "out": (f"Signed out with {one}", two),
        "back": ("Signed back in", ""),
        "friendly": (f"Friendly call: {_OUTCOMES.get(one, one).lower()}", f"{two} {three}".strip()),
        "asked": (f"Leave asked for, {days}, by {one}", two),
        "decided": (f"Leave {one}, {days}", two),
        "undecided": (f"Decision on leave taken back, {days}", two),
        "taken back": (f"Request for leave taken back, {days}", two),
        "trip": (f"{one} ({three}), {days}", f"With {two}"),
        "there": (f"There: {one}", f"Said by {two}"),
        "not there": (f"Not there: {one}", f"Said by {two}"),
    }[kind]
    return DayHappening(as_moment(at), what, f"{name}, {position}", detail, url)


def _days(first: date, last: date) -> str:
    begins, ends = f"{first.day} {first:%B %Y}", f"{last.day} {last:%B %Y}"
    return begins if first == last else f"{begins} to {ends}"
