"""Meetings: planning them, and asking the family in by letter.

How one went is written down in `outcomes`. Nothing is changed later: a meeting that was moved ends as moved, and the
new time is a meeting of its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from rollcall.casework.actions.letters import NotWritten, write_letter
from rollcall.casework.models import Case, Meeting, StepTaken
from rollcall.casework.queries.meetings import Asked, barred_among, invitation
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules.words import day_words

LONGEST_AGO = timedelta(days=60)
LONGEST_AHEAD = timedelta(days=400)


class NotPlanned(ValueError):
    """A meeting of which nothing was written; the message is a sentence for who planned or recorded it."""


@dataclass(frozen=True)
class Plan:
    """A meeting as it is wanted. step: of the school's path, where it belongs to one; with_roles: the policy's own."""

    kind: str
    at: datetime
    place: str = ""
    about: str = ""
    asked: tuple[Asked, ...] = ()
    step: str = ""
    with_roles: tuple[str, ...] = ()


def plan_meeting(
    plan: Plan,
    *,
    school: int,
    by: Actor,
    at: datetime,
    key: str,
    pupil: int | None = None,
    case: Case | None = None,
    invite: bool = False,
) -> Meeting:
    """Plan a meeting at a school (by id), about a pupil (by id) where it is one's; invite writes to the adults asked.

    The same key gives the same meeting. Raises NotPlanned with a sentence: no time, a time long gone, nobody asked, a
    barred adult among them, a meeting of the same step that is planned already, an invitation that can't go.
    """
    check_plan(plan, pupil, at)
    with transaction.atomic():
        try:
            deed = journal.begin("meeting.planned", by=by, at=at, key=key, school=school, about=plan.about[:160])
        except journal.AlreadyDone as done:
            return Meeting.objects.get(deed=done.deed)
        _check_not_twice(plan, case)
        meeting = planned_within(plan, school, deed, pupil=pupil, case=case)
        if invite:
            invite_family(meeting, by, at, deed)
    return meeting


def check_plan(plan: Plan, pupil: int | None, at: datetime) -> None:
    """Raise NotPlanned, with a sentence, for a meeting that can't be planned."""
    if plan.at < at - LONGEST_AGO:
        raise NotPlanned(
            f"{day_words(plan.at.date())} is too long ago: give a day of the last two months, or a later one."
        )
    check_not_too_far(plan.at, at)
    if not plan.asked:
        raise NotPlanned("Say who is asked to come: tick at least one.")
    if pupil is None:
        return
    if barred := barred_among(pupil, plan.asked):
        raise NotPlanned(f"{barred} is barred: do not contact, do not tell, do not release. Leave them out.")


def check_not_too_far(when: datetime, at: datetime) -> None:
    """Raise NotPlanned for a time that lies further ahead than anybody plans: a year that was typed wrongly."""
    if when.date() > at.date() + LONGEST_AHEAD:
        raise NotPlanned(f"{when.date():%-d %B %Y} is too far ahead: look at the year.")


def _check_not_twice(plan: Plan, case: Case | None) -> None:
    if not plan.step or case is None:
        return
    held = Case.objects.select_for_update().get(pk=case.pk)
    same = Meeting.objects.filter(case=held, step=plan.step, outcome__isnull=True).first()
    if same is not None:
        raise NotPlanned(f"A meeting of this step is planned for {day_words(same.at.date())}: record or move that one.")
    if StepTaken.objects.filter(case=held, step=plan.step, withdrawn__isnull=True).exists():
        raise NotPlanned("This step was taken already: plan another meeting with the parents instead.")


def planned_within(
    plan: Plan, school: int, deed: Deed, *, pupil: int | None = None, case: Case | None = None
) -> Meeting:
    """Write a meeting down inside an act's own transaction; who calls has checked it."""
    return Meeting.objects.create(
        school_id=school,
        pupil_id=pupil,
        case=case,
        kind=plan.kind,
        step=plan.step,
        with_roles=list(plan.with_roles),
        at=plan.at,
        place=plan.place.strip(),
        asked=[one.kept for one in plan.asked],
        about=plan.about.strip(),
        deed=deed,
    )


def invite_family(meeting: Meeting, by: Actor, at: datetime, deed: Deed) -> None:
    """Write the invitation to the adults asked, inside an act's deed. Raises NotPlanned where it can't go."""
    contacts = [one["contact"] for one in meeting.asked if one.get("contact")]
    if meeting.pupil_id is None or not contacts:
        raise NotPlanned("There is no parent among those asked: tick one, or plan the meeting without an invitation.")
    if meeting.at <= at:
        raise NotPlanned("An invitation goes only to a meeting that is still to come.")
    try:
        write_letter(
            meeting.pupil_id,
            "meeting-invitation",
            invitation(meeting),
            school=meeting.school_id,
            by=by,
            at=at,
            deed=deed,
            case=meeting.case,
            about="meeting",
            about_id=meeting.pk,
            rests_on={"invites": True},
            contacts=contacts,
        )
    except NotWritten as error:
        raise NotPlanned(str(error)) from error
