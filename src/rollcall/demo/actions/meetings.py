"""Meetings with the demo's families: planned, held with what was agreed and aimed at, written to afterwards."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from rollcall.casework.actions.letters import NotWritten, write_letter
from rollcall.casework.actions.meetings import NotPlanned, Plan, plan_meeting
from rollcall.casework.actions.outcomes import Agreement, Aim, Outcome, record_outcome
from rollcall.casework.models import Case, Meeting
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.meetings import Asked, adults_of, record
from rollcall.casework.queries.regular import regular
from rollcall.demo.actions.scene import Scene
from rollcall.demo.steps import moment
from rollcall.journal.actor import Actor
from rollcall.rules.policy import Step

SAID = (
    "The mornings are rushed since the little brother was born, and the bus does not always come. "
    "School is liked once the door is behind one."
)
TARGET = Decimal(96)


def hold_meeting(scene: Scene, case: Case, step: str, day: date, *, agreed: date) -> None:
    """The meeting of a step, on a day of the past: held, with agreements, a target and the letter of the step."""
    policy = policy_of(case)
    meeting = _planned(scene, case, policy.step(step), moment(day, time(15, 20)), agreed, invite=False)
    if meeting is None:
        return
    who, at = _takes(scene, policy.step(step), case.pupil_id, day), moment(day, time(16, 5))
    outcome = Outcome(
        "held",
        said=SAID,
        came=tuple(Asked(one["name"], one["as"], one.get("contact"), one.get("actor", "")) for one in meeting.asked),
        next_review=day + timedelta(days=14),
        actions=(
            Agreement("school", who.name, "Meet the child at the gate on Mondays and Fridays", None, who.id),
            Agreement("family", meeting.asked[0]["name"], "Set out by ten past eight", day + timedelta(days=14)),
        ),
        targets=(Aim(day + timedelta(days=1), day + timedelta(days=11 - day.weekday()), _target(policy.step(step))),),
    )
    with suppress(NotPlanned, NotWritten):
        record_outcome(meeting, outcome, by=who, at=at, key=f"demo.outcome.{meeting.pk}")
        _write_after(scene, case, policy.step(step), meeting.pk, at + timedelta(minutes=20))


def meeting_to_come(scene: Scene, case: Case, step: str, day: date, *, agreed: date) -> None:
    """The meeting of a step that is still to come, with the family invited."""
    _planned(scene, case, policy_of(case).step(step), moment(day, time(15, 20)), agreed, invite=True)


def meet_regularly(scene: Scene) -> None:
    """Of those whose parents are met regularly, one meeting is over and not written down yet, one is to come."""
    day = scene.back(3)
    due = [one for one in regular(scene.school.pk, moment(day, time(9))) if one.is_due]
    when = [moment(one, time(15, 30)) for one in (scene.back(1), *scene.ahead[3:4])]
    for one, at in zip(due, when, strict=False):
        adults, _ = adults_of(one.pupil)
        head = scene.who("head", day)
        plan = Plan(
            "regular", at, "The office of the head", about="how it goes",
            asked=(*adults[:1], Asked(head.name, head.position, None, head.id)),
        )  # fmt: skip
        with suppress(NotPlanned):
            plan_meeting(
                plan, school=scene.school.pk, by=head, at=moment(day, time(12)), key=f"demo.regular.{one.pupil}",
                pupil=one.pupil,
            )  # fmt: skip


def _planned(scene: Scene, case: Case, step: Step, at: datetime, agreed: date, *, invite: bool) -> Meeting | None:
    adults, _ = adults_of(case.pupil_id)
    who = _takes(scene, step, case.pupil_id, agreed)
    plan = Plan(
        "step",
        at,
        place="The quiet room",
        about="how we can help with the mornings",
        asked=(*adults[:1], Asked(who.name, who.position, None, who.id)),
        step=step.id,
        with_roles=tuple(step.meeting_with),
    )
    try:
        return plan_meeting(
            plan,
            school=scene.school.pk,
            by=scene.who("head", agreed),
            at=moment(agreed, time(16, 30)),
            key=f"demo.meeting.{case.pk}.{step.id}",
            pupil=case.pupil_id,
            case=case,
            invite=invite,
        )
    except NotPlanned:
        return None  # a family whom nobody may write to


def _target(step: Step) -> Decimal | None:
    """In every day at the first meeting; a figure at the head's, for a family who could not keep that."""
    return None if "class_teacher" in step.meeting_with else TARGET


def _takes(scene: Scene, step: Step, pupil: int, day: date) -> Actor:
    """The class teacher where the policy names them for the step, else the head of school."""
    return scene.teacher_of(pupil, day) if "class_teacher" in step.meeting_with else scene.who("head", day)


def _write_after(scene: Scene, case: Case, step: Step, meeting: int, at: datetime) -> None:
    held = Meeting.objects.select_related("outcome").get(pk=meeting)
    write_letter(
        case.pupil_id,
        step.letter or "meeting-record",
        record(held, policy_of(case)),
        school=scene.school.pk,
        by=scene.who("head", at.date()),
        at=at,
        key=f"demo.after.{meeting}",
        case=case,
        about="meeting",
        about_id=meeting,
    )
