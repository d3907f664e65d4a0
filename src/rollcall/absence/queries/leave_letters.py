"""What goes to a family about leave: the answer to a request, and the letter about a holiday that nobody reported.

The text is the school's wording (A3-f); what is shown before a decision is what goes, and it is asked again in the
second before it goes whether the decision still stands.
"""

from collections.abc import Sequence
from datetime import date, datetime

from rollcall.absence.models import Doubt, LeaveDecision, LeaveRequest
from rollcall.absence.queries.doubt_letters import Written
from rollcall.absence.queries.leave_days import words_of_days
from rollcall.letters.queries import (
    Composed,
    Recipient,
    compose_with,
    hold_on,
    is_read_by_barred,
    may_be_written_to,
    recipients,
)
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.registers.queries.expected import span_of
from rollcall.rules.leave import Span, outcome_of
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import half_of
from rollcall.rules.words import day_words, sentence
from rollcall.schools.queries import facts_of

HOLIDAY = "holiday-suspected"


def answer_letter(
    row: LeaveRequest, spans: Sequence[Span], why: str, to: Recipient, *, signed: tuple[str, str], day: date
) -> Composed:
    """The answer exactly as it goes to one adult. Raises WordingError, LookupError for a policy without the letter."""
    facts = facts_of(row.enrolment.school_id)
    asked = f"{row.asked_on:%A} {row.asked_on.day} {row.asked_on:%B %Y}"
    return compose_with(
        f"leave-{outcome_of(spans)}",
        row.enrolment.pupil,
        {
            "leave_asked": words_of_days([Span(row.first_day, row.last_day, "")]),
            "leave_asked_on": asked,
            "leave_granted": words_of_days([span for span in spans if span.granted]),
            "leave_refused": words_of_days([span for span in spans if not span.granted]),
            "leave_why": sentence(why),
        },
        recipient=to,
        school=row.enrolment.school,
        policy=facts.policy_on(day),
        day=day,
        signed=signed,
    )


def written_to(row: LeaveRequest, day: date) -> tuple[list[Recipient], list[tuple[str, str]], str]:
    """Who may have the answer, who asked first where they may; who may not and why; why nobody may for now."""
    found = recipients(row.enrolment.pupil_id, day)
    asker = row.asked_by.contact_id if row.asked_by else None
    ordered = sorted(found.written, key=lambda one: one.contact != asker)
    return ordered, [(one.name, one.why) for one in found.left_out], found.held


def leave_stands(message: Message, at: datetime) -> Answer:
    """Whether an answer may still go: the request and the decision stand, and the family may be written to."""
    decision = LeaveDecision.objects.select_related("request__enrolment").filter(pk=message.ground_id).first()
    if decision is None:
        return Answer(False, "The decision that it tells of is not there.")
    if decision.request.withdrawn_id:
        return Answer(False, "The request for leave was withdrawn.")
    if decision.withdrawn_id:
        return Answer(False, "The decision was taken back.")
    pupil = decision.request.enrolment.pupil_id
    if held := hold_on(pupil, at.date()):
        return Answer(False, held)
    contact = message.evidence.get("contact")
    if not isinstance(contact, int) or not may_be_written_to(pupil, contact):
        return Answer(False, f"{message.to_name} may not be written to about this pupil.")
    if is_read_by_barred(pupil, message.channel, message.to_address):
        return Answer(False, "The address is that of somebody who is barred.")
    return Answer(True)


def has_holiday_letter(policy: Policy) -> bool:
    """Whether the policy has the letter about a holiday that was not reported (5.1-c)."""
    return any(one.id == HOLIDAY for one in policy.letters)


def holiday_letter(row: Doubt, to: Recipient, *, signed: tuple[str, str], day: date) -> Written:
    """The letter that says what is thought, why, and what evidence would change it (5.1-c). Raises WordingError."""
    policy = facts_of(row.enrolment.school_id).policy_on(day)
    made = compose_with(
        HOLIDAY,
        row.enrolment.pupil,
        {
            "away_days": span_of((row.first_day, half_of(row.first_half)), (row.last_day, half_of(row.last_half))),
            "away_why": sentence(row.why),
            "away_evidence": ", ".join(row.would_do),
            "away_due": day_words(row.due),
        },
        recipient=to,
        school=row.enrolment.school,
        policy=policy,
        day=day,
        signed=signed,
    )
    return Written(made.subject, made.text, made.page)
