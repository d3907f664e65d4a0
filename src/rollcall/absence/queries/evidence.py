"""What the day's room has on record of a pupil, for evidence: calls, word received, late slips, evidence asked for.

What somebody barred said is left out, and so are alerts: both are the safeguarding lead's to tell.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.models import Call, Doubt, FriendlyCall, HandOver, Referral, Report, Slip
from rollcall.absence.queries.doubts import Doubted, doubts_by_id
from rollcall.absence.queries.reports import Reported, reports_by_id


@dataclass(frozen=True)
class Spoken:
    """One thing that was said or tried: when, what, who of the school, the words that were noted."""

    at: datetime
    what: str
    who: str
    words: str = ""


def reports_about(enrolments: Iterable[int], since: date) -> list[Reported]:
    """What was reported of these enrolments (by id) since a day, the oldest first, but not the word of the barred."""
    rows = Report.objects.filter(enrolment__in=list(enrolments), last_day__gte=since)
    rows = rows.exclude(contact__barred=True).exclude(word__outcome="stopped")
    return reports_by_id(rows.values_list("pk", flat=True))


def doubts_about(enrolments: Iterable[int], since: date, at: datetime) -> list[Doubted]:
    """The evidence that was asked for about these enrolments (by id) since a day, with what followed."""
    rows = Doubt.objects.filter(enrolment__in=list(enrolments), last_day__gte=since)
    return doubts_by_id(rows.values_list("pk", flat=True), at)


def spoken(enrolments: Iterable[int], since: date) -> list[Spoken]:
    """Calls, friendly calls, callers handed on and referrals since a day, the oldest first; a query for each kind."""
    ids = list(enrolments)
    found = [*_calls(ids, since), *_friendly(ids, since), *_handed(ids, since), *_referred(ids, since)]
    return sorted(found, key=lambda one: one.at)


def late_slips(enrolments: Iterable[int], since: date) -> list[Slip]:
    """The late slips of these enrolments (by id) that stand, since a day, the oldest first."""
    rows = Slip.objects.filter(enrolment__in=list(enrolments), day__gte=since, withdrawn__isnull=True)
    return list(rows.select_related("confirmed", "enrolment").exclude(confirmed=None).order_by("day", "half", "id"))


def _calls(ids: list[int], since: date) -> list[Spoken]:
    rows = Call.objects.filter(enrolment__in=ids, day__gte=since, withdrawn__isnull=True).select_related("deed")
    return [
        Spoken(one.deed.at, f"Called {one.name}: {one.get_outcome_display().lower()}", _who(one), one.words)
        for one in rows.exclude(contact__barred=True)
    ]


def _friendly(ids: list[int], since: date) -> list[Spoken]:
    rows = FriendlyCall.objects.filter(enrolment__in=ids, day__gte=since).select_related("deed")
    return [
        Spoken(
            one.deed.at,
            f"Friendly call: {one.get_outcome_display().lower()}{f' ({one.spoke_to})' if one.spoke_to else ''}",
            _who(one),
            " ".join(part for part in (one.words, one.tomorrow) if part),
        )
        for one in rows
    ]


def _handed(ids: list[int], since: date) -> list[Spoken]:
    rows = HandOver.objects.filter(enrolment__in=ids, deed__at__date__gte=since).select_related("deed", "done")
    found = []
    for one in rows.exclude(word__outcome="stopped"):
        found.append(Spoken(one.deed.at, f"{one.caller} handed on to the head of school", _who(one), one.about))
        if one.done:
            who = f"{one.done.name}, {one.done.position}"
            found.append(Spoken(one.done.at, f"{one.caller}: taken by the head of school", who, one.done.reason))
    return found


def _referred(ids: list[int], since: date) -> list[Spoken]:
    rows = Referral.objects.filter(enrolment__in=ids, day__gte=since).select_related("deed", "decided", "returned")
    found = []
    for one in rows:
        about = one.get_kind_display()
        deeds = [(one.deed, "Put to the head of school"), (one.returned, "Sent to the authority")]
        deeds.append((one.decided, "Accepted by the head of school" if one.accepted else "Declined"))
        for deed, words in deeds:
            if deed is not None:
                said = "" if deed == one.deed else deed.reason
                found.append(Spoken(deed.at, f"{words}: {about.lower()}", f"{deed.name}, {deed.position}", said))
    return found


def _who(one: Call | FriendlyCall | HandOver | Referral) -> str:
    return f"{one.deed.name}, {one.deed.position}"
