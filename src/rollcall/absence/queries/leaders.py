"""Leaders of trips: from when they may say who is there, who has not said it yet, what was said before the register."""

from dataclasses import dataclass
from datetime import date, datetime, time

from rollcall.absence.models import Activity, ActivityCheck
from rollcall.absence.queries.activities import sessions_of
from rollcall.absence.queries.placed import unconfirmed
from rollcall.accounts.models import User
from rollcall.journal.models import Deed
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.rules.sessions import Half, half_of
from rollcall.schools.queries import SchoolFacts, facts_of

GROUND = "absence.activity"


def may_say_from(activity: Activity, day: date, half: Half, facts: SchoolFacts) -> datetime:
    """From when it may be said who is there in a session of an activity.

    At departure, any time on the day, for the first session that day; for the next one once its register is open, for
    what was said at the gate does not tell who is there after lunch.
    """
    first = next((which for on, which in sessions_of(activity, facts) if on == day), half)
    return facts.moment(day, time(0) if first == half else facts.times_on(day).opens(half))


@dataclass(frozen=True)
class Unsaid:
    """An activity whose leader can be reminded, with how many children nobody has confirmed."""

    activity: Activity
    leader: User
    n: int


def unsaid(facts: SchoolFacts, day: date, half: Half) -> list[Unsaid]:
    """The activities of a session with children whom nobody has confirmed and a leader with a sign-in."""
    left = {one.activity: one.n for one in unconfirmed(facts, day, half)}
    if not left:
        return []
    rows = Activity.objects.filter(pk__in=left, withdrawn__isnull=True, leader__user__is_active=True)
    found = rows.select_related("leader__user", "school").order_by("id")
    return [Unsaid(one, one.leader.user, left[one.pk]) for one in found if one.leader]


def early_activities(facts: SchoolFacts, day: date, half: Half) -> list[Activity]:
    """The activities of which something was said before this session's register opened, and no mark made of it yet."""
    opens = facts.moment(day, facts.times_on(day).opens(half))
    early = ActivityCheck.objects.filter(day=day, half=half, deed__at__lt=opens)
    wanted = early.filter(place__activity__school=facts.school).values_list("place__activity", flat=True).distinct()
    if not (ids := list(wanted)):
        return []
    keys = {marked_key(pk, day, half): pk for pk in ids}
    done = set(Deed.objects.filter(key__in=keys).values_list("key", flat=True))
    left = [pk for key, pk in keys.items() if key not in done]
    return list(Activity.objects.filter(pk__in=left, withdrawn__isnull=True).select_related("school"))


def marked_key(activity: int, day: date, half: Half) -> str:
    """The key of the one deed that makes the marks of what was said early of an activity (by id)."""
    return f"activity-marked-{activity}-{day}-{half}"


def leader_reminder_stands(message: Message, at: datetime) -> Answer:
    """Whether a leader may still be reminded: the session's register is not closed, and somebody is not confirmed."""
    day, half = date.fromisoformat(message.evidence["day"]), half_of(message.evidence["half"])
    activity = Activity.objects.filter(pk=message.ground_id).first()
    if activity is None or activity.withdrawn_id:
        return Answer(False, "The activity was called off.")
    facts = facts_of(activity.school_id)
    if at >= facts.closes_at(day, half):
        return Answer(False, "The register has closed: the office looks for the children now.")
    if all(one.activity.pk != activity.pk for one in unsaid(facts, day, half)):
        return Answer(False, "It has been said of every child whether they are there.")
    return Answer(True)
