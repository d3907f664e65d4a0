"""The invitation of the authority's point of contact to a meeting: what exactly would go, and whether it still stands.

It goes by plain e-mail, so it says of a child the initials and the school and nothing else.
"""

from dataclasses import dataclass
from datetime import datetime

from rollcall.casework.models import AuthorityContact, Meeting, MeetingOutcome
from rollcall.casework.queries.calendar import initials
from rollcall.casework.queries.with_authority import AGENCY, contact_of
from rollcall.journal.actor import Actor
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.rules.words import day_words, time_words
from rollcall.schools.models import Enrolment
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import in_force

INVITATION = "casework.invitation"


@dataclass(frozen=True)
class Ready:
    """An invitation as it would go; `problem` says why it can't. sent: the message, where it went into the post."""

    contact: AuthorityContact | None
    subject: str = ""
    body: str = ""
    problem: str = ""
    sent: Message | None = None


def invitation_of(meeting: Meeting, by: Actor, at: datetime) -> Ready:
    """The invitation to a meeting, signed by a named person, to the school's point of contact as last written down."""
    contact = contact_of(meeting.school_id)
    if contact is None:
        return Ready(None, problem="Nobody is written down as the authority's point of contact: do that first.")
    if not contact.email:
        return Ready(contact, problem=f"No e-mail address of {contact.name} is written down: add it, or ring them.")
    if meeting.at <= at:
        return Ready(contact, problem="An invitation goes only to a meeting that is still to come.")
    if MeetingOutcome.objects.filter(meeting=meeting).exists():
        return Ready(contact, problem="The meeting was written down already.")
    sent = Message.objects.filter(ground=INVITATION, ground_id=meeting.pk, evidence__contact=contact.pk).last()
    return Ready(contact, _subject(meeting), _body(meeting, contact, by), sent=sent)


def _subject(meeting: Meeting) -> str:
    return f"Invitation: {_kind(meeting)} at {meeting.school}, {day_words(meeting.at.astimezone(LONDON).date())}"


def _kind(meeting: Meeting) -> str:
    return "meeting of several agencies" if meeting.kind == AGENCY else meeting.get_kind_display().lower()


def _body(meeting: Meeting, contact: AuthorityContact, by: Actor) -> str:
    when = meeting.at.astimezone(LONDON)
    about = f" about a pupil of ours ({initials(meeting.pupil.known_name)})" if meeting.pupil else ""
    place = f", {meeting.place}" if meeting.place else ""
    phone = f" or ring {meeting.school.phone}" if meeting.school.phone else ""
    return (
        f"Dear {contact.name},\n\n"
        f"We would like you to join a {_kind(meeting)}{about} on {day_words(when.date())} {when.year} at "
        f"{time_words(when)}{place}.\n\n"
        f"Whom and what it is about we tell you in person: please answer to the school{phone}.\n\n"
        f"{by.name}\n{by.position}\n{meeting.school}"
    )


def invitation_stands(message: Message, at: datetime) -> Answer:
    """Whether an invitation may still go: the meeting, the pupil, the point of contact."""
    meeting = Meeting.objects.filter(pk=message.ground_id).select_related("pupil").first()
    if meeting is None:
        return Answer(False, "The meeting is not there.")
    done = MeetingOutcome.objects.filter(meeting=meeting).first()
    if done is not None:
        return Answer(False, f"The meeting is written down: {done.get_how_display().lower()}.")
    if meeting.at <= at:
        return Answer(False, "The meeting's time has passed.")
    contact = contact_of(meeting.school_id)
    if contact is None or contact.email != message.to_address:
        return Answer(False, "The authority's point of contact has changed: send it to the one of now.")
    if meeting.pupil_id is not None and not _on_roll(meeting, at):
        return Answer(False, "The pupil is no longer on the school's roll.")
    return Answer(True)


def _on_roll(meeting: Meeting, at: datetime) -> bool:
    rows = Enrolment.objects.filter(in_force(at.date(), "admitted", "left"), school=meeting.school_id)
    return rows.filter(pupil=meeting.pupil_id).exists()
