"""What stands now, in one session, for everyone on roll: who is in, who is out, whom nobody has heard of."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BinaryField, Count, FilteredRelation, Q, QuerySet
from django.db.models.functions import Substr

from rollcall.rules.codes import BYTE, COUNTS, MISSING, TEXT, UNEXPLAINED, Counts
from rollcall.rules.sessions import Half, SchoolYear
from rollcall.schools.models import ClassMembership
from rollcall.schools.queries.roll import on_roll

_IN = (Counts.ATTENDING, Counts.EDUCATIONAL)


@dataclass(frozen=True)
class Standing:
    """One pupil in one session with the mark that stands, `-` for none."""

    school: int
    school_class: int
    class_name: str
    enrolment: int
    pupil: int
    name: str
    risk: str
    code: str

    @property
    def is_in(self) -> bool:
        """Whether the pupil is present or at an approved activity."""
        return is_in(self.code)

    @property
    def is_unmarked(self) -> bool:
        """Whether nobody has marked the pupil."""
        return self.code == MISSING

    @property
    def is_unexplained(self) -> bool:
        """Whether the pupil is away without a reason so far."""
        return self.code == UNEXPLAINED

    @property
    def is_out(self) -> bool:
        """Whether the pupil is away and the reason is known."""
        return not (self.is_in or self.is_unmarked or self.is_unexplained)


@dataclass(frozen=True)
class DayMarks:
    """One pupil on one day with the two marks that stand, `-` for none."""

    school_class: int
    class_name: str
    enrolment: int
    pupil: int
    name: str
    morning: str
    afternoon: str

    def of(self, half: Half) -> str:
        """The mark of one session."""
        return self.morning if half == "AM" else self.afternoon


_PUPIL = (
    "school_class_id",
    "school_class__name",
    "enrolment_id",
    "enrolment__pupil_id",
    "enrolment__pupil__known_first",
    "enrolment__pupil__known_last",
)
_IN_ORDER = ("school_class__name", "enrolment__pupil__known_first", "enrolment__pupil__known_last", "enrolment_id")


def marks_now(schools: Iterable[int], day: date, half: Half, codes: Collection[str] | None = None) -> list[Standing]:
    """The marks of one session at some schools (by id), by class and name, in one query: a byte a pupil is read.

    codes: only pupils with one of these marks, `-` among them for none.
    """
    rows = _seated(schools, day, half, 1).order_by(*_IN_ORDER)
    if codes is not None:
        rows = rows.filter(_marked("mark", codes))
    return [
        Standing(school, room, named, enrolment, pupil, f"{first} {last}", risk, _code(mark))
        for school, room, named, enrolment, pupil, first, last, risk, mark in rows.values_list(
            "school_class__school_id", *_PUPIL, "enrolment__pupil__risk", "mark"
        )
    ]


def marks_of_day(schools: Iterable[int], day: date) -> list[DayMarks]:
    """Both marks of a day at some schools (by id), by class and name, in one query, whatever closure lies over them."""
    return _day_marks(_seated(schools, day, "AM", 2))


def open_marks(schools: Iterable[int], day: date, over: Mapping[Half, Collection[int]]) -> list[DayMarks]:
    """As `marks_of_day`, of those alone who are N in a session, or have no mark in it though their class's register is
    over: cheap where they are few.

    over: the sessions asked about, each with the classes (by id) whose register is over.
    """
    rows, wanted = _seated(schools, day, "AM", 2), Q(pk__in=[])
    for half, classes in over.items():
        place = SchoolYear.of(day).column(day, half) + 1
        rows = rows.annotate(**{half: Substr("row__marks", place, 1, output_field=BinaryField())})
        wanted |= _marked(half, UNEXPLAINED) | (_marked(half, MISSING) & Q(school_class__in=list(classes)))
    return _day_marks(rows.filter(wanted))


def _day_marks(rows: QuerySet[Any, Any]) -> list[DayMarks]:
    rows = rows.order_by(*_IN_ORDER)
    return [
        DayMarks(room, named, enrolment, pupil, f"{first} {last}", _code(both), _code(both, 1))
        for room, named, enrolment, pupil, first, last, both in rows.values_list(*_PUPIL, "mark")
    ]


def _marked(column: str, codes: Collection[str]) -> Q:
    """The condition that a byte is one of these marks; who has no row has no mark."""
    wanted = Q(**{f"{column}__in": [bytes([BYTE[code]]) for code in codes]})
    return wanted | Q(**{f"{column}__isnull": True}) if MISSING in codes else wanted


def counts_now(schools: Iterable[int], day: date, half: Half) -> dict[int, dict[str, int]]:
    """How many pupils stand at each code (`-` for no mark), by class, in one query that gives a few rows a class."""
    found: dict[int, dict[str, int]] = {}
    counted = _seated(schools, day, half, 1).order_by().values("school_class_id", "mark").annotate(n=Count("id"))
    for room, mark, n in counted.values_list("school_class_id", "mark", "n"):
        here = found.setdefault(room, {})
        here[_code(mark)] = here.get(_code(mark), 0) + n
    return found


def _seated(schools: Iterable[int], day: date, half: Half, n: int) -> QuerySet[Any, Any]:
    """Everyone on roll with a class on a day, and `mark`: so many bytes of their row from a session on."""
    year = SchoolYear.of(day)
    return ClassMembership.objects.filter(on_roll(day), school_class__school__in=list(schools)).annotate(
        row=FilteredRelation("enrolment__rows", condition=Q(enrolment__rows__year_start=year.start)),
        mark=Substr("row__marks", year.column(day, half) + 1, n, output_field=BinaryField()),
    )


def is_in(code: str) -> bool:
    """Whether a mark says that the pupil is present or at an approved activity."""
    return COUNTS.get(code) in _IN


def _code(marks: bytes | memoryview | None, place: int = 0) -> str:
    return TEXT[bytes(marks)[place]] if marks else MISSING
