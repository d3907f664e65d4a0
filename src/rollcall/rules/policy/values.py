"""What a single value of a policy looks like: the value, the section of the policy that says so, the law behind it.

Percents are exact fractions and never floats, times are clock times, and a value knows how to be read aloud on a page.
The unit of a value is the last word of its key (`notice_days`, `target_percent`, `amount_pounds`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator

UNITS_OF_SCHOOL = ("school_days", "working_days", "school_weeks")
UNITS = (*UNITS_OF_SCHOOL, "days", "weeks", "months", "years", "minutes", "hours", "sessions", "pupils")


def exact(given: object) -> Fraction:
    """A whole number, a decimal or 'n/d' as an exact fraction; a float is refused, for 0.1 in binary is not a tenth."""
    if isinstance(given, bool) or not isinstance(given, (int, Decimal, Fraction, str)):
        raise ValueError("an exact number such as 97 or 92.5")
    try:
        found = Fraction(given)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ValueError("an exact number such as 97 or 92.5") from None
    if found < 0:
        raise ValueError("a number of 0 or more")
    return found


def exact_percent(given: object) -> Fraction:
    """An exact percent between 0 and 100, as a fraction of one hundred (97 for 97%). ValueError says what is wanted."""
    found = exact(given)
    if found > 100:
        raise ValueError("a percent between 0 and 100")
    return found


def plain(number: Fraction) -> int | str:
    """An exact number for JSON: 97, or '185/2', which `exact` reads back."""
    return number.numerator if number.denominator == 1 else f"{number.numerator}/{number.denominator}"


Exact = Annotated[Fraction, PlainValidator(exact), PlainSerializer(plain)]
Percent = Annotated[Fraction, PlainValidator(exact_percent), PlainSerializer(plain)]
Count = Annotated[int, Field(strict=True, ge=0)]
Positive = Annotated[int, Field(strict=True, ge=1)]
WholePercent = Annotated[int, Field(strict=True, ge=0, le=100)]
Clock = Annotated[time, Field(strict=True)]
Words = Annotated[str, Field(strict=True, min_length=1)]


@dataclass(frozen=True)
class Refers:
    """Marks text that is the id of an entry in another list of the policy."""

    to: str


RoleId = Annotated[str, Refers("roles")]
LetterId = Annotated[str, Refers("letters")]
StepId = Annotated[str, Refers("path.steps")]
StateId = Annotated[str, Refers("authority_path.steps")]
ActionId = Annotated[str, Refers("actions of the tiers")]
FormId = Annotated[str, Refers("forms")]
LawId = Annotated[str, Refers("law")]
TimeName = Annotated[str, Refers("times")]
Key = Annotated[str, Refers("keys")]

T = TypeVar("T")


class Frozen(BaseModel):
    """Data that nobody changes, and that has no key nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Entry(Frozen):
    """A record of the policy: it says in which section it stands, and what law it rests on where it rests on one."""

    section: Words
    source: str = ""


class Value(Entry, Generic[T]):
    """One value of the policy."""

    value: T


def read_aloud(key: str, value: Any) -> str:
    """The value as a page shows it; the unit is taken from the end of its key: ('notice_days', 14) is '14 days'."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, time):
        return clock_text(value)
    if isinstance(value, tuple):
        return ", ".join(read_aloud(key, one) for one in value)
    if isinstance(value, (int, Fraction)):
        return _with_unit(key, value)
    return str(value)


def clock_text(moment: time) -> str:
    """'8.40am', '1.00pm': the way the day is spoken of in a school."""
    return f"{moment.hour % 12 or 12}.{moment.minute:02d}{'am' if moment.hour < 12 else 'pm'}"


def number_text(value: int | Fraction) -> str:
    """'97' or '180.5': a terminating decimal when there is one, else 'n/d'."""
    number = Fraction(value)
    if number.denominator == 1:
        return str(number.numerator)
    decimal = Decimal(number.numerator) / Decimal(number.denominator)
    return f"{decimal.normalize():f}" if Fraction(decimal) == number else f"{number.numerator}/{number.denominator}"


def _with_unit(key: str, value: int | Fraction) -> str:
    words, text = key.rsplit(".", 1)[-1], number_text(value)
    if words.endswith("percent"):
        return f"{text}%"
    if words.endswith("pounds"):
        return f"£{value:,}"
    unit = next((unit for unit in UNITS if words.endswith(unit)), "").replace("_", " ")
    return f"{text} {unit[:-1] if value == 1 else unit}".strip()
