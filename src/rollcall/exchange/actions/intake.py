"""A file brought in: planned anew under the school's lock, held against the plan that was looked at, written at once.

All or nothing. A file that would change nothing writes nothing and leaves no deed.
"""

import hashlib
from datetime import datetime

from django.db import transaction

from rollcall.exchange.layouts import Options
from rollcall.exchange.models import Intake
from rollcall.exchange.queries.mark_file import MarkFile
from rollcall.exchange.queries.mark_plan import MarkPlan, complete_registers, plan_marks
from rollcall.exchange.queries.pupil_file import PupilFile
from rollcall.exchange.queries.pupil_plan import PupilPlan, plan_pupils
from rollcall.exchange.queries.roll import stays_of
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.actions import write_entries
from rollcall.registers.actions.bringing import HandedIn, hand_in_brought
from rollcall.registers.models import Submission
from rollcall.registers.queries.standing import lock
from rollcall.rules.tables import BadCell
from rollcall.schools.actions import bringing as schools
from rollcall.schools.models import School
from rollcall.schools.queries import facts_of


class NotBrought(Exception):  # noqa: N818 - it says what happened
    """Nothing was written; the message is a sentence, `bad` every cell that can't be used."""

    def __init__(self, sentence: str, bad: tuple[BadCell, ...] = ()) -> None:
        super().__init__(sentence)
        self.bad = bad


class Moved(NotBrought):
    """What stands has changed since the file was looked at: look again."""


def bring_in_marks(
    school: School,
    file: MarkFile,
    *,
    by: Actor,
    at: datetime,
    key: str,
    filename: str,
    content: bytes,
    may_amend: bool,
    seen: str = "",
    reason: str = "",
) -> Intake | None:
    """Write a file of marks into one school's register; returns what was done, None where there was nothing to do.

    seen: the digest of the plan that the person looked at; Moved is raised where it is another by now, empty asks for
    no such look. may_amend: whether marks that stand may be changed, which also needs a reason. Raises NotBrought for
    bad cells and for changes without either; AlreadyDone of the journal for a key used before.
    """
    with transaction.atomic():
        deed = _begin("marks.brought_in", school, filename, reason, by, at, key)
        lock(school.pk)
        plan = plan_marks(file, facts_of(school.pk), at)
        _check(plan, seen)
        _check_changes(plan, may_amend, reason)
        if not plan.entries:
            transaction.set_rollback(True)
            return None
        write_entries(school.pk, plan.entries, deed, plan.rows)
        _hand_in(school, plan, deed, at)
        return _noted(school, "marks", deed, filename, content, plan)


def bring_in_pupils(
    school: School,
    file: PupilFile,
    options: Options,
    *,
    by: Actor,
    at: datetime,
    key: str,
    filename: str,
    content: bytes,
    seen: str = "",
) -> Intake | None:
    """Write a file of pupils at one school; returns what was done, None where there was nothing to do.

    Raises as `bring_in_marks` does.
    """
    with transaction.atomic():
        deed = _begin("pupils.brought_in", school, filename, "", by, at, key)
        lock(school.pk)
        plan = plan_pupils(file, school, options, at.date())
        _check(plan, seen)
        if not plan.brings:
            transaction.set_rollback(True)
            return None
        schools.bring_in_pupils(school, options.year_start, plan.new_classes, plan.brings, deed)
        return _noted(school, "pupils", deed, filename, content, plan)


def _begin(kind: str, school: School, filename: str, reason: str, by: Actor, at: datetime, key: str) -> Deed:
    why = f"{reason.strip()} ({filename})" if reason.strip() else f"From the file {filename}"
    return journal.begin(kind, by=by, at=at, key=key, reason=why, school=school.pk)


def _check(plan: MarkPlan | PupilPlan, seen: str) -> None:
    if plan.bad:
        n = len(plan.bad)
        raise NotBrought(
            f"Nothing was written: {n} {'cell' if n == 1 else 'cells'} of the file can't be used.", tuple(plan.bad)
        )
    if seen and plan.digest != seen:
        raise Moved("Somebody has changed what stands since you looked: look at what the file would do now.")


def _check_changes(plan: MarkPlan, may_amend: bool, reason: str) -> None:
    if not plan.changes:
        return
    if not may_amend:
        raise NotBrought(
            f"The file would change {plan.changed} marks that stand; that takes somebody who may amend the register."
        )
    if len(reason.strip()) < journal.LEAST_REASON:
        raise NotBrought("Say why marks that stand are changed: the register keeps the reason.")


def _hand_in(school: School, plan: MarkPlan, deed: Deed, at: datetime) -> None:
    """Registers that have a mark for everybody by now are in; those that were handed in before stay as they are."""
    complete = complete_registers(plan, facts_of(school.pk), stays_of(school.pk))
    if not complete:
        return
    days = [day for _, day, _ in complete]
    known = set(
        Submission.objects.filter(school=school, day__gte=min(days), day__lte=max(days)).values_list(
            "school_class_id", "day", "half"
        )
    )
    hand_in_brought(school.pk, [HandedIn(*one, taken_at=at) for one in complete if one not in known], deed)


def _noted(school: School, kind: str, deed: Deed, filename: str, content: bytes, plan: MarkPlan | PupilPlan) -> Intake:
    return Intake.objects.create(
        school=school,
        kind=kind,
        deed=deed,
        filename=filename[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        n_rows=plan.n_rows,
        added=plan.added,
        changed=plan.changed,
        unchanged=plan.unchanged,
        passed_over=sum(n for n, _ in plan.passed_over),
    )
