"""What stands now, in one session, for everyone on roll: who is in, who is out, whom nobody has heard of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BinaryField, FilteredRelation, Q
from django.db.models.functions import Substr

from rollcall.rules.codes import EDITIONS, MISSING, TEXT, Counts, table
from rollcall.rules.sessions import Half, SchoolYear
from rollcall.schools.models import ClassMembership
from rollcall.schools.queries.roll import on_roll

_COUNTS = {code.code: code.counts_as for edition in EDITIONS for code in table(edition).values()}
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
        return _COUNTS.get(self.code) in _IN

    @property
    def is_unmarked(self) -> bool:
        """Whether nobody has marked the pupil."""
        return self.code == MISSING

    @property
    def is_unexplained(self) -> bool:
        """Whether the pupil is away without a reason so far."""
        return self.code == "N"

    @property
    def is_out(self) -> bool:
        """Whether the pupil is away and the reason is known."""
        return not (self.is_in or self.is_unmarked or self.is_unexplained)


def marks_now(schools: Iterable[int], day: date, half: Half) -> list[Standing]:
    """The marks of one session at some schools (by id), by class and name, in one query: a byte a pupil is read."""
    year = SchoolYear.of(day)
    place = year.column(day, half) + 1
    rows = (
        ClassMembership.objects.filter(on_roll(day), school_class__school__in=list(schools))
        .annotate(row=FilteredRelation("enrolment__rows", condition=Q(enrolment__rows__year_start=year.start)))
        .annotate(mark=Substr("row__marks", place, 1, output_field=BinaryField()))
        .order_by("school_class__name", "enrolment__pupil__known_first", "enrolment__pupil__known_last", "enrolment_id")
        .values_list(
            "school_class__school_id",
            "school_class_id",
            "school_class__name",
            "enrolment_id",
            "enrolment__pupil_id",
            "enrolment__pupil__known_first",
            "enrolment__pupil__known_last",
            "enrolment__pupil__risk",
            "mark",
        )
    )
    return [
        Standing(school, room, named, enrolment, pupil, f"{first} {last}", risk, _code(mark))
        for school, room, named, enrolment, pupil, first, last, risk, mark in rows
    ]


def _code(mark: bytes | memoryview | None) -> str:
    return TEXT[bytes(mark)[0]] if mark else MISSING
