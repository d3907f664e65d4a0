"""The decision on leave, for all or some of the days: the reason, the answer to the family, and what it makes (5.1).

The answer is shown before it goes; the decision, what the register expects and the message are one deed. It is taken
back as easily: what was expected goes, a letter that has gone stays, and the request waits to be decided anew.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from rollcall.absence.actions.leave import withdraw_expected
from rollcall.absence.actions.leave_answering import Answer, NotDecided, Prepared, check_open, prepare_decision
from rollcall.absence.models import LeaveDecision, LeaveRequest, LeaveSpan, Report
from rollcall.absence.queries.leave import GROUND
from rollcall.absence.queries.leave_days import LeaveDay, back_after
from rollcall.absence.queries.leave_facts import weigh
from rollcall.absence.queries.reports import reason_name
from rollcall.documents.letter import CannotSet
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.letters.queries import Composed, Recipient
from rollcall.outbox import actions as outbox
from rollcall.outbox.models import Message
from rollcall.registers import actions as registers
from rollcall.registers.queries.standing import lock
from rollcall.rules.leave import OBSERVANCE, TRAVELLING, Span
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.letterheads import pdf_of


def decide_leave(
    row: LeaveRequest, answer: Answer, *, by: Actor, at: datetime, key: str, seen: str = ""
) -> LeaveDecision:
    """Decide on a request: its days, the reason, the answer to the family, what the register expects, all by one deed.

    seen: `Prepared.seen` of what was shown; another answer is not sent. The caller has checked that the policy lets
    this person decide (5.1-a). Raises NotDecided with a sentence, AlreadyDone for a used key.
    """
    ready = prepare_decision(row, answer, by=by, at=at)
    if seen and seen != ready.seen:
        raise NotDecided("The answer reads differently by now: look at it once more.")
    pdf = _pdf(ready, at)
    with transaction.atomic():
        deed = journal.begin(
            "leave.decided",
            by=by,
            at=at,
            key=key,
            reason=answer.why.strip(),
            school=row.enrolment.school_id,
            about=str(row.enrolment.pupil),
        )
        lock(row.enrolment.school_id)
        check_open(row)
        return _write(row, answer, ready, pdf, deed, by, at)


def _pdf(ready: Prepared, at: datetime) -> bytes | None:
    if ready.letter is None:
        return None
    try:
        return pdf_of(ready.letter.page, at.date())
    except CannotSet as error:
        raise NotDecided(str(error)) from error


def _write(
    row: LeaveRequest, answer: Answer, ready: Prepared, pdf: bytes | None, deed: Deed, by: Actor, at: datetime
) -> LeaveDecision:
    facts = facts_of(row.enrolment.school_id)
    made = LeaveDecision.objects.create(
        request=row,
        why=answer.why.strip(),
        facts=_facts(row, facts, at),
        particulars=_particulars(answer),
        how=answer.how,
        told_to=(ready.to.name if ready.to else row.asker)[:120],
        told_words=answer.told_words.strip()[:300],
        deed=deed,
    )
    for span in ready.spans:
        expectation = _expect(row, span, ready.days, answer, facts, deed, by, at) if span.granted else None
        LeaveSpan.objects.create(
            decision=made,
            first_day=span.first,
            last_day=span.last,
            granted=span.granted,
            code=span.code,
            expectation=expectation,
        )
    _settle_reports(row, ready.spans, deed)
    if ready.letter is not None and ready.to is not None:
        _put(row, made, ready.letter, ready.to, ready.by_post, pdf, deed, at)
    return made


def _facts(row: LeaveRequest, facts: SchoolFacts, at: datetime) -> dict[str, Any]:
    """What was shown, with the policy version by which it is judged (design law 7)."""
    return {**weigh(row, facts, at).to_json(), "policy": facts.policy_id_on(row.first_day), "at": at.isoformat()}


def _particulars(answer: Answer) -> dict[str, Any]:
    given: dict[str, Any] = {}
    codes = set(answer.days.values())
    if OBSERVANCE in codes:
        given |= {"body": answer.body.strip(), "advice": answer.advice.strip()}
    if TRAVELLING in codes:
        given |= {"group": answer.group, "conditions": "; ".join(answer.conditions)}
    return given


def _expect(
    row: LeaveRequest,
    span: Span,
    days: Sequence[LeaveDay],
    answer: Answer,
    facts: SchoolFacts,
    deed: Deed,
    by: Actor,
    at: datetime,
) -> Any:
    inside = [one for one in days if span.first <= one.day <= span.last]
    name = reason_name(facts.policy_on(row.first_day), row.reason)
    try:
        return registers.expect(
            row.enrolment,
            first=(span.first, inside[0].halves[0]),
            last=(span.last, inside[-1].halves[-1]),
            code=span.code,
            ground=f"Leave granted, {name[:1].lower()}{name[1:]}: {answer.why.strip()}"[:200],
            told_by=row.asker,
            back_on=back_after(facts, span.last, [day for day, code in answer.days.items() if code]),
            leave_granted=True,
            by=by,
            at=at,
            deed=deed,
        )
    except ValueError as known:
        raise NotDecided(str(known)) from known


def _settle_reports(row: LeaveRequest, spans: Sequence[Span], deed: Deed) -> None:
    """What was reported of these days for this reason, and waits for a code, has it now where all of it is granted."""
    for span in spans:
        if span.granted:
            Report.objects.filter(
                enrolment=row.enrolment,
                reason=row.reason,
                withdrawn__isnull=True,
                decided__isnull=True,
                first_day__gte=span.first,
                last_day__lte=span.last,
            ).exclude(question="").update(decided=deed, code=span.code)


def _put(
    row: LeaveRequest,
    made: LeaveDecision,
    letter: Composed,
    to: Recipient,
    by_post: bool,
    pdf: bytes | None,
    deed: Deed,
    at: datetime,
) -> None:
    evidence = {
        "letter": letter.page.to_json(),
        "contact": to.contact,
        "leave": row.pk,
        "wording": letter.wording,
        "reply_to": row.enrolment.school.email,
    }
    outbox.put(
        once=f"{GROUND}:{made.pk}",
        deed=deed,
        school=row.enrolment.school_id,
        channel="print" if by_post else "email",
        to_name=to.name,
        to_address="\n".join(to.address) if by_post else to.email,
        subject=letter.subject,
        body=letter.text,
        ground=GROUND,
        ground_id=made.pk,
        pupil=row.enrolment.pupil_id,
        evidence=evidence,
        at=at,
        pdf=pdf,
        pdf_name="leave.pdf",
        seen=True,
    )


@transaction.atomic
def withdraw_decision(row: LeaveRequest, *, because: str, by: Actor, at: datetime, key: str) -> str:
    """Take the standing decision back, with a reason: what was expected goes, and the request waits anew.

    Returns a sentence on what became of the answer. Marks that were made stay. Raises NotDecided without a reason or
    where none stands, AlreadyDone for a used key.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotDecided("Say why the decision is taken back: the record keeps the reason.")
    school, about = row.enrolment.school_id, str(row.enrolment.pupil)
    deed = journal.begin("leave.undecided", by=by, at=at, key=key, reason=because.strip(), school=school, about=about)
    lock(school)
    standing = LeaveDecision.objects.filter(request=row, withdrawn__isnull=True).first()
    if standing is None:
        raise NotDecided("There is no decision to take back.")
    withdraw_expected(row, deed, by, at)
    LeaveDecision.objects.filter(pk=standing.pk).update(withdrawn=deed)
    return _what_of_answer(standing)


def _what_of_answer(decision: LeaveDecision) -> str:
    if decision.how == "said":
        return "The family was told of the decision that is taken back: tell them of the new one too."
    states = set(Message.objects.filter(ground=GROUND, ground_id=decision.pk).values_list("state", flat=True))
    if states & {"sent", "unsure", "sending"}:
        return "The answer has gone, and can't be called back: decide anew, so that another follows it."
    return "The answer had not gone yet and will not go."
