"""Which staff are to be reminded of which meeting, in which words, and whether a reminder still stands.

A reminder is a plain e-mail: of a child it says the initials and no more.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rollcall.accounts.models import User
from rollcall.casework.models import Meeting, MeetingOutcome
from rollcall.casework.queries.calendar import initials
from rollcall.journal.models import Deed
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.rules.words import day_words, time_words
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON

REMINDER = "casework.meeting"
ACTOR = "user:"


@dataclass(frozen=True)
class Reminded:
    """A member of staff with the reminder they get."""

    user: int
    name: str
    email: str
    subject: str
    body: str


def to_remind(facts: SchoolFacts, at: datetime) -> list[tuple[Meeting, list[Reminded]]]:
    """The meetings after a moment, up to the end of the next school day, whose staff were not reminded yet."""
    until = facts.moment(_next_school_day(facts, at.date()) + timedelta(days=1), datetime.min.time())
    tomorrow = facts.moment(at.date() + timedelta(days=1), datetime.min.time())
    rows = Meeting.objects.filter(school=facts.school, outcome__isnull=True, at__gte=tomorrow, at__lt=until)
    found = {f"meeting-reminded-{row.pk}": row for row in rows.select_related("pupil", "school")}
    done = set(Deed.objects.filter(key__in=found).values_list("key", flat=True)) if found else set()
    return [(row, people) for key, row in found.items() if key not in done and (people := _people(row))]


def _next_school_day(facts: SchoolFacts, day: date) -> date:
    """The next school day after a day; the day after it where the calendar has none."""
    days = (one for year in facts.years for one in facts.calendar(year).school_days() if one > day)
    return next(days, day + timedelta(days=1))


def _people(meeting: Meeting) -> list[Reminded]:
    """The staff asked, each with a sign-in that is in use."""
    ids = [int(user) for one in meeting.asked if (user := _user(one))]
    users = User.objects.filter(pk__in=ids, is_active=True).select_related("person").order_by("id")
    subject, body = _words(meeting)
    return [Reminded(user.pk, str(user), user.email, subject, body) for user in users if user.email]


def _user(one: dict[str, Any]) -> str:
    actor = str(one.get("actor", ""))
    number = actor.removeprefix(ACTOR)
    return number if actor.startswith(ACTOR) and number.isdecimal() else ""


def _words(meeting: Meeting) -> tuple[str, str]:
    when = meeting.at.astimezone(LONDON)
    about = f", {initials(meeting.pupil.known_name)}" if meeting.pupil else ""
    kind = f"{meeting.get_kind_display()}{about}"
    moment = f"{day_words(when.date())} at {time_words(when)}"
    place = f", {meeting.place}" if meeting.place else ""
    body = (
        f"{kind}: {moment}{place}.\n\nYou are asked to it. Who else is, and what it is about, stands in Rollcall; "
        f"afterwards it is written down there.\n\n{meeting.school}"
    )
    return f"Meeting on {moment}", body


def reminder_stands(message: Message, at: datetime) -> Answer:
    """Whether a reminder may still go: the meeting is to come, was not moved or called off, and asks this person."""
    meeting = Meeting.objects.filter(pk=message.ground_id).first()
    if meeting is None:
        return Answer(False, "The meeting is not there.")
    done = MeetingOutcome.objects.filter(meeting=meeting).first()
    if done is not None:
        return Answer(False, f"The meeting is written down: {done.get_how_display().lower()}.")
    if meeting.at <= at:
        return Answer(False, "The meeting's time has passed.")
    if not User.objects.filter(pk=message.evidence.get("user"), is_active=True).exists():
        return Answer(False, f"{message.to_name} has no sign-in any more.")
    return Answer(True)
