"""Whether a request for evidence, or the notice before an absence turns unauthorised, may still go."""

from datetime import date, datetime

from rollcall.absence.models import Doubt, Report, Telling
from rollcall.absence.queries.doubts import marks_of
from rollcall.absence.queries.mobiles import mobiles_of
from rollcall.letters.queries import hold_on, is_read_by_barred, may_be_written_to
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of

_WITH = ("enrolment__pupil", "report")


def request_stands(message: Message, at: datetime) -> Answer:
    """Whether a request for evidence may still go: nobody has answered, and the absence is as it was."""
    row = Doubt.objects.select_related(*_WITH).filter(pk=message.ground_id).first()
    if row is None:
        return Answer(False, "The doubt that it rests on is not there.")
    if row.answered_id:
        return Answer(False, "The family has answered meanwhile.")
    return _stands(row, message, at)


def notice_stands(message: Message, at: datetime) -> Answer:
    """Whether the notice may still go: nothing has settled the matter, and the absence is as it was."""
    telling = Telling.objects.filter(pk=message.ground_id).first()
    row = Doubt.objects.select_related(*_WITH).filter(pk=telling.doubt_id).first() if telling else None
    if row is None:
        return Answer(False, "The doubt that it rests on is not there.")
    if row.answered_id and row.satisfied:
        return Answer(False, "The family's answer has settled it meanwhile.")
    return _stands(row, message, at)


def _stands(row: Doubt, message: Message, at: datetime) -> Answer:
    if row.withdrawn_id or row.decided_id:
        return Answer(False, "The doubt was withdrawn." if row.withdrawn_id else "It has been decided.")
    if row.report is not None and Report.objects.filter(pk=row.report.pk, withdrawn__isnull=False).exists():
        return Answer(False, "The report of the absence was withdrawn.")
    if not _is_on_roll(row.enrolment, at.date()):
        return Answer(False, f"{row.enrolment.pupil} is no longer on the school's roll.")
    marks = marks_of(row, facts_of(row.enrolment.school_id), at)
    if marks and all(mark.is_there for mark in marks):
        return Answer(False, f"{row.enrolment.pupil} is marked present in all of these sessions.")
    return _may_reach(row.enrolment.pupil_id, message, at.date())


def _is_on_roll(enrolment: Enrolment, day: date) -> bool:
    return enrolment.left is None or enrolment.left >= day


def _may_reach(pupil: int, message: Message, day: date) -> Answer:
    if held := hold_on(pupil, day):
        return Answer(False, held)
    contact = message.evidence.get("contact")
    if not isinstance(contact, int) or not may_be_written_to(pupil, contact):
        return Answer(False, f"{message.to_name} may not be written to about this pupil.")
    if is_read_by_barred(pupil, message.channel, message.to_address):
        return Answer(False, "The address is that of somebody who is barred.")
    if message.channel == "text" and message.to_address not in mobiles_of(pupil, [contact]).values():
        return Answer(False, f"{message.to_name} has this number no more.")
    return Answer(True)
