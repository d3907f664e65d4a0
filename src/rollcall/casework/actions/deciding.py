"""Deciding rows of a review: what a named person agreed, chose otherwise, or left without action, and what follows.

Letters are composed and set before the transaction; in it decision, step and messages are written together, so that
either all of it happened or nothing. The same step is never taken twice for a pupil in one round of the path.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from rollcall.casework.actions.steps import NotTaken, open_case, take_step
from rollcall.casework.models import Case, Decision, Review, ReviewRow, StepTaken
from rollcall.casework.queries.counts import counts_of_row
from rollcall.casework.queries.judged import judged
from rollcall.casework.queries.letters import GROUND, Prepared, ToSend, may_have_gone, prepare
from rollcall.casework.queries.reviews import choices, sends
from rollcall.documents.letter import CannotSet
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.letters.fields import TOLD_BY
from rollcall.outbox import actions as outbox
from rollcall.rules import flow
from rollcall.rules.policy import Line, Policy
from rollcall.schools.queries.letterheads import pdf_of


class NotDecided(ValueError):
    """A decision of which nothing was written; the message is a sentence for who decided."""


@dataclass(frozen=True)
class Decided:
    """What a decision did: how many rows, which steps were taken (ids), which messages put in (ids)."""

    rows: int
    steps: tuple[int, ...] = ()
    messages: tuple[int, ...] = ()
    repeated: bool = False


@dataclass(frozen=True)
class _Letter:
    """One letter ready to be put into the outbox."""

    row: ReviewRow
    to: ToSend
    pdf: bytes
    evidence: dict[str, Any]


def decide(
    rows: Sequence[int],
    choice: str,
    *,
    by: Actor,
    at: datetime,
    key: str,
    step: str = "",
    because: str = "",
    by_post: bool = False,
) -> Decided:
    """Decide rows of one open review (by id), all or none: "agree", "otherwise" with a step, or "none" (FC-c).

    because: why, for otherwise and none. by_post prints the letters of those who have an e-mail address too. The same
    key again changes nothing. Raises NotDecided with a sentence: no row, rows decided before, a reason or step
    missing, a closed or outdated review, a family that has left or may not be written to, a step taken before.
    """
    found = list(ReviewRow.objects.filter(pk__in=rows).select_related("review__school", "pupil").order_by("id"))
    review = check_rows(found, rows)
    policies = judged(found, review)
    reason = _check_choice(choice, step, because, policies.values())
    wanted = {row.pk: row.step if choice != "otherwise" else step for row in found}
    letters: list[_Letter] = []
    if choice != "none":
        for policy in {id(one): one for one in policies.values()}.values():
            letters += _letters([row for row in found if policies[row.pk] is policy], wanted, policy, by, at, by_post)
    try:
        with transaction.atomic():
            try:
                deed = journal.begin("review.decided", by=by, at=at, key=key, reason=reason, school=review.school_id)
            except journal.AlreadyDone:
                return Decided(0, repeated=True)
            check_still_open(review, found)
            return _write(found, choice, wanted, reason, letters, policies, deed, at)
    except IntegrityError as error:
        raise NotDecided("Somebody else decided on one of these pupils at the same moment: look again.") from error


def withdraw(step: StepTaken, *, because: str, by: Actor, at: datetime, key: str) -> None:
    """Take back a step of which no letter has gone: the outbox, which asks before it sends, stops those that wait.

    Raises NotDecided without a reason, for a step withdrawn before, and where a letter has gone or may have: the step
    would be taken anew, and the family get the same letter twice.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotDecided("Say why it is withdrawn: the pupil's record keeps the reason.")
    with transaction.atomic():
        try:
            deed = journal.begin("step.withdrawn", by=by, at=at, key=key, reason=because.strip(), school=step.school_id)
        except journal.AlreadyDone:
            return
        if may_have_gone(step.pk):
            raise NotDecided("A letter of this decision has gone, or may have: what was sent can't be taken back.")
        if StepTaken.objects.filter(pk=step.pk, withdrawn__isnull=True).update(withdrawn=deed) == 0:
            raise NotDecided("This step was withdrawn before.")
        _reopen_or_close(step, deed)


def _reopen_or_close(step: StepTaken, deed: Deed) -> None:
    """A case without a step is over; one that the withdrawn step had closed goes on."""
    if step.case_id is None:
        return
    case = Case.objects.select_for_update().get(pk=step.case_id)
    if case.closed_id == step.deed_id:
        case.closed, case.end = None, ""
    elif case.closed_id is None and not case.steps.filter(withdrawn__isnull=True).exists():
        case.closed, case.end = deed, "mistake"
    case.save(update_fields=["closed", "end"])


def check_rows(found: Sequence[ReviewRow], rows: Sequence[int]) -> Review:
    """The review of the rows found for some ids. Raises NotDecided for none, a missing one, rows of two reviews."""
    if not found or len(found) != len(set(rows)):
        raise NotDecided("Choose at least one pupil of this review.")
    if len({row.review_id for row in found}) > 1:
        raise NotDecided("Decide the rows of one review at a time.")
    return found[0].review


def _check_choice(choice: str, step: str, because: str, policies: Iterable[Policy]) -> str:
    reason = because.strip()
    if choice not in ("agree", "otherwise", "none"):
        raise NotDecided("Choose agree, otherwise, or no action.")
    if choice != "agree" and len(reason) < journal.LEAST_REASON:
        raise NotDecided("Say why, in a few words: the reason is kept with the decision.")
    if choice == "otherwise" and not all(step in dict(choices(policy)) for policy in policies):
        raise NotDecided("Say what is to be done instead.")
    return reason


