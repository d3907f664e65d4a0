"""Requests for leave as lists show them: to decide, decided, past; who decides, and what waits for them (5.1)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from rollcall.absence.models import LeaveDecision, LeaveRequest
from rollcall.absence.queries.leave_days import words_of_days
from rollcall.absence.queries.reports import reason_name
from rollcall.absence.queries.waits import Waits
from rollcall.accounts.queries import NotAllowed, Place, Standing
from rollcall.accounts.roles import Role
from rollcall.outbox.models import Message
from rollcall.rules.leave import Span, is_late, outcome_of
from rollcall.rules.policy import Policy
from rollcall.rules.words import counted
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON, facts_of_all

GROUND = "absence.leave"
"""The ground of an answer: its number is the decision's."""

STATES = {
    "asked": "To be decided",
    "granted": "Granted",
    "partly": "Granted in part",
    "refused": "Not granted",
    "withdrawn": "Withdrawn",
}
DECIDE = {
    "executive_headteacher": (Role.EXECUTIVE,),
    "head_of_school": (Role.HEAD,),
    "headteacher": (Role.HEAD, Role.EXECUTIVE),
}
"""The roles that stand for the positions that a policy lets decide on leave."""

_WITH = ("enrolment__pupil", "enrolment__school", "deed", "withdrawn", "asked_by__contact")
_DECISIONS = ("decisions__deed", "decisions__withdrawn", "decisions__spans__expectation")


@dataclass(frozen=True)
class Decided:
    """One decision: what of which days, why, by whom, how the answer went and what became of it."""

    id: int
    spans: tuple[Span, ...]
    why: str
    by: str
    position: str
    at: datetime
    how: str
    how_words: str
    told_to: str
    told_words: str
    message: int | None
    message_state: str
    message_words: str
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_why: str
    facts: dict[str, object]
    particulars: dict[str, object]

    @property
    def state(self) -> str:
        """What it came to: a name of `STATES`."""
        return outcome_of(self.spans)

    @property
    def state_words(self) -> str:
        """The same in words."""
        return STATES[self.state]

    @property
    def granted(self) -> str:
        """The days that were granted, each run with its code, in words; empty for none."""
        return "; ".join(f"{words_of_days([span])} ({span.code})" for span in self.spans if span.granted)

    @property
    def refused(self) -> str:
        """The days that were not granted, in words; empty for none."""
        return words_of_days([span for span in self.spans if not span.granted])

    @property
    def is_told(self) -> bool:
        """Whether the family has the answer: accepted, printed and posted, or said (4.2-c)."""
        return self.how == "said" or self.message_state == "sent"


@dataclass(frozen=True)
class Leave:
    """One request. `decision` is the one that stands; `earlier` are those that were taken back."""

    id: int
    school: int
    school_name: str
    slug: str
    enrolment: int
    pupil: int
    name: str
    reason: str
    reason_name: str
    words: str
    first: date
    last: date
    asker: str
    asker_note: str
    asked_on: date
    notice_days: int
    is_late: bool
    evidence: str
    entered_by: str
    entered_at: datetime
    withdrawn_by: str
    withdrawn_why: str
    decision: Decided | None
    earlier: tuple[Decided, ...]

    @property
    def state(self) -> str:
        """A name of `STATES`."""
        if self.withdrawn_by:
            return "withdrawn"
        return self.decision.state if self.decision else "asked"

    @property
    def state_words(self) -> str:
        """The same in words."""
        return STATES[self.state]

    @property
    def days(self) -> str:
        """The days asked for, in words."""
        return words_of_days([Span(self.first, self.last, "")])


def leave(pk: int) -> Leave:
    """One request by its number; raises LeaveRequest.DoesNotExist."""
    (one,) = _told([_rows().get(pk=pk)])
    return one


def leave_of_school(school: int, day: date, *, most: int = 50) -> tuple[list[Leave], list[Leave], list[Leave]]:
    """A school's requests: to decide (by first day), decided with days still to come, and the last ones past."""
    standing = LeaveDecision.objects.filter(withdrawn__isnull=True).values("request")
    rows = LeaveRequest.objects.filter(enrolment__school=school)
    kept = rows.filter(withdrawn__isnull=True)
    ended = Q(withdrawn__isnull=False) | Q(pk__in=standing, last_day__lt=day)
    wanted = [
        list(some.values_list("id", flat=True))
        for some in (
            kept.exclude(pk__in=standing).order_by("first_day", "id"),
            kept.filter(pk__in=standing, last_day__gte=day).order_by("first_day", "id"),
            rows.filter(ended).order_by("-last_day", "-id")[:most],
        )
    ]
    found = {one.id: one for one in _told(_rows().filter(pk__in=[pk for ids in wanted for pk in ids]))}
    undecided, decided, past = ([found[pk] for pk in ids] for ids in wanted)
    return undecided, decided, past


def leave_of(enrolments: Iterable[int]) -> list[Leave]:
    """Every request for some enrolments (by id), newest first."""
    return _told(_rows().filter(enrolment__in=list(enrolments)).order_by("-first_day", "-id"))


