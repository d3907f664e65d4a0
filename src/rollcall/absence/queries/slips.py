"""Late slips of a day: those that wait at the door, those that made a mark, and what stood before one of them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from rollcall.absence.models import Outing, Slip
from rollcall.absence.queries.reports import reason_name
from rollcall.registers.actions import NewMark
from rollcall.registers.models import Entry
from rollcall.registers.queries.standing import read_standing
from rollcall.rules.codes import MISSING, WITH_MINUTES
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import Half
from rollcall.rules.words import time_words
from rollcall.schools.models import ClassMembership, Enrolment
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class SlipLine:
    """One slip as lists and its paper show it. `by`: who confirmed it, or who entered it while it waits.

    settled: by which other slip it was settled that had waited at the door, in words.
    """

    id: int
    enrolment: int
    pupil: int
    name: str
    class_name: str
    year_group: int
    day: date
    half: str
    arrived_at: datetime
    reason: str
    words: str
    code: str
    minutes: int | None
    device: str
    by: str
    position: str
    is_waiting: bool
    is_withdrawn: bool
    settled: str = ""


SETTLED = {"slip.filled": "the office filled one in at", "slip.confirmed": "another one was confirmed at"}
"""How a slip from the door was settled, by the kind of deed that made the mark instead."""


def slips_in(enrolment: int, day: date, half: Half, *, waiting: bool = False) -> QuerySet[Slip]:
    """A pupil's slips of a session that were not taken back; `waiting` leaves out those that made their mark."""
    rows = Slip.objects.filter(enrolment=enrolment, day=day, half=half, withdrawn__isnull=True)
    return rows.filter(confirmed__isnull=True) if waiting else rows


def standing_slip(enrolment: Enrolment, day: date, half: Half) -> Slip | None:
    """The slip that made the mark which stands for a child in a session, if they have not been signed out since."""
    made = slips_in(enrolment.pk, day, half).filter(confirmed__isnull=False).select_related("confirmed")
    found = made.order_by("-id").first()
    seat = read_standing(enrolment.school_id, [enrolment.pk], day, half).get(enrolment.pk) if found else None
    if found is None or seat is None or seat.code != found.code:
        return None
    away = Outing.objects.filter(enrolment=enrolment, day=day, back__isnull=True, withdrawn__isnull=True)
    return None if away.exists() else found


def slips_of(school: int, day: date) -> list[SlipLine]:
    """The slips of a school's (by id) day, the latest first, in two queries."""
    return _lines(Slip.objects.filter(enrolment__school=school, day=day).order_by("-arrived_at", "-id"), school, day)


def slip_line(slip: int) -> SlipLine:
    """One slip; raises Slip.DoesNotExist."""
    found = Slip.objects.select_related("enrolment").get(pk=slip)
    return _lines(Slip.objects.filter(pk=slip), found.enrolment.school_id, found.day)[0]


def _lines(rows: QuerySet[Slip], school: int, day: date) -> list[SlipLine]:
    policy = facts_of(school).policy_on(day)
    related = ("enrolment__pupil", "deed", "confirmed", "withdrawn", "device")
    slips = list(rows.select_related(*related).prefetch_related("enrolment__memberships__school_class"))
    return [_line(slip, policy) for slip in slips]


def _line(slip: Slip, policy: Policy) -> SlipLine:
    seat = _seat(slip)
    deed = slip.confirmed or slip.deed
    pupil = slip.enrolment.pupil
    return SlipLine(
        id=slip.pk,
        enrolment=slip.enrolment_id,
        pupil=pupil.pk,
        name=pupil.known_name,
        class_name=seat.school_class.name if seat else "",
        year_group=seat.year_group if seat else -1,
        day=slip.day,
        half=slip.half,
        arrived_at=slip.arrived_at,
        reason=reason_name(policy, slip.reason),
        words=slip.words,
        code=slip.code,
        minutes=slip.minutes,
        device=slip.device.name if slip.device else "",
        by=deed.name,
        position=deed.position,
        is_waiting=slip.confirmed_id is None and slip.withdrawn_id is None,
        is_withdrawn=slip.withdrawn_id is not None,
        settled=_settled(slip),
    )


def _settled(slip: Slip) -> str:
    deed = slip.withdrawn
    if deed is None or deed.kind not in SETTLED:
        return ""
    return f"{SETTLED[deed.kind]} {time_words(deed.at.astimezone(LONDON))}"


def _seat(slip: Slip) -> ClassMembership | None:
    seats = [one for one in slip.enrolment.memberships.all() if one.begins <= slip.day]
    return max(seats, key=lambda one: one.begins, default=None)


def mark_before(slip: Slip) -> NewMark:
    """The mark that stood before a confirmed slip made its own, to go back to; it expects the slip's still to stand."""
    rows = Entry.objects.filter(enrolment=slip.enrolment_id, day=slip.day, half=slip.half)
    own = rows.filter(deed=slip.confirmed_id).order_by("-number").first()
    before = rows.filter(number__lt=own.number).order_by("-number").first() if own else None
    code = before.code if before else MISSING
    minutes = before.minutes_late if before and code in WITH_MINUTES else None
    return NewMark(slip.enrolment_id, code, minutes, seen=slip.code, ground=before.ground if before else "")
