"""The decision on leave, for all or some of the days: the reason, the answer to the family, and what it makes (5.1).

The answer is shown before it goes; the decision, what the register expects and the message are one deed. It is taken
back as easily: what was expected goes, a letter that has gone stays, and the request waits to be decided anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from rollcall.absence.actions.leave import withdraw_expected
from rollcall.absence.models import LeaveDecision, LeaveRequest, LeaveSpan, Report
from rollcall.absence.queries.leave import GROUND
from rollcall.absence.queries.leave_days import LeaveDay, back_after
from rollcall.absence.queries.leave_facts import codes_for, school_days, weigh
from rollcall.absence.queries.leave_letters import answer_letter, written_to
from rollcall.absence.queries.reports import reason_name
from rollcall.documents.letter import CannotSet, letter_pdf
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.letters.queries import Composed, Recipient
from rollcall.outbox import actions as outbox
from rollcall.outbox.models import Message
from rollcall.registers import actions as registers
from rollcall.registers.queries.standing import lock
from rollcall.rules.leave import OBSERVANCE, TRAVELLING, Span, spans_of
from rollcall.rules.policy import Policy
from rollcall.rules.words import day_words
from rollcall.schools.queries import SchoolFacts, facts_of


class NotDecided(ValueError):
    """Nothing was decided; the message is a sentence for who decided."""


@dataclass(frozen=True)
class Answer:
    """What is decided: each school day asked for with its code ("" refuses it), why, and how the family hears of it.

    how: "email", "post" or "said"; to: whom it goes to (Contact, by id), told_words: what was said where it was said.
    body, advice: of religious observance; group, conditions: of traveller absence, as the policy names them.
    """

    days: Mapping[date, str]
    why: str
    how: str
    to: int | None = None
    told_words: str = ""
    body: str = ""
    advice: str = ""
    group: str = ""
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A decision checked and its answer written, before anything is kept; `letter` and `to` are None where it is said.

    seen: stands for the answer as it reads, whom it goes to and how, so that nothing else goes than what was shown.
    """

    spans: tuple[Span, ...]
    days: tuple[LeaveDay, ...]
    letter: Composed | None
    to: Recipient | None
    by_post: bool
    seen: str


def prepare_decision(row: LeaveRequest, answer: Answer, *, by: Actor, at: datetime) -> Prepared:
    """Check a decision and write its answer; nothing is kept. Raises NotDecided with a sentence."""
    facts = facts_of(row.enrolment.school_id)
    policy, days = facts.policy_on(row.first_day), school_days(row, facts, at)
    _check_open(row)
    _check_answer(row, answer, days)
    for one in days:
        _check_day(row, one, answer.days[one.day], facts)
    _check_particulars(row, answer, policy)
    spans = spans_of(answer.days)
    if answer.how == "said":
        return Prepared(spans, tuple(days), None, None, False, "")
    to, by_post = _recipient(row, answer, at.date())
    try:
        letter = answer_letter(row, spans, answer.why, to, signed=(by.name, by.position), day=at.date())
    except (ValueError, LookupError) as wrong:
        raise NotDecided(str(wrong)) from wrong
    seen = sha256("\n".join((letter.subject, letter.text, str(to), str(by_post))).encode()).hexdigest()[:20]
    return Prepared(spans, tuple(days), letter, to, by_post, seen)


def _check_open(row: LeaveRequest) -> None:
    if LeaveRequest.objects.filter(pk=row.pk, withdrawn__isnull=False).exists():
        raise NotDecided("This request was taken back; there is nothing to decide.")
    known = LeaveDecision.objects.filter(request=row, withdrawn__isnull=True).select_related("deed").first()
    if known is not None:
        raise NotDecided(f"{known.deed.name} has decided this already: take that decision back to decide anew.")


def _check_answer(row: LeaveRequest, answer: Answer, days: Sequence[LeaveDay]) -> None:
    if len(answer.why.strip()) < journal.LEAST_REASON:
        raise NotDecided("Say why, in a sentence that the family can read: the record keeps it.")
    if not days:
        raise NotDecided("None of these days is a school day any more: take the request back.")
    if set(answer.days) != {one.day for one in days}:
        raise NotDecided("Say of each school day whether it is granted; some days have changed meanwhile.")
    if answer.how not in dict(LeaveDecision.HOW):
        raise NotDecided("Say how the family hears of it: by e-mail, by post, or from you.")
    if answer.how == "said" and len(answer.told_words.strip()) < journal.LEAST_REASON:
        raise NotDecided("Say whom you told, how, and what you said.")


def _check_day(row: LeaveRequest, one: LeaveDay, code: str, facts: SchoolFacts) -> None:
    if not code:
        return
    if one.has_begun:
        raise NotDecided(f"{day_words(one.day)} has begun: leave is granted ahead of time only.")
    offered = codes_for(row, facts.policy_on(one.day), facts.edition_on(one.day))
    if code not in offered:
        raise NotDecided(f"Leave for {day_words(one.day)} can't be granted with {code}: use {' or '.join(offered)}.")


def _check_particulars(row: LeaveRequest, answer: Answer, policy: Policy) -> None:
    given = set(answer.days.values())
    if OBSERVANCE in given and len(answer.body.strip()) < journal.LEAST_REASON:
        raise NotDecided("Name the religious body that sets the day apart: it is kept with the decision.")
    if TRAVELLING not in given:
        return
    groups = policy.leave.traveller_groups
    if groups is not None and answer.group not in groups.value:
        raise NotDecided("Say to which of the groups that the policy names the family belongs.")
    if set(policy.leave.traveller_conditions.value) - set(answer.conditions):
        raise NotDecided("Tick each condition: the code for traveller absence stands only where all of them hold.")
    if not row.enrolment.pupil.traveller:
        raise NotDecided(
            f"{row.enrolment.pupil} is not recorded as of a traveller family: put that on the pupil's record first."
        )


def _recipient(row: LeaveRequest, answer: Answer, day: date) -> tuple[Recipient, bool]:
    written, left_out, held = written_to(row, day)
    to = next((one for one in written if one.contact == answer.to), None)
    if to is None:
        why = held or "; ".join(f"{name}: {why}" for name, why in left_out)
        raise NotDecided(f"Choose who gets the answer, or tell them yourself and record it. {why}".strip())
    by_post = answer.how == "post"
    if by_post and not to.address:
        raise NotDecided(f"{to.name} has no postal address: send an e-mail, or tell them yourself.")
    if not by_post and not to.email:
        raise NotDecided(f"{to.name} has no e-mail address that may be used: print the letter, or tell them yourself.")
    return to, by_post


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
        _check_open(row)
        return _write(row, answer, ready, pdf, deed, by, at)


def _pdf(ready: Prepared, at: datetime) -> bytes | None:
    if ready.letter is None:
        return None
    try:
        return letter_pdf(ready.letter.page, dated=at.date())
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
