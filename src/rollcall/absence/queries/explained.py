"""Why a child is accounted for in a session though no mark says so: expected, reported, excluded, signed out.

Where the school closed after the session had begun, what was known when it closed counts, and what has been said since.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.models import Found, Outing, Report
from rollcall.absence.queries.placed import Placed, placed_at
from rollcall.registers.models import Expectation
from rollcall.registers.queries.known_ahead import facts_now
from rollcall.registers.queries.standing import covering
from rollcall.rules.codes import UNEXPLAINED
from rollcall.rules.sessions import Half
from rollcall.rules.whereabouts import Where, where
from rollcall.rules.words import time_words
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON, ClosureFact

_THERE = (Where.ON_SITE, Where.ELSEWHERE)


def explained_by(
    enrolments: Iterable[int],
    facts: SchoolFacts,
    day: date,
    half: Half,
    at: datetime,
    contradicted: Container[int] = (),
    placed: Mapping[int, Placed] | None = None,
    *,
    unconfirmed: bool = False,
    closed: ClosureFact | None = None,
) -> dict[int, str]:
    """Why each of these (by enrolment) is accounted for in a session though no mark says so, in a sentence each.

    Left out is who is not. A report without a code explains too; an activity does only once its leader has said that
    the child is there, an appointment within the day until its return has passed. contradicted: who was marked N, so
    that an activity they are expected at no longer says where they are. placed: `placed_at`, where it has been read.
    unconfirmed: whether being expected elsewhere, which nobody has confirmed, is enough, as before a family is told.
    closed: the closure that ended the session: nobody was to be back after it, and where a child is may be said.
    """
    wanted = list(enrolments)
    if not wanted:
        return {}
    if placed is None:
        placed = placed_at(wanted, day, half)
    until = min(at, closed.announced) if closed else at
    expected = _expected(wanted, facts, day, half, until)
    said = {pk: one.words for pk, one in expected.items() if _says(one, contradicted, placed, unconfirmed)}
    found = _by_fact(wanted, facts, day, half) | said
    found |= _reported(wanted, facts, day, half, until) | _signed_out(wanted, facts, day, half, until, bool(closed))
    return found | said_where(wanted, day, closed.announced) if closed else found


@dataclass(frozen=True)
class _Expected:
    """What is expected of one child in a session, by somebody's entry. place: in an activity."""

    enrolment: int
    code: str
    place: int | None
    words: str


def _expected(enrolments: list[int], facts: SchoolFacts, day: date, half: Half, at: datetime) -> dict[int, _Expected]:
    """What was entered last of each; what an outing made of a session lasts until its return has passed."""
    rows = Expectation.objects.filter(covering(day, half), enrolment__in=enrolments).exclude(code=UNEXPLAINED)
    found = {}
    for pk, code, ground, place, due, back in rows.order_by("id").values_list(
        "enrolment_id", "code", "ground", "activity_place__id", "outing__back_due", "outing__back_at"
    ):
        if due is None or back or at < facts.moment(day, due):
            found[pk] = _Expected(pk, code, place, f"{code} is expected: {ground}.")
    return found


def _says(one: _Expected, contradicted: Container[int], placed: Mapping[int, Placed], unconfirmed: bool) -> bool:
    """Whether an expectation says where a child is: to be present or elsewhere, only where somebody has seen it."""
    if where(one.code) not in _THERE:
        return True
    if one.enrolment in contradicted:
        return False
    if one.place is None:
        return unconfirmed
    return any(other.place == one.place and other.there for other in placed.values())


def _reported(enrolments: list[int], facts: SchoolFacts, day: date, half: Half, at: datetime) -> dict[int, str]:
    """Who gave a reason. The word of somebody barred counts once the head of school has decided on it."""
    rows = Report.objects.filter(covering(day, half), enrolment__in=enrolments).select_related(
        "word", "deed", "contact"
    )
    found = {}
    for row in rows.order_by("id"):
        if _is_appointment_apart(row, facts, day, half, at) or (
            row.contact and row.contact.barred and not row.decided_id
        ):
            continue
        when = row.deed.at.astimezone(LONDON)
        found[row.enrolment_id] = f"{row.word.caller or 'Somebody'} gave a reason, entered at {when.hour}.{when:%M}."
    return found


def _is_appointment_apart(row: Report, facts: SchoolFacts, day: date, half: Half, at: datetime) -> bool:
    """Whether a report of an appointment that costs no session says nothing of it: over, or after the register."""
    if row.code or row.last_day != day:
        return False
    is_over = row.back_at is not None and at >= facts.moment(day, row.back_at)
    return is_over or (row.out_at is not None and facts.moment(day, row.out_at) >= facts.closes_at(day, half))


def _signed_out(
    enrolments: list[int], facts: SchoolFacts, day: date, half: Half, at: datetime, closed: bool
) -> dict[int, str]:
    """Who was signed out before the session's register closed (or the school did, and since), is not back, and was not
    to be back by now.
    """
    rows = Outing.objects.filter(enrolment__in=enrolments, day=day, back__isnull=True, withdrawn__isnull=True)
    if not closed:
        rows = rows.filter(out_at__lt=facts.closes_at(day, half))
    return {
        one: f"Signed out with {who}."
        for one, who, due in rows.values_list("enrolment_id", "collector", "back_due")
        if due is None or at < facts.moment(day, due)
    }


def _by_fact(enrolments: list[int], facts: SchoolFacts, day: date, half: Half) -> dict[int, str]:
    """Who is excluded, or away by a part-time timetable; education elsewhere must be confirmed by a mark (K, B, D)."""
    found = facts_now(enrolments, day, half, facts)
    return {pk: f"{one.code} is expected: {one.ground}." for pk, one in found.items() if where(one.code) not in _THERE}


def said_where(enrolments: Iterable[int], day: date, since: datetime) -> dict[int, str]:
    """Where each of these is, as somebody said after the school had closed at a moment, in a sentence each.

    What was said of a closure before it, since lifted, says nothing of where a child is now.
    """
    rows = Found.objects.filter(enrolment__in=list(enrolments), day=day, withdrawn__isnull=True, deed__at__gte=since)
    rows = rows.select_related("deed")
    return {
        row.enrolment_id: f"{row.words} ({row.deed.name}, {time_words(row.deed.at.astimezone(LONDON))})."
        for row in rows.order_by("id")
    }
