"""What was handed to whom: to whom it can be, what waits for somebody, and what at a school is not done yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from rollcall.accounts.models import Grant
from rollcall.accounts.roles import Role
from rollcall.casework.models import HandedOn
from rollcall.schools.models import ClassMembership, Enrolment
from rollcall.schools.queries.roll import in_force, on_roll

LISTED = 100
_STAFF = (Role.EXECUTIVE, Role.HEAD, Role.LEADER, Role.DSL, Role.DEPUTY_DSL, Role.SECRETARY, Role.OFFICE, Role.TEACHER)


@dataclass(frozen=True)
class Hand:
    """Somebody to whom a pupil can be handed: the id as `journal.Actor` has it, the name, the position."""

    actor: str
    name: str
    position: str

    def __str__(self) -> str:
        return f"{self.name} ({self.position})"


@dataclass(frozen=True)
class HandedLine:
    """One thing that was handed to somebody."""

    id: int
    pupil: int
    pupil_name: str
    actor: str
    name: str
    position: str
    what: str
    due: date | None
    by: str
    on: datetime
    is_late: bool
    done_on: datetime | None
    done_by: str
    done_words: str


def hands(school: int, pupils: Iterable[int], day: date) -> list[Hand]:
    """The staff of a school (by id) to whom these pupils can be handed on a day, by name; a teacher only of them all.

    The two queries are the same for one pupil and for many.
    """
    wanted = set(pupils)
    rooms: dict[int, set[int]] = {}
    members = ClassMembership.objects.filter(on_roll(day), enrolment__pupil__in=wanted, school_class__school=school)
    for room, pupil in members.values_list("school_class", "enrolment__pupil"):
        rooms.setdefault(room, set()).add(pupil)
    rows = Grant.objects.filter(in_force(day), role__in=[role.value for role in _STAFF], user__is_active=True)
    found: dict[str, Hand] = {}
    taught: dict[str, set[int]] = {}
    for grant in rows.select_related("user__person").order_by("id"):
        one = Hand(f"user:{grant.user_id}", str(grant.user), Role(grant.role).label)
        if Role(grant.role).is_for_class:
            taught.setdefault(one.actor, set()).update(rooms.get(grant.school_class_id or 0, ()))
            if taught[one.actor] >= wanted:
                found.setdefault(one.actor, one)
        elif grant.school_id in (None, school):
            found[one.actor] = one
    return sorted(found.values(), key=lambda one: one.name)


def handed_to(actor: str, day: date) -> list[HandedLine]:
    """What was handed to somebody (as `journal.Actor` has them) and is not done, what is due first comes first."""
    return _by_due(_lines(HandedOn.objects.filter(actor=actor, done__isnull=True), day))


def n_handed(actor: str) -> int:
    """How many things wait for somebody (as `journal.Actor` has them)."""
    return HandedOn.objects.filter(actor=actor, done__isnull=True).count()


def handed_lately(actor: str, day: date) -> list[HandedLine]:
    """What somebody has done of it, the latest first."""
    return _lines(HandedOn.objects.filter(actor=actor, done__isnull=False).order_by("-done")[:10], day)


def handed_at(schools: Iterable[int] | None, day: date) -> list[HandedLine]:
    """What is not done about the pupils who are at some schools (by id; None is all) now, what is due first."""
    rows = HandedOn.objects.filter(done__isnull=True)
    if schools is not None:
        here = Enrolment.objects.filter(in_force(day, "admitted", "left"), school__in=list(schools))
        rows = rows.filter(pupil__in=here.values("pupil"))
    return _by_due(_lines(rows[:LISTED], day))


def handed_of(pupil: int, day: date) -> list[HandedLine]:
    """All that was handed on about a pupil (by id), the latest first."""
    return _lines(HandedOn.objects.filter(pupil=pupil).order_by("-id"), day)


def _lines(rows: QuerySet[HandedOn], day: date) -> list[HandedLine]:
    return [
        HandedLine(
            id=one.pk,
            pupil=one.pupil_id,
            pupil_name=one.pupil.known_name,
            actor=one.actor,
            name=one.name,
            position=one.position,
            what=one.what,
            due=one.due,
            by=one.deed.name,
            on=one.deed.at,
            is_late=one.done_id is None and one.due is not None and one.due < day,
            done_on=one.done.at if one.done else None,
            done_by=one.done.name if one.done else "",
            done_words=one.done_words,
        )
        for one in rows.select_related("pupil", "deed", "done")
    ]


def _by_due(lines: Sequence[HandedLine]) -> list[HandedLine]:
    return sorted(lines, key=lambda one: (one.due is None, one.due or date.max, one.id))
