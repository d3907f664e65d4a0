"""A class's register for one session as a page shows it: who, what stands, what is expected, the last ten sessions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import FilteredRelation, Q

from rollcall.registers.models import ChangeRequest, Submission
from rollcall.registers.queries.known_ahead import Expected, expected_now
from rollcall.registers.queries.standing import last_grounds
from rollcall.rules.codes import MISSING, TEXT, needs_ground
from rollcall.rules.sessions import HALVES, Half, SchoolYear
from rollcall.schools.models import ClassMembership, SchoolClass
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import Times
from rollcall.schools.queries.roll import on_roll


@dataclass(frozen=True)
class Wish:
    """A change that a teacher has asked for and nobody has decided, or the last decision."""

    id: int
    standing: str
    wanted: str
    reason: str
    who: str
    at: datetime
    accepted: bool | None
    answer: str


@dataclass(frozen=True)
class Line:
    """One pupil's line of a register."""

    enrolment: int
    pupil: int
    name: str
    risk: str
    code: str
    minutes: int
    last_ten: tuple[str, ...]
    expected: Expected | None
    wish: Wish | None
    ground: str = ""

    @property
    def is_marked(self) -> bool:
        """Whether a mark stands."""
        return self.code != MISSING


@dataclass(frozen=True)
class Handed:
    """When and by whom a register was handed in; `taken_at` is when it was taken, on paper perhaps."""

    at: datetime
    taken_at: datetime
    by: str
    position: str
    late: bool


@dataclass(frozen=True)
class RegisterPage:
    """A register: `has_begun` says whether it may be taken yet, `has_closed` whether closing time is past."""

    school: int
    school_name: str
    school_class: int
    class_name: str
    day: date
    half: Half
    times: Times
    opens_at: datetime
    closes_at: datetime
    is_open: bool
    why_closed: str
    has_begun: bool
    has_closed: bool
    handed: Handed | None
    lines: tuple[Line, ...]

    @property
    def n_marked(self) -> int:
        """How many pupils have a mark."""
        return sum(line.is_marked for line in self.lines)

    @property
    def n_left(self) -> int:
        """How many have none."""
        return len(self.lines) - self.n_marked


def register_page(school_class: SchoolClass, facts: SchoolFacts, day: date, half: Half, at: datetime) -> RegisterPage:
    """A class's register for a session as it stands at a moment, in four queries, and one where a mark has a ground."""
    times = facts.times_on(day)
    opens_at, closes_at = facts.moment(day, times.opens(half)), facts.moment(day, times.closes(half))
    closure = facts.closure_on(day, half, school_class.pk)
    return RegisterPage(
        school=facts.school,
        school_name=facts.name,
        school_class=school_class.pk,
        class_name=school_class.name,
        day=day,
        half=half,
        times=times,
        opens_at=opens_at,
        closes_at=closes_at,
        is_open=facts.is_open(day, half, school_class.pk),
        why_closed=closure.ground if closure else "",
        has_begun=at >= opens_at,
        has_closed=at >= closes_at,
        handed=handed_in(school_class.pk, day, half),
        lines=tuple(_lines(school_class, facts, day, half)),
    )


def handed_in(school_class: int, day: date, half: Half) -> Handed | None:
    """When a register was first handed in, if it was."""
    first = (
        Submission.objects.filter(school_class=school_class, day=day, half=half)
        .order_by("number")
        .select_related("deed")
        .first()
    )
    if first is None:
        return None
    return Handed(first.deed.at, first.taken_at, first.deed.name, first.deed.position, first.late)


def _lines(school_class: SchoolClass, facts: SchoolFacts, day: date, half: Half) -> list[Line]:
    year = SchoolYear.of(day)
    column = year.column(day, half)
    calendar = facts.calendar(year.start, school_class.pk)
    recent = calendar.last_sessions(day, 10)
    if half == "PM" and calendar.is_open(day, "AM"):
        recent = [*recent[-9:], (day, "AM")]
    columns = [year.column(*session) for session in recent]
    rows = _members(school_class, year, day)
    enrolments = [row[0] for row in rows]
    expected, wishes = expected_now(enrolments, day, half, facts), _wishes(enrolments, day, half)
    edition = facts.edition_on(day)
    with_ground = [row[0] for row in rows if row[5] is not None and needs_ground(TEXT[bytes(row[5])[column]], edition)]
    grounds = last_grounds(with_ground, day, half)
    lines = []
    for enrolment, pupil, first, last, risk, marks, minutes in rows:
        marks = bytes(marks) if marks is not None else b"-" * year.n
        lines.append(
            Line(
                enrolment=enrolment,
                pupil=pupil,
                name=f"{first} {last}",
                risk=risk,
                code=TEXT[marks[column]],
                minutes=bytes(minutes)[column] if minutes is not None else 0,
                last_ten=tuple(TEXT[marks[n]] for n in columns),
                expected=expected.get(enrolment),
                wish=wishes.get(enrolment),
                ground=grounds.get(enrolment, ""),
            )
        )
    return lines


def _members(school_class: SchoolClass, year: SchoolYear, day: date) -> list[Any]:
    """Who is in the class on a day, each with the year's row, in the order of the register."""
    members = (
        ClassMembership.objects.filter(on_roll(day), school_class=school_class)
        .annotate(row=FilteredRelation("enrolment__rows", condition=Q(enrolment__rows__year_start=year.start)))
        .order_by("enrolment__pupil__known_first", "enrolment__pupil__known_last", "enrolment_id")
        .values_list(
            "enrolment_id",
            "enrolment__pupil_id",
            "enrolment__pupil__known_first",
            "enrolment__pupil__known_last",
            "enrolment__pupil__risk",
            "row__marks",
            "row__minutes",
        )
    )
    return list(members)


def around_mark(enrolment: int, day: date, half: Half, facts: SchoolFacts) -> tuple[Expected | None, Wish | None]:
    """What is expected of one pupil in a session, and the last wish to change its mark."""
    return expected_now([enrolment], day, half, facts).get(enrolment), _wishes([enrolment], day, half).get(enrolment)


def _wishes(enrolments: list[int], day: date, half: Half) -> dict[int, Wish]:
    rows = ChangeRequest.objects.filter(enrolment__in=enrolments, day=day, half=half).select_related("deed", "decided")
    return {
        w.enrolment_id: Wish(
            w.pk,
            w.standing,
            w.wanted,
            w.deed.reason,
            w.deed.name,
            w.deed.at,
            w.accepted,
            w.decided.reason if w.decided else "",
        )
        for w in rows.order_by("id")
    }


def other_half(half: Half) -> Half:
    """The other half of a day."""
    return HALVES[1 - HALVES.index(half)]