def leave_of_pupils(pupils: Iterable[int]) -> list[Leave]:
    """Every request for some pupils (by id) at any school of the federation, newest first."""
    return _told(_rows().filter(enrolment__pupil__in=list(pupils)).order_by("-first_day", "-id"))


def leave_of_requests(requests: Iterable[int]) -> list[Leave]:
    """Some requests by their numbers, by first day."""
    return _told(_rows().filter(pk__in=list(requests)).order_by("first_day", "id"))


def _rows() -> QuerySet[LeaveRequest]:
    return LeaveRequest.objects.select_related(*_WITH).prefetch_related(*_DECISIONS)


def _told(rows: Iterable[LeaveRequest]) -> list[Leave]:
    found = list(rows)
    facts = facts_of_all({row.enrolment.school_id for row in found}) if found else {}
    sent = _messages([decision.pk for row in found for decision in row.decisions.all()])
    return [_one(row, facts[row.enrolment.school_id].policy_on(row.first_day), sent) for row in found]


def _messages(decisions: Sequence[int]) -> dict[int, Message]:
    rows = Message.objects.filter(ground=GROUND, ground_id__in=decisions).order_by("id") if decisions else []
    return {row.ground_id: row for row in rows}


def _one(row: LeaveRequest, policy: Policy, sent: dict[int, Message]) -> Leave:
    decisions = [_decided(one, sent.get(one.pk)) for one in row.decisions.all()]
    gone = row.withdrawn
    return Leave(
        id=row.pk,
        school=row.enrolment.school_id,
        school_name=row.enrolment.school.name,
        slug=row.enrolment.school.slug,
        enrolment=row.enrolment_id,
        pupil=row.enrolment.pupil_id,
        name=row.enrolment.pupil.known_name,
        reason=row.reason,
        reason_name=reason_name(policy, row.reason),
        words=row.words,
        first=row.first_day,
        last=row.last_day,
        asker=row.asker,
        asker_note=row.asker_note,
        asked_on=row.asked_on,
        notice_days=row.notice_days,
        is_late=is_late(row.notice_days, policy.leave.notice_days.value),
        evidence=row.evidence,
        entered_by=row.deed.name,
        entered_at=row.deed.at,
        withdrawn_by=gone.name if gone else "",
        withdrawn_why=gone.reason if gone else "",
        decision=next((one for one in decisions if one.withdrawn_at is None), None),
        earlier=tuple(one for one in decisions if one.withdrawn_at is not None),
    )


def _decided(row: LeaveDecision, sent: Message | None) -> Decided:
    gone = row.withdrawn
    return Decided(
        id=row.pk,
        spans=tuple(Span(one.first_day, one.last_day, one.code) for one in row.spans.all()),
        why=row.why,
        by=row.deed.name,
        position=row.deed.position,
        at=row.deed.at,
        how=row.how,
        how_words=row.get_how_display(),
        told_to=row.told_to,
        told_words=row.told_words,
        message=sent.pk if sent else None,
        message_state=sent.state if sent else "",
        message_words=sent.get_state_display() if sent else "",
        withdrawn_by=gone.name if gone else "",
        withdrawn_at=gone.at if gone else None,
        withdrawn_why=gone.reason if gone else "",
        facts=row.facts,
        particulars=row.particulars,
    )


def may_decide(may: Standing, place: Place, policy: Policy) -> bool:
    """Whether somebody holds one of the positions that the policy lets decide on leave, here (5.1-a)."""
    wanted = {role for position in policy.leave.decided_by.value for role in DECIDE.get(position, ())}
    return may.can("leave:decide", place) and any(held.role in wanted and held.reaches(place) for held in may.held)


def check_may_decide(may: Standing, place: Place, policy: Policy) -> None:
    """Raise NotAllowed, with a sentence, unless `may_decide`."""
    if not may_decide(may, place, policy):
        names = " or the ".join(policy.role(one).name.lower() for one in policy.leave.decided_by.value)
        raise NotAllowed(f"Only the {names} decides on leave: the policy says so.")


def waiting(may: Standing, at: datetime) -> list[Waits]:
    """Requests that wait for this person's decision, by school, in two queries; none where they may not decide."""
    if not may.can_somewhere("leave:decide"):
        return []
    rows = LeaveRequest.objects.filter(withdrawn__isnull=True)
    schools = may.schools("leave:decide")
    if schools is not None:
        rows = rows.filter(enrolment__school__in=schools)
    decided = LeaveDecision.objects.filter(withdrawn__isnull=True).values("request")
    waits = Counter(rows.exclude(pk__in=decided).values_list("enrolment__school_id", flat=True))
    facts = facts_of_all(waits) if waits else {}
    today = at.astimezone(LONDON).date()
    return [
        _waiting(one, waits[one.school])
        for one in facts.values()
        if may_decide(may, Place(one.school), one.policy_on(today))
    ]


def _waiting(facts: SchoolFacts, n: int) -> Waits:
    words = f"{counted(n, 'request')} for leave to decide"
    return Waits(words, reverse("absence:leave", args=[facts.slug]), n)
