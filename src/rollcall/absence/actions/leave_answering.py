"""The answer to a request for leave, checked and written before anything is kept, to be shown before it goes (5.1).

What may be granted with which code, what has to be named for it, and who may have the answer is refused here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from rollcall.absence.models import LeaveDecision, LeaveRequest
from rollcall.absence.queries.leave_days import LeaveDay
from rollcall.absence.queries.leave_facts import codes_for, school_days
from rollcall.absence.queries.leave_letters import answer_letter, written_to
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.letters.queries import Composed, Recipient
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
    check_open(row)
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


def check_open(row: LeaveRequest) -> None:
    """Raise NotDecided, with a sentence, for a request that was taken back or is decided already."""
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
        raise NotDecided(f"{to.name} has no postal address that may be used: send an e-mail, or tell them yourself.")
    if not by_post and not to.email:
        raise NotDecided(f"{to.name} has no e-mail address that may be used: print the letter, or tell them yourself.")
    return to, by_post
