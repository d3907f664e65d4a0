"""A value that changes on given days: read it from the law's files, ask it for a day.

Every value carries the day it begins, the source it was read in, and whether that is sure. Asked for a day before the
first, it names itself and the day, for a default would be a guess.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from rollcall.rules.law import read_law

T = TypeVar("T")


class NotInForce(LookupError):
    """No value is known for the day asked for."""


@dataclass(frozen=True)
class Dated(Generic[T]):
    """One value, from a day on. `sure` is false where nothing but memory stands behind it."""

    value: T
    starts: date
    source: str
    sure: bool = True


@dataclass(frozen=True)
class Series(Generic[T]):
    """A value's course through time: `name` is what people call it, `steps` are its values by their first days."""

    name: str
    steps: tuple[Dated[T], ...]

    def __post_init__(self) -> None:
        days = [step.starts for step in self.steps]
        if days != sorted(set(days)):
            raise ValueError(f"The values of {self.name} are not in the order of their days, or two share a day.")

    def on(self, day: date) -> Dated[T]:
        """The value in force on a day with its source. Raises NotInForce, naming the value and the day."""
        in_force = [step for step in self.steps if step.starts <= day]
        if not in_force:
            raise NotInForce(f"No value of {self.name} is known for {day:%-d %B %Y}{self._first()}.")
        return in_force[-1]

    def value(self, day: date) -> T:
        """The bare value in force on a day. Raises NotInForce."""
        return self.on(day).value

    def _first(self) -> str:
        return f"; the first begins on {self.steps[0].starts:%-d %B %Y}" if self.steps else ""


def series(name: str, rows: Iterable[Mapping[str, Any]]) -> Series[Any]:
    """A series from rows of value, from, source and, where it is not sure, sure = false."""
    return Series(name, tuple(_step(name, row) for row in rows))


def _step(name: str, row: Mapping[str, Any]) -> Dated[Any]:
    missing = {"value", "from", "source"} - row.keys()
    if missing:
        raise ValueError(f"A value of {name} lacks {' and '.join(sorted(missing))}.")
    return Dated(row["value"], row["from"], row["source"], row.get("sure", True))


def law(file: str, key: str) -> Series[Any]:
    """The series `key` of `law/<file>.toml`. Raises NotInForce naming both where there is none."""
    rows = read_law(file).get(key)
    if rows is None:
        raise NotInForce(f"The law's file {file}.toml has no value named {key}.")
    return series(f"{file}.{key}", rows)
