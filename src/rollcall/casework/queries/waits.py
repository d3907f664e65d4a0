"""What waits for somebody beside the review: handed to them, updates due, what was agreed with families.

A statement for each kind, however many schools; regular meetings take a few for each school, so they are counted for
who works at schools by name, and not for who sees all of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from rollcall.accounts.queries import Place, Standing
from rollcall.casework.models import AgreedAction, HandedOn, UpdateRound
from rollcall.casework.queries.regular import regular
from rollcall.casework.queries.updates import every
from rollcall.rules.words import counted, day_words
from rollcall.schools.models import School
from rollcall.schools.queries import facts_of


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person: `what` in words, how many, and where: the route of a row, or of a school."""

    what: str
    n: int
    school: int
    route: str
    number: int | None = None
    urgent: bool = False
    slug: str = ""


Schools = Mapping[int, School]


def on_families(standing: Standing, at: datetime) -> list[Waiting]:
    """What waits for somebody that is no review, process or notice."""
    if not standing.can_somewhere("handed:do"):
        return []
    found = list(_handed(standing, at.date()))
    rows = ("update:send", "meeting:plan")
    ids = [standing.schools(row) for row in rows if standing.can_somewhere(row)]
    if not ids:
        return found
    every_school = School.objects.all()
    named = every_school if None in ids else every_school.filter(pk__in=set().union(*(one or set() for one in ids)))
    known = {school.pk: school for school in named}
    sends = {pk: one for pk, one in known.items() if standing.can("update:send", Place(pk))}
    meets = {pk: one for pk, one in known.items() if standing.can("meeting:plan", Place(pk))}
    found += [*_updates(sends, at.date()), *_agreed(meets, at.date())]
    return found + list(_regular(meets if standing.schools("meeting:plan") is not None else {}, at))


def _handed(standing: Standing, day: date) -> Iterator[Waiting]:
    """What was handed to them, and for who decides what others have let pass."""
    me, decides = standing.actor().id, standing.schools("review:decide")
    mine = Q(actor=me)
    if standing.can_somewhere("review:decide"):
        late = Q(due__lt=day)
        mine |= late if decides is None else late & Q(school__in=decides)
    rows = list(HandedOn.objects.filter(mine, done__isnull=True).values_list("actor", "due", "school"))
    own = [due for actor, due, _ in rows if actor == me]
    others = [school for actor, _, school in rows if actor != me]
    if own:
        late_ones = sum(due is not None and due < day for due in own)
        said = f"{counted(len(own), 'pupil')} handed to you{f', {late_ones} overdue' if late_ones else ''}"
        yield Waiting(said, len(own), 0, "casework:handed", None, bool(late_ones))
    if others:
        said = f"{counted(len(others), 'pupil')} handed to others and overdue"
        yield Waiting(said, len(others), 0, "casework:handed", None, True)


def _updates(schools: Schools, day: date) -> Iterator[Waiting]:
    """Updates to all parents that are due (4.6-a); none out of term, when nothing new can be told."""
    open_ones = {pk: one for pk, one in schools.items() if facts_of(pk).is_school_day(day)}
    if not open_ones:
        return
    rounds = UpdateRound.objects.filter(school__in=list(open_ones), withdrawn__isnull=True).order_by()
    last = dict(rounds.values_list("school").annotate(last=Max("day")))
    for pk, school in open_ones.items():
        due = last[pk] + every(facts_of(pk).policy_on(day)) if pk in last else None
        if due is None or due <= day:
            when = "to be made for the first time" if due is None else "due today" if due == day else "overdue"
            since = f" since {day_words(due)}" if due is not None and due < day else ""
            said = f"{school}: updates to all parents are {when}{since}"
            yield Waiting(said, 1, pk, "casework:updates", None, due is not None and due < day, school.slug)


def _agreed(schools: Schools, day: date) -> Iterator[Waiting]:
    rows = AgreedAction.objects.filter(school__in=list(schools), done__isnull=True, due__lt=day)
    said = "{n} agreed with a family and overdue"
    yield from _by_school(schools, rows.values_list("school", flat=True) if schools else (), "action", said, True)


def _regular(schools: Schools, at: datetime) -> Iterator[Waiting]:
    """Regular meetings with parents that are due and not planned (7.4-b)."""
    due = {pk: sum(one.is_due for one in regular(pk, at)) for pk in schools}
    rows = [pk for pk, n in due.items() for _ in range(n)]
    yield from _by_school(schools, rows, "regular meeting", "{n} with parents due")


def _by_school(schools: Schools, rows: Iterable[int], noun: str, said: str, urgent: bool = False) -> Iterator[Waiting]:
    for pk, n in sorted(Counter(rows).items()):
        words = f"{schools[pk]}: {said.format(n=counted(n, noun))}"
        yield Waiting(words, n, pk, "casework:meetings", None, urgent, schools[pk].slug)
