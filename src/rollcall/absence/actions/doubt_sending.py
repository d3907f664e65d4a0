"""Writing the request for evidence and the notice, and putting them in: as a letter, or as a text of a sentence.

A text names no reason, no day away and no evidence: whoever holds the telephone reads it.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from rollcall.absence.models import Doubt
from rollcall.absence.queries.doubt_letters import Written, notice_letter, notice_text, request_letter, request_text
from rollcall.absence.queries.doubt_ways import Way, way_to
from rollcall.absence.queries.doubts import recipient_of
from rollcall.absence.queries.leave_letters import has_holiday_letter, holiday_letter
from rollcall.documents.letter import CannotSet
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.letters.fields import WordingError
from rollcall.letters.queries import recipients
from rollcall.outbox import actions as outbox
from rollcall.schools.models import Enrolment, PupilContact
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.letterheads import pdf_of


class NotDone(ValueError):
    """Nothing was written; the message is a sentence for who did it."""


def way_of(enrolment: Enrolment, adult: PupilContact | None, day: date, *, by_post: bool) -> Way:
    """How one adult is written to. Raises NotDone where they may not be, or can't be reached that way."""
    assert adult is not None
    to = recipient_of(enrolment.pupil_id, adult.contact_id, day)
    if to is None:
        left = {one.name: one.why for one in recipients(enrolment.pupil_id, day).left_out}
        why = left.get(str(adult.contact), "they may not be written to about this pupil.")
        raise NotDone(f"{adult.contact} can't be written to: {why[:1].lower()}{why[1:]}")
    found = way_to(to, enrolment.pupil_id, by_post=by_post)
    if found is None and by_post:
        raise NotDone(f"{to.name} has no postal address that may be used: send a message, or ring.")
    if found is None:
        raise NotDone(f"{to.name} has no e-mail address that may be used: print the letter, or ring.")
    return found


def addressees(row: Doubt, how: str, day: date) -> list[Way]:
    """Who gets the notice, each with the way: all who are written to. Raises NotDone for nobody."""
    found, pupil = recipients(row.enrolment.pupil_id, day), row.enrolment.pupil_id
    ways = []
    for one in found.written:
        message = way_to(one, pupil, by_post=False) if how != "post" else None
        ways.append(message or way_to(one, pupil, by_post=True))
    reached = [way for way in ways if way is not None]
    if not reached:
        raise NotDone(found.held or "There is nobody to write to: tell them by phone or in person, and record it.")
    return reached


def request_for(row: Doubt, way: Way, *, by: Actor, at: datetime) -> Written:
    """The request for evidence exactly as it goes to one adult; about a holiday it is the school's own wording (5.1-c).

    Raises NotDone for a wording that can't be filled in.
    """
    if way.channel == "text":
        return request_text(row)
    policy = facts_of(row.enrolment.school_id).policy_on(at.date())
    write = holiday_letter if row.kind == "holiday" and has_holiday_letter(policy) else request_letter
    return _written(write, row, way, by, at)


def notice_for(row: Doubt, way: Way, *, by: Actor, at: datetime) -> Written:
    """The notice that it turns unauthorised exactly as it goes to one adult. Raises NotDone as `request_for`."""
    return notice_text(row) if way.channel == "text" else _written(notice_letter, row, way, by, at)


def _written(write: Callable[..., Written], row: Doubt, way: Way, by: Actor, at: datetime) -> Written:
    try:
        return write(row, way.to, signed=(by.name, by.position), day=at.date())
    except WordingError as wrong:
        raise NotDone(str(wrong)) from wrong
    except LookupError:
        raise NotDone("The policy in force has no such letter: ring, or adopt a version that has it.") from None


def put(written: Written, way: Way, row: Doubt, deed: Deed, at: datetime, *, ground: str, ground_id: int) -> None:
    """Put a request or notice in, inside the deed's transaction. Raises NotDone for a name that can't be printed."""
    evidence: dict[str, Any] = {"contact": way.to.contact, "doubt": row.pk}
    pdf = None
    if written.page is not None:
        evidence |= {"letter": written.page.to_json(), "reply_to": row.enrolment.school.email}
        try:
            pdf = pdf_of(written.page, at.date())
        except CannotSet as error:
            raise NotDone(str(error)) from error
    outbox.put(
        once=f"{ground}:{ground_id}:{way.to.contact}",
        deed=deed,
        school=row.enrolment.school_id,
        channel=way.channel,
        to_name=way.to.name,
        to_address=way.where,
        subject=written.subject,
        body=written.text,
        ground=ground,
        ground_id=ground_id,
        pupil=row.enrolment.pupil_id,
        evidence=evidence,
        at=at,
        pdf=pdf,
        pdf_name="letter.pdf" if pdf else "",
        seen=True,
    )
