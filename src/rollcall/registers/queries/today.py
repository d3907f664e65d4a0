"""What stands now, in one session, for everyone on roll: who is in, who is out, whom nobody has heard of."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BinaryField, FilteredRelation, Q, QuerySet
from django.db.models.functions import Substr

from rollcall.journal.by_hand import day_given, places, rows
from rollcall.rules.codes import BYTE, COUNTS, MISSING, TEXT, UNEXPLAINED, Counts
from rollcall.rules.sessions import HALVES, Half, SchoolYear
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
    seated = _seated(schools, day, half, 1).order_by(*_IN_ORDER)
    if codes is not None:
        seated = seated.filter(_marked("mark", codes))
    return [
        Standing(school, room, named, enrolment, pupil, f"{first} {last}", risk, _code(mark))
        for school, room, named, enrolment, pupil, first, last, risk, mark in seated.values_list(
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
    asked, wanted, year = list(schools), [], SchoolYear.of(day)
    given: list[int | str | bytes] = []
    for half, classes in over.items():
        wanted.append("substr(r.marks, %s, 1) = %s")
        given += [year.column(day, half) + 1, _N]
        if classes:
            wanted.append(f"""((r.marks IS NULL OR substr(r.marks, %s, 1) = %s)
                AND m.school_class_id IN ({places(len(classes))}))""")
            given += [year.column(day, half) + 1, _BLANK, *classes]
    if not wanted:
        return []
    seated = _SEATED.format(schools=places(len(asked))).format(more=_PUPILS)
    statement = _OPEN.format(seated=seated, wanted=" OR ".join(wanted))
    found = rows(statement, [year.column(day, "AM") + 1, *_seated_given(asked, day), *given])
    return [
        DayMarks(room, named, enrolment, pupil, f"{first} {last}", _code(both), _code(both, 1))
        for room, named, enrolment, pupil, first, last, both in found
    ]


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


# By hand for the cost: every screen of a school's day draws them anew after every save (ADR 12, ADR 14).
_SEATED = """
    FROM schools_classmembership m JOIN schools_enrolment e ON e.id = m.enrolment_id
    LEFT JOIN registers_sheetrow r ON r.enrolment_id = e.id AND r.year_start = %s {{more}}
    WHERE e.school_id IN ({schools}) AND m.begins <= %s AND (m.ends IS NULL OR m.ends >= %s)
        AND e.admitted <= %s AND (e."left" IS NULL OR e."left" >= %s)
"""
_COUNTED = "SELECT m.school_class_id, substr(r.marks, %s, 2), count(*) {seated} GROUP BY 1, 2"
_OPEN = """
    SELECT m.school_class_id, c.name, m.enrolment_id, e.pupil_id, p.known_first, p.known_last, substr(r.marks, %s, 2)
    {seated} AND ({wanted}) ORDER BY c.name, p.known_first, p.known_last, m.enrolment_id
"""
_PUPILS = "JOIN schools_schoolclass c ON c.id = m.school_class_id JOIN schools_pupil p ON p.id = e.pupil_id"
_N, _BLANK = (bytes([BYTE[code]]) for code in (UNEXPLAINED, MISSING))


def _seated_given(schools: Sequence[int], day: date) -> list[int | str | bytes]:
    """The parameters of `_SEATED`."""
    on = day_given(day)
    return [SchoolYear.of(day).start, *schools, on, on, on, on]


ByClass = dict[int, dict[str, int]]
"""How many pupils stand at each code (`-` for no mark), by class."""


def counts_of_day(schools: Iterable[int], day: date) -> dict[Half, ByClass]:
    """How many pupils stand at each code in each session of a day, in one query that gives a few rows a class."""
    asked = list(schools)
    found: dict[Half, ByClass] = {"AM": {}, "PM": {}}
    statement = _COUNTED.format(seated=_SEATED.format(schools=places(len(asked))).format(more=""))
    for room, both, n in rows(statement, [SchoolYear.of(day).column(day, "AM") + 1, *_seated_given(asked, day)]):
        for place, half in enumerate(HALVES):
            here, code = found[half].setdefault(room, {}), _code(both, place)
            here[code] = here.get(code, 0) + n
    return found


def counts_now(schools: Iterable[int], day: date, half: Half) -> ByClass:
    """As `counts_of_day`, of one session."""
    return counts_of_day(schools, day)[half]


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
