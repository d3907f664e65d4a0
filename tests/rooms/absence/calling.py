"""The cast's morning for tests of the call list: marks, reports, a trip, a second contact, one tap."""

from datetime import datetime
from typing import Any

from rollcall.absence.actions.calls import Tap, log_call
from rollcall.absence.actions.reports import Absence, Caller, log_report
from rollcall.absence.models import Activity, ActivityPlace, Report
from rollcall.absence.queries.accounted import not_accounted
from rollcall.journal.actions import begin
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.rules.sessions import Half
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment

URL = "/day/hamsey/calls/"


def mark(cast: Cast, name: str, code: str, half: Half = "AM", at: datetime | None = None) -> None:
    enrolment = cast.enrolments[name]
    room = enrolment.memberships.get().school_class
    by, at = cast.actor("secretary"), at or moment(9, 5)
    key = f"mark-{name}-{code}-{half}-{at:%H%M}"
    registers.amend_marks(room, DAY, half, [NewMark(enrolment.pk, code)], by=by, at=at, key=key, reason="for the test")


def the_rest_present(cast: Cast, *away: str, half: Half = "AM", at: datetime | None = None) -> None:
    at = at or moment(9, 5)
    code = "/" if half == "AM" else "\\"
    for room in ("Kestrels", "Wrens"):
        here = [
            e for n, e in cast.enrolments.items() if n not in away and str(e.memberships.get().school_class) == room
        ]
        marks = [NewMark(one.pk, code) for one in here]
        school_class = cast.classes[room]
        by = cast.actor("secretary")
        registers.record_marks(school_class, DAY, half, marks, by=by, at=at, key=f"rest-{room}-{half}")


def names(cast: Cast, at: datetime) -> list[str]:
    return [one.standing.name.split()[0] for one in not_accounted(facts_of(cast.hamsey.pk), DAY, at)]


def tap(cast: Cast, name: str, outcome: str, at: datetime, *, key: str, who: str = "secretary", seen: int = 0) -> Any:
    link = cast.pupil(name).contacts.order_by("order").first()
    number = link.contact.phones.first().number
    return log_call(
        cast.enrolments[name],
        Tap(link.pk, number, outcome, seen=seen),
        facts=facts_of(cast.hamsey.pk),
        by=cast.actor(who),
        at=at,
        key=key,
    )


def report(cast: Cast, name: str, reason: str = "illness", at: datetime | None = None) -> Report:
    made = log_report(
        facts_of(cast.hamsey.pk),
        [cast.enrolments[name]],
        Absence(reason, DAY),
        Caller("Pat", ""),
        by=cast.actor("secretary"),
        at=at or moment(9, 20),
        key=f"report-{name}-{reason}",
        may_amend=True,
    )
    return Report.objects.get(pk=made.reports[0])


def risk(cast: Cast, name: str, colour: str) -> None:
    pupil = cast.pupil(name)
    pupil.risk = colour
    pupil.save()


def second_contact(cast: Cast, name: str, *, barred: bool = False, number: str = "07700 900555") -> PupilContact:
    adult = Contact(title="Mr", first="Drew", last="Other", email="drew@example.org")
    schools.add_contact(adult, [(number, "mobile")], by=cast.by, at=moment(8, 0))
    link = PupilContact(
        pupil=cast.pupil(name),
        contact=adult,
        relationship="Father",
        order=2,
        parental_responsibility=True,
        barred=barred,
        barred_do="Ring the safeguarding lead" if barred else "",
        barred_why="A court order" if barred else "",
    )
    return schools.link_contact(link, by=cast.by, at=moment(8, 0), school=cast.hamsey)


def trip(cast: Cast, name: str) -> ActivityPlace:
    by = {"by": cast.by, "at": moment(8, 0)}
    expected = registers.expect(
        cast.enrolments[name], first=(DAY, "AM"), last=(DAY, "PM"), code="V", ground="Sea Life", **by
    )
    activity = Activity.objects.create(
        school=cast.hamsey,
        title="Sea Life",
        code="V",
        first_day=DAY,
        first_half="AM",
        last_day=DAY,
        last_half="PM",
        leader_name="Tom",
        deed=begin("trip", **by),
    )
    return ActivityPlace.objects.create(activity=activity, expectation=expected)
