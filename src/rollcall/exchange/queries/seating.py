"""Where a pupil of a file sits: a new place on the roll, a move to another class, a last day, or nothing new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rollcall.exchange.layouts import Options
from rollcall.exchange.queries.pupil_file import ToldPupil
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import ClassMembership, Enrolment, School, SchoolClass


class Unplaced(ValueError):
    """A pupil can't be where the file says; `field` is the one that is wrong."""

    def __init__(self, field_name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field_name


@dataclass
class Seat:
    """The part of a `BroughtPupil` about roll and class, and its changes in words."""

    values: dict[str, Any] = field(default_factory=dict)
    words: list[tuple[str, object, object]] = field(default_factory=list)

    @property
    def is_news(self) -> bool:
        """Whether there is anything to write."""
        return any(key != "enrolment" for key in self.values)


class Seating:
    """One school's classes of a year, and those that the file adds."""

    def __init__(self, school: School, options: Options, classes: Mapping[str, SchoolClass], today: date) -> None:
        self.school, self._options, self._classes, self._today = school, options, classes, today
        self._year = SchoolYear(options.year_start)
        self.new_classes: set[str] = set()

    def place(self, told: ToldPupil, stays: Sequence[Enrolment]) -> Seat:
        """What a row means for the pupil's place. Raises Unplaced with a sentence."""
        here = [stay for stay in stays if stay.school_id == self.school.pk]
        stay = _meant(told, here)
        if stay is None:
            return self._join(told, stays)
        seat = Seat({"enrolment": stay.pk})
        left = told.values.get("left")
        if stay.left is None and left is not None:
            self._check_left(left, stay.admitted)
            seat.values["left"] = left
            seat.words.append(("last day on roll", None, left))
        elif left is not None and left != stay.left:
            raise Unplaced("left", f"The register has {stay.left:%-d %B %Y} as the last day.")
        if "school_class" in told.values and stay.left is None:
            self._move(told, stay, seat)
        return seat

    def _join(self, told: ToldPupil, stays: Sequence[Enrolment]) -> Seat:
        admitted, left = told.values["admitted"], told.values.get("left")
        for stay in stays:
            if stay.admitted <= admitted and (stay.left is None or stay.left >= admitted):
                sentence = f"On the roll of {stay.school} on that day; record there that the pupil has left."
                raise Unplaced("admitted", sentence)
        if left is not None:
            self._check_left(left, admitted)
        seat = Seat({"admitted": admitted} | ({"left": left} if left else {}))
        begins = max(admitted, self._year.first)
        if left is not None and left < begins:
            return seat
        if "school_class" not in told.values:
            raise Unplaced("school_class", "A pupil who joins needs a class.")
        seat.values |= self._class_values(told, begins)
        return seat

    def _move(self, told: ToldPupil, stay: Enrolment, seat: Seat) -> None:
        name = told.values["school_class"]
        rows: list[ClassMembership] = list(stay.memberships.all())
        of_year = [row for row in rows if row.school_class.year_start == self._options.year_start]
        now = next((row for row in rows if row.ends is None), None)
        same = next((row for row in of_year if row.school_class.name.casefold() == name.casefold()), None)
        if same is not None and (now is None or same is now or now.school_class.year_start > self._options.year_start):
            group = told.values.get("year_group", same.year_group)
            if same is now and group != same.year_group:
                raise Unplaced(
                    "year_group", f"The register has year group {same.year_group}; change it with the class."
                )
            return
        if now is not None and now.school_class.year_start > self._options.year_start:
            raise Unplaced(
                "school_class",
                f"In {now.school_class} of a later year by now; a file of an earlier year moves nobody.",
            )
        begins = self._begins(stay, now)
        if now is not None and begins <= now.begins:
            sentence = f"In {now.school_class} since {now.begins:%-d %B %Y}; a move counts from a later day."
            raise Unplaced("school_class", sentence)
        since = self._options.year_start - now.school_class.year_start if now else 0
        seat.values |= self._class_values(told, begins, now.year_group + since if now else None)
        becomes = f"{seat.values['school_class']} from {begins:%-d %B %Y}"
        seat.words.append(("class", now.school_class if now else "", becomes))

    def _begins(self, stay: Enrolment, now: ClassMembership | None) -> date:
        if now is None:
            return max(stay.admitted, self._year.first)
        if now.school_class.year_start < self._options.year_start:
            return self._year.first if self._year.first > now.begins else self._today
        return date.fromisoformat(self._options.moves_on) if self._options.moves_on else self._today

    def _class_values(self, told: ToldPupil, begins: date, otherwise: int | None = None) -> dict[str, Any]:
        name = self._named(told.values["school_class"])
        born = told.values.get("born")
        group = told.values.get("year_group", otherwise)
        if group is None:
            if born is None:
                raise Unplaced(
                    "year_group", "Nothing says which year group: neither the file nor a date of birth in it."
                )
            group = self._year.start - born.year - (born.month >= 9) - 4
        return {"school_class": name, "year_group": group, "begins": begins}

    def _named(self, name: str) -> str:
        found = self._classes.get(name.casefold())
        if found is not None:
            return found.name
        known = next((one for one in self.new_classes if one.casefold() == name.casefold()), None)
        if known is None and not self._options.add_classes:
            there = ", ".join(sorted(c.name for c in self._classes.values())) or "none yet"
            raise Unplaced(
                "school_class",
                f"{self.school} has no class {name} in {self._year.label}. Its classes are: {there}. "
                "Correct the file, or tick that new classes are added.",
            )
        self.new_classes.add(known or name)
        return known or name

    @staticmethod
    def _check_left(left: date, admitted: date) -> None:
        if left < admitted:
            raise Unplaced("left", f"Left on {left:%-d %B %Y}, before joining on {admitted:%-d %B %Y}.")


def _meant(told: ToldPupil, here: Sequence[Enrolment]) -> Enrolment | None:
    """The time on this roll that a row is about; None where it is a new one. Raises Unplaced."""
    admitted = told.values.get("admitted")
    if not here:
        return None
    if admitted is None:
        return here[-1]
    exact = next((stay for stay in here if stay.admitted == admitted), None)
    if exact is not None:
        return exact
    last = here[-1]
    if last.left is not None and last.left < admitted:
        return None
    raise Unplaced("admitted", f"The register has {last.admitted:%-d %B %Y} as the day of joining; change it there.")
