"""Reading by a statement written by hand, for the few that a page can't afford to have put together each time.

SQLite gives a day as text and a moment without its zone, PostgreSQL both as values; these make them the same.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection


def rows(statement: str, parameters: Sequence[int | str | bytes]) -> list[tuple[Any, ...]]:
    """What a statement finds; days and moments as the database gives them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def as_day(value: date | str) -> date:
    """A day that a statement gave."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_moment(value: datetime | str) -> datetime:
    """A moment that a statement gave; where it does not say so it is in UTC."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def day_given(day: date) -> str:
    """A day as a parameter of a statement."""
    return day.isoformat()


def places(n: int) -> str:
    """So many parameters, for a list in a statement."""
    return ", ".join(["%s"] * n)
