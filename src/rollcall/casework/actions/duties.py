"""What falls due by the clock in the casework: staff reminded of a meeting on the school day before, from 8.00 on."""

from datetime import datetime, time

from django.db import transaction

from rollcall.absence.actions.duties import Duty
from rollcall.casework.models import Meeting
from rollcall.casework.queries.meeting_reminders import REMINDER, Reminded, to_remind
from rollcall.journal import actions as journal
from rollcall.journal.actor import SCHEDULER
from rollcall.outbox import actions as outbox
from rollcall.schools.queries import SchoolFacts

FROM = time(8)


def remind_of_meetings(facts: SchoolFacts, at: datetime) -> None:
    """A duty: from 8.00 on a school day, e-mail the staff asked to a meeting before or on the next one, once each.

    Who is asked after that, for a meeting planned late, is reminded at once. The key of the deed is the meeting's.
    """
    day = at.date()
    if at < facts.moment(day, FROM) or not facts.is_school_day(day):
        return
    for meeting, people in to_remind(facts, at):
        _remind(meeting, people, facts, at)


def _remind(meeting: Meeting, people: list[Reminded], facts: SchoolFacts, at: datetime) -> None:
    key = f"meeting-reminded-{meeting.pk}"
    try:
        with transaction.atomic():
            deed = journal.begin("meeting.reminded", by=SCHEDULER, at=at, key=key, school=facts.school)
            for one in people:
                outbox.put(
                    once=f"{REMINDER}.{meeting.pk}.{one.user}",
                    deed=deed,
                    school=facts.school,
                    channel="email",
                    to_name=one.name,
                    to_address=one.email,
                    subject=one.subject,
                    body=one.body,
                    ground=REMINDER,
                    ground_id=meeting.pk,
                    pupil=None,
                    evidence={"user": one.user},
                    at=at,
                    kind="staff.meeting",
                    expires=meeting.at,
                )
    except journal.AlreadyDone:
        return


DUTIES: tuple[Duty, ...] = (remind_of_meetings,)
