"""What lies around the registers on the demo's morning: words in the inbox, yesterday's calls, leave, a trip, a doubt.

Each is one call of the action that its page calls, by the person whose page it is; nothing here makes a mark.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time, timedelta

from rollcall.absence.actions import door
from rollcall.absence.actions.activities import NotPlanned, Plan, plan_activity
from rollcall.absence.actions.alerts import acknowledge
from rollcall.absence.actions.calls import Tap, log_call
from rollcall.absence.actions.doubt_sending import NotDone
from rollcall.absence.actions.doubts import Asking, open_doubt
from rollcall.absence.actions.friendly import log_friendly_call
from rollcall.absence.actions.leave import NotEntered, Wish, enter_leave
from rollcall.absence.actions.leave_answering import Answer, NotDecided
from rollcall.absence.actions.leave_deciding import decide_leave
from rollcall.absence.actions.slips import NotFilled, wait_for_adult
from rollcall.absence.actions.words import NotLogged, leave_word
from rollcall.absence.models import LeaveRequest
from rollcall.absence.queries.friendly import friendly_list
from rollcall.accounts.models import User
from rollcall.accounts.queries import standing
from rollcall.demo.steps import moment
from rollcall.journal.actor import Actor
from rollcall.registers.queries.today import marks_now
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import Enrolment, School
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.families import ContactFact, contacts_of_all
from rollcall.schools.queries.roll import Seat, seats_of_school

AHEAD = 20
"""How many days ahead the families of the demo ask for leave."""


@dataclass(frozen=True)
class _Here:
    """One school on the demo's morning: who works there, which days lie before and after."""

    school: School
    facts: SchoolFacts
    office: Actor
    head: Actor
    dsl: Actor
    day: date
    before: date
    ahead: Sequence[date]


def lay_around(schools: Mapping[str, School], users: Mapping[str, User], day: date) -> None:
    """Do it at each school, as it stands when the clock of the demo starts on a day."""
    for slug, school in schools.items():
        here = _here(slug, school, users, day)
        _yesterday(here)
        _words(here)
        _at_the_door(here)
        _leave(here)
        _doubt(here)
        _trip(here)


def _here(slug: str, school: School, users: Mapping[str, User], day: date) -> _Here:
    facts = facts_of(school.pk)
    start = SchoolYear.of(day).start
    days = [one for year in (start - 1, start, start + 1) for one in facts.calendar(year).school_days()]
    who = {
        name: standing(users[f"{name}@{slug}.example"], day).actor(school.pk)
        for name in ("office", "head", "safeguarding")
    }
    before = max((one for one in days if one < day), default=day)
    ahead = [one for one in days if one > day]
    return _Here(school, facts, who["office"], who["head"], who["safeguarding"], day, before, ahead)


def _yesterday(here: _Here) -> None:
    """Nobody of one family could be reached; some others had their friendly call."""
    morning = marks_now([here.school.pk], here.before, "AM")
    lost = next((one for one in morning if one.is_unexplained), None)
    if lost is not None:
        _in_vain(here, Enrolment.objects.select_related("pupil", "school").get(pk=lost.enrolment))
    evening = moment(here.before, time(15, 32))
    for n, away in enumerate(friendly_list(here.facts, here.before, evening).away[:3]):
        adult = _called(away.contacts)
        if adult is not None and away.code != "N":
            log_friendly_call(
                Enrolment.objects.select_related("pupil").get(pk=away.enrolment),
                here.before,
                ("reached", "message", "reached")[n],
                spoke_to=adult.name,
                words=("Better already, and bored", "", "Sleeping it off")[n],
                tomorrow=("Hopes to be back", "", "We will see how the night is")[n],
                by=here.office,
                at=evening + timedelta(minutes=4 * n),
                key=f"demo.friendly.{away.enrolment}",
            )


def _in_vain(here: _Here, enrolment: Enrolment) -> None:
    at, alert, last = moment(here.before, time(9, 34)), None, 0
    for adult in contacts_of_all([enrolment.pupil_id])[enrolment.pupil_id]:
        for number, _ in () if adult.barred else adult.phones:
            tap = Tap(adult.link, number, "no_answer", seen=last)
            with suppress(NotLogged):
                made = log_call(
                    enrolment, tap, facts=here.facts, by=here.office, at=at, key=f"demo.call.{enrolment.pk}.{number}"
                )
                alert, last = made.alert or alert, made.call.pk
            at += timedelta(minutes=2)
    if alert is not None:
        acknowledge(alert, by=here.dsl, at=at + timedelta(minutes=6), key=f"demo.heard.{enrolment.pk}")


def _called(contacts: Iterable[ContactFact]) -> ContactFact | None:
    return next((one for one in contacts if not one.barred and one.phones), None)


