"""Trips and activities as lists and pages show them: who goes, who has been confirmed, what a pupil was away at."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse

from rollcall.absence.models import Activity, ActivityCheck, ActivityPlace
from rollcall.absence.queries.placed import placed_of
from rollcall.absence.queries.waits import Waits
from rollcall.accounts.models import Grant
from rollcall.accounts.queries import Place, Standing
from rollcall.registers.models import Expectation
from rollcall.registers.queries.expected import Session, span_of
from rollcall.registers.queries.standing import covering, read_standing
from rollcall.rules.sessions import HALVES, Half, half_of
from rollcall.schools.models import ClassMembership, Person, Post
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import facts_of_all
from rollcall.schools.queries.roll import Seat, in_force, on_roll, seats_of_school

LOOK_BACK = timedelta(days=28)


@dataclass(frozen=True)
class ActivityLine:
    """One activity in a list. n: how many go; waits: how many nobody has confirmed in the session that is on."""

    id: int
    title: str
    code: str
    first: Session
    last: Session
    leader: str
    phone: str
    n: int
    waits: int
    called_off: str

    @property
    def span(self) -> str:
        """When, in words."""
        return span_of(self.first, self.last)

    def is_on(self, day: date) -> bool:
        """Whether it is on a day."""
        return self.first[0] <= day <= self.last[0]


def activities_of(
    facts: SchoolFacts, day: date, half: Half | None, classes: Collection[int] | None = None, user: int = 0
) -> list[ActivityLine]:
    """A school's activities from four weeks before a day on, by their first day; three statements or fewer.

    half: the session that is on, for which unconfirmed children are counted; None for none. classes: only those with
    children of these classes (by id), and those that the user (by id) leads; None is all.
    """
    going = Count("places", filter=Q(places__expectation__withdrawn__isnull=True))
    rows = Activity.objects.filter(school=facts.school, last_day__gte=day - LOOK_BACK).annotate(n=going)
    if classes is not None:
        own = Q(places__expectation__enrolment__memberships__school_class__in=list(classes)) | Q(leader__user=user)
        rows = rows.filter(pk__in=Activity.objects.filter(own).values("pk"))
    placed = placed_of(facts.school, day, half) if half else {}
    waits = Counter(one.activity for one in placed.values() if one.waits)
    return [
        _line(one, one.n, waits[one.pk])  # type: ignore[attr-defined]
        for one in rows.select_related("withdrawn").order_by("first_day", "first_half", "title", "id")
    ]


def waiting(may: Standing, at: datetime) -> list[Waits]:
    """The activities of the session that is on whose children somebody may confirm and nobody has, for a home page."""
    row = "activity:confirm"
    if not may.can_somewhere(row):
        return []
    found = []
    for facts in facts_of_all(may.schools(row)).values():
        if not facts.times or (now := facts.session_now(at)) is None:
            continue
        classes = None if may.can(row, Place(facts.school)) else may.classes(row)
        for one in activities_of(facts, *now, classes, may.user_id):
            if one.is_on(now[0]) and one.waits and not one.called_off:
                words = f"{one.title}: say who is there, {one.waits} not confirmed"
                found.append(Waits(words, reverse("absence:activity", args=[one.id]), one.waits))
    return found


def line_of(activity: Activity) -> ActivityLine:
    """One activity as a list shows it, nobody counted."""
    return _line(activity, 0, 0)


def _line(one: Activity, n: int, waits: int) -> ActivityLine:
    first, last = (one.first_day, half_of(one.first_half)), (one.last_day, half_of(one.last_half))
    off = one.withdrawn.reason if one.withdrawn else ""
    return ActivityLine(one.pk, one.title, one.code, first, last, one.leader_name, one.phone, n, waits, off)


@dataclass(frozen=True)
class Seated:
    """One child of an activity in a session: the mark that stands, and what was said of them last."""

    place: int
    enrolment: int
    pupil: int
    name: str
    school_class: int
    class_name: str
    code: str
    there: bool | None
    said_by: str
    said_at: datetime | None

    @property
    def is_elsewhere(self) -> bool:
        """Whether the register says something else than nothing, N or the activity."""
        return self.there is None and self.code not in ("-", "N")


def seated_in(activity: Activity, day: date, half: Half) -> list[Seated]:
    """The children who are expected at an activity in a session and on roll, by class and name; three statements."""
    rows = Expectation.objects.filter(covering(day, half), activity_place__activity=activity)
    places = {enrolment: pk for pk, enrolment in rows.values_list("activity_place__id", "enrolment_id")}
    standing = read_standing(activity.school_id, places, day, half)
    said = _said(activity, day, half)
    about = _about(places, day)
    found = [
        Seated(places[pk], pk, *about[pk], seat.code, *said.get(places[pk], (None, "", None)))
        for pk, seat in standing.items()
        if pk in about
    ]
    return sorted(found, key=lambda one: (one.class_name, one.name))


def _said(activity: Activity, day: date, half: Half) -> dict[int, tuple[bool, str, datetime]]:
    checks = ActivityCheck.objects.filter(place__activity=activity, day=day, half=half).order_by("id")
    rows = checks.values_list("place_id", "there", "said_by", "deed__at")
    return {place: (there, who, at) for place, there, who, at in rows}


def _about(enrolments: Iterable[int], day: date) -> dict[int, tuple[int, str, int, str]]:
    rows = ClassMembership.objects.filter(on_roll(day), enrolment__in=list(enrolments)).values_list(
        "enrolment_id", "enrolment__pupil_id", "enrolment__pupil__known_first", "enrolment__pupil__known_last",
        "school_class_id", "school_class__name",
    )  # fmt: skip
    return {pk: (pupil, f"{first} {last}", room, name) for pk, pupil, first, last, room, name in rows}


def sessions_of(activity: Activity, facts: SchoolFacts) -> list[Session]:
    """The school sessions of an activity in order."""
    line = line_of(activity)
    days = (line.first[0] + timedelta(days=n) for n in range((line.last[0] - line.first[0]).days + 1))
    order = {half: n for n, half in enumerate(HALVES)}
    begins, ends = (line.first[0], order[line.first[1]]), (line.last[0], order[line.last[1]])
    return [
        (day, half)
        for day in days
        for half in HALVES
        if begins <= (day, order[half]) <= ends and facts.is_open(day, half)
    ]


def classes_of(activity: Activity) -> frozenset[int]:
    """The classes whose teachers may confirm an activity: those of its children, and those that its leader holds."""
    rows = ClassMembership.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=activity.first_day),
        enrolment__expectations__activity_place__activity=activity,
        begins__lte=activity.last_day,
    )
    found = set(rows.values_list("school_class_id", flat=True))
    if activity.leader_id:
        own = Grant.objects.filter(in_force(activity.first_day), user__person=activity.leader_id)
        found |= {pk for pk in own.values_list("school_class_id", flat=True) if pk}
    return frozenset(found)


@dataclass(frozen=True)
class TakenOut:
    """A child who was taken out of an activity and may be put back."""

    enrolment: int
    name: str
    reason: str


def taken_out(activity: Activity) -> list[TakenOut]:
    """Who was taken out of an activity and not put back, by name; one statement."""
    rows = ActivityPlace.objects.filter(activity=activity).order_by("id")
    found: dict[int, TakenOut | None] = {}
    for place in rows.select_related("expectation__withdrawn", "expectation__enrolment__pupil"):
        one = place.expectation
        gone = one.withdrawn
        name = str(one.enrolment.pupil)
        found[one.enrolment_id] = TakenOut(one.enrolment_id, name, gone.reason) if gone else None
    return sorted((one for one in found.values() if one), key=lambda one: one.name)


def staff_of(school: int, day: date) -> list[Person]:
    """Who holds a post at a school (by id) or in the federation on a day, by name."""
    posts = Post.objects.filter(in_force(day)).filter(Q(school=school) | Q(school__isnull=True))
    return list(Person.objects.filter(pk__in=posts.values("person")).order_by("first", "last", "id"))


def classes_with_children(school: int, day: date) -> list[tuple[int, str, list[Seat]]]:
    """A school's classes of a day with their children, by name, in one query."""
    found: dict[tuple[str, int], list[Seat]] = {}
    for seat in seats_of_school(school, day):
        found.setdefault((seat.class_name, seat.school_class), []).append(seat)
    return [(pk, name, seats) for (name, pk), seats in sorted(found.items(), key=lambda one: one[0])]