def _letters(
    found: list[ReviewRow],
    wanted: dict[int, str],
    policy: Policy,
    by: Actor,
    at: datetime,
    by_post: bool,
) -> list[_Letter]:
    """The letters that the rows' steps send, composed and set. Raises NotDecided for one that can't be."""
    kinds = {what: policy.step(what).letter or "" for what in set(wanted.values()) if sends(policy, what)}
    writing = [(row, kinds[wanted[row.pk]]) for row in found if wanted[row.pk] in kinds]
    if not writing:
        return []
    review, limit = found[0].review, timedelta(weeks=policy.monitoring.review_every_weeks.value)
    if at.date() - review.day > limit:
        raise NotDecided(
            f"The figures of this review are from {review.day:%-d %B}: close it and open a new one before writing."
        )
    prepared = prepare(writing, policy, day=at.date(), signed=(by.name, by.position), by_post=by_post)
    told = [line for line in policy.explain() if line.key in TOLD_BY]
    return [
        letter
        for (row, _), ready in zip(writing, prepared, strict=True)
        for letter in _set(row, ready, {TOLD_BY[line.key]: line for line in told}, at)
    ]


def _set(row: ReviewRow, prepared: Prepared, told: dict[str, Line], at: datetime) -> list[_Letter]:
    _check_prepared(prepared)
    try:
        return [
            _Letter(row, one, pdf_of(one.composed.page, at.date()), _evidence(row, one, told))
            for one in prepared.letters
        ]
    except CannotSet as error:
        raise NotDecided(f"{prepared.pupil}: {error}") from error


def _check_prepared(prepared: Prepared) -> None:
    if prepared.problem:
        raise NotDecided(f"{prepared.pupil}: {prepared.problem}")


def check_still_open(review: Review, found: Sequence[ReviewRow]) -> None:
    """Raise NotDecided for a review that is closed, or a row decided before, naming who did; locks the review."""
    held = Review.objects.select_for_update().get(pk=review.pk)
    if held.closed_id is not None:
        raise NotDecided("This review is closed, and stays as it is.")
    done = Decision.objects.filter(row__in=found).select_related("deed", "row").first()
    if done is not None:
        name = done.row.evidence["pupil"]["name"]
        raise NotDecided(f"{name} was decided by {done.deed.name} already: {done.get_choice_display().lower()}.")


def _write(
    found: list[ReviewRow],
    choice: str,
    wanted: dict[int, str],
    reason: str,
    letters: list[_Letter],
    policies: dict[int, Policy],
    deed: Deed,
    at: datetime,
) -> Decided:
    steps: dict[int, StepTaken] = {}
    for row in found:
        decision = Decision.objects.create(row=row, choice=choice, step=wanted[row.pk], because=reason, deed=deed)
        if choice != "none" and _takes_step(policies[row.pk], wanted[row.pk]):
            steps[row.pk] = _take_step(row, wanted[row.pk], decision, policies[row.pk], deed, at)
    messages = [_put(letter, steps[letter.row.pk], deed, at) for letter in letters]
    return Decided(len(found), tuple(step.pk for step in steps.values()), tuple(messages))


def _takes_step(policy: Policy, what: str) -> bool:
    """A letter that is sent, and the way back to monitoring, are steps; a meeting is one once it has been held."""
    return what == flow.first_step(policy).id or sends(policy, what)


def _take_step(row: ReviewRow, what: str, decision: Decision, policy: Policy, deed: Deed, at: datetime) -> StepTaken:
    name, version = row.evidence["pupil"]["name"], row.evidence["policy"]["id"]
    case = open_case(row.pupil_id, row.review.school_id, version, policy, deed)
    if case.policy != version:
        raise NotDecided(
            f"{name}: the case was moved to another version of the policy since, so this proposal is outdated."
        )
    try:
        return take_step(
            case,
            what,
            deed=deed,
            school=row.review.school_id,
            at=at,
            evidence=row.evidence,
            decision=decision,
            counts=counts_of_row(row.evidence),
            improved=row.evidence["proposal"]["numbers"].get("improved"),
        )
    except NotTaken as refusal:
        raise NotDecided(f"{name}: {refusal}") from refusal


def _put(letter: _Letter, step: StepTaken, deed: Deed, at: datetime) -> int:
    one = letter.to
    by_email = one.channel == "email"
    message = outbox.put(
        once=f"{GROUND}:{step.pk}:{one.recipient.contact}",
        deed=deed,
        school=step.school_id,
        channel=one.channel,
        to_name=one.recipient.name,
        to_address=one.recipient.email if by_email else "\n".join(one.recipient.address),
        subject=one.composed.subject,
        body=one.composed.text,
        ground=GROUND,
        ground_id=step.pk,
        pupil=step.pupil_id,
        evidence=letter.evidence,
        at=at,
        pdf=letter.pdf,
        pdf_name=f"{step.step}.pdf",
        kind="letter",
        seen=True,
    )
    return int(message.pk)


def _evidence(row: ReviewRow, one: ToSend, told: dict[str, Line]) -> dict[str, Any]:
    """What a letter rests on, copied: the row's evidence, the wording, each field, the values of the policy told."""
    return {
        "letter": one.composed.page.to_json(),
        "wording": one.composed.wording,
        "fields": dict(one.composed.fields),
        "contact": one.recipient.contact,
        "relationship": one.recipient.relationship,
        "review": row.review_id,
        "row": row.pk,
        "rests_on": row.evidence,
        "values": [line._asdict() for field, line in told.items() if field in one.composed.fields],
        "reply_to": row.review.school.email,
    }