def _words(here: _Here) -> None:
    """A voicemail about a child who is looked for, and an e-mail about somebody who is in."""
    marks = marks_now([here.school.pk], here.day, "AM")
    lost = [one for one in marks if one.is_unexplained][:1]
    there = [one for one in marks if one.is_in][:1]
    contacts = contacts_of_all([one.pupil for one in (*lost, *there)])
    for one, channel, left, said in [
        *(
            (one, "voicemail", time(8, 12), "{} has been up all night with a temperature and stays in bed.")
            for one in lost
        ),
        *(
            (one, "email", time(8, 31), "{} has the dentist at half past two, can you have them ready at the office?")
            for one in there
        ),
    ]:
        adult = _called(contacts[one.pupil])
        if adult is not None:
            leave_word(
                here.school,
                channel=channel,
                caller=f"{adult.name}, {one.name}'s {adult.relationship.lower()}",
                number=adult.phones[0][0] if channel == "voicemail" else adult.email,
                words=said.format(one.name.split()[0]),
                by=here.office,
                at=moment(here.day, time(8, 36)),
                left_at=moment(here.day, left),
                key=f"demo.word.{one.enrolment}",
            )


def _at_the_door(here: _Here) -> None:
    """The screen by the door, at which somebody has just entered a child whom no adult has seen yet."""
    device, _ = door.enrol(
        here.school, "Front door", by=here.office, at=moment(here.before, time(16)), key=f"demo.door.{here.school.slug}"
    )
    marks = marks_now([here.school.pk], here.day, "AM")
    late = [one for one in marks if one.is_unexplained][1:2]
    for one in late:
        enrolment = Enrolment.objects.select_related("pupil").get(pk=one.enrolment)
        with suppress(NotFilled):
            wait_for_adult(
                device,
                enrolment,
                "traffic",
                at=moment(here.day, time(9, 18)),
                by=door.actor_of(device),
                key=f"demo.entered.{one.enrolment}",
            )


def _leave(here: _Here) -> None:
    """One request to be decided, and one that was granted."""
    far = [day for day in here.ahead if day >= here.day + timedelta(days=AHEAD)]
    seats = seats_of_school(here.school.pk, here.day)
    if len(far) < 6 or len(seats) < 8:
        return
    _ask(
        here,
        seats[3],
        Wish("holiday", far[0], far[2], here.before, words="Cheaper flights, and grandparents abroad"),
        15,
    )
    row = _ask(here, seats[7], Wish("wedding", far[4], far[4], here.before, words="Her aunt is getting married"), 25)
    if row is not None:
        answer = Answer(
            {far[4]: "C"}, "A close family wedding, and one day only.", "said", told_words="Rang the mother"
        )
        at = moment(here.before, time(16, 10))
        with suppress(NotDecided):
            decide_leave(row, answer, by=here.head, at=at, key=f"demo.decided.{row.pk}")


def _ask(here: _Here, seat: Seat, wish: Wish, minutes: int) -> LeaveRequest | None:
    pupil = Enrolment.objects.select_related("pupil", "school").get(pk=seat.enrolment)
    adult = next((one for one in contacts_of_all([seat.pupil])[seat.pupil] if one.lives_with and not one.barred), None)
    if adult is None:
        return None
    at = moment(here.before, time(15, 40), minutes)
    asked = Wish(wish.reason, wish.first, wish.last, wish.asked_on, adult.link, words=wish.words)
    try:
        entered = enter_leave(here.facts, [pupil], asked, by=here.office, at=at, key=f"demo.leave.{seat.enrolment}")
    except NotEntered:
        return None
    return LeaveRequest.objects.select_related("enrolment__pupil", "enrolment__school").get(pk=entered.requests[0])


def _doubt(here: _Here) -> None:
    """An illness of which the head of school asked for more, by telephone."""
    ill = next((one for one in marks_now([here.school.pk], here.before, "AM") if one.code == "I"), None)
    due = next((day for day in here.ahead[4:5]), None)
    if ill is None or due is None:
        return
    adult = _called(contacts_of_all([ill.pupil])[ill.pupil])
    if adult is None:
        return
    asking = Asking(
        "illness",
        (here.before, "AM"),
        (here.before, "PM"),
        "The third Monday illness this term",
        ("an appointment card",),
        adult.link,
        "phone",
        due,
    )
    at = moment(here.before, time(11, 20))
    enrolment = Enrolment.objects.select_related("pupil", "school").get(pk=ill.enrolment)
    with suppress(NotDone):
        open_doubt(enrolment, asking, by=here.head, at=at, key=f"demo.doubt.{ill.enrolment}")


def _trip(here: _Here) -> None:
    """A class goes out on the next school day."""
    if not here.ahead:
        return
    seats = seats_of_school(here.school.pk, here.day)
    room = min({seat.class_name for seat in seats})
    going = Enrolment.objects.select_related("pupil", "school").filter(
        pk__in=[seat.enrolment for seat in seats if seat.class_name == room]
    )
    day = here.ahead[0]
    plan = Plan(f"{room} to the museum", "V", (day, "AM"), (day, "PM"), None, "The museum's guide", "01632 960555")
    at = moment(here.before, time(12, 5))
    with suppress(NotPlanned):
        plan_activity(here.school, plan, list(going), by=here.office, at=at, key=f"demo.trip.{here.school.slug}")
