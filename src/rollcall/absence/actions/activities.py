"""Trips and activities for a group at once: planned in one deed, undone as easily, confirmed on the day (4.1-b).

Planning makes an expectation for each pupil and no mark. Whoever leads the activity, or the other school, says on the
day who is really there; only that makes a mark.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from rollcall.absence.models import Activity, ActivityCheck, ActivityPlace
from rollcall.absence.queries.activities import Seated, seated_in
from rollcall.absence.queries.leaders import may_say_from
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.actions import NewMark, NotSaved, expect_all, mark_within, withdraw_all
from rollcall.registers.queries.expected import Session, span_of
from rollcall.registers.queries.known_ahead import known_ahead
from rollcall.registers.queries.standing import lock
from rollcall.rules import codes
from rollcall.rules.activities import activity_codes, mark_of
from rollcall.rules.ahead import EXCLUDED, PROVISION, gives_way
from rollcall.rules.sessions import HALVES, Half, half_of
from rollcall.schools.models import Enrolment, Person, School
from rollcall.schools.queries import SchoolFacts, facts_of

MOST_WEEKS = 45


class NotPlanned(ValueError):
    """Nothing was planned, changed or confirmed; the message is a sentence. `about` is the field it is about."""

    def __init__(self, sentence: str, about: str | None = None) -> None:
        super().__init__(sentence)
        self.about = about


@dataclass(frozen=True)
class Plan:
    """What is planned. leader: the member of staff who confirms, else a name. weekly_until: each week till then."""

    title: str
    code: str
    first: Session
    last: Session
    leader: Person | None
    leader_name: str
    phone: str = ""
    weekly_until: date | None = None


@dataclass(frozen=True)
class Planned:
    """What was planned: the activities (several where it is weekly), and who was left out (by enrolment) and why."""

    activities: list[Activity]
    left_out: dict[int, str]


@transaction.atomic
def plan_activity(
    school: School, plan: Plan, enrolments: Sequence[Enrolment], *, by: Actor, at: datetime, key: str = ""
) -> Planned:
    """Plan an activity for pupils of a school in one deed: an expectation each, no mark.

    Left out are those not on roll, excluded, or of whom the same is known already. Raises NotPlanned for a plan that
    can't be, or where nobody is left; AlreadyDone for a used key.
    """
    facts = facts_of(school.pk)
    _check(plan, enrolments, facts)
    about = f"{plan.title}, {span_of(plan.first, plan.last)}"
    deed = journal.begin("activity.planned", by=by, at=at, key=key, reason=plan.title, school=school.pk, about=about)
    made: list[Activity] = []
    left_out: dict[int, str] = {}
    for shift in _weeks(plan, facts):
        activity = _activity(school, plan, shift, deed)
        n, passed = _place(activity, enrolments, facts, deed=deed, at=at)
        left_out = passed | left_out
        if n:
            made.append(activity)
        else:
            activity.delete()
    if not made:
        raise NotPlanned(f"Nobody is left to go: {' '.join(left_out.values())}", "classes")
    return Planned(made, left_out)


def _activity(school: School, plan: Plan, shift: timedelta, deed: Deed) -> Activity:
    made: Activity = Activity.objects.create(
        school=school,
        title=plan.title.strip(),
        code=plan.code,
        first_day=plan.first[0] + shift,
        first_half=plan.first[1],
        last_day=plan.last[0] + shift,
        last_half=plan.last[1],
        leader=plan.leader,
        leader_name=plan.leader_name.strip(),
        phone=plan.phone.strip(),
        deed=deed,
    )
    return made


def _check(plan: Plan, enrolments: Sequence[Enrolment], facts: SchoolFacts) -> None:
    edition = facts.edition_on(plan.first[0])
    if not plan.title.strip():
        raise NotPlanned("Give the trip or activity a name.", "title")
    if not plan.leader_name.strip():
        raise NotPlanned("Say who confirms on the day who is there.", "leader_name")
    if plan.code not in activity_codes(edition):
        raise NotPlanned(f"{plan.code} is no code of an activity under edition {edition}.", "code")
    if (plan.last[0], HALVES.index(plan.last[1])) < (plan.first[0], HALVES.index(plan.first[1])):
        raise NotPlanned("It ends before it begins.", "last_day")
    if not _has_school(plan.first[0], plan.last[0], facts):
        raise NotPlanned("There is no school on these days.", "first_day")
    if plan.weekly_until and plan.weekly_until > plan.first[0] + timedelta(weeks=MOST_WEEKS):
        raise NotPlanned("Plan a weekly activity for one school year at most.", "weekly_until")
    if plan.weekly_until and plan.last[0] >= plan.first[0] + timedelta(weeks=1):
        raise NotPlanned("A weekly activity lasts less than a week.", "last_day")
    if not enrolments:
        raise NotPlanned("Tick a class, or the children who go.", "classes")


def _has_school(first: date, last: date, facts: SchoolFacts) -> bool:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return any(facts.is_school_day(day) for day in days)


def _weeks(plan: Plan, facts: SchoolFacts) -> Iterable[timedelta]:
    """The shifts from the first week to each week of a weekly plan; weeks without school are passed over."""
    yield timedelta(0)
    shift = timedelta(weeks=1)
    while plan.weekly_until and plan.first[0] + shift <= plan.weekly_until:
        if _has_school(plan.first[0] + shift, plan.last[0] + shift, facts):
            yield shift
        shift += timedelta(weeks=1)


def _place(
    activity: Activity, enrolments: Sequence[Enrolment], facts: SchoolFacts, *, deed: Deed, at: datetime
) -> tuple[int, dict[int, str]]:
    """Give pupils their place, by one expectation each; returns how many, and who was left out and why."""
    first, last = _span(activity)
    excluded = _excluded(enrolments, activity, facts)
    try:
        made, passed = expect_all(
            [one for one in enrolments if one.pk not in excluded],
            first=first,
            last=last,
            code=activity.code,
            ground=f"{activity.title}, with {activity.leader_name}"[:200],
            leave_granted=activity.code in codes.WITH_LEAVE,
            at=at,
            deed=deed,
        )
    except codes.UnknownCode as unknown:
        raise NotPlanned(str(unknown), "code") from unknown
    ActivityPlace.objects.bulk_create([ActivityPlace(activity=activity, expectation=one) for one in made])
    return len(made), excluded | passed


def _excluded(enrolments: Iterable[Enrolment], activity: Activity, facts: SchoolFacts) -> dict[int, str]:
    """Those who may not come along on one of the days, with why."""
    names = {one.pk: str(one.pupil) for one in enrolments}
    days = [activity.first_day + timedelta(days=n) for n in range((activity.last_day - activity.first_day).days + 1)]
    known = known_ahead(list(names), activity.first_day, activity.last_day, facts)
    facts_by = {pk: [fact for day in days if (fact := one.fact_at(day, "AM"))] for pk, one in known.items()}
    return {
        pk: f"{names[pk]} is left out: {fact.ground}."
        for pk, found in facts_by.items()
        for fact in found
        if fact.code in PROVISION | {EXCLUDED} and not gives_way(fact.code, activity.code)
    }


def _span(activity: Activity) -> tuple[Session, Session]:
    return (activity.first_day, half_of(activity.first_half)), (activity.last_day, half_of(activity.last_half))


@transaction.atomic
def add_children(
    activity: Activity, enrolments: Sequence[Enrolment], *, by: Actor, at: datetime, key: str = ""
) -> dict[int, str]:
    """Let more children come along; returns who was left out and why. Raises NotPlanned for one that was called off."""
    if activity.withdrawn_id:
        raise NotPlanned(f"{activity} was called off.")
    facts = facts_of(activity.school_id)
    deed = journal.begin("activity.joined", by=by, at=at, key=key, school=facts.school, about=str(activity))
    _, left_out = _place(activity, enrolments, facts, deed=deed, at=at)
    return left_out


@transaction.atomic
def take_out(place: ActivityPlace, *, by: Actor, at: datetime, reason: str, key: str = "") -> None:
    """Take one child out of an activity; marks that were made stay. Raises AlreadyDone."""
    expectation = place.expectation
    who = str(expectation.enrolment.pupil)
    about = f"{who}, {place.activity}"
    school = place.activity.school_id
    deed = journal.begin("activity.left", by=by, at=at, key=key, reason=reason, school=school, about=about)
    withdraw_all([expectation.pk], deed=deed)


@transaction.atomic
def call_off(
    activity: Activity, *, by: Actor, at: datetime, reason: str, following: bool = False, key: str = ""
) -> int:
    """Call an activity off; marks that were made stay. following: with those of later weeks that it was planned with.

    Returns how many children are expected at school again. Raises AlreadyDone.
    """
    school = activity.school_id
    deed = journal.begin(
        "activity.called_off", by=by, at=at, key=key, reason=reason, school=school, about=str(activity)
    )
    wanted = Activity.objects.filter(pk=activity.pk)
    if following:
        wanted = Activity.objects.filter(deed=activity.deed_id, first_day__gte=activity.first_day)
    places = ActivityPlace.objects.filter(activity__in=wanted).values_list("expectation_id", flat=True)
    n = withdraw_all(list(places), deed=deed)
    wanted.filter(withdrawn__isnull=True).update(withdrawn=deed)
    return n


@dataclass(frozen=True)
class Said:
    """What is said of one child: whether they are there, and the mark that was seen standing (None: nobody looked)."""

    there: bool
    seen: str | None = None


@transaction.atomic
def confirm(
    activity: Activity,
    day: date,
    half: Half,
    said: Mapping[int, Said],
    *,
    said_by: str,
    by: Actor,
    at: datetime,
    may_amend: bool = True,
    key: str = "",
) -> dict[int, str]:
    """Keep who is there in a session, by place, and make the marks: the activity's code, or N for who is not there.

    said_by: whoever said so, the leader or the other school. may_amend: whether whoever enters it may change a mark
    that stands when the register has closed (4.1-c). Said at departure, before the register opens, it is kept and
    makes its marks when it opens (`leaders.mark_what_was_said`). Returns the mark that stands for each place that was
    passed over, because the register has the child elsewhere and whoever said it had not seen that. Of a closed class
    it is kept without a mark. Raises NotPlanned, with nothing kept, for a day to come or a mark that can't be made;
    AlreadyDone.
    """
    facts = facts_of(activity.school_id)
    about = f"{activity}, {'morning' if half == 'AM' else 'afternoon'} of {day:%-d %B %Y}"
    deed = journal.begin("activity.confirmed", by=by, at=at, key=key, school=facts.school, about=about)
    lock(facts.school)
    _check_is_time(activity, day, half, facts, at)
    seats = {one.place: one for one in seated_in(activity, day, half) if one.place in said}
    locked = not may_amend and at >= facts.closes_at(day, half)
    kept: list[ActivityCheck] = []
    passed: dict[int, str] = {}
    marks: list[tuple[date, Half, NewMark]] = []
    for pk, seat in seats.items():
        mark = mark_of(seat.code, activity.code, there=said[pk].there)
        if mark is not None and _is_elsewhere(seat, activity, said[pk]):
            passed[pk] = seat.code
            continue
        if mark is not None and locked and seat.code != codes.MISSING:
            raise NotPlanned(f"The register has closed with {seat.code} for {seat.name}: ask the office to change it.")
        kept.append(ActivityCheck(place_id=pk, day=day, half=half, there=said[pk].there, said_by=said_by, deed=deed))
        if mark is not None and facts.is_open(day, half, seat.school_class):
            ground = str(activity) if said[pk].there else f"Not there: {activity}, said {said_by}"
            marks.append((day, half, NewMark(seat.enrolment, mark, ground=ground[:200])))
    ActivityCheck.objects.bulk_create(kept)
    if facts.has_begun(day, half, at):
        _mark(deed, facts, marks, at)
    return passed


def _check_is_time(activity: Activity, day: date, half: Half, facts: SchoolFacts, at: datetime) -> None:
    if at < may_say_from(activity, day, half, facts):
        raise NotPlanned("Who is there is said at departure, on the day itself; nothing is said ahead.")


def _is_elsewhere(seat: Seated, activity: Activity, said: Said) -> bool:
    """Whether the register says otherwise, and whoever speaks now has not seen it."""
    says_nothing = seat.code in (codes.MISSING, "N", activity.code)
    return not says_nothing and said.seen != seat.code


def _mark(deed: Deed, facts: SchoolFacts, marks: Sequence[tuple[date, Half, NewMark]], at: datetime) -> None:
    try:
        mark_within(deed, facts.school, marks, at=at, facts=facts)
    except NotSaved as refused:
        raise NotPlanned(str(refused)) from refused
