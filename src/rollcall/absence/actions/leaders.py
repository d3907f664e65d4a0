"""Leaders of trips: reminded before the register closes, and their word at departure put into the register (4.1-b).

What a leader says before the register opens makes no mark, for the ledger holds no future session; the mark is made
when it opens. Whoever nobody has confirmed counts as nowhere, and is looked for.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from rollcall.absence.models import Activity
from rollcall.absence.queries.activities import Seated, seated_in
from rollcall.absence.queries.leaders import GROUND, Unsaid, early_activities, marked_key, unsaid
from rollcall.absence.queries.told import addresses
from rollcall.journal import actions as journal
from rollcall.journal.actor import SCHEDULER
from rollcall.journal.models import Deed
from rollcall.outbox import actions as outbox
from rollcall.registers.actions import NewMark, mark_within
from rollcall.registers.queries.standing import lock
from rollcall.rules import codes
from rollcall.rules.activities import mark_of
from rollcall.rules.sessions import Half
from rollcall.rules.words import counted, time_words
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON

BEFORE = timedelta(minutes=10)
"""How long before the register closes a leader is reminded: time to count the children, and to press once."""

SAYS_NOTHING = (codes.MISSING, codes.UNEXPLAINED)


def remind_leaders(facts: SchoolFacts, at: datetime) -> None:
    """A duty: ten minutes before a session's register closes, remind the leaders who have not said who is there.

    Once for an activity and session, by text or e-mail as they chose. Who has no sign-in can't be reminded; the day
    page says whom to ring.
    """
    session = facts.session_now(at)
    if session is None or not _is_time(facts, session, at):
        return
    found = unsaid(facts, *session)
    keys = {f"activity-reminded-{one.activity.pk}-{session[0]}-{session[1]}": one for one in found}
    done = set(Deed.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    for key, one in keys.items():
        if key not in done:
            _remind(one, session, facts, key, at)


def _is_time(facts: SchoolFacts, session: tuple[date, Half], at: datetime) -> bool:
    closes = facts.closes_at(*session)
    return closes - BEFORE <= at < closes


def _remind(one: Unsaid, session: tuple[date, Half], facts: SchoolFacts, key: str, at: datetime) -> None:
    day, half = session
    when = "this morning" if half == "AM" else "this afternoon"
    closes = time_words(facts.closes_at(day, half).astimezone(LONDON))
    try:
        with transaction.atomic():
            about = f"{one.activity}, {when}, {day:%-d %B %Y}"
            deed = journal.begin("activity.reminded", by=SCHEDULER, at=at, key=key, school=facts.school, about=about)
            for to in addresses([one.leader]):
                outbox.put(
                    once=f"{GROUND}.{one.activity.pk}.{day}.{half}.{to.user}.{to.channel}",
                    deed=deed,
                    school=facts.school,
                    channel=to.channel,
                    to_name=to.name,
                    to_address=to.where,
                    subject=f"{one.activity}: say who is there",
                    body=_words(one, facts, when, closes),
                    ground=GROUND,
                    ground_id=one.activity.pk,
                    pupil=None,
                    evidence={"day": day.isoformat(), "half": half, "user": to.user},
                    at=at,
                    kind="staff.activity",
                    expires=facts.closes_at(day, half),
                )
    except journal.AlreadyDone:
        return


def _words(one: Unsaid, facts: SchoolFacts, when: str, closes: str) -> str:
    """The reminder, short enough for a text; no child is named."""
    phone = one.activity.school.phone
    return (
        f"{facts.name}: {counted(one.n, 'child,children')} on {one.activity} not confirmed {when}. Say in Rollcall, "
        f"The day, Trips, who is there, or ring the office{f' on {phone}' if phone else ''}, before the register "
        f"closes at {closes}: until then nobody can say that they are safe."
    )


def mark_what_was_said(facts: SchoolFacts, at: datetime) -> None:
    """A duty: once a session's register is open, make the marks of what leaders said before, once an activity."""
    session = facts.session_now(at)
    if session is None:
        return
    for activity in early_activities(facts, *session):
        _mark(activity, session, facts, at)


@transaction.atomic
def _mark(activity: Activity, session: tuple[date, Half], facts: SchoolFacts, at: datetime) -> None:
    day, half = session
    lock(facts.school)
    seats = [one for one in seated_in(activity, day, half) if one.there is not None]
    opens = facts.moment(day, facts.times_on(day).opens(half))
    early = [one for one in seats if one.said_at is not None and one.said_at < opens]
    said = ", ".join(dict.fromkeys(_said(one) for one in early))
    key = marked_key(activity.pk, day, half)
    about = f"{activity}, {'morning' if half == 'AM' else 'afternoon'} of {day:%-d %B %Y}"
    try:
        deed = journal.begin(
            "activity.marked", by=SCHEDULER, at=at, key=key, reason=said, school=facts.school, about=about
        )
    except journal.AlreadyDone:
        return
    open_ones = [one for one in early if facts.is_open(day, half, one.school_class)]
    marks = [(day, half, new) for one in open_ones if (new := _new_mark(one, activity)) is not None]
    mark_within(deed, facts.school, marks, at=at, facts=facts)


def _said(one: Seated) -> str:
    assert one.said_at is not None
    return f"{one.said_by} said so at {time_words(one.said_at.astimezone(LONDON))}"


def _new_mark(one: Seated, activity: Activity) -> NewMark | None:
    """The mark of what was said of one child; none where the register has them elsewhere by now."""
    mark = mark_of(one.code, activity.code, there=bool(one.there))
    if mark is None or one.code not in (*SAYS_NOTHING, activity.code):
        return None
    ground = str(activity) if one.there else f"Not there: {activity}, said {one.said_by}"
    return NewMark(one.enrolment, mark, ground=ground[:200])
