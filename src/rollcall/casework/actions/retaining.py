"""Letting the casework go that is past the period which the policy sets for it, and not earlier (4.1-e, design law 5).

A case goes whole, with all that hangs on it, or stays whole: while it is open, while a notice of it stands, while a
letter or a pack of it has time left.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from rollcall.casework.models import (
    Advice,
    AgreedAction,
    Case,
    Decision,
    FormFilled,
    HandedOn,
    LetterWritten,
    Meeting,
    MeetingOutcome,
    Notice,
    NoticeEvent,
    NoticeSession,
    NoticeToImprove,
    Pack,
    Review,
    ReviewRow,
    StepTaken,
    SupportAnswer,
    SupportOffered,
    Target,
    TargetingPack,
)
from rollcall.casework.queries.letters import GROUND, WRITTEN
from rollcall.casework.queries.notices import lines
from rollcall.casework.queries.resting import CASE, LETTER, PACK, REVIEW, is_let_go, kept_years
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.outbox.models import Attempt, Message
from rollcall.registers.queries.standing import lock
from rollcall.rules.policy import Policy
from rollcall.rules.retention import is_past
from rollcall.rules.words import counted, listed
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON

UNSENT = ("held", "waiting", "sending")
AT_ONCE = 500
NAMES = {
    "packs": "evidence pack",
    "cases": "case",
    "notices": "penalty notice",
    "letters": "letter",
    "reviews": "review",
    "prepared": "pack for a meeting,packs for meetings",
}


@dataclass(frozen=True)
class Gone:
    """How many of each went."""

    packs: int = 0
    cases: int = 0
    notices: int = 0
    letters: int = 0
    reviews: int = 0
    prepared: int = 0

    @property
    def words(self) -> str:
        """What went, in words; empty for nothing."""
        return listed(counted(n, NAMES[name]) for name, n in self.__dict__.items() if n)


@dataclass(frozen=True)
class _Now:
    """At which school, by which policy, on which day."""

    school: int
    policy: Policy
    today: date
    at: datetime

    def past(self, day: date, record: str) -> bool:
        """Whether a record counted from a day is past its date."""
        return is_past(day, self.today, kept_years(self.policy, record))


@transaction.atomic
def retain_casework(school: int, *, by: Actor, at: datetime) -> Gone:
    """Remove a school's (by id) casework that is past its date, and record that it was done; returns what went.

    A case belongs to the school at which its pupil is or was last. Packs go first, then cases with their steps, forms,
    meetings, targets, support, notices and letters, then notices, letters and reviews that belong to no case.
    """
    lock(school)
    today = at.astimezone(LONDON).date()
    now = _Now(school, facts_of(school).policy_on(today), today, at)
    gone = Gone(
        packs=_packs(now),
        cases=_cases(now),
        notices=_loose_notices(now),
        letters=_loose_letters(now),
        reviews=_reviews(now),
        prepared=_prepared(now),
    )
    if gone.words:
        journal.begin("casework.retained", by=by, at=at, reason=f"{gone.words} past their date", school=school)
    return gone


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def _remove(rows: QuerySet[Any]) -> int:
    """Delete rows in batches, as a database takes only so many values at once; returns how many."""
    ids = list(rows.values_list("pk", flat=True))
    for some in _batches(ids):
        rows.model._default_manager.filter(pk__in=some).delete()
    return len(ids)


def _batches(ids: list[int]) -> Iterator[list[int]]:
    yield from (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _packs(now: _Now) -> int:
    """Packs past their date; one of an open case or a standing notice stays."""
    rows = Pack.objects.filter(school=now.school).defer("contents").select_related("deed", "case")
    old = [one for one in rows if now.past(_day(one.deed.at), PACK) and not (one.case and one.case.closed_id is None)]
    standing = _standing_notices({one.notice_id for one in old if one.notice_id}, now)
    return _remove(Pack.objects.filter(pk__in=[one.pk for one in old if one.notice_id not in standing]))


def _standing_notices(notices: Iterable[int | None], now: _Now) -> set[int | None]:
    """Those of some notices (by id) that stand, or are kept still."""
    found = lines(Notice.objects.filter(pk__in=[one for one in notices if one]), now.at)
    return {one.notice.pk for one in found if not is_let_go(one, now.policy, now.today)}


def _cases(now: _Now) -> int:
    rows = Case.objects.filter(closed__isnull=False, pupil__enrolments__school=now.school).distinct()
    closed = rows.select_related("closed").defer("policy_kept")
    last = _last_schools([one.pupil_id for one in closed], now.today)
    going = [
        one.pk
        for one in closed
        if one.closed and last.get(one.pupil_id) == now.school and now.past(_day(one.closed.at), CASE)
    ]
    free = [case for case in going if case not in _held(going, now)]
    for some in _batches(free):
        _let_go(some)
    return len(free)


def _last_schools(pupils: Iterable[int], today: date) -> dict[int, int]:
    rows = Enrolment.objects.filter(pupil__in=list(pupils), admitted__lte=today).order_by("admitted", "id")
    return dict(rows.values_list("pupil", "school"))


def _held(cases: list[int], now: _Now) -> set[int]:
    """Those of some cases (by id) of which something has time left, so that they stay whole."""
    packs = Pack.objects.filter(Q(case__in=cases) | Q(notice__case__in=cases)).values_list("case", "notice__case")
    held = {one for pair in packs for one in pair if one}
    of_notice = dict(Notice.objects.filter(case__in=cases).values_list("pk", "case"))
    held |= {of_notice[one] for one in _standing_notices(of_notice, now) if one}
    letters = LetterWritten.objects.filter(case__in=cases).values_list("case", "day")
    held |= {case for case, day in letters if case and not now.past(day, LETTER)}
    running = NoticeToImprove.objects.filter(case__in=cases, outcome_deed__isnull=True)
    held |= {one for one in running.values_list("case", flat=True) if one}
    moved = MeetingOutcome.objects.filter(moved_to__case__in=cases).exclude(meeting__case__in=cases)
    return held | {one for one in moved.values_list("moved_to__case", flat=True) if one}


def _let_go(cases: list[int]) -> None:
    """Some cases with all that hangs on them; what refers to something goes before it."""
    mine = Q(case__in=cases)
    steps, letters = StepTaken.objects.filter(mine), LetterWritten.objects.filter(mine)
    meetings = Meeting.objects.filter(mine)
    _remove_messages(GROUND, steps)
    _remove_messages(WRITTEN, letters)
    _remove(FormFilled.objects.filter(mine | Q(step__in=steps)))
    for kind in (AgreedAction, Target):
        _remove(kind.objects.filter(mine | Q(meeting__in=meetings)))
    _remove(MeetingOutcome.objects.filter(meeting__in=meetings))
    _remove(meetings)
    _remove(SupportAnswer.objects.filter(offer__case__in=cases))
    _remove(SupportOffered.objects.filter(mine))
    _remove_notices(Notice.objects.filter(mine))
    _remove(NoticeToImprove.objects.filter(mine | Q(letter__in=letters)))
    _remove(letters)
    _remove(steps)
    Case.objects.filter(pk__in=cases).delete()


def _remove_messages(ground: str, rows: QuerySet[Any]) -> None:
    """The messages that rest on rows, with every attempt at them."""
    for some in _batches(list(rows.values_list("pk", flat=True))):
        messages = Message.objects.filter(ground=ground, ground_id__in=some)
        Attempt.objects.filter(message__in=messages).delete()
        messages.delete()


def _remove_notices(rows: QuerySet[Notice]) -> int:
    kinds: tuple[type[Model], ...] = (NoticeSession, NoticeEvent)
    for kind in kinds:
        _remove(kind._default_manager.filter(notice__in=rows))
    return _remove(rows)


def _loose_notices(now: _Now) -> int:
    """Notices of no case past their date, of which there is no pack any more; and notices to improve."""
    rows = Notice.objects.filter(school=now.school, case__isnull=True, packs__isnull=True)
    going = [one.notice.pk for one in lines(rows, now.at) if is_let_go(one, now.policy, now.today)]
    ended = NoticeToImprove.objects.filter(school=now.school, case__isnull=True).select_related("outcome_deed")
    over = [one.pk for one in ended if one.outcome_deed and now.past(_day(one.outcome_deed.at), CASE)]
    n = _remove(NoticeToImprove.objects.filter(pk__in=over))
    return n + _remove_notices(Notice.objects.filter(pk__in=going))


def _loose_letters(now: _Now) -> int:
    """Letters of no case past their date with their messages; none that is still to go, or that something rests on."""
    rows = LetterWritten.objects.filter(school=now.school, case__isnull=True)
    old = [pk for pk, day in rows.values_list("pk", "day") if now.past(day, LETTER)]
    kept = set(NoticeToImprove.objects.filter(letter__in=old).values_list("letter", flat=True))
    kept |= set(_of_standing_notices(old, now))
    unsent = Message.objects.filter(ground=WRITTEN, ground_id__in=old, state__in=UNSENT)
    kept |= set(unsent.values_list("ground_id", flat=True))
    going = LetterWritten.objects.filter(pk__in=[pk for pk in old if pk not in kept])
    _remove_messages(WRITTEN, going)
    return _remove(going)


def _of_standing_notices(letters: list[int], now: _Now) -> Iterator[int]:
    about = LetterWritten.objects.filter(pk__in=letters, about="notice")
    there = set(Notice.objects.filter(pk__in=about.values("about_id")).values_list("pk", flat=True))
    yield from (pk for pk, notice in about.values_list("pk", "about_id") if notice in there)


def _reviews(now: _Now) -> int:
    """Closed reviews past their date, of which no step that stays was decided and nobody has anything to see to."""
    steps = StepTaken.objects.filter(decision__isnull=False).values("decision__row__review")
    to_do = HandedOn.objects.filter(decision__isnull=False, done__isnull=True).values("decision__row__review")
    rows = Review.objects.filter(school=now.school, closed__isnull=False).exclude(Q(pk__in=steps) | Q(pk__in=to_do))
    going = [pk for pk, day in rows.values_list("pk", "day") if now.past(day, REVIEW)]
    removals: tuple[tuple[Callable[..., QuerySet[Any]], str], ...] = (
        (HandedOn.objects.filter, "decision__row__review__in"),
        (Advice.objects.filter, "row__review__in"),
        (Decision.objects.filter, "row__review__in"),
        (ReviewRow.objects.filter, "review__in"),
    )
    for rows_of, where in removals:
        _remove(rows_of(**{where: going}))
    return _remove(Review.objects.filter(pk__in=going))


def _prepared(now: _Now) -> int:
    """What was prepared for meetings with the authority, past its date."""
    rows = TargetingPack.objects.filter(school=now.school).values_list("pk", "day")
    return _remove(TargetingPack.objects.filter(pk__in=[pk for pk, day in rows if now.past(day, REVIEW)]))
