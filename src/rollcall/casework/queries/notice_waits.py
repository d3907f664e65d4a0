"""What of penalty notices waits for whom, a line for each school and thing: for home, and for their own page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db.models import Exists, OuterRef

from rollcall.accounts.queries import Place, Standing
from rollcall.casework.models import Notice, NoticeEvent, NoticeToImprove, PromptWord
from rollcall.casework.queries.notices import Line, changed, lines
from rollcall.casework.queries.prompts import prompts_after_warnings
from rollcall.rules.words import counted
from rollcall.schools.models import Enrolment, School
from rollcall.schools.queries import facts_of

OVER = ("dropped", "withdrawn", "prosecuted")


@dataclass(frozen=True)
class Waits:
    """One thing that waits at a school: in words, how many."""

    school: int
    slug: str
    words: str
    n: int
    urgent: bool = False


def waits(standing: Standing, at: datetime) -> list[Waits]:
    """What waits for somebody, at every school where they may see notices."""
    ids = standing.schools("notice:see")
    schools = list(School.objects.all() if ids is None else School.objects.filter(pk__in=ids)) if ids != set() else []
    if not schools:
        return []
    open_ones = _open(at)
    school_of = _school_of({one.notice.pupil_id for one in open_ones}, at)
    differ = changed(open_ones)
    found = []
    for school in schools:
        own = [one for one in open_ones if school_of.get(one.notice.pupil_id, one.notice.school_id) == school.pk]
        found += _of_school(standing, school, own, differ)
    asked = (_put_before(standing, schools), _to_consider(standing, schools, at), _chances_over(standing, schools, at))
    return [*found, *chain.from_iterable(asked)]


def _open(at: datetime) -> list[Line]:
    """The notices that are not over, as far as their events say."""
    ended = NoticeEvent.objects.filter(notice=OuterRef("pk"), kind__in=OVER, taken_back__isnull=True)
    return lines(Notice.objects.filter(~Exists(ended)), at)


def _school_of(pupils: set[int], at: datetime) -> dict[int, int]:
    """Where pupils are, or were last."""
    rows = Enrolment.objects.filter(pupil__in=pupils, admitted__lte=at.date()).order_by("admitted") if pupils else ()
    return {row.pupil_id: row.school_id for row in rows}


def _of_school(standing: Standing, school: School, own: Iterable[Line], differ: set[int]) -> list[Waits]:
    here = Place(school.pk)
    asked: list[tuple[str, Callable[[Line], bool], str, bool]] = [
        ("notice:authorise", lambda one: one.state.id == "proposed", "to authorise or to issue", False),
        ("notice:issue", lambda one: one.state.id == "authorised", "authorised and not issued yet", False),
        ("notice:record", lambda one: one.state.id in ("unpaid", "not_prosecuted"), "unpaid: what follows?", True),
        ("notice:issue", lambda one: one.notice.pk in differ, "resting on marks that were changed", True),
    ]
    rows = list(own)
    return [
        Waits(school.pk, school.slug, f"{school}: {counted(n, 'penalty notice')} {words}", n, urgent)
        for row, is_it, words, urgent in asked
        if standing.can(row, here) and (n := sum(is_it(one) for one in rows))
    ]


def _put_before(standing: Standing, schools: Iterable[School]) -> list[Waits]:
    """Pupils whom the secretary put before the head of school, about whom nothing was said or proposed since."""
    mine = {school.pk: school for school in schools if standing.can("notice:propose", Place(school.pk))}
    if not mine:
        return []
    later = PromptWord.objects.filter(pupil=OuterRef("pupil"), prompt=OuterRef("prompt"), pk__gt=OuterRef("pk"))
    proposed = Notice.objects.filter(pupil=OuterRef("pupil"), proposed__gt=OuterRef("deed"))
    rows = PromptWord.objects.filter(~Exists(later), ~Exists(proposed), kind="advised", school__in=list(mine))
    n_of: dict[int, int] = {}
    for school in rows.values_list("school_id", flat=True):
        n_of[school] = n_of.get(school, 0) + 1
    return [
        Waits(pk, mine[pk].slug, f"{mine[pk]}: {counted(n, 'pupil')} put before you for a penalty notice", n)
        for pk, n in n_of.items()
    ]


def _to_consider(standing: Standing, schools: Iterable[School], at: datetime) -> list[Waits]:
    """Pupils who came to the line after a warning and of whom nothing was said; for who advises or decides (3.4-a)."""
    own = standing.schools("notice:record")
    if own is None:
        return []
    found = []
    for school in schools:
        prompts = prompts_after_warnings(facts_of(school.pk), at) if school.pk in own else []
        if n := len({one.pupil for one in prompts if one.word is None}):
            words = f"{school}: {counted(n, 'pupil')} to consider for a penalty notice"
            found.append(Waits(school.pk, school.slug, words, n))
    return found


def _chances_over(standing: Standing, schools: Iterable[School], at: datetime) -> list[Waits]:
    """Notices to improve whose time is over and of which nobody has said what came."""
    mine = {school.pk: school for school in schools if standing.can("notice:propose", Place(school.pk))}
    rows = NoticeToImprove.objects.filter(outcome_deed__isnull=True, ends__lt=at.date(), school__in=list(mine))
    n_of: dict[int, int] = {}
    for school in rows.values_list("school_id", flat=True) if mine else ():
        n_of[school] = n_of.get(school, 0) + 1
    return [
        Waits(pk, mine[pk].slug, f"{mine[pk]}: {counted(n, 'notice to improve,notices to improve')} over", n, True)
        for pk, n in n_of.items()
    ]
