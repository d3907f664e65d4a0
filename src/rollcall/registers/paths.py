"""How a register's day and half are written in an address: `2024-05-14/am`."""

from datetime import date

from django.urls import register_converter

from rollcall.rules.sessions import Half


class DayPath:
    """A date as 2024-05-14; one that no calendar has is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, text: str) -> date:
        """The date; ValueError makes it a 404."""
        return date.fromisoformat(text)

    def to_url(self, day: date | str) -> str:
        """The date as text."""
        return str(day)


class HalfPath:
    """`am` or `pm`."""

    regex = "am|pm"

    def to_python(self, text: str) -> Half:
        """AM or PM."""
        return "AM" if text == "am" else "PM"

    def to_url(self, half: str) -> str:
        """In small letters."""
        return half.lower()


register_converter(DayPath, "day")
register_converter(HalfPath, "half")
