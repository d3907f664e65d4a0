"""What a named person does with a case besides taking steps: close it, or move it to another version of the policy."""

from datetime import datetime

from django.db import transaction

from rollcall.casework.actions.authority import waits_for
from rollcall.casework.models import Case, StepTaken
from rollcall.casework.queries.judged import policy_of, version_policy
from rollcall.casework.queries.taken import SCHOOL, steps_of
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules import authority, flow
from rollcall.rules.policy import Policy


class NotMoved(ValueError):
    """A case that stays as it is; the message is a sentence for who wanted to change it."""


def close_case(case: Case, end: str, *, because: str, school: int, by: Actor, at: datetime, key: str) -> None:
    """Close a case with one of the ends that a person gives: "left", "age", "done" or "mistake" (FC-c).

    The same key again changes nothing. Raises NotMoved without a reason, for another end, and for a case that is over.
    """
    if end not in ("left", "age", "done", "mistake"):
        raise NotMoved("Say how the case ends.")
    _check_reason(because)
    with transaction.atomic():
        try:
            deed = journal.begin("case.closed", by=by, at=at, key=key, reason=because.strip(), school=school)
        except journal.AlreadyDone:
            return
        held = _held(case)
        held.closed, held.end = deed, end
        held.save(update_fields=["closed", "end"])


def move_case(
    case: Case,
    version: int,
    *,
    because: str,
    school: int,
    by: Actor,
    at: datetime,
    key: str,
    step: str = "",
) -> None:
    """Judge a case by another version of the policy (by id) from now on (8-b).

    step: where the pupil stands in that version, needed where it has no step of the id at which the case is; it is
    written as a step of its own, on the day and counts of the one it stands for. The same key again changes nothing.
    Raises NotMoved without a reason, for a version that is not there or the case's own, and for a step missing,
    unknown to that version, or taken in this case before.
    """
    _check_reason(because)
    policy = version_policy(version)
    if policy is None:
        raise NotMoved("There is no such version of the policy.")
    with transaction.atomic():
        try:
            deed = journal.begin("case.moved", by=by, at=at, key=key, reason=because.strip(), school=school)
        except journal.AlreadyDone:
            return
        held = _held(case)
        if held.policy == version:
            raise NotMoved("The case is judged by this version already.")
        last = steps_of([held.pk])[-1:]
        if last:
            _stand_at(held, last[0].id, _where(held.path, last[0].step, step, policy), policy, deed)
        journal.note_changes(deed, "case", held.pk, {"policy": (held.policy, version)})
        held.policy, held.policy_kept = version, policy.snapshot()
        held.save(update_fields=["policy", "policy_kept"])


def _where(path: str, at_step: str, chosen: str, policy: Policy) -> str:
    """The step of the new version at which the pupil stands; the same id needs no choice."""
    known = [one.id for one in (flow.steps(policy)[1:] if path == SCHOOL else authority.states(policy))]
    wanted = chosen or at_step
    if wanted not in known:
        raise NotMoved("The new version has no step of this name: choose the one at which the pupil stands there.")
    return wanted


def _stand_at(case: Case, last: int, step: str, policy: Policy, deed: Deed) -> None:
    """Write the step that the last one stands for, unless it is the same."""
    taken = StepTaken.objects.get(pk=last)
    if taken.step == step:
        return
    if case.path == SCHOOL and case.steps.filter(step=step, withdrawn__isnull=True).exists():
        raise NotMoved("That step was taken in this case before: choose one that the pupil has not been at.")
    was = policy_of(case)
    name = (was.step if case.path == SCHOOL else was.state)(taken.step).name
    waits = {} if case.path == SCHOOL else waits_for(policy.state(step), taken.day)
    StepTaken.objects.create(
        pupil_id=taken.pupil_id,
        school_id=taken.school_id,
        case=case,
        path=case.path,
        step=step,
        answer="moved",
        because=f"Stands for: {name}",
        evidence={**taken.evidence, **waits, "stands_for": {"step": taken.step, "policy": case.policy}},
        round=taken.round,
        day=taken.day,
        attended=taken.attended,
        possible=taken.possible,
        deed=deed,
    )


def _held(case: Case) -> Case:
    held = Case.objects.select_for_update().get(pk=case.pk)
    if held.closed_id is not None:
        raise NotMoved("This case is over already, and stays as it is.")
    return held


def _check_reason(because: str) -> None:
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotMoved("Say why, in a few words: the pupil's record keeps the reason.")
