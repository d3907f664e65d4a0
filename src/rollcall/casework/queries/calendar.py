"""Meetings as an iCalendar file for staff: when, where and with whom, and nothing that a calendar should not hold."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from rollcall.casework.models import Meeting

LONG = timedelta(minutes=30)


def calendar_of(meetings: Iterable[Meeting], at: datetime) -> bytes:
    """The iCalendar file of meetings. Calendars are shared and synchronised: a pupil stands there by initials alone."""
    calendar = Calendar()
    calendar.add("prodid", "-//Rollcall//meetings//EN")
    calendar.add("version", "2.0")
    for meeting in meetings:
        calendar.add_component(_event(meeting, at))
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, at: datetime) -> Event:
    event = Event()
    # In UTC, which every calendar knows without being told the rules of a time zone.
    begins = meeting.at.astimezone(UTC)
    about = f", {initials(meeting.pupil.known_name)}" if meeting.pupil else ""
    event.add("uid", f"meeting-{meeting.pk}@rollcall")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", begins)
    event.add("dtend", begins + LONG)
    event.add("summary", f"{meeting.get_kind_display()}{about}")
    if meeting.place:
        event.add("location", meeting.place)
    event.add("description", "The names and what it is about stand in Rollcall.")
    return event


def initials(name: str) -> str:
    """The first letters of a name's words."""
    return "".join(word[:1].upper() for word in name.replace("-", " ").split())
