"""What of meetings waits for whom: those that nobody has written down in time, and those with the authority (A5-e).

In a fixed number of queries, however many schools somebody is responsible for: home asks on every visit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from rollcall.accounts.queries import Place, Standing
from rollcall.casework.models import AuthorityContact, Meeting
from rollcall.casework.queries.meetings import FAMILY
from rollcall.casework.queries.with_authority import WITH_SCHOOL, Known, standing_from
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.words import counted
from rollcall.schools.models import Enrolment, School
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON, facts_of_all
from rollcall.schools.queries.roll import in_force

WITHIN = 2
"""How many school days there are to write a meeting down before it waits for somebody."""


@dataclass(frozen=True)
class MeetingWait:
    """Meetings that wait for a person at a school: in words, how many, the route (by the slug) that shows them."""

    school: int
    slug: str
    words: str
    n: int
    route: str
    urgent: bool = True


def meeting_waits(standing: Standing, at: datetime) -> list[MeetingWait]:
    """What of meetings waits for somebody, at each school where they plan them."""
    schools = {school.pk: school for school in _schools(standing)}
    known = _known(schools, at.date()) if schools else []
    asked = {one.school for one in known} | {pk for pk, school in schools.items() if school.begun}
    found: list[MeetingWait] = []
    for pk, facts in facts_of_all(asked).items() if asked else ():
        school, own = schools[pk], [one for one in known if one.school == pk]
        if standing.can("meeting:plan", Place(pk)):
            found += _unwritten(school, facts, own, FAMILY, at)
        if standing.can("authority:meet", Place(pk)):
            found += _unwritten(school, facts, own, WITH_SCHOOL, at)
            found += _termly(school, facts, own, at) if school.begun else []
    return found


def school_days_since(facts: SchoolFacts, day: date, today: date) -> int:
    """How many school days lie after a day, up to today and with it."""
    days = (one for year in facts.years for one in facts.calendar(year).school_days())
    return sum(day < one <= today for one in days)


def _known(schools: Iterable[int], day: date) -> list[Known]:
    """The meetings that nobody wrote down, each where its pupil is now, and all of this year's with the authority."""
    wanted = Q(outcome__isnull=True) | Q(kind__in=WITH_SCHOOL, at__date__gte=SchoolYear.of(day).first)
    seats = Enrolment.objects.filter(in_force(day, "admitted", "left"), pupil=OuterRef("pupil")).order_by("-admitted")
    rows = Meeting.objects.annotate(
        here=Coalesce(Subquery(seats.values("school_id")[:1]), "school_id", output_field=BigIntegerField())
    )
    rows = rows.filter(wanted, here__in=list(schools), kind__in=(*FAMILY, *WITH_SCHOOL))
    return [
        Known(school, kind, when.astimezone(LONDON), how or "")
        for school, kind, when, how in rows.values_list("here", "kind", "at", "outcome__how")
    ]


def _unwritten(
    school: School, facts: SchoolFacts, known: Sequence[Known], kinds: Sequence[str], at: datetime
) -> list[MeetingWait]:
    """The meetings of some kinds of two school days ago or more that nobody has written down."""
    over = [one for one in known if not one.how and one.kind in kinds and one.at <= at]
    n = sum(school_days_since(facts, one.at.date(), at.date()) >= WITHIN for one in over)
    if not n:
        return []
    whom, route = ("families", "meetings") if kinds == FAMILY else ("the authority", "authority")
    words = f"{school}: {counted(n, 'meeting')} with {whom} to be written down"
    return [MeetingWait(school.pk, school.slug, words, n, f"casework:{route}")]


def _termly(school: School, facts: SchoolFacts, known: Sequence[Known], at: datetime) -> list[MeetingWait]:
    stands = standing_from(facts, known, at) if facts.policies else None
    if stands is None or not (stands.is_late or stands.lacks_next):
        return []
    words = f"{school}: meetings with the authority: {stands.words}"
    return [MeetingWait(school.pk, school.slug, words, 1, "casework:authority", stands.is_late)]


def _schools(standing: Standing) -> list[Any]:
    """The schools where somebody plans meetings; `begun`: its contact at the authority is written down."""
    rows = School.objects.annotate(begun=Exists(AuthorityContact.objects.filter(school=OuterRef("pk"))))
    ids = [standing.schools(row) for row in ("meeting:plan", "authority:meet")]
    if None in ids:
        return list(rows)
    wanted = {one for found in ids for one in found or ()}
    return list(rows.filter(pk__in=wanted)) if wanted else []
