"""Marks after a refusal: who was away on days for which leave was refused gets G or O, on that ground (5.1-c, 4.5-b).

The family must have the refusal first (4.2-c). A suspected holiday of which nobody told goes by the way of a doubt.
"""

from datetime import datetime

from django.db import transaction

from rollcall.absence.models import LeaveRequest, Report
from rollcall.absence.queries.leave_taken import Away, refused_then_away
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.registers.actions import NewMark, NotSaved, mark_within
from rollcall.registers.queries.footing import in_question
from rollcall.schools.queries import facts_of


class NotMarked(ValueError):
    """No mark was written; the message is a sentence for who decided."""


@transaction.atomic
def mark_refused(row: LeaveRequest, *, because: str, by: Actor, at: datetime, key: str) -> int:
    """Write the proposed code over the unexplained marks of a request's refused days; returns how many were written.

    because: a reason; without one it is the refusal itself. Raises NotMarked with a sentence (nothing waits, the
    answer has not reached the family, evidence of another reason is asked for), AlreadyDone for a used key.
    """
    facts = facts_of(row.enrolment.school_id)
    (away,) = refused_then_away(facts, at, request=row.pk) or (None,)
    reason = because.strip() or (away.ground if away else "")
    if away is None or not away.marks:
        raise NotMarked("No mark of these days waits for a decision.")
    _check_told(away)
    if any(in_question([row.enrolment_id], mark.day, mark.half) for mark in away.marks):
        raise NotMarked("Evidence of the reason was asked for: decide under Evidence, once the parents are told.")
    deed = journal.begin(
        "leave.marked", by=by, at=at, key=key, reason=reason, school=facts.school, about=str(row.enrolment.pupil)
    )
    new = [
        (mark.day, mark.half, NewMark(row.enrolment_id, mark.proposed, seen=mark.code, ground=away.ground))
        for mark in away.marks
    ]
    try:
        n = mark_within(deed, facts.school, new, at=at, facts=facts)
    except NotSaved as refused:
        raise NotMarked(f"{row.enrolment.pupil}: {refused}") from refused
    days = [mark.day for mark in away.marks]
    waiting = Report.objects.filter(enrolment=row.enrolment, withdrawn__isnull=True, decided__isnull=True)
    waiting = waiting.filter(first_day__gte=min(days), last_day__lte=max(days)).exclude(question="")
    waiting.update(decided=deed, code=away.proposed)
    return n


def _check_told(away: Away) -> None:
    if not away.is_told:
        state = away.decision.message_words.lower() or "not sent"
        raise NotMarked(
            f"The answer has not reached the family ({state}). See to the message, or take the decision back and "
            "decide anew with what you told them yourself; then the marks may turn."
        )
