"""What a cell may hold: each parser takes its text and returns the value, or raises the sentence to show."""

import re
from collections.abc import Callable, Iterable
from datetime import date, time

from rollcall.rules.codes import find
from rollcall.rules.sessions import Half

_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?: 00:00(?::00)?)?", re.ASCII)
_BRITISH_DAY = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::00)?", re.ASCII)


def a_text(longest: int = 200) -> Callable[[str], str]:
    """A text of at most so many characters."""

    def parse(text: str) -> str:
        if len(text) > longest:
            raise ValueError(f"It has {len(text)} characters; at most {longest} fit.")
        return text

    return parse


def a_day(text: str) -> date:
    """A day written 2025-09-01 or 01/09/2025; a year of two digits is refused, for it could be either way round."""
    found = _ISO_DAY.fullmatch(text) or _BRITISH_DAY.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a date; write 2025-09-01 or 01/09/2025.")
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar.") from None


def a_time(text: str) -> time:
    """A time of day written 08:55 or 8.55."""
    found = _TIME.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(f"{text!r} is not a time of day; write 08:55.")
    return time(int(found[1]), int(found[2]))


def a_half(text: str) -> Half:
    """AM or PM, in any capitals."""
    half = text.upper()
    if half == "AM":
        return "AM"
    if half == "PM":
        return "PM"
    raise ValueError(f"{text!r} is not a session; write AM or PM.")


def a_code(edition: str) -> Callable[[str], str]:
    """An attendance code of an edition of the law."""

    def parse(text: str) -> str:
        return find(text, edition).code

    return parse


def a_whole_number(least: int = 0, most: int = 1_000_000) -> Callable[[str], int]:
    """A whole number between two bounds, both allowed."""

    def parse(text: str) -> int:
        number = int(text) if re.fullmatch(r"-?\d{1,18}", text, re.ASCII) else None
        if number is None or not least <= number <= most:
            raise ValueError(f"{text!r} is not a whole number from {least} to {most}.")
        return number

    return parse


def a_choice(*choices: str) -> Callable[[str], str]:
    """One of some words, in any capitals; gives it as it stands in `choices`."""
    by_name = {choice.casefold(): choice for choice in choices}

    def parse(text: str) -> str:
        if text.casefold() not in by_name:
            raise ValueError(f"{text!r} is not one of {_listed(choices)}.")
        return by_name[text.casefold()]

    return parse


def yes_or_no(text: str) -> bool:
    """Yes or no, also y, n, true, false, 1, 0."""
    if text.casefold() in {"yes", "y", "true", "1"}:
        return True
    if text.casefold() in {"no", "n", "false", "0"}:
        return False
    raise ValueError(f"{text!r} is not yes or no.")


def _listed(choices: Iterable[str]) -> str:
    *most, last = choices
    return f"{', '.join(most)} or {last}" if most else last
