"""Registers drawn as text, week by week, with the expected figures beside them.

    chapter counting
    case all-present
        Both codes of presence count as attended.
        pupil ada
        2023-09-04   / \\  / \\  / \\  / \\  / \\   | possible 10, attended 10

A line of marks is a Monday and the morning and afternoon of each day from it on; `2023-09-04 x 3` is three such weeks;
`.` is no row at all; `L15` is an L with 15 minutes late. Behind `|` stand expected figures; `none` is an empty one. A
pupil may be `at` a school and `under` an edition. `each case is a school` keeps the weeks of the cases apart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tests.slow import Row

HERE = Path(__file__).parent
CHAPTERS = (
    "counting",
    "percent",
    "persistent",
    "stages",
    "ten-weeks",
    "runs",
    "missing",
    "editions",
    "moving",
    "lateness",
)
_PUPIL = re.compile(r"pupil (?P<pupil>\S+)(?: at (?P<school>\S+))?(?: under (?P<edition>2006|2024))?")
_WEEK = re.compile(r"(?P<monday>\d{4}-\d\d-\d\d)(?: x (?P<times>\d+))?(?P<marks>[^|]*)(?:\|(?P<expected>.*))?")
_EXPECTED = re.compile(r"\s*\|(?P<expected>.*)")
_TIMED = re.compile(r"([LU])(\d+)")


@dataclass
class Register:
    """One pupil's drawn marks at one school, and the figures expected for them."""

    pupil: str
    school: str
    edition: str | None
    rows: list[Row] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)


@dataclass
class Case:
    """One named case: what it shows, in words, and its registers."""

    name: str
    words: list[str] = field(default_factory=list)
    registers: list[Register] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        return [row for register in self.registers for row in register.rows]


@dataclass
class Chapter:
    """The cases of one file."""

    name: str
    words: list[str] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    has_schools: bool = False

    @property
    def rows(self) -> list[Row]:
        return [row for case in self.cases for row in case.rows]


def read_chapter(name: str) -> Chapter:
    """The chapter drawn in `<name>.txt`; a line that cannot be read is an error naming file and line."""
    chapter = Chapter(name)
    for number, line in enumerate((HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines(), 1):
        try:
            _read_line(line.strip(), chapter)
        except (ValueError, IndexError) as error:
            raise ValueError(f"{name}.txt, line {number}: {error}") from error
    return chapter


def _read_line(line: str, chapter: Chapter) -> None:
    if not line or line == f"chapter {chapter.name}":
        return
    if line == "each case is a school":
        chapter.has_schools = True
    elif line.startswith("case "):
        chapter.cases.append(Case(line.removeprefix("case ")))
    elif found := _PUPIL.fullmatch(line):
        _begin(chapter, found)
    elif found := _WEEK.fullmatch(line):
        register = chapter.cases[-1].registers[-1]
        register.rows += _marks(register, found)
        register.expected |= _figures(found["expected"])
    elif found := _EXPECTED.fullmatch(line):
        chapter.cases[-1].registers[-1].expected |= _figures(found["expected"])
    else:
        (chapter.cases[-1] if chapter.cases else chapter).words.append(line)


def _begin(chapter: Chapter, found: re.Match[str]) -> None:
    case = chapter.cases[-1]
    places = [case.name] if chapter.has_schools else []
    places += [found["school"]] if found["school"] else []
    case.registers.append(Register(f"{case.name}-{found['pupil']}", "-".join(places), found["edition"]))


def _marks(register: Register, found: re.Match[str]) -> Iterator[Row]:
    first = date.fromisoformat(found["monday"])
    if first.weekday() != 0:
        raise ValueError(f"{first} is no Monday")
    marks = found["marks"].split()
    if len(marks) % 2 or len(marks) > 14:
        raise ValueError(f"a week has two marks a day, not {len(marks)} marks")
    for week in range(int(found["times"] or 1)):
        for place, mark in enumerate(marks):
            day = first + timedelta(weeks=week, days=place // 2)
            if mark != ".":
                yield _mark(register, day, "AM" if place % 2 == 0 else "PM", mark)


def _mark(register: Register, day: date, session: str, mark: str) -> Row:
    timed = _TIMED.fullmatch(mark)
    code, minutes = (timed[1], int(timed[2])) if timed else (mark, None)
    return Row(register.pupil, register.school, day, session, code, minutes, register.edition)


def _figures(text: str | None) -> dict[str, str]:
    pairs = [pair.split() for pair in (text or "").split(",") if pair.strip()]
    return {name: "" if value == "none" else value for name, value in pairs}
