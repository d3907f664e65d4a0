"""Taking a step of the school's path: the first opens the pupil's case, later ones join it, the way back closes it.

Whoever takes a step inside an act of their own (a meeting that was held, a notice that was issued) calls `take_step`
with that act's deed. A step that is done outside Rollcall, such as a referral, is recorded with `record_step`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from rollcall.casework.models import Case, Decision, StepTaken
from rollcall.casework.queries.counts import Counts, counts_now
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.letters import unreached
from rollcall.casework.queries.taken import SCHOOL
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules import flow
from rollcall.rules.policy import Policy
from rollcall.rules.words import day_words


class NotTaken(ValueError):
    """A step of which nothing was written; the message is a sentence for who wanted to take it."""


def open_case(pupil: int, school: int, policy_id: int, policy: Policy, deed: Deed) -> Case:
    """The open case of a pupil (by id) on the school's path, locked; opened with this policy where there is none.

    A case none of whose steps reached the family begins anew, under this policy. Inside a transaction. Raises
    IntegrityError where another opens it at the same moment.
    """
    _put_aside(pupil, deed)
    case = Case.objects.select_for_update().filter(pupil=pupil, path=SCHOOL, closed__isnull=True).first()
    if case is None:
        last = Case.objects.filter(pupil=pupil, path=SCHOOL).aggregate(last=Max("round"))["last"] or 0
        return Case.objects.create(
            pupil_id=pupil,
            path=SCHOOL,
            round=last + 1,
            school_id=school,
            policy=policy_id,
            policy_kept=policy.snapshot(),
            opened=deed,
        )
    if case.policy != policy_id and not case.steps.filter(withdrawn__isnull=True).exists():
        journal.note_changes(deed, "case", case.pk, {"policy": (case.policy, policy_id)})
        case.policy, case.policy_kept = policy_id, policy.snapshot()
        case.save(update_fields=["policy", "policy_kept"])
    return case


def take_step(
    case: Case,
    step: str,
    *,
    deed: Deed,
    school: int,
    at: datetime,
    because: str = "",
    evidence: Mapping[str, Any] | None = None,
    decision: Decision | None = None,
    counts: Counts | None = None,
    day: date | None = None,
    improved: bool | None = None,
) -> StepTaken:
    """Take a step of the case's policy (by its id) inside a deed and its transaction; school: where it is taken.

    counts: what the step is taken on, worked out as of now where they are not given. day: when it was done, if not
    today. The way back to monitoring closes the case: "improved", or "done" where the path had come to its end
    without (improved: the answer given). Raises NotTaken for a case that is over, an unknown step, a step that was
    taken in this case before.
    """
    held = Case.objects.select_for_update().get(pk=case.pk)
    policy = policy_of(held)
    _check(held, step, policy)
    counted = counts or counts_now(held.pupil_id, policy, at)
    taken = StepTaken.objects.create(
        pupil_id=held.pupil_id,
        school_id=school,
        case=held,
        step=step,
        round=held.round,
        day=day or at.date(),
        attended=counted.attended,
        possible=counted.possible,
        because=because,
        evidence={**(evidence or {}), **counted.kept},
        decision=decision,
        deed=deed,
    )
    if step == flow.first_step(policy).id:
        _close(held, deed, _ends(held, policy, taken, improved))
    return taken


def record_step(
    case: Case, step: str, *, to_whom: str, words: str, day: date, school: int, by: Actor, at: datetime, key: str
) -> StepTaken:
    """Record that a step was done outside Rollcall, such as a referral to the authority: to whom, when, in what words.

    The same key again gives the same step. Raises NotTaken for a step that a letter, a meeting or a notice takes by
    itself, for a day that is still to come or before the step that led to it, and as `take_step` does.
    """
    kept = {"to_whom": to_whom.strip(), "words": words.strip(), "day": f"{day}"}
    try:
        with transaction.atomic():
            try:
                deed = journal.begin(
                    "step.recorded", by=by, at=at, key=key, reason=kept["words"], school=school, about=kept["to_whom"]
                )
            except journal.AlreadyDone as done:
                return StepTaken.objects.get(deed=done.deed)
            _check_recorded(case, step, kept, day, at)
            return take_step(
                case, step, deed=deed, school=school, at=at, because=kept["words"], evidence={"done": kept}, day=day
            )
    except IntegrityError as error:
        raise NotTaken("Somebody else took this step at the same moment: look again.") from error


def is_recorded(policy: Policy, step: str, sends: bool) -> bool:
    """Whether a step is one that is done outside Rollcall and recorded here; sends: it only writes to the family."""
    found = policy.step(step)
    return not (sends or found.meeting_with or found.issues_notice or step == flow.first_step(policy).id)


def _check_recorded(case: Case, step: str, kept: Mapping[str, str], day: date, at: datetime) -> None:
    policy = policy_of(case)
    if len(kept["words"]) < journal.LEAST_REASON:
        raise NotTaken("Say in a few words what was done: the pupil's record keeps it.")
    if not kept["to_whom"]:
        raise NotTaken("Say to whom: a name, a post or a service.")
    known = {one.id for one in flow.steps(policy)}
    if step not in known or policy.step(step).meeting_with or policy.step(step).issues_notice:
        raise NotTaken("This step is taken by its meeting or its notice: record it there.")
    if day > at.date():
        raise NotTaken(f"{day_words(day)} is still to come: record the step once it is done.")
    last = StepTaken.objects.filter(case=case, withdrawn__isnull=True).order_by("day", "id").last()
    if last is not None and day < last.day:
        raise NotTaken(f"The step before it was taken on {day_words(last.day)}: give that day or a later one.")


def _check(case: Case, step: str, policy: Policy) -> None:
    if case.closed_id is not None:
        raise NotTaken("This case is over: a new one begins with the first step of the path.")
    if case.path != SCHOOL or step not in {one.id for one in flow.steps(policy)}:
        raise NotTaken("The policy by which this case is judged has no such step.")
    same = case.steps.filter(step=step, withdrawn__isnull=True).first()
    if same is not None:
        raise NotTaken(f"{policy.step(step).name} was taken on {same.day:%-d %B %Y} already.")


def _ends(case: Case, policy: Policy, back: StepTaken, improved: bool | None) -> str:
    """How a case ends that goes back to monitoring: by an improvement, or because the path has come to its end."""
    before = case.steps.filter(withdrawn__isnull=True).exclude(pk=back.pk).order_by("day", "id").last()
    ends_there = before is not None and policy.step(before.step).no == flow.first_step(policy).id
    return "done" if ends_there and improved is not True else "improved"


def _close(case: Case, deed: Deed, end: str) -> None:
    case.closed, case.end = deed, end
    case.save(update_fields=["closed", "end"])


def _put_aside(pupil: int, deed: Deed) -> None:
    """Withdraw what never reached the family, so that the same step can be taken now."""
    standing = StepTaken.objects.filter(pupil=pupil, path=SCHOOL, withdrawn__isnull=True)
    StepTaken.objects.filter(pk__in=unreached(standing.values_list("pk", flat=True))).update(withdrawn=deed)
