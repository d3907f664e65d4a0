"""Which pupil this is, at which schools they were, and how much of it somebody may see."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F

from rollcall.accounts.queries import Place, Standing
from rollcall.registers.queries.pupil import Stay
from rollcall.schools.models import Enrolment, Pupil
from rollcall.schools.queries import facts_of

ROW = "pupil:see"


class NoSuchPupil(LookupError):
    """There is no such pupil, or none that this person has anything to do with."""


@dataclass(frozen=True)
class KnownPupil:
    """A pupil as one person may see them: `stays` are those they may see, `place` is where the pupil is now.

    The school that the pupil is at now sees all of their time in the federation; one that they left, its own days.
    """

    pupil: Pupil
    stays: tuple[Stay, ...]
    classes: dict[int, tuple[int, str]]
    place: Place
    is_here_now: bool

    @property
    def now(self) -> Stay:
        """The latest stay that may be seen."""
        return self.stays[-1]

    @property
    def years(self) -> list[int]:
        """The school years in which the pupil was on a roll, latest first, by the calendar year they begin in."""
        found = {start for stay in self.stays for start in stay.facts.years if _touches(stay, start)}
        return sorted(found, reverse=True)


def _touches(stay: Stay, start: int) -> bool:
    return stay.admitted < date(start + 1, 8, 1) and (stay.left is None or stay.left >= date(start, 8, 1))


def known_pupil(may: Standing, pupil: int, day: date) -> KnownPupil:
    """A pupil by id as somebody may see them on a day. Raises NoSuchPupil, or NotAllowed with a sentence."""
    enrolled, classes = _on_roll(pupil, day)
    rows = [row for row in enrolled if row.admitted <= day] or enrolled[:1]
    if not rows or not any(may.knows_school(row.school_id) for row in rows):
        raise NoSuchPupil(pupil)
    places = [_place(row, classes, day) for row in rows]
    if may.can(ROW, places[-1]):
        seen = rows
    else:
        seen = [row for row, place in zip(rows, places, strict=True) if may.can(ROW, place)]
    if not seen:
        may.check_can(ROW, places[-1])
    stays = tuple(Stay(row.pk, facts_of(row.school_id), row.admitted, row.left) for row in seen)
    return KnownPupil(rows[0].pupil, stays, classes, places[-1], seen[-1] is rows[-1])


def _on_roll(pupil: int, day: date) -> tuple[list[Enrolment], dict[int, tuple[int, str]]]:
    """A pupil's enrolments in the order of time, and the class of each on a day or the last one before; one query."""
    # By `pupil__id`, which finds nothing for a number that no database can hold, where `pupil` would fail on it.
    found = Enrolment.objects.filter(pupil__id=pupil).order_by("admitted", "memberships__begins")
    members = found.select_related("pupil").annotate(
        begins=F("memberships__begins"),
        class_id=F("memberships__school_class"),
        class_name=F("memberships__school_class__name"),
    )
    enrolled: dict[int, Enrolment] = {}
    classes = {}
    for one in members:
        enrolled.setdefault(one.pk, one)
        if one.begins is not None and one.begins <= day:
            classes[one.pk] = (one.class_id, one.class_name)
    return list(enrolled.values()), classes


def _place(row: Enrolment, classes: dict[int, tuple[int, str]], day: date) -> Place:
    here = row.left is None or row.left >= day
    own = frozenset({classes[row.pk][0]} if here and row.pk in classes else ())
    return Place(row.school_id, own)
