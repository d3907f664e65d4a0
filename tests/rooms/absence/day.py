"""What tests of the day share: marks in a register, handing it in, an outing, a slip, a message left."""

from datetime import datetime

from django.db import transaction

from rollcall.absence.models import Outing, Slip, Word
from rollcall.journal.actions import begin, new_key
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.queries.standing import TAKEN
from tests.cast import CHILDREN, DAY, Cast, moment


def mark(cast: Cast, half: str = "AM", at: datetime | None = None, day=DAY, **codes: str) -> None:
    """Mark some children of a school by first name in a session, after closing too: `mark(cast, Ben="N")`."""
    minutes, when = {"L": 5, "U": 30}, at or moment(9 if half == "AM" else 13, 5, day)
    marks = [
        (day, half, NewMark(cast.enrolments[name].pk, code, minutes_late=minutes.get(code)))
        for name, code in codes.items()
    ]
    school = cast.enrolments[next(iter(codes))].school
    with transaction.atomic():
        deed = begin("marked", by=cast.actor("secretary", school), at=when, school=school.pk)
        registers.mark_within(deed, school.pk, marks, at=when)


def taken_before(cast: Cast, school_class: str, half: str, day, marks: dict[str, str], at: datetime) -> None:
    """Marks as registers took them before they asked what a code rests on: by taking, whatever the code."""
    entries = [registers.NewEntry(cast.enrolments[name].pk, day, half, code) for name, code in marks.items()]
    school = cast.classes[school_class].school
    with transaction.atomic():
        deed = begin(TAKEN, by=cast.actor("teacher", school), at=at, school=school.pk)
        registers.write_entries(school.pk, entries, deed)


def all_in(cast: Cast, room: str = "Kestrels", half: str = "AM", at: datetime | None = None, **codes: str) -> None:
    """Mark a whole class present but for some, and hand the register in."""
    present = "/" if half == "AM" else "\\"
    firsts = [name.split()[0] for name in CHILDREN[room]]
    when = at or moment(9 if half == "AM" else 13, 5)
    mark(cast, half, when, **(dict.fromkeys(firsts, present) | codes))
    school_class = cast.classes[room]
    by = cast.actor("teacher", school_class.school)
    registers.submit_register(school_class, DAY, half, by=by, at=when, key=new_key())


def outing(cast: Cast, name: str, out: datetime, back: datetime | None = None) -> Outing:
    """A child signed out, and back in where that is said."""
    school = cast.enrolments[name].school_id
    deed = begin("outing.out", by=cast.actor("secretary"), at=out, school=school)
    more = {"back_at": back, "back": begin("outing.back", by=cast.by, at=back, school=school)} if back else {}
    return Outing.objects.create(
        enrolment=cast.enrolments[name],
        day=out.date(),
        out_at=out,
        reason="dentist",
        collector="Pat",
        deed=deed,
        **more,
    )


def slip(cast: Cast, name: str, at: datetime, confirmed: bool = False) -> Slip:
    """A late slip, waiting or confirmed."""
    deed = begin("slip.filled", by=cast.by, at=at, school=cast.hamsey.pk)
    more = {"confirmed": begin("slip.confirmed", by=cast.by, at=at, school=cast.hamsey.pk)} if confirmed else {}
    return Slip.objects.create(
        enrolment=cast.enrolments[name], day=at.date(), half="AM", arrived_at=at, reason="overslept", deed=deed, **more
    )


def word(cast: Cast, at: datetime) -> Word:
    """A message in the inbox."""
    deed = begin("word.logged", by=cast.by, at=at, school=cast.hamsey.pk)
    return Word.objects.create(school=cast.hamsey, channel="voicemail", received_at=at, caller="Pat", deed=deed)
