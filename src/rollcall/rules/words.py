"""How days, counts and lists are said in a sentence, in one place for pages, letters, messages and refusals alike.

The filters of templates are made from these (`accounts.templatetags.words`); figures are rounded elsewhere.
"""

from collections.abc import Iterable
from datetime import date, datetime, time


def day_words(day: date) -> str:
    """A day as "Tuesday 14 May"; a moment must be in London's time already."""
    return f"{day:%A} {day.day} {day:%B}"


def time_words(at: datetime | time) -> str:
    """A time of day as "9.22"; a moment must be in London's time already."""
    return f"{at.hour}.{at:%M}"


def counted(n: int, noun: str) -> str:
    """A count with its noun, "1 session" or "3 sessions"; a noun with its own plural is given as "child,children"."""
    one, _, many = noun.partition(",")
    return f"{n} {one if n == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """Words as a list is said, "Ann, Ben and Cat"; empty for none."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def sentence(words: str) -> str:
    """Words as a whole sentence, on one line, with the full stop that may be missing."""
    plain = " ".join(words.split())
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."
