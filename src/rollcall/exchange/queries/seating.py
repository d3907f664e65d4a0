"""Where a pupil of a file sits: a new place on the roll, a move to another class, a last day, or nothing new."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rollcall.exchange.layouts import Options
from rollcall.exchange.queries.pupil_file import ToldPupil
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import ClassMembership, Enrolment, School, SchoolClass


@dataclass
class Seat:
    """The part of a `BroughtPupil` about roll and class, its changes in words, and its faults: field and sentence."""

    values: dict[str, Any] = field(default_factory=dict)
    words: list[tuple[str, object, object]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)

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

    def place(self, told: ToldPupil, stays: Sequence[Enrolment], unsure: Set[str] = frozenset()) -> Seat:
        """What a row means for the pupil's place, with everything that is wrong with it.

        unsure: our fields that the row should have but nobody could read; what hangs on them is left unsaid.
        """
        seat = Seat()
        here = [stay for stay in stays if stay.school_id == self.school.pk]
        is_unclear = "upn" in unsure or ("admitted" in unsure and here and here[-1].left is not None)
        stay, problem = (None, "") if is_unclear else _meant(told, here)
        if problem:
            seat.faults.append(("admitted", problem))
        if is_unclear or problem:
            self._look_over(told, seat)
        elif stay is None:
            self._join(told, stays, seat, unsure)
        else:
            self._stay(told, stay, seat, unsure)
        return seat

    def _look_over(self, told: ToldPupil, seat: Seat) -> None:
        """Name what is wrong whichever time on the roll a row is about."""
        admitted, left = told.values.get("admitted"), told.values.get("left")
        if admitted and left:
            _check_left(left, admitted, seat)
        if "school_class" in told.values:
            self._named(told.values["school_class"], seat)

    def _stay(self, told: ToldPupil, stay: Enrolment, seat: Seat, unsure: Set[str]) -> None:
        seat.values["enrolment"] = stay.pk
        left = told.values.get("left")
        if stay.left is None and left is not None:
            _check_left(left, stay.admitted, seat)
            seat.values["left"] = left
            seat.words.append(("last day on roll", None, left))
        elif left is not None and left != stay.left:
            seat.faults.append(("left", f"The register has {stay.left:%-d %B %Y} as the last day."))
        if "school_class" in told.values and stay.left is None:
            self._move(told, stay, seat, unsure)

    def _join(self, told: ToldPupil, stays: Sequence[Enrolment], seat: Seat, unsure: Set[str]) -> None:
        admitted, left = told.values.get("admitted"), told.values.get("left")
        if admitted is not None:
            seat.values["admitted"] = admitted
            other = next((s for s in stays if s.admitted <= admitted and (s.left is None or s.left >= admitted)), None)
            if other is not None:
                sentence = f"On the roll of {other.school} on that day; record there that the pupil has left."
                seat.faults.append(("admitted", sentence))
        is_backwards = bool(admitted and left and left < admitted)
        if left is not None:
            seat.values["left"] = left
            _check_left(left, admitted or left, seat)
        begins = max(admitted or self._year.first, self._year.first)
        if left is not None and left < begins and not is_backwards:
            return
        if "school_class" in told.values:
            seat.values |= self._class_values(told, begins, seat, unsure)
        elif not is_backwards and not {"school_class", "left"} & unsure:
            seat.faults.append(("school_class", "A pupil who joins needs a class."))

    def _move(self, told: ToldPupil, stay: Enrolment, seat: Seat, unsure: Set[str]) -> None:
        name = told.values["school_class"]
        rows: list[ClassMembership] = list(stay.memberships.all())
        of_year = [row for row in rows if row.school_class.year_start == self._options.year_start]
        now = next((row for row in rows if row.ends is None), None)
        same = next((row for row in of_year if row.school_class.name.casefold() == name.casefold()), None)
        if same is not None and (now is None or same is now or now.school_class.year_start > self._options.year_start):
            group = told.values.get("year_group", same.year_group)
            if same is now and group != same.year_group:
                words = f"The register has year group {same.year_group}; change it with the class."
                seat.faults.append(("year_group", words))
            return
        if now is not None and now.school_class.year_start > self._options.year_start:
            words = f"In {now.school_class} of a later year by now; a file of an earlier year moves nobody."
            seat.faults.append(("school_class", words))
            return
        begins = self._begins(stay, now)
        if now is not None and begins <= now.begins:
            sentence = f"In {now.school_class} since {now.begins:%-d %B %Y}; a move counts from a later day."
            seat.faults.append(("school_class", sentence))
        since = self._options.year_start - now.school_class.year_start if now else 0
        seat.values |= self._class_values(told, begins, seat, unsure, now.year_group + since if now else None)
        becomes = f"{seat.values['school_class']} from {begins:%-d %B %Y}"
        seat.words.append(("class", now.school_class if now else "", becomes))

    def _begins(self, stay: Enrolment, now: ClassMembership | None) -> date:
        if now is None:
            return max(stay.admitted, self._year.first)
        if now.school_class.year_start < self._options.year_start:
            return self._year.first if self._year.first > now.begins else self._today
        return date.fromisoformat(self._options.moves_on) if self._options.moves_on else self._today

    def _class_values(
        self, told: ToldPupil, begins: date, seat: Seat, unsure: Set[str], otherwise: int | None = None
    ) -> dict[str, Any]:
        name = self._named(told.values["school_class"], seat)
        born = told.values.get("born")
        group = told.values.get("year_group", otherwise)
        if group is None and born is not None:
            group = self._year.start - born.year - (born.month >= 9) - 4
        elif group is None and not {"year_group", "born"} & unsure:
            words = "Nothing says which year group: neither the file nor a date of birth in it."
            seat.faults.append(("year_group", words))
        return {"school_class": name, "year_group": group, "begins": begins}

    def _named(self, name: str, seat: Seat) -> str:
        """A class as the school writes it."""
        found = self._classes.get(name.casefold())
        if found is not None:
            return found.name
        known = next((one for one in self.new_classes if one.casefold() == name.casefold()), None)
        if known is None and not self._options.add_classes:
            there = ", ".join(sorted(c.name for c in self._classes.values())) or "none yet"
            words = (
                f"{self.school} has no class {name} in {self._year.label}. Its classes are: {there}. "
                "Correct the file, or tick that new classes are added."
            )
            seat.faults.append(("school_class", words))
            return name
        self.new_classes.add(known or name)
        return known or name


def _check_left(left: date, admitted: date, seat: Seat) -> None:
    if left < admitted:
        words = f"Left on {left:%-d %B %Y}, before joining on {admitted:%-d %B %Y}."
        seat.faults.append(("left", words))


def _meant(told: ToldPupil, here: Sequence[Enrolment]) -> tuple[Enrolment | None, str]:
    """The time on this roll that a row is about, None where it is a new one; and why there can be none, in words."""
    admitted = told.values.get("admitted")
    if not here:
        return None, ""
    if admitted is None:
        return here[-1], ""
    exact = next((stay for stay in here if stay.admitted == admitted), None)
    if exact is not None:
        return exact, ""
    last = here[-1]
    if last.left is not None and last.left < admitted:
        return None, ""
    return None, f"The register has {last.admitted:%-d %B %Y} as the day of joining; change it there."
