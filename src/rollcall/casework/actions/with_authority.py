"""Working with the authority (A5-e): its point of contact, meetings with it, what is asked of it, and its invitation.

A meeting is written down with the date of the next, or the reason why there is none; both are one deed.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from rollcall.casework.actions.meetings import NotPlanned, Plan, check_plan, planned_within
from rollcall.casework.actions.outcomes import Agreement, Outcome, agree_actions, check_outcome, write_outcome
from rollcall.casework.models import AgreedAction, AuthorityContact, Meeting, MeetingOutcome
from rollcall.casework.queries.invitations import INVITATION, invitation_of
from rollcall.casework.queries.meetings import from_kept
from rollcall.casework.queries.with_authority import AGENCY, WITH_AUTHORITY, WITH_SCHOOL, has_next
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.outbox import actions as outbox
from rollcall.outbox.models import Message


@dataclass(frozen=True)
class Contact:
    """Whom a school works with at the authority: the single point of contact, and the daily helpline."""

    name: str
    email: str = ""
    phone: str = ""
    helpline: str = ""


def set_contact(school: int, contact: Contact, *, by: Actor, at: datetime, key: str) -> AuthorityContact:
    """Write down the authority's point of contact for a school (by id); the earlier ones stay.

    The same key gives the same row. Raises NotPlanned without a name, without any way to reach
    them, or for what is no e-mail address.
    """
    told = {name: value.strip() for name, value in vars(contact).items()}
    if len(told["name"]) < journal.LEAST_REASON:
        raise NotPlanned("Give the name of the authority's point of contact.")
    if not (told["email"] or told["phone"] or told["helpline"]):
        raise NotPlanned("Give an e-mail address, a telephone number or the helpline: one way to reach them.")
    _check_email(told["email"])
    with transaction.atomic():
        try:
            deed = journal.begin("authority.contact", by=by, at=at, key=key, school=school, about=told["name"])
        except journal.AlreadyDone as done:
            return AuthorityContact.objects.get(deed=done.deed)
        return AuthorityContact.objects.create(school_id=school, deed=deed, **told)


def plan_with_authority(
    plan: Plan, *, school: int, by: Actor, at: datetime, key: str, pupil: int | None = None
) -> Meeting:
    """Plan a meeting of a school with the authority, or of several agencies about a pupil (school and pupil by id).

    The journal says of the latter only that it was planned. The same key gives the same meeting. Raises NotPlanned for
    another kind of meeting, for one of agencies about nobody, and as `meetings.plan_meeting` does.
    """
    if plan.kind not in WITH_AUTHORITY or (plan.kind == AGENCY) != (pupil is not None):
        raise NotPlanned("Choose a meeting with the authority.")
    check_plan(plan, pupil, at)
    with transaction.atomic():
        try:
            deed = journal.begin("meeting.planned", by=by, at=at, key=key, school=school)
        except journal.AlreadyDone as done:
            return Meeting.objects.get(deed=done.deed)
        return planned_within(plan, school, deed, pupil=pupil)


def record_with_authority(
    meeting: Meeting, outcome: Outcome, *, next_at: datetime | None, why_none: str, by: Actor, at: datetime, key: str
) -> MeetingOutcome:
    """Write down how a meeting with the authority went, with what each side does, and plan the next one with it.

    next_at: when the next of the school's own meetings is; not needed where one is planned already, or where this one
    was moved. why_none: why there is none. The same key gives the same outcome. Raises NotPlanned without either, for
    a next one in the past, and as `outcomes.record_outcome` does.
    """
    if meeting.kind not in WITH_AUTHORITY:
        raise NotPlanned("This is a meeting with a family: it is written down on its own page.")
    check_outcome(meeting, outcome, at)
    _check_next(meeting, outcome, next_at, why_none, at)
    try:
        with transaction.atomic():
            try:
                reason = why_none.strip() if next_at is None else ""
                deed = journal.begin("meeting.recorded", by=by, at=at, key=key, school=meeting.school_id, reason=reason)
            except journal.AlreadyDone as done:
                return MeetingOutcome.objects.get(deed=done.deed)
            made = write_outcome(meeting, outcome, by, at, deed)
            if next_at is not None and meeting.kind in WITH_SCHOOL:
                _plan_next(meeting, next_at, deed)
            return made
    except IntegrityError as error:
        raise NotPlanned("Somebody else recorded this meeting at the same moment: look again.") from error


def ask_authority(
    what: str, *, owner: str, due: date | None, school: int, by: Actor, at: datetime, key: str
) -> AgreedAction:
    """Write down advice, guidance or training for staff that the authority was asked for; ticked off once it came.

    owner: who was asked. The same key gives the same row. Raises NotPlanned without words.
    """
    if len(what.strip()) < journal.LEAST_REASON:
        raise NotPlanned("Say what the authority is asked for.")
    with transaction.atomic():
        try:
            deed = journal.begin("authority.asked", by=by, at=at, key=key, school=school, about=what.strip())
        except journal.AlreadyDone as done:
            return AgreedAction.objects.get(deed=done.deed)
        agree_actions([Agreement("authority", owner, what, due)], pupil=None, school=school, case=None, deed=deed)
        return AgreedAction.objects.get(deed=deed)


def invite_contact(meeting: Meeting, *, by: Actor, at: datetime, key: str) -> Message:
    """Send the point of contact the invitation to a meeting by e-mail, as it was seen; once a meeting and contact.

    The same key, and the same invitation, give the message that is there. Raises NotPlanned where it can't go.
    """
    ready = invitation_of(meeting, by, at)
    if ready.problem or ready.contact is None:
        raise NotPlanned(ready.problem)
    if ready.sent is not None:
        return ready.sent
    with transaction.atomic():
        once = f"{INVITATION}.{meeting.pk}.{ready.contact.pk}"
        try:
            deed = journal.begin("authority.invited", by=by, at=at, key=key, school=meeting.school_id)
        except journal.AlreadyDone:
            return Message.objects.get(once=once)
        return outbox.put(
            once=once,
            deed=deed,
            school=meeting.school_id,
            channel="email",
            to_name=ready.contact.name,
            to_address=ready.contact.email,
            subject=ready.subject,
            body=ready.body,
            ground=INVITATION,
            ground_id=meeting.pk,
            # No pupil's id: the office sees the outbox, and need not know that agencies meet about a child.
            pupil=None,
            evidence={"contact": ready.contact.pk},
            at=at,
            kind="authority.invitation",
            seen=True,
            expires=meeting.at,
        )


def _check_email(email: str) -> None:
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotPlanned("Give the e-mail address as name@example.org.") from error


def _check_next(meeting: Meeting, outcome: Outcome, next_at: datetime | None, why_none: str, at: datetime) -> None:
    if next_at is not None and next_at <= at:
        raise NotPlanned("Give a day and time for the next meeting that are still to come.")
    if meeting.kind not in WITH_SCHOOL or outcome.how == "moved" or next_at is not None:
        return
    if has_next(meeting.school_id, meeting.kind, at, meeting.pk) or len(why_none.strip()) >= journal.LEAST_REASON:
        return
    raise NotPlanned("Give the day and time of the next meeting, or say why none is planned.")


def _plan_next(meeting: Meeting, next_at: datetime, deed: Deed) -> None:
    plan = Plan(
        meeting.kind, next_at, meeting.place, "", from_kept(meeting.asked), with_roles=tuple(meeting.with_roles)
    )
    planned_within(plan, meeting.school_id, deed)
