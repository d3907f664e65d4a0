"""The words of pages: dates, times and counts as people say them. No figure is worked out here."""

from datetime import date, datetime, time

from django import template

from rollcall.rules.policy import number_text

register = template.Library()
register.filter("number", number_text)


@register.filter(expects_localtime=True)
def day(value: date) -> str:
    """A date as "Tuesday 14 May"."""
    return f"{value:%A} {value.day} {value:%B}" if value else ""


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
def counted(n: int, noun: str) -> str:
    """A count with its noun, "1 session" or "3 sessions"; a noun with its own plural is given as "child,children"."""
    one, _, many = noun.partition(",")
    return f"{n} {one if n == 1 else many or one + 's'}"
