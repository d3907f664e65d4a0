"""Whether a mark of a file can be true: its session open and begun, its code one of the day's edition and the pupil's.

Everything that is wrong with a mark is said at once; what hangs on a cell that could not be read is left unsaid.
"""

from datetime import date, datetime

from rollcall.exchange.queries.mark_file import Part, Told
from rollcall.exchange.queries.roll import Stay
from rollcall.rules import codes
from rollcall.rules.codes import MISSING, WITH_MINUTES, Circumstances, CodeRefused, UnknownCode
from rollcall.rules.school_age import compulsory_from, compulsory_until
from rollcall.rules.sessions import HALVES, Half, SchoolYear
from rollcall.schools.queries import SchoolFacts

CLOSED, UNMARKED, NOT_HERE = "closed", "unmarked", "not here"
NO_MARK = {MISSING, "#", "Z"}
_ANY_PUPIL = {"year_group": 11, "compulsory_age": False, "traveller": True, "on_roll": False,
              "planned_closure": True, "leave_granted": True}  # fmt: skip
"""Circumstances in which only the half-day and the edition can rule a code out."""


class Judge:
    """Whether a mark can be true at a school, asked once for each different case, for a file has many alike."""

    def __init__(self, facts: SchoolFacts, at: datetime) -> None:
        self._facts, self._at = facts, at
        self._sessions: dict[tuple[date, str], tuple[bool, str]] = {}
        self._codes: dict[tuple, str] = {}
        self._ages: dict[date, tuple[date, date]] = {}
        self._shut = frozenset(one for closure in facts.closures for one in closure.classes)

    def passed_over(self, told: Told, stay: Stay) -> str:
        """Why a cell that holds no mark is passed over; empty for a mark."""
        if told.code == MISSING:
            return UNMARKED
        return CLOSED if self._says_closed(told, stay) else ""

    def _says_closed(self, told: Told | Part, stay: Stay) -> bool:
        """Whether a mark says that the school was closed, and it was."""
        if told.code != "#" or told.day is None or told.half is None:
            return False
        return not self._session(told.day, told.half, stay)[0]

    def problems(self, told: Told | Part, stay: Stay | None) -> str:
        """Everything for which a mark can't be true, a sentence each; empty where it can. None: nobody knows whose."""
        if told.code in NO_MARK and (stay is None or told.code == MISSING or self._says_closed(told, stay)):
            return ""
        found = (self._day(told, stay), _minutes(told), self._code(told, stay))
        return " ".join(sentence for sentence in found if sentence)

    def _day(self, told: Told | Part, stay: Stay | None) -> str:
        if told.day is None:
            return ""
        halves = HALVES if told.half is None else (told.half,)
        said = [self._session(told.day, half, stay)[1] for half in halves]
        return said[0] if all(said) else ""

    def _session(self, day: date, half: Half, stay: Stay | None) -> tuple[bool, str]:
        """Whether a session is open for the pupil's class, and if a mark can't stand in it, why."""
        seat = stay.seat_on(day) if self._shut and stay else None
        own = seat[2] if seat and seat[2] in self._shut else None
        key = (day, f"{half}{own or ''}")
        if key not in self._sessions:
            self._sessions[key] = self._asked(day, half, own)
        return self._sessions[key]

    def _asked(self, day: date, half: Half, school_class: int | None) -> tuple[bool, str]:
        facts = self._facts
        words = f"{day:%A} {day.day} {day:%B %Y}"
        if SchoolYear.of(day).start not in facts.years:
            years = ", ".join(SchoolYear(start).label for start in facts.years)
            return True, f"{words} is in no school year of {facts.name}; its years are {years}."
        if not facts.is_open(day, half, school_class):
            closure = facts.closure_on(day, half, school_class)
            why = f" ({closure.ground})" if closure else "" if day.weekday() < 5 else " (a weekend)"
            return False, f"{facts.name} was closed on {words}{why}; there is no register to mark."
        if not facts.has_begun(day, half, self._at):
            return (
                True,
                f"The register for the {half_words(half)} of {words} is still to come; nothing is marked ahead.",
            )
        return True, ""

    def _code(self, told: Told | Part, stay: Stay | None) -> str:
        # A day in none of the school's years is the wrong day, and can't say which edition was meant.
        if told.code is None or told.day is None or SchoolYear.of(told.day).start not in self._facts.years:
            return ""
        edition = self._facts.edition_on(told.day)
        if told.half is None or stay is None:
            return self._for_anybody(told.code, edition, told.half)
        seat = stay.seat_on(told.day)
        group = seat[4] if seat else _group_by_age(stay.born, told.day)
        age = self._age(stay.born, told.day)
        key = (told.code, edition, told.half, group == 11, age, stay.traveller)
        if key not in self._codes:
            # Leave was granted, or not, where the mark was made: the file can't tell.
            case = Circumstances(told.half, group, age, stay.traveller, True, False, leave_granted=True)
            self._codes[key] = _refusal(told.code, edition, case)
        return self._codes[key]

    def _for_anybody(self, code: str, edition: str, half: Half | None) -> str:
        """Why a code can't be true of any pupil."""
        said = [_refusal(code, edition, Circumstances(one, **_ANY_PUPIL)) for one in ([half] if half else HALVES)]  # type: ignore[arg-type]
        return said[0] if all(said) else ""

    def _age(self, born: date, day: date) -> bool:
        if born not in self._ages:
            self._ages[born] = (compulsory_from(born), compulsory_until(born))
        first, last = self._ages[born]
        return first <= day <= last


def _minutes(told: Told | Part) -> str:
    if told.minutes and told.code is not None and told.code not in WITH_MINUTES:
        return f"Minutes late go with L or U, not with {told.code}."
    return ""


def _refusal(code: str, edition: str, case: Circumstances) -> str:
    try:
        codes.check(code, edition, case)
    except (UnknownCode, CodeRefused) as refusal:
        return str(refusal)
    return ""


def half_words(half: Half) -> str:
    """A half-day as a sentence has it."""
    return "morning" if half == "AM" else "afternoon"


def _group_by_age(born: date, day: date) -> int:
    """The year group of a child's age, for days on which they were in no class."""
    turned = SchoolYear.of(day).start - born.year - (born.month >= 9)
    return turned - 4
