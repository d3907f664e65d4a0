"""The words of pages: dates, times and counts as people say them. No figure is worked out here."""

from datetime import date, datetime, time

from django import template

from rollcall.rules.policy import number_text
from rollcall.rules.words import counted, day_words

register = template.Library()
register.filter("number", number_text)
register.filter("counted", counted)


@register.filter(expects_localtime=True)
def day(value: date) -> str:
    """A date as "Tuesday 14 May"."""
    return day_words(value) if value else ""


@register.filter(expects_localtime=True)
def full_day(value: date) -> str:
    """A date as "Tuesday 14 May 2026"."""
    return f"{day(value)} {value.year}" if value else ""


@register.filter(expects_localtime=True)
def short_day(value: date) -> str:
    """A date as "14 May"."""
    return f"{value.day} {value:%b}" if value else ""


@register.filter(expects_localtime=True)
def clock(value: datetime | time) -> str:
    """A time as "9.15am"."""
    return f"{value.hour % 12 or 12}.{value:%M}{'am' if value.hour < 12 else 'pm'}" if value else ""


@register.filter
def half(value: str) -> str:
    """AM and PM as "morning" and "afternoon"."""
    return {"AM": "morning", "PM": "afternoon"}.get(value, value)


@register.filter
def list_items(paragraph: str) -> list[str]:
    """The items of a letter's paragraph that is a list, a line each that begins with "- "; none where it is none."""
    return [line.removeprefix("- ") for line in paragraph.split("\n")] if paragraph.startswith("- ") else []
