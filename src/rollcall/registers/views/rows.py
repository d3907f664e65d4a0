"""A register's lines as the page draws them: the mark, the choices at hand, and what was typed and refused."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from rollcall.registers.queries.page import Line, RegisterPage
from rollcall.registers.views.faces import face, meaning, strip
from rollcall.rules import codes
from rollcall.rules.codes import LATE, LATE_AFTER_CLOSING, MISSING, PRESENT_CODE, WITH_MINUTES
from rollcall.rules.giving import Giver
from rollcall.rules.lateness import MOST_MINUTES


@dataclass(frozen=True)
class Choice:
    """One button of a line."""

    code: str
    meaning: str
    chosen: bool
    expected: bool


@dataclass(frozen=True)
class Typed:
    """What somebody typed on a line and was not saved, with the sentence that says why."""

    code: str
    minutes: int | None
    problem: str
    ground: str = ""


@dataclass
class Row:
    """One pupil's line. `code` is what stands; `chosen` what the buttons show, which differs where a save failed."""

    line: Line
    code: str
    chosen: str
    minutes: int | None
    ground: str
    problem: str
    choices: tuple[Choice, ...]
    other: str
    other_meaning: str
    face: SafeString
    strip: SafeString
    locked: bool
    needs_ground: bool

    @property
    def n(self) -> str:
        """The enrolment as text: a template takes many times as long to print a number."""
        return str(self.line.enrolment)

    @property
    def is_late(self) -> bool:
        """Whether minutes go with the mark."""
        return self.chosen in WITH_MINUTES


@dataclass
class Way:
    """How a register may be marked by who looks at it: `take` it, `amend` what stands, or `ask` for a change."""

    may_take: bool
    may_amend: bool
    page: RegisterPage
    edition: str
    at: datetime
    may_decide: bool = False

    @property
    def giver(self) -> Giver:
        """Who gives marks here, for what they are offered."""
        return Giver(self.may_decide, gives_reason=self.mode == "amend")

    @property
    def mode(self) -> str:
        """ "take" before closing and while it is not in; then "amend" or "ask"; "look" where nothing may be done."""
        if not (self.may_take and self.page.is_open and self.page.has_begun):
            return "look"
        if not self.page.has_closed:
            return "take"
        if self.may_amend:
            return "amend"
        return "ask"

    @property
    def is_today(self) -> bool:
        """Whether the clock can say how late somebody is."""
        return self.page.day == self.at.date()

    @property
    def is_past(self) -> bool:
        """Whether the session is of an earlier day."""
        return self.page.day < self.at.date()

    @property
    def grounds(self) -> list[str]:
        """The grounds that the law names, to choose from."""
        return [ground for code in codes.table(self.edition).values() for ground in code.grounds]

    @property
    def usual(self) -> tuple[str, ...]:
        """The four usual marks; the clock proposes L before closing and U after it (4.4-a, 4.4-b)."""
        late = LATE_AFTER_CLOSING if self.page.has_closed and self.is_today else LATE
        return (PRESENT_CODE[self.page.half], "N", late, "I")

    @property
    def late_from(self) -> datetime:
        """From when minutes late run."""
        return self.at.replace(
            hour=self.page.times.late_from(self.page.half).hour,
            minute=self.page.times.late_from(self.page.half).minute,
            second=0,
        )

    def minutes_now(self) -> int | None:
        """How late somebody is who comes in now; None on another day or before the gate."""
        late = int((self.at - self.late_from).total_seconds() // 60)
        return late if self.is_today and 0 <= late <= MOST_MINUTES else None


def rows_of(way: Way, typed: dict[int, Typed]) -> list[Row]:
    """The lines of a register for the page."""
    return [_row(way, line, typed.get(line.enrolment)) for line in way.page.lines]


def _row(way: Way, line: Line, typed: Typed | None) -> Row:
    chosen = typed.code if typed else line.code
    usual = list(way.usual)
    if line.expected and line.expected.code not in usual:
        usual.append(line.expected.code)
    choices = tuple(
        Choice(
            code,
            meaning(code, way.edition),
            code == chosen,
            bool(line.expected and line.expected.code == code and not line.is_marked),
        )
        for code in usual
    )
    other = chosen if chosen not in usual and chosen != MISSING else ""
    return Row(
        line=line,
        code=line.code,
        chosen=chosen,
        minutes=typed.minutes if typed else (line.minutes or None),
        ground=typed.ground if typed else line.ground,
        problem=typed.problem if typed else "",
        choices=choices,
        other=other,
        other_meaning=meaning(other, way.edition) if other else "",
        face=face(line.code, meaning(line.code, way.edition)),
        strip=strip(line.last_ten),
        needs_ground=codes.needs_ground(chosen, way.edition),
        locked=way.mode == "look" or (way.mode == "ask" and line.is_marked and way.page.handed is not None),
    )
